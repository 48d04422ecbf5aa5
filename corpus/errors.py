"""What can go wrong with the corpus, drawn once.

::

    CorpusError
    ├── InvalidCorpus    the files have faults; ``faults`` lists them all
    └── UnknownId        a document, section or conflict was asked for that is not there
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of one file, for the person who edits it. ``line`` counts from 1.

    ``code`` names the class of fault (the key in ``messages.toml``); a ``warning`` does not stop
    the start.
    """

    path: str
    line: int
    message: str
    expected: str
    code: str = ""
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} → {self.expected}"


class CorpusError(Exception):
    """Base of every error this package raises on purpose."""

    faults: tuple[Fault, ...] = ()


class InvalidCorpus(CorpusError):
    """The files have faults; the message shows them all, one a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownId(CorpusError):
    """No such document, section or conflict; the message names the kind and the id."""

    def __init__(self, kind: str, wanted: str) -> None:
        self.kind = kind
        self.wanted = wanted
        super().__init__(f"{kind}: {wanted}")
