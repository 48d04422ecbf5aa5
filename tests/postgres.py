"""A PostgreSQL of the tests' own, from the programs on this machine; skipped without them."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

import pytest

_NUMBERS = count(1)


def _programs() -> Path | None:
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((h for h in homes if (h / "initdb").exists()), None)


@cache
def _server() -> tuple[Path, Path] | None:
    """Folder of the programs, folder of the socket; it refuses to run as root."""
    home = _programs()
    if home is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="yidi-pg-"))
    user: dict[str, int] = {}
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        user = {"user": entry.pw_uid, "group": entry.pw_gid}
    data = folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [home / "initdb", "-D", data, "-U", "yidi", "-A", "trust", "-E", "UTF8", "--no-sync"],
        cwd=folder, **user, **quiet,  # type: ignore[call-overload]
    )  # fmt: skip
    words = f"-k {folder} -c listen_addresses= -c fsync=off"
    start = [home / "pg_ctl", "-D", data, "-w", "-o", words, "-l", folder / "log", "start"]
    subprocess.run(start, cwd=folder, **user, **quiet)  # type: ignore[call-overload]

    def stop() -> None:
        ended = [home / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run(ended, cwd=folder, **user, stdout=subprocess.DEVNULL)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return home, folder


def postgres_url() -> str:
    """The URL of a new, empty database. Skips the test where PostgreSQL is not installed."""
    server = _server()
    if server is None:
        pytest.skip("PostgreSQL is not installed")
    home, folder = server
    name = f"t{os.getpid()}_{next(_NUMBERS)}"
    made = [home / "createdb", "-h", folder, "-U", "yidi", name]
    subprocess.run(made, check=True, cwd=folder)
    return f"postgresql+psycopg://yidi@/{name}?host={folder}"
