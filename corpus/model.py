"""The corpus as values: documents, self-contained sections, conflicts between sources.

All are frozen. Dates are ``datetime.date``; regions are GB/T 2260 codes without trailing zeros.
Knows nothing of rules, retrieval or the assistant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Authority = Literal["national", "local", "media", "commercial", "community"]
Evidence = Literal["text", "retold", "place", "source", "compiled"]
"""text: official text seen · retold: restated by a third party · place: seen in one place's text
only · source: stated by one of the five source pages · compiled: put together by a third party."""


@dataclass(frozen=True)
class Document:
    """One document relied on. ``source`` is what citations and question sets call it by."""

    id: str
    title: str
    source: str
    publisher: str
    published: date | None
    checked: date
    authority: Authority
    region: str | None
    """Code of the region whose insured people it binds; None: general."""
    in_force_from: date | None
    in_force_to: date | None
    note: str | None
    """A sentence for the reader on how the document is known (据转述 …); None: seen whole."""
    path: str


@dataclass(frozen=True)
class Instead:
    """The section told instead of another: of its own region's people only, and ``when`` all hold.

    ``when``: names of facts and their values, which the corpus does not know the meaning of.
    """

    section: str
    when: tuple[tuple[str, str | bool], ...] = ()


@dataclass(frozen=True)
class Section:
    """One answerable point, complete in itself: about 80–300 characters of plain Chinese.

    ``text`` is Markdown (sentences, lists, no headings). ``lead`` is its first paragraph: read
    alone it answers the question and misleads nobody.
    """

    id: str
    title: str
    text: str
    documents: tuple[str, ...]
    """Ids of the documents it rests on, the strongest first; the file's own document included."""
    questions: tuple[str, ...]
    evidence: Evidence
    topics: tuple[str, ...]
    region: str | None
    insurance: Literal["employee", "resident"] | None
    care: tuple[str, ...]
    in_force_from: date | None
    in_force_to: date | None
    follow_up: tuple[str, ...]
    """Ids of sections a reader often wants next."""
    path: str
    line: int
    instead: tuple[Instead, ...] = ()
    """Sections that speak to a narrower case; the first that fits is told instead of this one."""

    @property
    def lead(self) -> str:
        return self.text.split("\n\n", 1)[0]


@dataclass(frozen=True)
class Statement:
    """What one source says about a disputed point; ``id`` is ``<conflict>/<n>``, n from 1."""

    id: str
    text: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Where the sources disagree: every side, which one prevails (index from 0) and why."""

    id: str
    topic: str
    statements: tuple[Statement, ...]
    prevails: int | None
    why: str
    answer: str
    """What a reader who asks about it is told first; ``[[section-id]]`` cites that section."""
    sections: tuple[str, ...]
    """Sections whose answers must show this conflict."""
    cues: tuple[str, ...]
    """Words of a question that touch the disputed point; empty: always with its sections."""
    rows: tuple[str, ...]
    path: str = ""
    line: int = 0
