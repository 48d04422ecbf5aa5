"""Texts, lengths and places' own rules of filing validity: ``validity*.toml``, read once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from rules.data_file import Strict, read_file
from rules.facts import Region
from rules.outcome import Settlement, ValidityStatus

_HERE = Path(__file__).parent
Topic = Literal["window", "late", "emergency", "home"]


class Text(Strict):
    """One sentence or two for the person; ``passage`` may be ``@name``, filled by the code.

    ``stay``: told only while the stay is ``open``, or ``settled``, or not known; ``over``: only
    when it is known to be.
    """

    text: str
    passage: str | None = None
    stay: Literal["open", "settled", "over"] | None = None


class DatedText(Text):
    """Told of care from the day ``since`` on."""

    since: date


class Length(Strict):
    months: int
    passage: str
    checked: date


class Kind(Strict):
    """A kind of filing: what a person calls it, the section on its length, its disputed points."""

    label: str
    length: str
    conflicts: tuple[str, ...] = ()


class CaseTexts(Strict):
    status: ValidityStatus
    settlement: Settlement
    topic: Topic | None = None
    why: tuple[Text, ...]
    do: tuple[Text, ...]
    conflicts: tuple[str, ...] = ()


class Review(Strict):
    """First and last working day after submission on which a filing can be used."""

    first: int
    last: int
    text: str
    passage: str
    checked: date
    conflicts: tuple[str, ...] = ()


class ValidityFile(Strict):
    lengths: dict[Literal["floor", "usual"], Length]
    kinds: dict[str, Kind]
    phrases: dict[str, str]
    case: dict[str, CaseTexts]
    more: dict[str, Text]
    law: tuple[DatedText, ...]
    review: dict[str, Review]
    review_more: dict[str, Text]


class OwnReview(Strict):
    """A place's own limits: working days online, at the window (0 = the same day)."""

    online: int
    window: int
    text: str
    passage: str


class OwnRules(Strict):
    """What one place's document says. ``months``: its own length by kind of filing (no floor)."""

    code: str
    name: str
    since: date = date.min
    checked: date
    inside: Literal["free", "as_outside"] | None = None
    inside_text: str | None = None
    inside_passage: str | None = None
    months: dict[str, int] = Field(default_factory=dict)
    months_passage: str | None = None
    review: OwnReview | None = None
    says: dict[Topic, Text] = Field(default_factory=dict)


class RegionsFile(Strict):
    region: tuple[OwnRules, ...]


@lru_cache(maxsize=1)
def texts() -> ValidityFile:
    """``validity.toml``. Raises :class:`rules.errors.InvalidData`."""
    return read_file(_HERE / "validity.toml", ValidityFile)


@lru_cache(maxsize=8)
def region_rules(path: Path = _HERE / "validity_regions.toml") -> tuple[OwnRules, ...]:
    """``validity_regions.toml``. Raises :class:`rules.errors.InvalidData`."""
    return read_file(path, RegionsFile).region


def own_rules(region: Region | None, day: date) -> OwnRules | None:
    """The city's own rules in force on ``day``, else its province's, else None."""
    if region is None:
        return None
    for code in dict.fromkeys((region.code, region.code[:2])):
        for rules in region_rules():
            if rules.code == code and rules.since <= day:
                return rules
    return None


def references() -> Iterator[tuple[str, str]]:
    """(where it stands, section id) of every passage named in the two files, for the link check."""
    data = texts()
    named: list[tuple[str, str | None]] = [
        (f"validity.toml lengths.{n}", x.passage) for n, x in data.lengths.items()
    ]
    named += [(f"validity.toml kinds.{n}", x.length) for n, x in data.kinds.items()]
    for name, case in data.case.items():
        named += [(f"validity.toml case.{name}", t.passage) for t in (*case.why, *case.do)]
    named += [(f"validity.toml more.{n}", t.passage) for n, t in data.more.items()]
    named += [(f"validity.toml law {t.since}", t.passage) for t in data.law]
    named += [(f"validity.toml review.{n}", r.passage) for n, r in data.review.items()]
    named += [(f"validity.toml review_more.{n}", t.passage) for n, t in data.review_more.items()]
    for own in region_rules():
        where = f"validity_regions.toml {own.code}"
        named += [(where, own.inside_passage), (where, own.months_passage)]
        named += [(where, own.review.passage if own.review else None)]
        named += [(where, t.passage) for t in own.says.values()]
    yield from ((w, p) for w, p in named if p is not None and not p.startswith("@"))


def conflict_references() -> Iterator[tuple[str, str]]:
    """(where it stands, conflict id) of every disputed point named, for the link check."""
    data = texts()
    for name, case in data.case.items():
        yield from ((f"validity.toml case.{name}", c) for c in case.conflicts)
    for name, kind in data.kinds.items():
        yield from ((f"validity.toml kinds.{name}", c) for c in kind.conflicts)
