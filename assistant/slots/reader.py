"""One message read whole: words, numbers, dates and places become facts with their spans.

What the message *wants* is not decided here (that is routing), nor how it joins what was said before
(that is dialogue). ``known`` and ``expecting`` only settle what a bare reply or an unsaid year means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from assistant.slots.cues import flags_of, short_answer
from assistant.slots.dates import dates
from assistant.slots.days import Tense, date_facts
from assistant.slots.figures import MONEY_FACTS, age_facts, bare_number, count_facts, money_facts
from assistant.slots.lexicon import hits
from assistant.slots.normalise import Normalised, normalise
from assistant.slots.places import mentioned, place_facts
from assistant.slots.replies import replied
from assistant.slots.settle import settled
from assistant.slots.values import FactValue, Mention, Reading, Unclear
from rules.facts import CostItems, Facts


def read(
    text: str, today: date, *, known: Facts | None = None, expecting: str | None = None
) -> Reading:
    """Everything ``text`` says. Never raises, whatever was typed.

    ``today`` is what relative dates count from. ``known``: the facts of the open case.
    ``expecting``: the fact asked for in the last turn, which a bare reply fills.
    """
    known = known or Facts()
    clean = normalise(text)
    plain = clean.text
    flags = set(flags_of(plain))
    places = mentioned(plain)
    blanked = _blank(plain, [(p.start, p.end) for p in places], "□")
    spans = dates(blanked, today)
    words = hits(plain)
    mentions, unclear, more_flags = settled(plain, words, known, flags)
    flags |= more_flags
    stay = next((m.value for m in mentions if m.fact == "stay"), known.stay)
    begun = stay in ("in_hospital", "discharged") or "past" in flags
    tense = Tense(begun, planned=stay == "not_admitted" or "plan" in flags)
    without_dates = _blank(blanked, [(s.start, s.end) for s in spans], "0")
    found = date_facts(without_dates, spans, today, known, tense, expecting)
    mentions += found[0]
    unclear += found[1]
    numbers = _blank(blanked, [(s.start, s.end) for s in spans], "□")
    ages, vague_ages = age_facts(numbers, today)
    counts = count_facts(numbers, expecting)
    taken = [(m.start, m.end) for m in (*ages, *counts)] + [(u.start, u.end) for u in vague_ages]
    figures = money_facts(_blank(numbers, taken, "□"), today, known, expecting)
    mentions += [*ages, *counts, *figures.mentions]
    unclear += [*vague_ages, *figures.unclear]
    for place in (pair := place_facts(
        plain, places, known, expecting, other_place_said="cross_province_said" in flags
    ))[0]:
        surface = plain[place.start : place.end]
        mentions.append(Mention(place.fact, place.region, place.start, place.end, surface))
    unclear += pair[1]
    mentions += replied(plain, mentions, expecting, known)
    return _reading(clean, mentions, unclear, flags, figures.amounts, spans)


def _blank(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    chars = list(text)
    for start, end in spans:
        chars[start:end] = mark * (end - start)
    return "".join(chars)


def _reading(
    clean: Normalised, mentions: Sequence[Mention], unclear: Sequence[Unclear], flags: set[str],
    amounts: Sequence[object], spans: Sequence[object],
) -> Reading:  # fmt: skip
    """Spans in the message as typed, and the patch of facts."""
    placed = []
    for m in sorted(mentions, key=lambda m: (m.start, m.end)):
        start, end = clean.span(m.start, m.end)
        placed.append(
            Mention(m.fact, m.value, start, end, clean.original[start:end], m.approximate)
        )
    open_points = []
    for u in sorted(unclear, key=lambda u: (u.start, u.end)):
        start, end = clean.span(u.start, u.end)
        surface = clean.original[start:end]
        open_points.append(Unclear(u.kind, surface, start, end, u.candidates, u.fact))
    facts: dict[str, FactValue] = {}
    items: dict[str, Decimal] = {}
    for m in mentions:
        if m.fact.startswith("items."):
            if isinstance(m.value, Decimal):
                items[m.fact.removeprefix("items.")] = m.value
        else:
            facts[m.fact] = m.value
    if items:
        facts["items"] = CostItems(**items)
    return Reading(
        tuple(placed), tuple(open_points), MappingProxyType(facts), frozenset(flags),
        tuple(amounts), tuple(spans),  # type: ignore[arg-type]
    )  # fmt: skip
