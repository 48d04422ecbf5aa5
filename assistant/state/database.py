"""Opens the database: SQLite (WAL, synchronous FULL) from a path, PostgreSQL from a URL.

Also brings its tables up to date, and serialises the turns of one conversation over all processes.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

MIGRATIONS = Path(__file__).parent / "migrations"
LATEST = "0001"
"""The newest step under ``migrations/versions``."""
_STRIPES = 1024
_BUSY_SECONDS = 0.5
_PG_TIMEOUT = 2000
"""Milliseconds a statement or a lock of PostgreSQL may take."""


class Database:
    """An engine and the locks that go with its kind. Safe to share between threads."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self.url, self.engine = url, engine
        self._locks = [Lock() for _ in range(_STRIPES)]
        self._writer = Lock()
        self._opening = Lock()
        self._lock_file = _lock_file(url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def alone(self, thread: str) -> Iterator[None]:
        """The only holder of ``thread`` (64 hex digits) in this process."""
        with self._locks[_stripe(thread)]:
            yield

    @contextmanager
    def alone_everywhere(self, thread: str, link: Connection) -> Iterator[None]:
        """The only holder of ``thread`` in all processes; to be taken inside :meth:`alone`.

        The operating system, or PostgreSQL, lets go when the process dies.
        """
        if self.is_sqlite:
            with self._locked(_stripe(thread)):
                yield
            return
        number = int(thread[:15], 16)
        with link.begin():
            link.execute(select(func.pg_advisory_lock(number)))
        try:
            yield
        finally:
            _unlock(link, number)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """SQLite takes one writer at a time: ours queue up here, in order."""
        if not self.is_sqlite:
            yield
            return
        with self._writer, self._locked(_STRIPES):
            yield

    @contextmanager
    def _locked(self, at: int) -> Iterator[None]:
        """One byte of the lock file; nobody is kept out while none can be made (no writes then)."""
        with self._opening:
            if self._lock_file is None:  # the disk was read-only or full before
                self._lock_file = _lock_file(self.url)
        file = self._lock_file
        if file is None:
            yield
            return
        _lock_byte(file, fcntl.F_WRLCK, at)
        try:
            yield
        finally:
            _lock_byte(file, fcntl.F_UNLCK, at)

    def migrate(self) -> None:
        """Tables as this version wants them; one process at a time. Raises DBAPIError."""
        if self._revision() == LATEST:
            return
        from alembic import command  # slow to import, seldom needed
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["engine"] = self.engine
        with _one_migration(self):
            command.upgrade(config, "head")

    def _revision(self) -> str | None:
        if self.is_sqlite and not Path(str(self.url.database)).exists():
            return None
        with self.engine.connect() as link:
            if not self.engine.dialect.has_table(link, "alembic_version"):
                return None
            return link.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def close(self) -> None:
        self.engine.dispose()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None


def open_database(url: str, pool: int = 8) -> Database:
    """``url``: ``sqlite:///path`` or ``postgresql+psycopg://…``; nothing is read yet.

    ``pool``: connections kept open. Raises ArgumentError for what is no URL.
    """
    made = make_url(url)
    options: dict[str, Any] = {"pool_size": pool, "max_overflow": 2, "pool_timeout": 2}
    if made.get_backend_name() == "sqlite":
        path = Path(str(made.database))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        options["connect_args"] = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
        engine = create_engine(made, **options)
        event.listen(engine, "connect", _sqlite_pragmas)
    else:
        limits = f"-c statement_timeout={_PG_TIMEOUT} -c lock_timeout={_PG_TIMEOUT}"
        options["connect_args"] = {"connect_timeout": 2, "options": limits}
        engine = create_engine(made, pool_pre_ping=True, **options)
    return Database(made, engine)


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "mmap_size=0"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _lock_byte(file: int, kind: int, at: int) -> None:
    """Takes or gives back one byte, waiting. Locks of the open file rather than of the process:
    those take two threads that wait for each other's conversations for a deadlock."""
    fcntl.fcntl(file, fcntl.F_OFD_SETLKW, struct.pack("@hhqqi", kind, os.SEEK_SET, at, 1, 0))


def _unlock(link: Connection, number: int) -> None:
    """A connection that cannot even unlock is given up, and the lock with it."""
    try:
        if not link.invalidated:
            with link.begin():
                link.execute(select(func.pg_advisory_unlock(number)))
    except DBAPIError:
        link.invalidate()


def _stripe(thread: str) -> int:
    return int(thread[:8], 16) % _STRIPES


def _lock_file(url: URL) -> int | None:
    """A file beside the SQLite database whose bytes are locked; None where none can be made."""
    if url.get_backend_name() != "sqlite":
        return None
    path = Path(f"{url.database}.lock")
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None


@contextmanager
def _one_migration(database: Database) -> Iterator[None]:
    if not database.is_sqlite:
        with database.engine.connect() as link, link.begin():
            link.execute(select(func.pg_advisory_xact_lock(20250601)))
            yield
        return
    path = Path(str(database.url.database))
    with Path(f"{path}.migrate").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not path.exists():
            path.touch(mode=0o600)
        with database.engine.connect() as link:
            link.exec_driver_sql("PRAGMA journal_mode=WAL")
        yield
