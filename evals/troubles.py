"""What befalls a store while the service talks: locked, full, read-only, gone.

Each trouble is a real one and passes: meanwhile every question must be answered, marked as not
saved where it is not, and saving must begin again unaided, nothing forgotten. A full and a
read-only disk are small file systems of their own; where none may be mounted they are left out.
"""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from assistant.state import open_database
from evals.postgres import Postgres
from evals.service import QUESTIONS, Service

Trouble = Callable[[], AbstractContextManager[None]]
_PATIENCE = 15.0
_ASKED = 24
"""Several to a page of the store: a full disk is felt with the next page."""


async def met(url: str, trouble: Trouble, *, from_start: bool = False) -> dict[str, Any]:
    """The service through one trouble; ``from_start``: it is started in the middle of it."""
    service = Service(url, YIDI_PAGE="false")
    if not from_start:
        await asyncio.to_thread(service.start)
        before = await _saved(service, "before")
    with trouble():
        if from_start:
            await asyncio.to_thread(service.start)
        asked = [(n, f"trouble-{from_start}-{n}") for n in range(_ASKED)]
        got = [await service.ask(QUESTIONS[n % len(QUESTIONS)], name) for n, name in asked]
    began = time.monotonic()
    while not (saved := await _saved(service, "after")) and time.monotonic() - began < _PATIENCE:
        await asyncio.sleep(0.1)
    recovery = time.monotonic() - began
    again = await asyncio.gather(*(service.ask(QUESTIONS[0], name) for _, name in asked))
    found = [await service.send("GET", f"/api/conversations/{name}") for _, name in asked]
    service.stop()
    return {
        "saved_before": True if from_start else before,
        "asked": len(got),
        "answered": sum(r.status == 200 for r in got),
        "marked_unsaved": sum(r.headers.get("x-saved") == "no" for r in got),
        "saved_again": sum(r.headers.get("x-saved") == "yes" for r in again),
        "turns_forgotten": sum(r.status != 200 or r.json()["turns"] != 2 for r in found),
        "slowest_s": round(max(r.seconds for r in got), 2),
        "recovered": saved,
        "recovery_s": round(recovery, 2),
    }


def passed(figures: dict[str, Any]) -> bool:
    """Everything answered, what was not saved marked and not forgotten, saving again."""
    return bool(
        figures["saved_before"]
        and figures["answered"] == figures["asked"]
        and figures["marked_unsaved"]
        and figures["saved_again"] == figures["asked"]
        and not figures["turns_forgotten"]
        and figures["recovered"]
    )


async def on_sqlite(folder: Path) -> dict[str, Any]:
    """Somebody holds the database; its disk fills up; its disk is read-only at the start."""
    locked = folder / "locked.db"
    figures = {"locked": await met(f"sqlite:///{locked}", lambda: _held(locked))}
    with _disk(folder / "disk", "8m") as disk:
        if disk is not None:
            url = f"sqlite:///{disk}/state.db"
            figures["full"] = await met(url, lambda: _filled(disk))
            figures["read_only"] = await met(url, lambda: _read_only(disk), from_start=True)
    return figures


async def on_postgres(server: Postgres, folder: Path) -> dict[str, Any]:
    """Its table is locked; it takes no writes; it is gone; its disk fills up."""
    figures = {
        "locked": await met(url := server.new_url(), lambda: _table_held(url)),
        "read_only": await met(other := server.new_url(), lambda: _no_writes(other)),
        "gone": await met(server.new_url(), lambda: _gone(server)),
    }
    folder.chmod(0o755)
    with _disk(folder / "disk", "128m") as disk:
        if disk is not None:
            small = Postgres(disk)
            try:
                figures["full"] = await met(small.new_url(), lambda: _filled(disk))
            finally:
                small.close()
    return figures


async def _saved(service: Service, thread: str) -> bool:
    return (await service.ask(QUESTIONS[0], thread)).headers.get("x-saved") == "yes"


@contextmanager
def _held(path: Path) -> Iterator[None]:
    blocker = sqlite3.connect(path)
    blocker.execute("BEGIN EXCLUSIVE")
    yield
    blocker.rollback()
    blocker.close()


@contextmanager
def _table_held(url: str) -> Iterator[None]:
    database = open_database(url, pool=1)
    with database.engine.connect() as link:
        link.exec_driver_sql("SET statement_timeout = 0")
        link.exec_driver_sql("LOCK TABLE conversation IN ACCESS EXCLUSIVE MODE")
        yield
        link.rollback()
    database.close()


@contextmanager
def _no_writes(url: str) -> Iterator[None]:
    """What a primary that became a standby looks like."""
    database = open_database(url, pool=1)
    with database.engine.connect() as link:
        link = link.execution_options(isolation_level="AUTOCOMMIT")
        for value in ("on", "off"):
            link.exec_driver_sql(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
            link.exec_driver_sql("SELECT pg_reload_conf()")
            time.sleep(0.5)  # every session reads its settings anew
            if value == "on":
                yield
    database.close()


@contextmanager
def _gone(server: Postgres) -> Iterator[None]:
    server.stop()
    yield
    server.start()


@contextmanager
def _disk(folder: Path, size: str) -> Iterator[Path | None]:
    """A file system of its own of that size; None where this machine allows none."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    yield
    ballast.unlink()


@contextmanager
def _read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    yield
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
