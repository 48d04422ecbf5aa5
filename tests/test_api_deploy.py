"""The files under ``assistant/deploy`` started for real: nginx, two workers, PostgreSQL, Chroma."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import chromadb
import httpx
import pytest
from chroma_server import ChromaServer, free_port
from postgres import postgres_url

from assistant.settings import ROOT  # first: switches telemetry off
from corpus import load_corpus

DEPLOY = ROOT / "assistant" / "deploy"
TODAY = "2025-08-01"


def wait(url: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(url)


class Site:
    def __init__(
        self, url: str, workers: list[subprocess.Popen[bytes]], chroma: ChromaServer
    ) -> None:
        self.url, self.workers, self.chroma = url, workers, chroma


def environment(folder: Path, chroma: ChromaServer) -> dict[str, str]:
    """``environment.example`` with the addresses of this test; every worker like a machine."""
    lines = (DEPLOY / "environment.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    (folder / "keys.toml").touch()
    own = {
        "YIDI_STATE_URL": postgres_url(),
        "YIDI_CHROMA_PORT": str(chroma.port),
        "YIDI_KEYS_FILE": str(folder / "keys.toml"),
        "YIDI_PAGE": "false",
        "YIDI_LOG_LEVEL": "ERROR",
    }
    assert set(own) - set(given) == {"YIDI_PAGE", "YIDI_LOG_LEVEL"}
    return {**os.environ, **given, **own}


def command(port: int) -> list[str]:
    """What ``yidi@.service`` starts."""
    lines = (DEPLOY / "yidi@.service").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith("ExecStart="))
    python, *words = line.removeprefix("ExecStart=").replace("%i", str(port)).split()
    assert python.endswith("/bin/python")
    return [sys.executable, *words]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    chroma = ChromaServer(folder / "chroma")
    chroma.start()
    shared = environment(folder, chroma)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    front, *ports = free_port(), free_port(), free_port()
    for old, new in zip(("8080", "8001", "8002"), (front, *ports), strict=True):
        text = text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    folder.chmod(0o755)
    workers = [
        subprocess.Popen(
            command(port), env={**shared, "YIDI_INDEX_DIR": str(folder / f"{port}")}, cwd=ROOT
        )
        for port in ports
    ]
    words = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    proxy = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        for port in (*ports, front):
            wait(f"http://127.0.0.1:{port}/healthz")
        yield Site(f"http://127.0.0.1:{front}", workers, chroma)
    finally:
        for process in (proxy, *workers):
            process.terminate()
        for process in (proxy, *workers):
            process.wait(15)
        chroma.stop()


def ask(site: Site, question: str, thread: str) -> httpx.Response:
    body = {"question": question, "thread": thread, "today": TODAY}
    return httpx.post(f"{site.url}/api/ask", json=body, timeout=30)


def test_a_conversation_goes_on_whoever_answers_and_whoever_dies(site: Site) -> None:
    assert ask(site, "茂名职工，住院花了2万", "site-1").headers["x-saved"] == "yes"
    for _ in range(6):
        answer = ask(site, "能报多少？", "site-1").json()
        assert answer["facts"]["total_cost"] == "20000"
    os.kill(site.workers[0].pid, signal.SIGKILL)
    for _ in range(6):
        answer = ask(site, "能报多少？", "site-1").json()
        assert answer["facts"]["total_cost"] == "20000"


def test_both_workers_built_one_collection_and_search_on_without_it(site: Site) -> None:
    client = chromadb.HttpClient(host="127.0.0.1", port=site.chroma.port)
    (collection,) = client.list_collections()
    assert collection.count() == len(load_corpus().sections)
    body = {"query": "临时外出备案有效期", "limit": 5}
    there = httpx.post(f"{site.url}/api/search", json=body, timeout=30).json()
    site.chroma.stop()
    for _ in range(4):
        gone = httpx.post(f"{site.url}/api/search", json=body, timeout=30)
        assert gone.status_code == 200 and gone.json()["hits"] == there["hits"]
    assert ask(site, "急诊没备案怎么报销", "site-2").json()["citations"]
    site.chroma.start()
    assert httpx.post(f"{site.url}/api/search", json=body, timeout=30).json() == there


def test_what_the_public_must_not_see_is_closed(site: Site) -> None:
    for path in ("/metrics", "/readyz", "/gradio_api/info", "/monitoring", "/gradio_api/upload"):
        assert httpx.get(f"{site.url}{path}").status_code == 404, path
    assert httpx.get(f"{site.url}/healthz").status_code == 200


def test_too_much_is_refused_at_the_front(site: Site) -> None:
    assert httpx.post(f"{site.url}/api/ask", content=b"x" * 300_000).status_code == 413
    codes, told = set[int](), set[bool]()
    with httpx.Client() as client:
        for _ in range(200):
            response = client.get(f"{site.url}/api/nothing")
            codes.add(response.status_code)
            told.add(response.status_code != 429 or "retry-after" in response.headers)
    assert codes <= {404, 429} and told == {True}


def test_a_port_of_the_service_is_the_only_one_it_opens(site: Site) -> None:
    pid = site.workers[1].pid
    mine = {str(f.readlink()) for f in Path(f"/proc/{pid}/fd").iterdir() if f.is_symlink()}
    listening = [
        line.split()
        for kind in ("tcp", "tcp6", "udp", "udp6")
        for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]
        if line.split()[3] in ("0A", "07")  # listening; UDP
    ]
    own = [row[1] for row in listening if f"socket:[{row[9]}]" in mine]
    assert len(own) == 1 and own[0].startswith("0100007F:")
