"""What can go wrong in the rules, drawn once.

::

    RulesError
    ├── InputError     a fact is impossible; ``field`` and a Chinese sentence for the person
    └── InvalidData    the data files have faults; ``faults`` lists them all
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of one data file, for the person who edits it. ``line`` counts from 1."""

    path: str
    line: int
    message: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} → {self.expected}"


class RulesError(Exception):
    """Base of every error this package raises on purpose."""


class InputError(RulesError):
    """A fact that cannot be. ``field``: its name; the message: what is wrong, in Chinese."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


class InvalidData(RulesError):
    """The data files have faults; the message shows them all, one a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
