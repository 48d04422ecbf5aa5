"""Bare replies to what was asked in the last turn: 是, 没有, 三, 8000, 71."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.slots.cues import short_answer, worded_reply
from assistant.slots.figures import bare_number
from assistant.slots.setting import MONEY_FACTS
from assistant.slots.values import FactValue, Mention
from rules.facts import Facts

_FLAGS = (
    "emergency",
    "self_paid",
    "family_doctor",
    "provincial_scheme",
    "rural_scheme",
    "filed",
    "multiple_filings",
)
_UNITS = {
    "facility_level": "级",
    "fee_class": "类",
    "age": "岁",
    "admission_count": "[第次]",
    "further_diseases": "[个种]",
}
"""What a bare number of a fact may be counted in."""
_LEVELS: dict[int, FactValue] = {1: "level1", 2: "level2", 3: "level3"}


def replied(
    text: str, mentions: Sequence[Mention], expecting: str | None, known: Facts
) -> list[Mention]:
    """What a bare reply fills; nothing when the message said more than a reply."""
    if expecting is None or any(m.fact == expecting for m in mentions):
        return []

    def one(fact: str, value: FactValue) -> Mention:
        return Mention(fact, value, 0, len(text), text)

    worded = worded_reply(text, expecting)
    if worded is not None:
        return [one(expecting, worded)]
    answer = short_answer(text)
    if answer is not None:
        return _answered(expecting, answer, known, one)
    number = bare_number(re.sub(_UNITS.get(expecting, "(?!)"), "", text))
    if number is None or number != int(number):
        return [one(expecting, number)] if number is not None and expecting in MONEY_FACTS else []
    whole = int(number)
    if expecting in MONEY_FACTS:
        return [one(expecting, number)]
    if expecting == "facility_level" and whole in _LEVELS:
        return [one(expecting, _LEVELS[whole])]
    limits = {
        "fee_class": (1, 3),
        "age": (0, 120),
        "admission_count": (1, 30),
        "further_diseases": (0, 10),
    }
    if expecting in limits and limits[expecting][0] <= whole <= limits[expecting][1]:
        return [one(expecting, whole)]
    return []


def _answered(expecting: str, answer: bool, known: Facts, one: object) -> list[Mention]:
    make = one
    assert callable(make)
    if expecting in ("filed", "filing_type", "filed_on"):
        if answer:
            return [make("filed", True)]
        kind = "emergency" if known.emergency else "none"
        return [make("filing_type", kind), make("filed", False)]
    if expecting == "emergency":
        said = [make("emergency", answer)]
        if answer and known.filing_type in (None, "none") and known.filed is not True:
            said.append(make("filing_type", "emergency"))
        return said
    if expecting in _FLAGS:
        return [make(expecting, answer)]
    if not answer and expecting in MONEY_FACTS and expecting != "total_cost":
        return [make(expecting, Decimal(0))]
    if not answer and expecting == "items":
        return [make("items.excluded", Decimal(0))]
    return []
