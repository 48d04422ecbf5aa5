"""What the fund pays of one bill: a range with its steps, causes, assumptions and what-ifs.

``reimburse(facts, today)`` is the whole of rules.md's "Reimbursement". No clock, no floating point,
no text of its own. Wording is in ``texts.toml``, numbers in ``packs/``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from rules.case import Case, Place
from rules.causes import causes
from rules.check import check_input
from rules.facts import Facts
from rules.formula import fund_share
from rules.money import ZERO
from rules.notes import notes
from rules.outcome import Reimbursement, Scenario, Settlement, Step
from rules.packs import Packs, load_packs
from rules.report import (
    assumptions,
    conflicts,
    missing,
    passages,
    scenarios,
    scenarios_of,
    why_no_amount,
)
from rules.rough import between
from rules.sheet import Sheet
from rules.spread import (
    Point,
    Spread,
    fund_span,
    points_of,
    prepaid_span,
    ratio_span,
    self_span,
    stated_span,
)
from rules.texts import say


def reimburse(facts: Facts, today: date, packs: Packs | None = None) -> Reimbursement:
    """The fund's and the person's share. Raises :class:`rules.errors.InputError`.

    A cost said as a range is computed at both ends.
    """
    packs = packs or load_packs()
    low, high = facts.total_cost, facts.rough_cost
    if low is None or high is None or high <= low:
        return _of_one_bill(facts, today, packs)
    first, last = (
        _of_one_bill(facts.model_copy(update={"total_cost": end, "rough_cost": None}), today, packs)
        for end in (low, high)
    )
    return between(first, last, low, high)


def _of_one_bill(facts: Facts, today: date, packs: Packs) -> Reimbursement:
    check_input(facts, today)
    case = Case.of(facts, today)
    spread = Spread(points_of(case, packs))
    counted = spread.counted
    settlement = settlement_of(case, packs, counted)
    fund = fund_span(counted)
    total = case.bill.total if case.bill else None
    ratio = ratio_span(counted)
    told = case.place == "unstated" and (fund is not None or ratio is not None)
    away = filing_scenarios(case, packs) if told else ()
    return Reimbursement(
        pack=_pack(spread),
        pack_label=_pack_label(spread),
        reference=any(point.branch.pack is packs.reference for point in counted),
        settlement=settlement,
        fund_pays=fund,
        self_pays=self_span(fund, total),
        ratio=ratio,
        prepaid=prepaid_span(counted),
        stated_ratio=stated_span(counted) if case.bill is None else None,
        reason=why_no_amount(spread.points) if fund is None else None,
        steps=_steps(case, counted),
        causes=causes(spread),
        assumptions=assumptions(case, spread),
        scenarios=(*scenarios(case, packs, spread, settlement), *away),
        missing=missing(case, packs, spread),
        notes=notes(case, spread),
        passages=passages(spread),
        conflicts=conflicts(case, packs, spread),
    )


def settlement_of(case: Case, packs: Packs, counted: list[Point]) -> Settlement | None:
    """Rules, Reimbursement 6: by the filing; at home direct; nothing said, not stated."""
    if case.place == "unstated":
        return None
    if case.place == "home":
        return "direct"
    if case.place == "inside" and not any(point.branch.own_cut for point in counted):
        return "direct"
    return packs.settlement(case.filing) if case.filing is not None else "depends"


def filing_scenarios(case: Case, packs: Packs) -> tuple[Scenario, ...]:
    """The case with every kind of filing, one line each; in another province if none was named."""
    place: Place = "outside" if case.place in ("unstated", "maybe") else case.place
    away = replace(case, place=place, filing=None, filed=False, emergency=False, returned=False)
    spread = Spread(points_of(away, packs))
    settlement = settlement_of(away, packs, spread.counted)
    return tuple(scenarios_of("filing_type", away, packs, spread, settlement))


def _pack(spread: Spread) -> str | None:
    """The id of the pack used; several are joined, those with a number first."""
    used = (point.branch.pack for point in spread.counted or spread.points)
    ids = [pack.id for pack in used if pack is not None]
    return "+".join(dict.fromkeys(ids)) or None


def _pack_label(spread: Spread) -> str | None:
    names = []
    for point in spread.counted or spread.points:
        if point.branch.pack is None:
            continue
        name = point.branch.pack.label
        if point.branch.own_cut and point.branch.cut is not None:
            name = say("words.with_cut", pack=name, cut=point.branch.cut.label)
        names.append(name)
    return say("words.join_packs").join(dict.fromkeys(names)) or None


def _steps(case: Case, counted: list[Point]) -> tuple[Step, ...]:
    """The lines of the lowest and of the highest combination; what both begin with is told once."""
    if case.bill is None or not counted:
        return ()
    paid = case.facts.paid_this_year or ZERO
    low = _lines(case, min(counted, key=_fund), paid)
    high = _lines(case, max(counted, key=_fund), paid)
    if _fund(min(counted, key=_fund)) == _fund(max(counted, key=_fund)):
        return tuple(low)
    same = 0
    while same < min(len(low), len(high)) and low[same] == high[same]:
        same += 1
    return (
        *low[:same],
        *(step.model_copy(update={"variant": "low"}) for step in low[same:]),
        *(step.model_copy(update={"variant": "high"}) for step in high[same:]),
    )


def _fund(point: Point) -> Decimal:
    return point.fund if point.fund is not None else ZERO


def _lines(case: Case, point: Point, paid: Decimal) -> list[Step]:
    assert case.bill is not None and point.plan is not None
    sheet = Sheet(record=True, known=point.branch.known)
    fund_share(case.bill, point.plan, paid, sheet)
    return sheet.steps or []
