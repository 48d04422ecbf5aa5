"""The formulas: what the fund pays of one bill under one plan, exactly. Rules, Reimbursement 2–9.

Four of them: level ratio, brackets, fixed amount, and the three methods of a cut around the first
two (the fourth, *table*, is a choice of cells). Figures come from the plan alone.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rules.case import Bill
from rules.cells import Item
from rules.money import HUNDRED, ZERO
from rules.plan import Plan, Value
from rules.sheet import Sheet
from rules.texts import label


class Result(NamedTuple):
    """``fund`` in yuan, two decimals; the ordinary ratios applied, per cent (None: none was)."""

    fund: Decimal
    ratios: tuple[Decimal, Decimal] | None


def fund_share(bill: Bill, plan: Plan, paid_this_year: Decimal, sheet: Sheet) -> Result:
    """The fund's share of ``bill``; every operation goes through ``sheet``."""
    eligible = bill.total
    if bill.excluded:
        eligible = sheet.minus(bill.total, bill.excluded, "excluded")
    if plan.fixed is not None:
        fund = sheet.least(eligible, plan.fixed.amount, "fixed", plan.fixed.cell)
        return Result(sheet.rounded(_capped(fund, plan, paid_this_year, sheet)), None)
    parts: dict[Item, Decimal] = {}
    ordinary = eligible
    if plan.splits:
        for item, amount in bill.parts:
            ordinary = sheet.minus(ordinary, amount, "ordinary", item=label("items", item))
            parts[item] = amount
    ordinary, parts = _prepaid(ordinary, parts, plan, sheet)
    bottom, ordinary, parts = _after_deductible(ordinary, parts, plan, sheet)
    paid, joined = _categories(ordinary, parts, plan, sheet)
    ratios: tuple[Decimal, Decimal] | None
    if plan.brackets:
        by_bracket, ratios = _by_bracket(bottom, joined, plan, sheet)
        paid = by_bracket + paid
    else:
        assert plan.ratio is not None
        rate = _flat_rate(plan, sheet)
        ratios = (rate, rate)
        paid.insert(0, sheet.times(joined, rate, "ratio", plan.ratio.cell))
    fund = sheet.plus(paid, "sum")
    return Result(sheet.rounded(_capped(fund, plan, paid_this_year, sheet)), ratios)


def ordinary_ratios(plan: Plan) -> tuple[Decimal, Decimal] | None:
    """Lowest and highest ordinary ratio of a plan without a bill, per cent; None: fixed amounts."""
    sheet = Sheet()
    if plan.brackets:
        rates = [_reduced(part.percent, plan, sheet) for part in plan.brackets]
        return min(rates), max(rates)
    if plan.ratio is None:
        return None
    rate = _flat_rate(plan, sheet)
    return rate, rate


def _flat_rate(plan: Plan, sheet: Sheet) -> Decimal:
    assert plan.ratio is not None
    rate = plan.ratio.amount
    if plan.bonus is not None and rate:
        rate = sheet.rate_plus(rate, plan.bonus.amount, "bonus", plan.bonus.cell)
    return _reduced(rate, plan, sheet)


def _reduced(rate: Decimal, plan: Plan, sheet: Sheet) -> Decimal:
    """A payment ratio after the filing's cut; prepay leaves it alone."""
    if plan.cut is None or not plan.cut.amount or not rate:
        return rate
    if plan.method == "points":
        return sheet.rate_minus(rate, plan.cut.amount, "points", plan.cut.cell)
    if plan.method == "factor":
        return sheet.rate_times(rate, plan.cut.amount, "factor", plan.cut.cell)
    return rate


def _prepaid(
    ordinary: Decimal, parts: dict[Item, Decimal], plan: Plan, sheet: Sheet
) -> tuple[Decimal, dict[Item, Decimal]]:
    """Method prepay: n% of each part alike is paid first, the rest goes on to the deductible."""
    if plan.method != "prepay" or plan.cut is None or not plan.cut.amount:
        return ordinary, parts
    kept = sheet.rate_minus(HUNDRED, plan.cut.amount, "prepay", plan.cut.cell)
    cell = plan.cut.cell
    ordinary = sheet.times(ordinary, kept, "prepaid", cell) if ordinary else ordinary
    return ordinary, {
        item: sheet.times(part, kept, "prepaid", cell) for item, part in parts.items()
    }


def _after_deductible(
    ordinary: Decimal, parts: dict[Item, Decimal], plan: Plan, sheet: Sheet
) -> tuple[Decimal, Decimal, dict[Item, Decimal]]:
    """What was taken, and what remains: the ordinary rest first, then the categories in order."""
    deductible = plan.deductible or Value(ZERO, None)
    left = deductible.amount
    note = "deductible" if deductible.cell is not None else "deductible_said"
    remaining: list[Decimal] = []
    for amount in (ordinary, *parts.values()):
        taken = min(left, amount)
        if taken and remaining and left < deductible.amount:
            sheet.minus(deductible.amount, deductible.amount - left, "deductible_left")
        if taken:
            key = note if taken == deductible.amount else "deductible_part"
            whole = deductible.amount
            amount = sheet.minus(amount, taken, key, deductible.cell, whole=whole)
        remaining.append(amount)
        left -= taken
    return deductible.amount - left, remaining[0], dict(zip(parts, remaining[1:], strict=True))


def _categories(
    ordinary: Decimal, parts: dict[Item, Decimal], plan: Plan, sheet: Sheet
) -> tuple[list[Decimal], Decimal]:
    """Both readings: *fixed* amounts paid, and the ordinary cost with the *included* shares."""
    paid: list[Decimal] = []
    joining = [ordinary]
    for item, value, joins in plan.shares:
        part = parts.get(item, ZERO)
        if not part:
            continue
        name = label("items", item)
        if joins:
            joining.append(sheet.times(part, value.amount, "included", value.cell, item=name))
        else:
            rate = _reduced(value.amount, plan, sheet)
            paid.append(sheet.times(part, rate, "category", value.cell, item=name))
    return paid, sheet.plus([amount for amount in joining if amount], "joined")


def _by_bracket(
    bottom: Decimal, joined: Decimal, plan: Plan, sheet: Sheet
) -> tuple[list[Decimal], tuple[Decimal, Decimal] | None]:
    """Brackets lie on the cumulative cost from 0; the deductible lies at the bottom."""
    top = sheet.plus([bottom, joined], "bracket_top") if bottom and joined else bottom + joined
    paid: list[Decimal] = []
    rates: list[Decimal] = []
    floor = ZERO
    for part in plan.brackets:
        low = max(bottom, floor)
        high = top if part.up_to is None else min(top, part.up_to)
        floor = part.up_to or floor
        if high <= low:
            continue
        slice_ = sheet.minus(high, low, "bracket", part, low=low, high=high) if low else high
        rates.append(_reduced(part.percent, plan, sheet))
        paid.append(sheet.times(slice_, rates[-1], "in_bracket", part, low=low, high=high))
    return paid, (min(rates), max(rates)) if rates else None


def _capped(fund: Decimal, plan: Plan, paid_this_year: Decimal, sheet: Sheet) -> Decimal:
    """Per visit, then annual less what was paid this year. Lines only where a cap binds."""
    visit, annual = plan.visit_cap, plan.annual_cap
    if visit is not None and fund > visit.amount:
        fund = sheet.least(fund, visit.amount, "visit_cap", visit.cell)
    if annual is None:
        return fund
    used = min(paid_this_year, annual.amount)
    if fund > annual.amount - used:
        left = annual.amount
        if used:
            left = sheet.minus(annual.amount, used, "cap_left", annual.cell)
        fund = sheet.least(fund, left, "annual_cap", annual.cell)
    return fund
