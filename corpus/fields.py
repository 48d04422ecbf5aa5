"""Reads the fields of one TOML table, noting every fault with its file and line.

A faulty field gives an empty value and a fault, never an exception: an editor sees all at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from corpus.errors import Fault
from corpus.messages import fault, kind_of

_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_REGION = re.compile(r"\d{2}|\d{4}|\d{6}")


def parse_toml(lines: Sequence[str], path: str, start: int, faults: list[Fault]) -> dict[str, Any]:
    """The table in ``lines``, of which the first is line ``start`` of ``path``; {} when broken."""
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        at = _TOML_LINE.search(str(error))
        line = start + int(at.group(1)) - 1 if at else start
        faults.append(fault("bad_toml", path, line, problem=error))
        return {}


class Fields:
    """Typed access to ``table``, whose text is ``lines`` from line ``start`` of ``path`` on."""

    def __init__(
        self,
        table: dict[str, Any],
        lines: Sequence[str],
        path: str,
        start: int,
        faults: list[Fault],
        allowed: Collection[str],
    ) -> None:
        self._table = table
        self._lines = lines
        self._path = path
        self._start = start
        self._faults = faults
        for key in sorted(set(table) - set(allowed)):
            self.note("unknown_key", key, allowed="、".join(allowed))

    def line_of(self, key: str) -> int:
        """The line on which ``key`` is set, else the table's first line."""
        setting = re.compile(rf"\s*{re.escape(key)}\s*=")
        for offset, line in enumerate(self._lines):
            if setting.match(line):
                return self._start + offset
        return self._start

    def note(self, code: str, key: str, **values: object) -> None:
        """Add the fault ``code`` at the line of ``key``."""
        self._faults.append(fault(code, self._path, self.line_of(key), key=key, **values))

    def _wrong(self, key: str, kind: str) -> None:
        self.note("wrong_type", key, value=repr(self._table[key]), kind=kind_of(kind))

    def text(self, key: str) -> str:
        """A required text that is not blank."""
        if key not in self._table:
            self.note("missing_key", key)
            return ""
        return self.optional_text(key) or ""

    def optional_text(self, key: str) -> str | None:
        value = self._table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self._wrong(key, "text")
            return None
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """An optional list of texts."""
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self._wrong(key, "texts")
            return ()
        return tuple(v.strip() for v in value)

    def tables(self, key: str) -> tuple[dict[str, Any], ...]:
        """An optional list of tables, each of texts and truth values."""
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(
            isinstance(t, dict) and all(isinstance(v, str | bool) for v in t.values())
            for t in value
        ):
            self._wrong(key, "tables")
            return ()
        return tuple(value)

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """A required text that is one of ``allowed``; the first of them when faulty."""
        value = self.text(key)
        if value and value not in allowed:
            self.note("not_allowed", key, value=value, allowed="、".join(allowed))
        return value if value in allowed else allowed[0]

    def optional_choice(self, key: str, allowed: Sequence[str]) -> str | None:
        return self.choice(key, allowed) if key in self._table else None

    def choices(self, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        """An optional list of texts, each one of ``allowed``."""
        values = self.texts(key)
        for value in values:
            if value not in allowed:
                self.note("not_allowed", key, value=value, allowed="、".join(allowed))
        return tuple(value for value in values if value in allowed)

    def day(self, key: str) -> date:
        """A required date."""
        if key not in self._table:
            self.note("missing_key", key)
        return self.optional_day(key) or date.min

    def optional_day(self, key: str) -> date | None:
        value = self._table.get(key)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self._wrong(key, "day")
            return None
        return value

    def optional_count(self, key: str) -> int | None:
        value = self._table.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong(key, "count")
            return None
        return value

    def optional_region(self, key: str) -> str | None:
        """A GB/T 2260 code without trailing zeros: two, four or six digits."""
        value = self.optional_text(key)
        if value is not None and not _REGION.fullmatch(value):
            self._wrong(key, "region")
            return None
        return value

    def period(self) -> tuple[date | None, date | None]:
        """``in_force_from`` and ``in_force_to``; a fault when they are reversed."""
        first, last = self.optional_day("in_force_from"), self.optional_day("in_force_to")
        if first is not None and last is not None and last < first:
            self.note("dates_reversed", "in_force_to")
        return first, last
