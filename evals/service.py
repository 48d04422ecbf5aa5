"""A real service of one's own on this machine, for load and chaos: started, measured, killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assistant.settings import ROOT

T = TypeVar("T")

QUESTIONS = (
    "临时外出就医备案多久有效？",
    "茂名的退休职工，71岁，住院花了8900，能报多少？",
    "转诊去外省，备案要交哪些材料？",
    "我1月10号办的临时外出备案，7月12号住院还能用吗？",
    "没备案就住院了怎么办？",
    "门诊慢特病怎么跨省结算？",
    "南昌职工，在上海三级医院住院花了3万，转诊的，能报多少？",
    "异地备案要去窗口吗，手机上能办吗？",
)
_UNLIMITED = {"YIDI_RATE_ADDRESS": "", "YIDI_RATE_THREAD": "", "YIDI_LOG_LEVEL": "ERROR"}
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """``asyncio.run`` in a thread of its own: the caller may have a running loop (a browser)."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


@dataclass(frozen=True)
class Response:
    """``status`` 0: the connection broke off. ``seconds``: until the last byte."""

    status: int
    seconds: float
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Service:
    """``python -m assistant serve`` on a port of 127.0.0.1; always the same one, over restarts."""

    def __init__(self, state_url: str, workers: int = 1, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._environment = {**os.environ, **_UNLIMITED, "YIDI_STATE_URL": state_url, **settings}
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 60.0) -> float:
        """Starts it; seconds until it gave its first answer. Raises TimeoutError."""
        began = time.monotonic()
        words = ["serve", "--port", str(self.port), "--workers", str(self._workers)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "assistant", *words],
            env=self._environment,
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        while time.monotonic() - began < seconds:
            if run_apart(self.ask(QUESTIONS[0])).status == 200:
                return time.monotonic() - began
            time.sleep(0.02)
        raise TimeoutError(f"no answer within {seconds} s")

    def kill(self) -> None:
        """SIGKILL to all of it."""
        for pid in [*self.workers(), self._pid]:
            os.kill(pid, signal.SIGKILL)
        assert self._process is not None
        self._process.wait()

    def stop(self) -> float:
        """SIGTERM; seconds until it was gone."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        self._process.wait(30)
        return time.monotonic() - began

    @property
    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def workers(self) -> list[int]:
        """Process ids of the workers under a supervisor; none when there is one process."""
        children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
        return [int(pid) for pid in children] if self._workers > 1 else []

    def cpu_seconds(self) -> float:
        """CPU used by all processes so far."""
        used = 0
        for pid in self.workers() or [self._pid]:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
        return used / _TICKS

    def memory(self) -> int:
        """Resident bytes of all processes."""
        pids = self.workers() or [self._pid]
        return sum(int(Path(f"/proc/{p}/statm").read_text().split()[1]) * _PAGE for p in pids)

    async def ask(self, question: str, thread: str | None = None, key: str = "") -> Response:
        """One turn on a connection of its own."""
        body = {"question": question, "thread": thread, "today": "2025-08-01"}
        return await self.send("POST", "/api/ask", body, {"Idempotency-Key": key} if key else {})

    async def send(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Response:
        """One request; never raises for what the other side does."""
        began = time.monotonic()
        payload = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
        lines += [f"{k}: {v}" for k, v in (headers or {}).items()]
        if payload:
            lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write("\r\n".join([*lines, "", ""]).encode() + payload)
            raw = await reader.read()
            writer.close()
        except OSError:
            return Response(0, time.monotonic() - began, {}, b"")
        return _parsed(raw, time.monotonic() - began)


def _parsed(raw: bytes, seconds: float) -> Response:
    head, whole, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in rest)
    headers = {name.lower(): value for name, _, value in pairs}
    if not whole or len(body) < int(headers.get("content-length", 0)):
        return Response(0, seconds, headers, body)
    return Response(int(first.split(" ")[1]), seconds, headers, body)


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of them lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def keep(path: Path, name: str, figures: dict[str, Any]) -> None:
    """Writes the figures with the command and the machine they come from."""
    words = iter(sys.argv[1:])
    command = [w for w in words if w != "--out" or not next(words, None)]
    kept = {
        "command": f"python -m evals {' '.join(command)}".strip(),
        "when": time.strftime("%Y-%m-%d", time.gmtime()),
        "cores": os.cpu_count(),
        "load_average_after": round(os.getloadavg()[0], 1),
        name: figures,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
