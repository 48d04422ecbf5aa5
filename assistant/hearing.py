"""Reading a message inside its conversation: a bare date, number or word means what was asked.

It wraps :func:`assistant.slots.read` with what the state holds: the fact asked for, a number left
open, a month told without its day, a fact put right by its name. Figures are never guessed: what
may be two things is given back as unclear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from assistant.data import read_toml
from assistant.dialogue import State, is_correction, last_date_fact, value_alone
from assistant.slots import Reading, Unclear, read
from assistant.slots.calendar import add_months
from assistant.slots.cues import short_answer
from assistant.slots.figures import bare_number
from assistant.slots.numerals import NUMERALS
from rules.facts import CostItems, Facts, Region

_BARE_NUMBER = re.compile(
    rf"^[\s是就大概约]*[¥￥]?(?:\d[\d,.]*|[{NUMERALS}]{{2,}})\s*(?:元|块钱?|万)?[。.!！?？]*$"
)
_BARE_DAY = re.compile(
    r"^(?:就?是|好像|大概)?\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[号日]\D{0,6}$"
)
_BARE_MONTH = re.compile(r"^(?:就?是|好像|大概)?\s*(\d{1,2})\s*月份?\D{0,4}$")
_SAME_DAY = re.compile(r"^([^\d,。;，、]{0,4}?)(?:就在)?(?:当天|当日|同一?天|那天|那一天)(?!也算)")
_DATES = ("filed_on", "cancelled_on", "admitted_on", "discharged_on")
_FIGURES = frozenset(
    {"total_cost", "age", "deductible", "paid_this_year", "admission_count", "items"}
)
_WORDS = ("filing_type", "insurance_type", "facility_level", "stay", "person_status")
_MAY_BE = ("total_cost", "items.excluded", "deductible", "paid_this_year")
YEAR = 366
"""Days after which a stay is taken to be over."""
_AGES = range(14, 121)
"""Numbers that a person's age may be, and hardly a bill."""
SHORT = 16
"""Characters of a message that is little more than the date in it."""


@dataclass(frozen=True)
class Heard:
    """``pending``: a number whose meaning was asked back; ``partial``: a month told alone."""

    reading: Reading
    pending: str | None = None
    partial: tuple[str, int, int] | None = None
    asked: str | None = None
    """The fact that the question back is about."""
    unknown: str | None = None
    """The fact asked for that the person does not know either."""
    place: Region | None = None
    """A place told without a word on what it is, taken as the insured region."""


def hear(text: str, state: State, known: Facts, today: date) -> Heard:
    """What ``text`` (normalised) says, given the conversation."""
    if _open_number(text, state, known):
        return Heard(_which_number(text), pending=text.strip())
    completed, expecting = _completed(text, state)
    reading = read(completed, today, known=known, expecting=expecting)
    if not reading.facts and not reading.unclear and len(text) <= SHORT // 2:
        reading = _any_reply(completed, known, today) or reading
    if not reading.facts and not reading.unclear:
        reading = _put_right(text, state, known, today) or reading
    if began := _began_before(reading, known, today):
        placed = known.model_copy(update={"admitted_on": began})
        reading = _with(read(completed, today, known=placed, expecting=expecting), began)
    reading = _with_filing(reading, text)
    reading = _with_cancellation(reading, known)
    reading, place = _with_place(reading, text, state, known, today)
    if state.pending:
        reading = _as_excluded(reading, state.pending)
    if _unsettled(reading, "date_role") and len(text) <= SHORT:
        guess = _date_meant(state, known)
        if guess is not None:
            reading = read(completed, today, known=known, expecting=guess)
    if _unsettled(reading, "impossible_date"):
        return Heard(_without_dates(reading), asked=_role_named(text) or last_date_fact(state))
    if shared := next((u for u in reading.unclear if u.kind == "shared_region"), None):
        return Heard(reading, asked=shared.fact or "insured_region")
    unknown = _not_known(text, state, known, reading)
    partial = _partial(reading)
    return Heard(_long_over(reading, today), partial=partial, unknown=unknown, place=place)


def _not_known(text: str, state: State, known: Facts, reading: Reading) -> str | None:
    """The fact that a message says is not known: the one it names, else the one asked for."""
    bare = "does_not_know" in reading.flags
    if not bare and not re.fullmatch(_forgotten(), text.strip(" 。.!！了啊呀")):
        return None
    named = None if bare else next((f for f, words in _called_words() if words.search(text)), None)
    fact = named or state.asked
    return fact if fact and (bare or getattr(known, fact, None) is None) else None


@cache
def _forgotten() -> str:
    return "|".join(read_toml("scope.toml")["forgotten"])


def unsaid(reading: Reading, span: tuple[int, int]) -> Reading:
    """``reading`` without the facts that only the words in ``span`` would tell."""
    start, end = span
    kept = tuple(m for m in reading.mentions if m.end <= start or end <= m.start)
    names = {m.fact for m in kept}
    items = {f: None for f in CostItems.model_fields if f"items.{f}" not in names}
    facts = {f: v for f, v in reading.facts.items() if f in names}
    if isinstance(part := reading.facts.get("items"), CostItems) and len(items) < 4:
        facts["items"] = part.model_copy(update=items)
    unclear = tuple(u for u in reading.unclear if u.end <= start or end <= u.start)
    return replace(reading, facts=facts, mentions=kept, unclear=unclear)


def _began_before(reading: Reading, known: Facts, today: date) -> date | None:
    """The day of an admission put a year ahead, when it turns out to have begun."""
    said, ahead = reading.facts, known.admitted_on
    over = said.get("discharged_on")
    begun = said.get("stay") in ("in_hospital", "discharged") or said.get("self_paid")
    begun = begun or (isinstance(over, date) and over <= today)
    if not begun or ahead is None or ahead <= today or "admitted_on" in said:
        return None
    return add_months(
        ahead, -12 * (ahead.year - today.year + (ahead.replace(year=today.year) > today))
    )


def _with(reading: Reading, began: date) -> Reading:
    return replace(reading, facts={"admitted_on": began, **reading.facts})


def _with_cancellation(reading: Reading, known: Facts) -> Reading:
    """没取消 takes a cancellation back; a filing made anew has not been cancelled."""
    said = reading.facts
    gone: dict[str, object] = dict.fromkeys(("cancelled_on", "cancelled_by"))
    if said.get("cancelled") is False:
        return replace(reading, facts={**said, **gone})
    if said.get("filed_on") and known.cancelled and "cancelled" not in said:
        return replace(reading, facts={**gone, **said, "cancelled": None})
    return reading


def _with_place(
    reading: Reading, text: str, state: State, known: Facts, today: date
) -> tuple[Reading, Region | None]:
    """深圳, then 医保在毕节: a place told bare gives way to the one said to be insured, and is
    where the care is; beside the reading, the place that is still open so."""
    said, held = reading.facts, state.place
    insured = said.get("insured_region")
    if not isinstance(insured, Region):
        return reading, held
    if _unsettled(read(text, today), "region_role"):
        return reading, insured
    moved = held is not None and held == known.insured_region and held.code != insured.code
    told = "treatment_region" in said or known.treatment_region is not None
    if moved and not told and reading.flags.isdisjoint({"correction", "what_if"}):
        reading = replace(reading, facts={**said, "treatment_region": held})
    return reading, None


def _long_over(reading: Reading, today: date) -> Reading:
    """A stay begun more than a year ago is over, unless said otherwise."""
    began, told = reading.facts.get("admitted_on"), reading.facts.keys() & {"stay", "discharged_on"}
    if not isinstance(began, date) or told or (today - began).days <= YEAR:
        return reading
    return replace(reading, facts={**reading.facts, "stay": "discharged"})


def _any_reply(text: str, known: Facts, today: date) -> Reading | None:
    """A word or two that answer some other question than the one asked (临时, 职工, 出了院)."""
    for fact in _WORDS:
        reading = read(text, today, known=known, expecting=fact)
        if reading.facts:
            return reading
    return None


def _put_right(text: str, state: State, known: Facts, today: date) -> Reading | None:
    """A value alone that takes the place of one told before: 打错了，是一类; 那没签呢."""
    value = value_alone(text)
    if value is None:
        return None
    last = [f for f in reversed(state.last_surfaces) if not f.endswith("_on")]
    held = [f for f in Facts.model_fields if getattr(known, f) not in (None, CostItems())]
    told = last if short_answer(value) is not None else [*last, *held]
    if (number := bare_number(value)) is not None:
        told = sorted(told, key=lambda fact: (fact == "age") != (number in _AGES))
    for fact in dict.fromkeys(told):
        reading = read(value, today, known=known, expecting=fact)
        if fact in reading.facts:
            return reading
    return None


def _open_number(text: str, state: State, known: Facts) -> bool:
    """A number alone while nothing was asked that it could answer, and the cost is known."""
    answers = state.asked in _FIGURES or (state.asked or "").endswith("_on") or state.partial
    return bool(_BARE_NUMBER.match(text)) and known.total_cost is not None and not answers


def _which_number(text: str) -> Reading:
    surface = text.strip()
    unclear = Unclear("amount_role", surface, 0, len(surface), _MAY_BE)
    return replace(read("", date.min), unclear=(unclear,))


def _completed(text: str, state: State) -> tuple[str, str | None]:
    """``text`` with what the conversation left open, and the fact it is expected to tell."""
    if state.partial:
        fact, year, month = state.partial
        if day := _BARE_DAY.match(text):
            return f"{year}年{month}月{day[1]}号", fact
        if told := _BARE_MONTH.match(text):
            return f"{year}年{told[1]}月", fact
    if state.pending and not re.search(r"\d", text):
        return f"{text.rstrip('。.!！')} {state.pending}", None
    if (same := _SAME_DAY.match(text)) and (last := _told_last(state)):
        text = f"{same[1]}{last.year}年{last.month}月{last.day}号{text[same.end() :]}"
    if is_correction(text):
        return text, _called(text) or last_date_fact(state) or state.asked
    if state.asked in _FIGURES and re.search(r"[级院所室]", text):
        return text, None
    if (state.asked or "").endswith("_region"):
        return re.sub(r"那个|那边的?|这个", "", text), state.asked
    return text, state.asked


def _told_last(state: State) -> date | None:
    fact = last_date_fact(state)
    day: date | None = getattr(state.facts, fact) if fact else None
    return day


def _with_filing(reading: Reading, text: str) -> Reading:
    """What is told of a filing without its day: made, never made, or unneeded in an emergency."""
    said, more = reading.facts, dict[str, object]()
    open_one = said.get("filed") is None and said.get("filing_type") != "none"
    if open_one and "filing_type" not in said and re.search(_filing("not_made"), text):
        more = {"filing_type": "none", "filed": False}
    elif open_one and re.search(_filing("made"), text) and re.search(r"备|登记|转诊", text):
        more = {"filed": True}
    made = said.get("filed") or more.get("filed")
    if made and "filing_type" not in said and re.search(_filing("no_referral"), text):
        more = {**more, "filing_type": "temporary"}
    if said.get("emergency") and "filing_type" not in said and "what_if" in reading.flags:
        more = {"filing_type": "emergency"}
    return replace(reading, facts={**said, **more}) if more else reading


@cache
def _filing(name: str) -> str:
    return str(read_toml("dialogue.toml")["filing"][name])


def _as_excluded(reading: Reading, pending: str) -> Reading:
    """A part told afterwards as 自费 is a part of the bill, not the whole of it."""
    open_ones = [u for u in reading.unclear if u.kind == "amount_role" and u.surface in pending]
    if not open_ones or "items.excluded" not in open_ones[0].candidates:
        return reading
    value = re.sub(r"[^\d.]", "", pending)
    items = CostItems.model_validate({"excluded": value})
    rest = tuple(u for u in reading.unclear if u is not open_ones[0])
    return replace(reading, facts={**reading.facts, "items": items}, unclear=rest)


def _date_meant(state: State, known: Facts) -> str | None:
    """The date a bare one is: the one asked for, put right, or still lacking for the verdict."""
    if state.asked in _DATES:
        return state.asked
    if "verdict" not in state.last_wants and "when_usable" not in state.last_wants:
        return last_date_fact(state)
    if known.filed_on is None and known.filing_type != "none":
        return "filed_on"
    return last_date_fact(state) if known.admitted_on else "admitted_on"


def _unsettled(reading: Reading, kind: str) -> bool:
    return any(u.kind == kind for u in reading.unclear)


def _without_dates(reading: Reading) -> Reading:
    """Other days in the message do not stand in for the one that cannot be."""
    kept = {k: v for k, v in reading.facts.items() if k not in _DATES}
    mentions = tuple(m for m in reading.mentions if m.fact not in _DATES)
    return replace(reading, facts=kept, mentions=mentions)


def _partial(reading: Reading) -> tuple[str, int, int] | None:
    for unclear in reading.unclear:
        if unclear.kind == "day_missing" and unclear.candidates:
            first = unclear.candidates[0]
            fact = unclear.fact or next((f for f in _DATES if reading.facts.get(f) == first), None)
            if isinstance(first, date) and fact:
                return fact, first.year, first.month
    return None


def _role_named(text: str) -> str | None:
    if "备案" in text or "办" in text:
        return "filed_on"
    if "出院" in text:
        return "discharged_on"
    return "admitted_on" if "住" in text or "入院" in text else None


def _called(text: str) -> str | None:
    """The fact that the words call by its name."""
    return next((fact for fact, words in _called_words() if words.search(text)), None)


@cache
def _called_words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_toml("dialogue.toml")["called"]
    return tuple((row["fact"], re.compile("|".join(row["words"]))) for row in rows)
