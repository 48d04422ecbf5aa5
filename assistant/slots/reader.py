"""One message read whole: words, numbers, dates and places become facts with their spans.

What the message *wants* is not decided here (that is routing), nor how it joins what was said
before (that is dialogue). ``known`` and ``expecting`` only settle what a bare reply or an unsaid
year means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from assistant.slots.counts import age_facts, birth_facts, count_facts
from assistant.slots.cues import flags_of
from assistant.slots.dates import dates
from assistant.slots.days import date_facts
from assistant.slots.figures import money_facts
from assistant.slots.hospitals import Hospital, hospitals_in, treated_in
from assistant.slots.lexicon import Hit, hits
from assistant.slots.money import codes
from assistant.slots.normalise import Normalised, normalise
from assistant.slots.numerals import NUMERALS
from assistant.slots.placenames import places_in
from assistant.slots.places import place_facts
from assistant.slots.replies import replied
from assistant.slots.setting import Setting
from assistant.slots.settle import settled
from assistant.slots.values import Amount, DateSpan, FactValue, Mention, Reading, Unclear
from rules.facts import CostItems, Facts, Region
from rules.regions import RegionMention, same_city

_Placed = TypeVar("_Placed", Mention, Unclear)
_NUMERAL = re.compile(rf"[\d{NUMERALS}]")
LONGEST = 10_000
_FILED_ANYWHERE = ("none", "emergency", None)
"""What is said of a filing without going away for care."""
_TAKEN, _A_DATE = "□", "0"


def read(
    text: str, today: date, *, known: Facts | None = None, expecting: str | None = None
) -> Reading:
    """Everything ``text`` says, of its first ``LONGEST`` characters. Never raises.

    ``today`` is what relative dates count from. ``known``: the facts of the open case.
    ``expecting``: the fact asked for in the last turn, which a bare reply fills.
    """
    known = known or Facts()
    clean = normalise(text[:LONGEST])
    plain = clean.text
    flags = set(flags_of(plain))
    words = hits(plain)
    mentions, unclear = settled(plain, words, known, flags)
    if any(m.fact == "same_province" and m.value is False for m in mentions):
        flags.add("cross_province_said")
    hospitals = hospitals_in(plain)
    places = [p for p in places_in(plain) if not _within_any(p, hospitals)]
    if any(h.asked and h.sets.get("filing_type") == "none" for h in words):
        flags.add("filing_unknown")
    # What one reader took is blanked out for the next: no date is an amount, no place a number.
    rest = _blank(plain, [(p.start, p.end) for p in places], _TAKEN)
    rest = _blank(rest, [(h.start, h.end) for h in hospitals], _TAKEN)
    rest = _blank(rest, codes(rest), _TAKEN)
    births, (ages, open_ages) = birth_facts(rest, today), age_facts(rest)
    rest = _blank(rest, [(b.start, b.end) for b in births], _TAKEN)
    spans = dates(rest, today)
    dated = _blank(rest, [(s.start, s.end) for s in spans], _A_DATE)
    setting = replace(
        _setting(today, mentions, known, flags, expecting), not_filed=_not_filed(words)
    )
    days, open_days = date_facts(dated, spans, setting)
    # 今年 stays: it tells 今年报了两万 from this bill.
    numbered = [(s.start, s.end) for s in spans if _NUMERAL.search(s.surface)]
    rest = _blank(rest, numbered, _TAKEN)
    counts = count_facts(rest, known, expecting)
    counted = [(m.start, m.end) for m in (*ages, *counts)]
    rest = _blank(rest, [*counted, *((u.start, u.end) for u in open_ages)], _TAKEN)
    figures = money_facts(rest, setting)
    regions, open_places = place_facts(
        plain,
        places,
        known,
        expecting,
        other_place_said="cross_province_said" in flags,
        amends=setting.amends,
        unfiled=_unfiled(mentions, flags),
    )
    regions += treated_in(plain, hospitals, places, regions, known)
    mentions += [*days, *(ages or births), *counts, *figures.mentions, *regions]
    mentions += _treated_at_home(plain, mentions, known, flags)
    mentions += _not_settled(mentions, known, today)
    mentions += replied(plain, mentions, expecting, known)
    unclear += [*open_days, *open_ages, *figures.unclear, *open_places]
    return _reading(clean, mentions, unclear, flags, figures.amounts, spans)


def _setting(
    today: date,
    mentions: Iterable[Mention],
    known: Facts,
    flags: set[str],
    expecting: str | None,
) -> Setting:
    stay = next((m.value for m in mentions if m.fact == "stay"), known.stay)
    late = next((m.value for m in mentions if m.fact == "filed_late"), known.filed_late)
    return Setting(
        today,
        known,
        begun=stay in ("in_hospital", "discharged") or ("past" in flags and stay != "not_admitted"),
        planned=stay == "not_admitted" or "plan" in flags,
        amends=not flags.isdisjoint({"correction", "what_if"}),
        expecting=expecting,
        late=bool(late),
        unfiled=any(m.fact == "filing_type" and m.value == "none" for m in mentions),
    )


def _not_filed(words: Iterable[Hit]) -> tuple[tuple[int, int], ...]:
    """Where it stands that nothing was filed: 去年3月没备案在郑州住院."""
    said = (h for h in words if h.sets.get("filing_type") == "none" and not (h.weak or h.asked))
    return tuple((h.start, h.end) for h in said)


def _unfiled(mentions: Iterable[Mention], flags: set[str]) -> bool:
    """Nothing filed, or not known whether: it is care away from home that is spoken of."""
    said = any(m.fact == "filing_type" and m.value == "none" for m in mentions)
    return said or "filing_unknown" in flags


def _not_settled(mentions: Sequence[Mention], known: Facts, today: date) -> list[Mention]:
    """昨天出的院，账还没结: who left without settling the bill has not been discharged yet."""
    facts = {m.fact: m for m in mentions}
    stay, discharged = facts.get("stay"), facts.get("discharged_on")
    day = discharged.value if discharged else known.discharged_on
    if stay is None or stay.value != "in_hospital" or not isinstance(day, date) or day > today:
        return []
    place = stay.start, stay.end, stay.surface
    return [Mention(fact, None, *place) for fact in ("discharged_on", "discharged_by")]


def _treated_at_home(
    text: str, mentions: Sequence[Mention], known: Facts, flags: set[str]
) -> list[Mention]:
    """本地住院; 不是广州，是本市住的: care in the insured city, whatever was said before."""
    home = next((m.value for m in mentions if m.fact == "insured_region"), known.insured_region)
    said = any(m.fact == "treatment_region" for m in mentions)
    away = any(m.fact == "filing_type" and m.value not in _FILED_ANYWHERE for m in mentions)
    if "same_city" not in flags or said or away or "cross_province_said" in flags:
        return []
    if not isinstance(home, Region) or not same_city(home, home):
        return []
    return [Mention("treatment_region", home, 0, len(text), text)]


def _within_any(place: RegionMention, hospitals: Iterable[Hospital]) -> bool:
    return any(h.start <= place.start and place.end <= h.end for h in hospitals)


def _blank(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    chars = list(text)
    for start, end in spans:
        chars[start:end] = mark * (end - start)
    return "".join(chars)


def _reading(
    clean: Normalised, mentions: Sequence[Mention], unclear: Sequence[Unclear], flags: set[str],
    amounts: Sequence[Amount], spans: Sequence[DateSpan],
) -> Reading:  # fmt: skip
    """Mentions with their place in the message as typed, and the patch of facts."""
    facts: dict[str, FactValue] = {}
    items: dict[str, FactValue] = {}
    for m in mentions:
        if m.fact.startswith("items."):
            items[m.fact.removeprefix("items.")] = m.value
        else:
            facts[m.fact] = m.value
    if items:
        facts["items"] = CostItems.model_validate(items)
    return Reading(
        tuple(_as_typed(m, clean) for m in sorted(mentions, key=lambda m: (m.start, m.end))),
        tuple(_as_typed(u, clean) for u in sorted(unclear, key=lambda u: (u.start, u.end))),
        MappingProxyType(facts),
        frozenset(flags),
        tuple(amounts),
        tuple(spans),
    )


def _as_typed(one: _Placed, clean: Normalised) -> _Placed:
    start, end = clean.span(one.start, one.end)
    return replace(one, start=start, end=end, surface=clean.original[start:end])
