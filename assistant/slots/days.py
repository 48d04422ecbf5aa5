"""Which day is what: filed, cancelled, admitted, discharged; and which year an unsaid year is.

The rule for years (rules.md, "Filing validity"): the nearest past one for what was done, the
nearest future one for a plan; an admission follows the filing, unless that would lie in the future
though the stay has begun; a year said earlier for the same event holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.slots.alignment import align
from assistant.slots.dates import backwards, in_year, onwards
from assistant.slots.figures import cues_in
from assistant.slots.values import DateSpan, FactValue, Mention, Unclear
from rules.facts import Facts

DATE_FACTS = ("filed_on", "cancelled_on", "admitted_on", "discharged_on")
_CASE_GRAINS = ("day", "week", "month")


@dataclass(frozen=True)
class Tense:
    """The time of the stay: ``begun``, it has begun or ended; ``planned``, it is still to come."""

    begun: bool
    planned: bool


def date_facts(
    text: str, spans: Sequence[DateSpan], today: date, known: Facts, tense: Tense,
    expecting: str | None,
) -> tuple[list[Mention], list[Unclear]]:  # fmt: skip
    """Days of ``text`` with their roles. ``text`` has its dates blanked out with digits."""
    unclear = [
        Unclear("impossible_date", s.surface, s.start, s.end, (), None)
        for s in spans
        if s.impossible
    ]
    live = [s for s in spans if not s.impossible]
    roles = _roles(text, live, expecting)
    said: dict[str, DateSpan] = {}
    for span, role in zip(live, roles, strict=True):
        if role is None:
            continue
        if span.grain == "year" and span.first and span.first.year == today.year:
            continue
        if span.grain not in _CASE_GRAINS or (span.plural and span.grain not in ("day", "week")):
            unclear.append(_missing_day(span, role))
            continue
        if role in said and not _better(span, said[role]):
            continue
        said[role] = span
        if span.plural and role in ("admitted_on", "discharged_on"):
            said.setdefault("admitted_on", span)
            said.setdefault("discharged_on", span)
    mentions = _resolved(said, today, known, tense)
    for mention in mentions:
        span = said[mention.fact]
        if span.grain != "day" and not span.plural:
            unclear.append(_missing_day(span, mention.fact))
    if not said:
        unclear += [
            Unclear("date_role", s.surface, s.start, s.end, DATE_FACTS)
            for s in live
            if s.grain == "day" and not re.search("今天|今日|现在", s.surface)
        ]
    return mentions, unclear


def _better(span: DateSpan, held: DateSpan) -> bool:
    """A period beats a day, a day beats a month, for one and the same event."""
    if span.plural != held.plural:
        return span.plural
    return span.grain == "day" != held.grain


def _missing_day(span: DateSpan, role: str) -> Unclear:
    options: tuple[FactValue, ...] = (span.first, span.last)
    return Unclear("day_missing", span.surface, span.start, span.end, options, role)


def _roles(text: str, spans: Sequence[DateSpan], expecting: str | None) -> list[str | None]:
    cues = cues_in(text, "date")
    chosen = align(text, [(s.start, s.end) for s in spans], cues, before=0.5, after=0.0, reach=3.6)
    roles: list[str | None] = [cues[i].role if i is not None else None for i in chosen]
    if expecting in DATE_FACTS and expecting not in roles:
        for at, (span, role) in enumerate(zip(spans, roles, strict=True)):
            if role is None and span.grain in (*_CASE_GRAINS, "year"):
                roles[at] = expecting
                break
    free = [
        i
        for i, (s, r) in enumerate(zip(spans, roles, strict=True))
        if r is None and s.grain == "day"
    ]
    if len(free) == 1 and len(spans) == 1:
        named = [c.role for c in cues]
        if len(set(named)) == 1:
            roles[free[0]] = named[0]
    return roles


def _resolved(said: dict[str, DateSpan], today: date, known: Facts, tense: Tense) -> list[Mention]:
    """The days of the events, each with the year that its event asks for."""
    days: dict[str, date] = {}
    mentions: list[Mention] = []
    for role in ("filed_on", "cancelled_on", "admitted_on", "discharged_on"):
        span = said.get(role)
        if span is None:
            continue
        placed = _in_right_year(role, span, days, today, known, tense)
        day = placed.last if role == "discharged_on" and span.plural else placed.first
        if day is None:
            continue
        days[role] = day
        mentions.append(
            Mention(
                role,
                day,
                span.start,
                span.end,
                span.surface,
                span.approximate or span.grain != "day",
            )
        )
    return mentions


def _in_right_year(
    role: str, span: DateSpan, days: dict[str, date], today: date, known: Facts, tense: Tense
) -> DateSpan:
    if not (span.yearless or span.monthless):
        return span
    held: date | None = getattr(known, role)
    if held is not None:
        # A year said earlier for the same event holds.
        return (
            in_year(span, held.year) if not span.monthless else onwards(span, held.replace(day=1))
        )
    filed = days.get("filed_on") or known.filed_on
    admitted = days.get("admitted_on") or known.admitted_on
    past = backwards(span, today)
    if role == "filed_on":
        return past
    if role == "cancelled_on":
        later = onwards(span, filed) if filed else past
        return later if later.first and later.first <= today else past
    if role == "discharged_on" and admitted:
        return onwards(span, admitted)
    if filed is None:
        return onwards(span, today) if tense.planned and not tense.begun else past
    later = onwards(span, filed)
    in_future = later.first is not None and later.first > today
    return past if in_future and tense.begun else later
