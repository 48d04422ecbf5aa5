"""Checking the TOML of ``assistant/data/slots``: every fault at once, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from rules.facts import Facts


class SlotDataError(ValueError):
    """The slots' data has faults; ``faults`` lists them all, one a line in the message."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


class Checked:
    """One file's table while it is checked; faults are gathered and raised together."""

    def __init__(self, name: str, table: dict[str, Any]) -> None:
        self.name = name
        self.table = table
        self.faults: list[str] = []

    def keys(self, *allowed: str) -> None:
        """Only these tables may stand at the top of the file."""
        for key in self.table:
            if key not in allowed:
                self.fault(key, 0, f"unknown table {key!r}", f"one of {', '.join(allowed)}")

    def tables(self, key: str, allowed: set[str], required: set[str]) -> Iterator[dict[str, Any]]:
        """The entries of ``[[key]]`` whose keys are right; faults are noted for the others."""
        for index, entry in enumerate(self.table.get(key, [])):
            unknown, missing = set(entry) - allowed, required - set(entry)
            for name in sorted(unknown):
                self.fault(key, index, f"unknown key {name!r}", f"one of {sorted(allowed)}")
            for name in sorted(missing):
                self.fault(key, index, f"key {name!r} is missing", "a value for it")
            if not unknown and not missing:
                yield entry

    def pattern(self, key: str, index: int, source: str) -> re.Pattern[str]:
        """``source`` compiled; one that is no regular expression is a fault and never matches."""
        try:
            return re.compile(source)
        except re.error as error:
            self.fault(key, index, f"{source!r} is no regular expression: {error}", "a valid one")
            return re.compile(r"(?!)")

    def facts(self, key: str, index: int, sets: dict[str, Any]) -> None:
        """Every key must be a fact and every value one of its values."""
        for fact, value in sets.items():
            try:
                Facts.model_validate({fact: value})
            except ValidationError:
                expected = "a fact of rules/facts.py with one of its values"
                self.fault(key, index, f"{fact} = {value!r}", expected)

    def fault(self, key: str, index: int, what: str, expected: str) -> None:
        """Note a fault of the ``index``-th ``[[key]]``."""
        where = f"assistant/data/{self.name}:{self._line(key, index)}"
        self.faults.append(f"{where}: {what} → {expected}")

    def raise_faults(self) -> None:
        """Raise :class:`SlotDataError` when anything was noted."""
        if self.faults:
            raise SlotDataError(self.faults)

    def _line(self, key: str, index: int) -> int:
        """The line of the ``index``-th header of ``key``, 1 where the file cannot be looked at."""
        source = files("assistant.data").joinpath(self.name)
        if not source.is_file():
            return 1
        header = re.compile(rf"^\s*\[{{1,2}}{re.escape(key)}\]{{1,2}}|^{re.escape(key)}\s*=")
        lines = source.read_text(encoding="utf-8").splitlines()
        found = [n for n, line in enumerate(lines, 1) if header.match(line)]
        return found[min(index, len(found) - 1)] if found else 1
