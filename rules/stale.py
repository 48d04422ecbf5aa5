"""What needs a look: values checked long ago, stated for a past year, reviews due, ends in sight.

Knows the packs, the working-day calendar and the laws listed in ``texts.toml``; changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from pydantic import BaseModel

from rules.calendar import last_known_year
from rules.checklist import load_checklists
from rules.pack import PackFile
from rules.packs import Packs, load_packs
from rules.texts import limit, named_dates, say
from rules.validity_data import region_rules, texts


class Stale(NamedTuple):
    """``where``: file or value; ``text``: what is the matter, in Chinese."""

    kind: str
    where: str
    text: str


def stale(today: date, packs: Packs | None = None) -> tuple[Stale, ...]:
    """Everything that needs a look on ``today``, by file."""
    packs = packs or load_packs()
    found: list[Stale] = []
    for stem, file in packs.files.items():
        found += _review(f"packs/{stem}.toml", file, today)
        found += _ageing(f"packs/{stem}.toml", file, today)
    found += _ageing("validity.toml", texts(), today)
    for rules in region_rules():
        found += _ageing("validity_regions.toml", rules, today)
    for stem, lists in load_checklists().files.items():
        found += _ageing(f"checklists/{stem}.toml", lists, today)
    return (*found, *_calendar(today), *_laws(today))


def dated(model: BaseModel) -> Iterator[BaseModel]:
    """Every part of a data file that says when it was checked."""
    if getattr(model, "checked", None) is not None:
        yield model
    for name in type(model).model_fields:
        value = getattr(model, name)
        many = value.values() if isinstance(value, dict) else value
        for part in many if isinstance(value, tuple | dict) else (value,):
            if isinstance(part, BaseModel):
                yield from dated(part)


def _review(where: str, file: PackFile, today: date) -> Iterator[Stale]:
    if today >= file.review_by:
        yield Stale("review", where, say("stale.review", owner=file.owner, day=file.review_by))


def _ageing(where: str, data: BaseModel, today: date) -> Iterator[Stale]:
    """Checked too long ago, or stated for a year that has passed; one line a section."""
    found: dict[tuple[str, str], None] = {}
    for part in dated(data):
        passage = getattr(part, "passage", None) or ""
        checked: date = part.checked  # type: ignore[attr-defined]
        days = (today - checked).days
        if days > limit("stale_days"):
            found["checked", say("stale.checked", passage=passage, days=days)] = None
        year = getattr(part, "stated_for", None)
        if year is not None and year < today.year:
            found["year", say("stale.year", passage=passage, year=year)] = None
    for kind, text in found:
        yield Stale(kind, where, text)


def _calendar(today: date) -> Iterator[Stale]:
    year = last_known_year()
    if (date(year, 12, 31) - today).days < limit("calendar_days"):
        yield Stale("calendar", "calendar", say("stale.calendar", year=year))


def _laws(today: date) -> Iterator[Stale]:
    """Laws about to begin: the corpus and the answers change on that day."""
    for name, begins in named_dates("laws").items():
        left = (begins - today).days
        if 0 < left <= limit("law_days"):
            yield Stale("law", name, say("stale.law", name=name, day=begins, days=left))
