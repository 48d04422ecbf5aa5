"""How long a start takes: the command line, and the page beside an empty Gradio page.

``python -m evals.bench_start PORT`` serves that empty page: five tabs and nothing in them.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from assistant.settings import ROOT

_TICKS = os.sysconf("SC_CLK_TCK")
QUESTION = "临时外出就医备案多久有效？"
TABS = 5


def commands(folder: Path, usual: Path, name: str, rounds: int) -> dict[str, Any]:
    """``python -m assistant`` from nothing to its answer: index to be built, then built; beside it
    the usual recipe, kept at ``usual``, which searches once and writes no answer."""
    ours = [sys.executable, "-m", "assistant", QUESTION]
    theirs = [sys.executable, "-m", "evals.bench_usual", str(usual), name, QUESTION]
    own = {"YIDI_INDEX_DIR": str(folder)}
    figures: dict[str, Any] = {"index_to_build_s": _run(ours, own)}
    figures["ours_s"] = round(median(_run(ours, own) for _ in range(rounds)), 2)
    figures["usual_s"] = _run(theirs, {})
    return figures


def pages(folder: Path, rounds: int) -> dict[str, Any]:
    """``python app.py`` until the page answers, in turns with the empty page. Seconds."""
    ours, empty = list[tuple[float, float]](), list[tuple[float, float]]()
    for _ in range(rounds):
        ports = _free_port(), _free_port()
        own = {"YIDI_INDEX_DIR": str(folder), "YIDI_PORT": str(ports[0])}
        ours.append(_until_page([sys.executable, "app.py"], own, ports[0]))
        plain = [sys.executable, "-m", "evals.bench_start", str(ports[1])]
        empty.append(_until_page(plain, {}, ports[1]))
    names = ("ours_s", "ours_cpu_s", "empty_s", "empty_cpu_s")
    columns = (*zip(*ours, strict=True), *zip(*empty, strict=True))
    return {name: round(median(c), 2) for name, c in zip(names, columns, strict=True)}


def _run(words: Sequence[str], more: Mapping[str, str]) -> float:
    """Seconds of a command. Raises CalledProcessError."""
    began = time.perf_counter()
    environment = {**os.environ, **more}
    subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, check=True)
    return round(time.perf_counter() - began, 2)


def _until_page(
    words: Sequence[str], more: Mapping[str, str], port: int, seconds: float = 90.0
) -> tuple[float, float]:
    """Seconds, and seconds of processor, until the page answers 200. Raises TimeoutError."""
    began = time.perf_counter()
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, **more},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - began < seconds and process.poll() is None:
            if _answers(port):
                return time.perf_counter() - began, _cpu_seconds(process.pid)
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    raise TimeoutError(f"{' '.join(words)}: no page within {seconds} s")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def empty_page(port: int) -> None:
    """Serve a page of five empty tabs until interrupted."""
    import gradio as gr

    with gr.Blocks(analytics_enabled=False) as page, gr.Tabs():
        for n in range(TABS):
            with gr.Tab(str(n + 1)):
                gr.Markdown()
    page.launch(server_name="127.0.0.1", server_port=port, ssr_mode=False)


if __name__ == "__main__":
    empty_page(int(sys.argv[1]))
