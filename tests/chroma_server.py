"""The files of ``assistant/deploy`` that start Chroma's server, on a free port of this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.settings import ROOT

CONFIG = ROOT / "assistant" / "deploy" / "chroma.yaml"
COMMAND = Path(sys.executable).with_name("chroma")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ChromaServer:
    """``chroma run chroma.yaml``: started, stopped, or nothing but an open port."""

    def __init__(self, folder: Path) -> None:
        if not COMMAND.exists():
            pytest.skip("the chroma command is not installed")
        self._folder, self.port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._folder.mkdir(exist_ok=True)
        text = CONFIG.read_text(encoding="utf-8")
        text = text.replace("port: 8003", f"port: {self.port}").replace("/var/lib/yidi/chroma", ".")
        (self._folder / "chroma.yaml").write_text(text, encoding="utf-8")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [COMMAND, "run", "chroma.yaml"]
        self._process = subprocess.Popen(command, cwd=self._folder, **quiet)  # type: ignore[call-overload]
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("chroma")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    @contextmanager
    def dumb(self) -> Iterator[None]:
        """Something takes connections and never says a word."""
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", self.port))
            listener.listen(16)
            yield
