"""``python -m assistant serve``: the service with production settings, one process or several.

Each worker listens on the same port; the kernel shares out the connections. A worker that dies is
started again; SIGTERM lets every worker finish what it has begun.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.settings import ROOT, settings  # first: switches telemetry off

_PR_SET_PDEATHSIG = 1
_BACKLOG = 4096
_ONE_THREAD = {"TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"}
"""Many small answers at once: libraries need no threads of their own."""
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_PAUSE = 0.2
_YOUNG = 5.0
"""Seconds."""


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Exit code 0; 1 when the port is taken."""
    options = _options(argv)
    for name, value in _ONE_THREAD.items():
        os.environ.setdefault(name, value)
    if options.worker is not None:
        return _serve(options.host, options.port, options.worker, options.workers)
    if taken := _taken(options.host, options.port):
        print(taken, file=sys.stderr)
        return 1
    if options.workers == 1:
        return _serve(options.host, options.port, 0, 1)
    with tempfile.TemporaryDirectory(prefix="yidi-metrics-") as folder:
        os.environ[_FOLDER] = folder
        return _Workers(options.host, options.port, options.workers).supervise()


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m assistant serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, choices=range(1, 65), metavar="N")
    parser.add_argument("--worker", type=int, default=None, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _taken(host: str, port: int) -> str | None:
    """Why nobody can listen there; workers, who share the port, would not notice."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"{host}:{port}: {error.strerror}"
    return None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _listener(host: str, port: int, shared: bool) -> socket.socket:
    listener = socket.socket(_family(host), socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    return listener


def _serve(host: str, port: int, number: int, workers: int) -> int:
    """One worker, in this process."""
    import uvicorn

    from assistant.api.app import create_app
    from assistant.api.config import service_settings
    from assistant.api.logs import configure
    from assistant.api.runtime import Runtime

    if workers > 1:
        _die_with_parent()
    config = service_settings()
    configure(config.log_level)
    sys.setswitchinterval(0.002)  # the event loop gets its turn sooner beside busy threads
    sockets, paths = [_listener(host, port, workers > 1)], _paths(workers)
    if paths:
        sockets.append(_private(paths[number]))
    here = Runtime.load(config, settings())
    here.prepare()
    app = create_app(here, page=config.page, sockets=paths, own=number)
    served = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=int(config.drain_seconds),
        backlog=_BACKLOG,
        ws="none",
    )
    with asyncio.Runner(loop_factory=served.get_loop_factory()) as loop:
        loop.run(uvicorn.Server(served).serve(sockets=sockets))
    return 0


def _paths(workers: int) -> list[Path]:
    """Where the workers reach each other; nowhere when there is one."""
    folder = Path(os.environ[_FOLDER]) if workers > 1 else None
    return [folder / f"worker-{n}.sock" for n in range(workers)] if folder else []


def _private(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    return listener


def _die_with_parent() -> None:
    """A supervisor that is killed leaves no worker behind."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class _Workers:
    """Starts, watches and ends the workers."""

    def __init__(self, host: str, port: int, count: int) -> None:
        self._words = ["--host", host, "--port", str(port), "--workers", str(count)]
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._began: dict[int, float] = {}
        self._count, self._ending = count, False

    def supervise(self) -> int:
        """Until a signal ends it; a worker that died is started again."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._end)
        _build_index()
        while not self._ending:
            for number in range(self._count):
                worker = self._running.get(number)
                if worker is None or worker.poll() is not None:
                    self._running[number] = self._start(number, worker)
            time.sleep(_PAUSE)
        for worker in self._running.values():
            worker.wait()
        return 0

    def _rest(self, number: int) -> None:
        """A worker that dies as soon as it starts is not started in a hot loop."""
        lived = time.monotonic() - self._began.get(number, -_YOUNG)
        time.sleep(0 if lived >= _YOUNG or self._ending else 1.0)

    def _start(
        self, number: int, before: subprocess.Popen[bytes] | None
    ) -> subprocess.Popen[bytes]:
        if before is not None:
            self._rest(number)
            print(f"worker {number} ended ({before.returncode}), starting again", file=sys.stderr)
            for left in Path(os.environ[_FOLDER]).glob(f"gauge_live*_{before.pid}.db"):
                left.unlink()
        self._began[number] = time.monotonic()
        words = [sys.executable, "-m", "assistant", "serve", *self._words, "--worker", str(number)]
        return subprocess.Popen(words, cwd=ROOT, start_new_session=True)

    def _end(self, *_: object) -> None:
        self._ending = True
        for worker in self._running.values():
            worker.terminate()


def _build_index() -> None:
    """Once, before several workers would all build it."""
    from assistant.retrieval import Retriever
    from corpus import load_corpus

    Retriever.load(settings(), load_corpus())
