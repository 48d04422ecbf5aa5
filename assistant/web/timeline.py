"""Days on a line: how long a filing is good for, the stay, today; numbered, with a list below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from assistant.types import ValidityView
from assistant.web.render import render
from assistant.web.texts import say
from rules.facts import Facts
from rules.outcome import Validity

NEAR = 7.0
"""Pins closer than this, in percent of the line, stand on different levels."""
_OPEN_END = timedelta(days=120)
_MARGIN = 0.06
_OF_FACTS = ("cancelled_on", "admitted_on", "discharged_on")


@dataclass(frozen=True)
class Pin:
    """One day. ``left`` in percent of the line; ``level`` 0 is next to it."""

    number: int
    kind: str
    name: str
    day: date
    left: str
    level: int


@dataclass(frozen=True)
class Stretch:
    """A span of days as a bar."""

    kind: str
    name: str
    left: str
    width: str


def timeline_html(verdict: Validity | ValidityView, facts: Facts, today: date) -> Markup | None:
    """The line of one filing; None where no day of filing is known."""
    if verdict.valid_from is None:
        return None
    days = _days(verdict, facts, today)
    first, last = min(days.values()), max(days.values())
    if verdict.certain_until is None and verdict.status == "valid":
        last += _OPEN_END
    margin = timedelta(days=max(3, round((last - first).days * _MARGIN)))
    scale = _Scale(first - margin, last + margin)
    return render(
        "timeline.html",
        pins=list(_pins(days, scale)),
        stretches=list(_stretches(verdict, facts, today, scale)),
    )


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def at(self, day: date) -> float:
        """Where ``day`` lies, in percent."""
        whole = (self.last - self.first).days
        return 100 * min(max((day - self.first).days / whole, 0), 1)


def _days(verdict: Validity | ValidityView, facts: Facts, today: date) -> dict[str, date]:
    named = {
        "filed_on": verdict.valid_from,
        "certain_until": verdict.certain_until,
        "possible_until": verdict.possible_until,
        **{fact: getattr(facts, fact) for fact in _OF_FACTS},
        "today": today,
    }
    if named["possible_until"] == named["certain_until"]:
        del named["possible_until"]
    return {name: day for name, day in named.items() if day is not None}


def _pins(days: dict[str, date], scale: _Scale) -> Iterator[Pin]:
    """In the order of time; a pin too near to one on its level goes a level up."""
    occupied: list[float] = []
    for number, (kind, day) in enumerate(sorted(days.items(), key=lambda item: item[1]), 1):
        left = scale.at(day)
        level = next((n for n, end in enumerate(occupied) if left - end >= NEAR), len(occupied))
        occupied[level : level + 1] = [left]
        yield Pin(number, kind, say(f"validity.{kind}"), day, f"{left:.2f}", level)


def _stretches(
    verdict: Validity | ValidityView, facts: Facts, today: date, scale: _Scale
) -> Iterator[Stretch]:
    start, certain, possible = verdict.valid_from, verdict.certain_until, verdict.possible_until
    assert start is not None
    if certain is None and verdict.status == "valid":
        yield _stretch("endless", say("validity.certain"), start, scale.last, scale)
    if certain is not None:
        yield _stretch("certain", say("validity.certain"), start, certain, scale)
        if possible is not None and possible > certain:
            yield _stretch("possible", say("validity.possible"), certain, possible, scale)
    if facts.admitted_on is not None:
        end = facts.discharged_on or max(today, facts.admitted_on)
        yield _stretch("stay", say("validity.stay"), facts.admitted_on, end, scale)


def _stretch(kind: str, name: str, first: date, last: date, scale: _Scale) -> Stretch:
    left = scale.at(first)
    return Stretch(kind, name, f"{left:.2f}", f"{max(scale.at(last) - left, 0.8):.2f}")
