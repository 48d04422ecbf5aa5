"""``python -m assistant serve`` for real: two workers, one killed, the port taken, the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import ROOT
from evals.service import QUESTIONS, Service, run_apart


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Service]:
    made = Service(f"sqlite:///{tmp_path / 'state.db'}", workers=2, YIDI_PAGE="false")
    try:
        made.start(120)
        yield made
    finally:
        made.stop()


def answered(service: Service, thread: str) -> int:
    return run_apart(service.ask(QUESTIONS[0], thread)).status


def test_workers_are_replaced_and_leave_nothing_behind(pair: Service) -> None:
    words = [sys.executable, "-m", "assistant", "serve", "--port", str(pair.port)]
    second = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert second.returncode == 1 and str(pair.port) in second.stderr
    before = set(pair.workers())
    os.kill(min(before), signal.SIGKILL)
    for _ in range(600):
        if len(set(pair.workers()) - before) == 1 and len(pair.workers()) == 2:
            break
        time.sleep(0.1)
    assert len(set(pair.workers()) - before) == 1
    assert [answered(pair, f"t{n}") for n in range(8)].count(200) >= 7
    workers = pair.workers()
    assert pair.stop() < 20
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


@pytest.mark.parametrize("words", [["--workers", "0"], ["--port", "x"], ["--workers", "65"]])
def test_wrong_words_are_refused(words: list[str]) -> None:
    command = [sys.executable, "-m", "assistant", "serve", *words]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 2


def test_killed_and_restarted_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    service = Service(f"sqlite:///{tmp_path / 'state.db'}", YIDI_PAGE="false")
    saved = 0
    try:
        service.start(120)
        for _ in range(5):
            got = run_apart(service.ask(QUESTIONS[1], "kept"))
            saved += got.headers.get("x-saved") == "yes"
        service.kill()
        service.start(120)
        found = run_apart(service.send("GET", "/api/conversations/kept")).json()
    finally:
        service.stop()
    assert saved == 5 and found["turns"] == 5
