"""Why a result is a range: parameters with several readings and facts that were not said."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules.branch import LOCAL
from rules.money import plain
from rules.outcome import Cause
from rules.plan import Value
from rules.spread import Point, Spread
from rules.texts import fact_name, say
from rules.values import value_label

_MONEY = ("fixed", "deductible", "per_visit_cap", "annual_cap")
_ITEMS = ("class_b", "high_price_drug", "special_exam")
_PARAMETERS = ("filing_cut", "filing_cut_method", "ratio", *_ITEMS, *_MONEY)
_UNITS = {"points": "percentage_point", "factor": "percent", "prepay": "percent"}


def causes(spread: Spread) -> tuple[Cause, ...]:
    """Every open fact and every parameter whose values give different results, each once."""
    return (*_facts(spread), *_parameters(spread))


def _facts(spread: Spread) -> Iterator[Cause]:
    cuts = bool(spread.groups("filing_cut"))
    for fact in sorted(spread.open_facts, key=lambda fact: -spread.removes(fact)):
        if (fact == "filing_type" and cuts) or not spread.matters(fact):
            continue
        values = [value for value in spread.groups(fact) if value != LOCAL]
        key = {"filing_type": "filing_type", "facility_kind": "top_level3"}.get(fact, "fact")
        yield Cause(
            parameter=fact,
            readings=tuple(value_label(spread.points, fact, value) for value in values),
            why=say(f"cause.{key}", fact=fact_name(fact)),
            passage=_first_passage(spread.counted),
        )


def _parameters(spread: Spread) -> Iterator[Cause]:
    for name in _PARAMETERS:
        found = spread.readings(name)
        if not found:
            continue
        points = [point for group in found.values() for point in group]
        if name == "filing_cut":
            yield _cut(spread, found)
        elif name == "filing_cut_method":
            readings = tuple(str(value) for value in found)
            why = say("cause.filing_cut_method")
            yield Cause(parameter=name, readings=readings, why=why, passage=_source(points, "cut"))
        elif name in _ITEMS:
            yield _category(name, points)
        else:
            field = {"per_visit_cap": "visit_cap"}.get(name, name)
            yield Cause(
                parameter=name,
                readings=_sorted(found),
                unit="yuan" if name in _MONEY else "percent",
                why=say(f"cause.{name}"),
                passage=_source(points, field),
            )


def _cut(spread: Spread, found: dict[object, list[Point]]) -> Cause:
    """The cut: its readings, or the ends of what the unknown filing can bring."""
    readings = _sorted(found)
    points = [point for group in found.values() for point in group]
    methods = {point.plan.method for point in points if point.plan and point.plan.method}
    unit = _UNITS[methods.pop()] if len(methods) == 1 else None
    key = "filing_cut"
    if "filing_type" in spread.open_facts:
        key, readings = "filing_cut_open", (readings[0], readings[-1])
    largest = max(points, key=lambda point: point.plan.cut.amount)  # type: ignore[union-attr]
    return Cause(
        parameter="filing_cut",
        readings=readings,
        unit=unit,
        why=say(f"cause.{key}", readings=say("words.or").join(readings), unit=say(f"unit.{unit}")),
        passage=_source([largest], "cut"),
    )


def _category(name: str, points: list[Point]) -> Cause:
    share = next(s for p in points if p.plan for s in p.plan.shares if s.item == name)
    return Cause(
        parameter=name,
        readings=("fixed", "included"),
        why=say(f"cause.{name}", percent=plain(share.value.amount)),
        passage=share.value.cell.passage if share.value.cell else None,
    )


def _sorted(values: dict[object, list[Point]]) -> tuple[str, ...]:
    return tuple(plain(number) for number in sorted(Decimal(str(value)) for value in values))


def _source(points: list[Point], field: str) -> str | None:
    for point in points:
        value: Value | None = getattr(point.plan, field)
        if value is not None and value.cell is not None:
            return value.cell.passage
    return None


def _first_passage(points: list[Point]) -> str | None:
    for point in points:
        if point.plan is not None:
            return next((cell.passage for cell in point.plan.cells), None)
    return None
