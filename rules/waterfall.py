"""A bill taken apart: what of it nobody pays back, the deductible, one's own share, the fund's.

The two ends of the range are told side by side. Computes nothing that :mod:`rules.formula` does
not.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from rules.case import Bill, Case
from rules.check import check_input
from rules.facts import Facts
from rules.money import HUNDRED, ZERO, to_cents
from rules.packs import Packs, load_packs
from rules.spread import Point, points_of

PartName = Literal["excluded", "prepaid", "deductible", "own", "fund"]


class BillPart(NamedTuple):
    """Yuan of the bill in the combination where the fund pays least and in that where most."""

    name: PartName
    at_low: Decimal
    at_high: Decimal


def bill_parts(facts: Facts, today: date, packs: Packs | None = None) -> tuple[BillPart, ...]:
    """The parts of the bill from the top, those that are 0 in both left out; they add up to it.

    () where no cost or no ratio is known. Raises :class:`rules.errors.InputError`.
    """
    check_input(facts, today)
    case = Case.of(facts, today)
    points = [p for p in points_of(case, packs or load_packs()) if p.fund is not None]
    if case.bill is None or not points:
        return ()
    low = _parts(case.bill, min(points, key=_fund))
    high = _parts(case.bill, max(points, key=_fund))
    parts = (BillPart(name, low[name], high[name]) for name in low)
    return tuple(part for part in parts if part.at_low or part.at_high)


def _fund(point: Point) -> Decimal:
    return point.fund if point.fund is not None else ZERO


def _parts(bill: Bill, point: Point) -> dict[PartName, Decimal]:
    plan = point.plan
    assert plan is not None
    left = bill.total - bill.excluded
    prepaid = ZERO
    if plan.method == "prepay" and plan.cut is not None:
        prepaid = to_cents(left * plan.cut.amount / HUNDRED)
    deductible = ZERO
    if plan.deductible is not None and plan.fixed is None:
        deductible = min(plan.deductible.amount, left - prepaid)
    fund = _fund(point)
    return {
        "excluded": bill.excluded,
        "prepaid": prepaid,
        "deductible": deductible,
        "own": left - prepaid - deductible - fund,
        "fund": fund,
    }
