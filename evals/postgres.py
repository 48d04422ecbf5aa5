"""A PostgreSQL of one's own, from the programs on this machine, on a socket, thrown away after.

For chaos and for the tests. It refuses to run as root: then it runs as Debian's ``postgres``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any


def programs() -> Path | None:
    """The folder with initdb, pg_ctl, createdb of the newest version; None: not installed."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((h for h in homes if (h / "initdb").exists()), None)


class NotInstalled(Exception):
    """There is no PostgreSQL on this machine."""


class Postgres:
    """One server with its data under ``folder`` (default: a new one); ``durable``: with fsync."""

    def __init__(self, folder: Path | None = None, *, durable: bool = True) -> None:
        home = programs()
        if home is None:
            raise NotInstalled("PostgreSQL is not installed")
        self._home, self._numbers = home, count(1)
        self.folder = folder or Path(tempfile.mkdtemp(prefix="yidi-pg-"))
        self._options = f"-k {self.folder} -c listen_addresses="
        if not durable:
            self._options += " -c fsync=off"
        if user := self._user.get("user"):
            os.chown(self.folder, user, self._user["group"])
        words = ("-U", "yidi", "-A", "trust", "-E", "UTF8", "--no-sync")
        self._run("initdb", "-D", self._data, *words)
        self.start()

    def start(self) -> None:
        """Returns when it takes connections."""
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self._data, "-w", "-o", self._options, "-l", log, "start")

    def stop(self) -> None:
        """As by a power cut."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop", check=False)

    def close(self) -> None:
        """Stopped, its data gone."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_url(self) -> str:
        """The URL of a new, empty database."""
        name = f"t{os.getpid()}_{next(self._numbers)}"
        self._run("createdb", "-h", self.folder, "-U", "yidi", name)
        return f"postgresql+psycopg://yidi@/{name}?host={self.folder}"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def _user(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        entry = pwd.getpwnam("postgres")
        return {"user": entry.pw_uid, "group": entry.pw_gid}

    def _run(self, program: str, *words: str | Path, check: bool = True) -> None:
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [self._home / program, *words]
        subprocess.run(command, check=check, cwd=self.folder, **self._user, **quiet)
