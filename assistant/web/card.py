"""我理解的情况: the facts of the case as chips, each of which can be put right in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from assistant.composing.edges import question_for
from assistant.composing.facts import spoken, told
from assistant.data import read_toml
from assistant.dialogue import merge
from assistant.people import SELF
from assistant.slots import read
from assistant.web.render import render
from assistant.web.texts import page_texts, say
from rules.facts import CostItems, Facts, Region
from rules.texts import fact_name

MOST_MISSING = 4
_SAID_BY_OTHERS = {"filed", "same_province"}
"""Facts that follow from others once those are known."""
_GOES_WITH = {"filing_type": ("filed", "emergency"), "insurance_type": ("rural_scheme",)}


@dataclass(frozen=True)
class Chip:
    """One fact. ``words``: how it is said, empty when it is not known yet."""

    fact: str
    name: str
    words: str
    options: tuple[str, ...]
    hint: str


def chips(facts: Facts) -> list[Chip]:
    """What is known, in the order of the facts."""
    return [_chip(fact, words) for fact, words in _said(facts)]


def missing_chips(missing: list[str]) -> list[Chip]:
    """The facts that would sharpen the answer and that can be asked for."""
    asked = [fact for fact in missing if question_for(fact)]
    return [_chip(fact, "") for fact in asked[:MOST_MISSING]]


def card_html(facts: Facts, missing: list[str], person: str = "") -> Markup:
    """The card. ``person``: whose case it is, where somebody was named."""
    title = say("card.title_of", person=person) if person not in ("", SELF) else say("card.title")
    return render("card.html", title=title, chips=chips(facts), missing=missing_chips(missing))


def read_fact(fact: str, words: str, facts: Facts, today: date) -> object | None:
    """The value of ``fact`` that ``words`` say, or None. Any spoken form will do."""
    item = fact in CostItems.model_fields
    said = read(words, today, known=facts, expecting=f"items.{fact}" if item else fact).facts
    if item:
        return next((v for v in _flat(said.values()) if isinstance(v, Decimal)), None)
    if fact in said:
        return said[fact]
    kind = _kind(fact)
    return next((v for v in said.values() if kind is not None and isinstance(v, kind)), None)


def changed(facts: Facts, fact: str, value: object | None) -> Facts:
    """The case with ``fact`` set, and what no longer fits taken out; None takes the fact back."""
    if fact in CostItems.model_fields:
        items = facts.items.model_copy(update={fact: value})
        return facts.model_copy(update={"items": items})
    if value is None:
        gone = (fact, *_GOES_WITH.get(fact, ()))
        return facts.model_copy(update=dict.fromkeys(gone))
    return merge(facts, {fact: value})


def words_of(fact: str, value: object) -> str:
    """How ``value`` is said: 三级医院, 总费用 3,800 元."""
    return spoken(fact, value) or str(value)


def _said(facts: Facts) -> Iterator[tuple[str, str]]:
    for fact in Facts.model_fields:
        value = getattr(facts, fact)
        if fact == "items":
            parts = ((name, getattr(facts.items, name)) for name in CostItems.model_fields)
            yield from ((n, words_of(n, v)) for n, v in parts if v is not None)
        elif value is not None and not _follows(fact, facts):
            words = told(facts, fact)
            if words is not None:
                yield fact, words


def _follows(fact: str, facts: Facts) -> bool:
    if fact == "rough_cost":
        return facts.rough_cost == facts.total_cost
    if fact == "same_province":
        return facts.insured_region is not None and facts.treatment_region is not None
    return fact in _SAID_BY_OTHERS or (fact == "insurance_type" and bool(facts.rural_scheme))


def _chip(fact: str, words: str) -> Chip:
    replies = read_toml("replies.toml")
    options = tuple(replies["value"].get(fact, {}).values())
    return Chip(fact, fact_name(fact), words, options, page_texts()["hint"].get(fact, ""))


def _kind(fact: str) -> type | None:
    """What kind of value the fact holds, where any value of that kind will do."""
    if fact.endswith("_region"):
        return Region
    if fact.endswith("_on"):
        return date
    return Decimal if fact in ("total_cost", "deductible", "paid_this_year") else None


def _flat(values: object) -> Iterator[object]:
    assert hasattr(values, "__iter__")
    for value in values:
        if isinstance(value, CostItems):
            yield from (v for v in value.model_dump().values() if v is not None)
        else:
            yield value
