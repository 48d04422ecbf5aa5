"""Backup and restore: one gzipped JSON Lines file that every store can take in.

First line: format and revision. Then a row a line. Last line: how many rows there must be.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from assistant.state.database import LATEST, Database
from assistant.state.tables import METADATA, audit, conversation, feedback, turn

_TABLES = (conversation, turn, feedback, audit)
_FORMAT = 1
_BATCH = 500


class BadBackup(Exception):
    """The file is no whole backup of this version, or the database is not empty."""


def backup(database: Database, path: Path) -> int:
    """Everything as of one moment; rows written. The service may go on meanwhile.

    The file appears only when it is whole, readable by its owner alone.
    """
    count = 0
    unfinished = path.with_name(f"{path.name}.part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"format": _FORMAT, "revision": LATEST}) + "\n")
        for name, row in _snapshot(database):
            file.write(json.dumps([name, row], ensure_ascii=False) + "\n")
            count += 1
        file.write(json.dumps({"rows": count}) + "\n")
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.replace(path)
    return count


def restore(database: Database, path: Path, *, replace: bool = False) -> int:
    """Takes a backup in, all or nothing; rows read. Raises :class:`BadBackup`."""
    database.migrate()
    with database.engine.begin() as link:
        if any(link.execute(select(func.count()).select_from(t)).scalar() for t in _TABLES):
            if not replace:
                raise BadBackup("the database is not empty")
            for table in _TABLES:
                link.execute(delete(table))
        count = _fill(link, _rows(path))
        if link.dialect.name == "postgresql":
            _number_on(link)
    return count


def _snapshot(database: Database) -> Iterator[tuple[str, dict[str, Any]]]:
    with database.engine.connect() as link:
        if database.is_sqlite:
            link.exec_driver_sql("BEGIN")
        else:
            link = link.execution_options(isolation_level="REPEATABLE READ")
        for table in _TABLES:
            for row in link.execute(select(table).order_by(*table.primary_key)):
                yield table.name, dict(row._mapping)


def _rows(path: Path) -> Iterator[tuple[Table, dict[str, Any]]]:
    count, whole = 0, False
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            head = json.loads(next(file, "null"))
            if head != {"format": _FORMAT, "revision": LATEST}:
                raise BadBackup(f"not a backup of format {_FORMAT}, revision {LATEST}: {head}")
            for line in file:
                value = json.loads(line)
                if isinstance(value, dict):
                    whole = value == {"rows": count}
                    continue
                name, row = value
                yield METADATA.tables[name], row
                count += 1
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise BadBackup(f"{path}: {error}") from error
    if not whole:
        raise BadBackup(f"{path}: the end is missing")


def _fill(link: Connection, rows: Iterator[tuple[Table, dict[str, Any]]]) -> int:
    waiting: dict[str, list[dict[str, Any]]] = {}
    count = 0
    for table, row in rows:
        batch = waiting.setdefault(table.name, [])
        batch.append({c.name: row[c.name] for c in table.columns})
        count += 1
        if len(batch) == _BATCH:
            link.execute(insert(table), batch)
            batch.clear()
    for name, batch in waiting.items():
        if batch:
            link.execute(insert(METADATA.tables[name]), batch)
    return count


def _number_on(link: Connection) -> None:
    """PostgreSQL's counters go on after the highest number taken in."""
    for table in ("turn", "feedback", "audit"):
        link.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
                f"(SELECT coalesce(max(id), 1) FROM {table}))"
            )
        )
