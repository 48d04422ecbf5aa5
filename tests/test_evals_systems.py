"""The systems besides our own: over HTTP, OpenAI-compatible, and the baselines."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from evals.__main__ import main
from evals.grounding import faults
from evals.library import library
from evals.results import read_results
from evals.systems import make_system
from evals.systems.baselines import BASELINES


@contextmanager
def server(status: int = 200) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """A door that echoes; yields its address and the requests it got."""
    got: list[tuple[str, Any]] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            got.append((self.path, body))
            if self.path.endswith("/chat/completions"):
                said = f"{len(body['messages'])} {body['messages'][-1]['content']}"
                reply: Any = {"choices": [{"message": {"content": said}}]}
            else:
                reply = {"text": body["question"], "routes": ["procedure"], "citations": []}
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(reply).encode())

        def log_message(self, *args: object) -> None:
            pass

    door = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=door.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.server_port}", got
    finally:
        door.shutdown()
        door.server_close()


def test_over_http_a_conversation_keeps_its_thread() -> None:
    with server() as (address, got):
        for word in (address, f"http:{address}"):
            ask = make_system(word).begin(date(2025, 6, 1))
            assert ask("一")["text"] == "一"
            ask("二")
    threads = [body["thread"] for _, body in got]
    assert threads[0] == threads[1] != threads[2] == threads[3]
    assert {path for path, _ in got} == {"/api/ask"}
    assert {body["today"] for _, body in got} == {"2025-06-01"}


def test_an_openai_endpoint_gets_the_whole_conversation() -> None:
    with server() as (address, got):
        ask = make_system(f"openai:{address}/v1").begin(date(2025, 6, 1))
        assert ask("一")["text"] == "2 一"
        assert ask("二")["text"] == "4 二"
    assert got[0][0] == "/v1/chat/completions"
    assert "2025-06-01" in got[0][1]["messages"][0]["content"]


def test_a_refused_question_is_a_failed_item_and_no_door_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text('{"id": "a", "turns": ["问"]}\n', encoding="utf-8")
    out = tmp_path / "out"
    with server(status=503) as (address, _):
        assert main(["run", str(path), "--system", address, "--out", str(out)]) == 0
    (result,) = read_results(out)
    assert not result.passed
    assert "503" in result.why[0]
    assert main(["run", str(path), "--system", address, "--out", str(out)]) == 2
    assert address in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_a_baseline_answers_and_its_citations_hold(name: str) -> None:
    if name == "langchain":
        pytest.importorskip("langchain_classic")
        pytest.importorskip("rank_bm25")
    system = make_system(name)
    answer = json.loads(json.dumps(system.begin(None)("临时备案能管几个月"), default=str))
    assert answer["text"]
    assert faults(answer, library(), ["临时备案能管几个月"]) == []
    assert bool(answer["citations"]) is (name != "decline")
    again = json.loads(json.dumps(system.begin(None)("临时备案能管几个月"), default=str))
    assert again == answer
