"""``check_input``: the one place that refuses facts which cannot be. Shared by every rule.

Does not judge whether a filing is valid or a bill is paid; only whether the input can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rules.errors import InputError
from rules.facts import Facts
from rules.money import ZERO, short_yuan, to_cents
from rules.texts import fact_name, limit, say

_PARTS = ("excluded", "class_b", "high_price_drug", "special_exam")


def check_input(facts: Facts, today: date) -> None:
    """Raise :class:`InputError` for the first impossible fact, in the order of the facts."""
    for check in (_money, _parts, _counts, _dates):
        for field, message in check(facts, today):
            raise InputError(field, message)


def may_be(facts: Facts, today: date) -> bool:
    """Whether the days of ``facts`` can be."""
    return next(_dates(facts, today), None) is None


def _amounts(facts: Facts) -> Iterator[tuple[str, Decimal]]:
    fields = {name: getattr(facts.items, name) for name in _PARTS}
    fields["deductible"] = facts.deductible
    fields["paid_this_year"] = facts.paid_this_year
    for name, amount in fields.items():
        if amount is not None:
            yield name, amount


def _money(facts: Facts, today: date) -> Iterator[tuple[str, str]]:
    most = limit("cost")
    cost = facts.total_cost
    if cost is not None:
        if not cost.is_finite():
            yield "total_cost", say("input.not_a_number", field=fact_name("total_cost"))
        elif to_cents(min(cost, most)) <= ZERO:
            yield "total_cost", say("input.not_positive", field=fact_name("total_cost"))
        elif cost > most:
            yield "total_cost", say("input.absurd", field=fact_name("total_cost"))
    for name, amount in _amounts(facts):
        if not amount.is_finite():
            yield name, say("input.not_a_number", field=fact_name(name))
        elif amount < ZERO:
            yield name, say("input.negative", field=fact_name(name))
        elif amount > most:
            yield name, say("input.absurd", field=fact_name(name))


def _parts(facts: Facts, today: date) -> Iterator[tuple[str, str]]:
    """The parts of a bill, each rounded to 分, are not more than the whole."""
    if facts.total_cost is None:
        return
    total = to_cents(facts.total_cost)
    parts = [(name, getattr(facts.items, name)) for name in _PARTS]
    said = [(name, to_cents(amount)) for name, amount in parts if amount is not None]
    together = sum((amount for _, amount in said), ZERO)
    if together > total:
        name = max(said, key=lambda part: part[1])[0]
        names = "、".join(fact_name(part) for part, _ in said)
        yield (
            name,
            say("input.parts", parts=names, sum=short_yuan(together), total=short_yuan(total)),
        )


def _counts(facts: Facts, today: date) -> Iterator[tuple[str, str]]:
    if facts.age is not None and not 0 <= facts.age <= limit("age"):
        yield "age", say("input.age", age=facts.age)
    if facts.admission_count is not None and not 1 <= facts.admission_count <= limit("admissions"):
        yield "admission_count", say("input.admission_count", count=facts.admission_count)
    if facts.further_diseases is not None and not 0 <= facts.further_diseases <= limit("diseases"):
        yield "further_diseases", say("input.further_diseases", count=facts.further_diseases)


def _dates(facts: Facts, today: date) -> Iterator[tuple[str, str]]:
    admitted, discharged = facts.admitted_on, facts.discharged_on
    filed, cancelled = facts.filed_on, facts.cancelled_on
    if admitted and discharged and discharged < admitted:
        yield (
            "discharged_on",
            say("input.discharge_first", admitted=admitted, discharged=discharged),
        )
    if filed and filed > today:
        yield "filed_on", say("input.filed_in_future", filed=filed, today=today)
    if filed and cancelled and cancelled < filed:
        yield "cancelled_on", say("input.cancelled_first", filed=filed, cancelled=cancelled)
