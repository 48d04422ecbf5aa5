"""What the fund pays of one bill: a range with its steps, causes, assumptions and what-ifs.

``reimburse(facts, today)`` is the whole of rules.md's "Reimbursement". No clock, no floating point,
no text of its own. Wording is in ``texts.toml``, numbers in ``packs/``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from rules.case import Case
from rules.check import check_input
from rules.facts import Facts, FilingType
from rules.money import ZERO
from rules.outcome import Reimbursement, Scenario, Settlement, Step
from rules.packs import Packs, load_packs
from rules.report import assumptions, causes, conflicts, missing, notes, passages, scenarios
from rules.formula import fund_share
from rules.sheet import Sheet
from rules.spread import Point, fund_span, numbered, points_of, ratio_span, self_span
from rules.texts import label, say, values_of


def reimburse(facts: Facts, today: date, packs: Packs | None = None) -> Reimbursement:
    """The fund's and the person's share. Raises :class:`rules.errors.InputError`."""
    check_input(facts, today)
    packs = packs or load_packs()
    case = Case.of(facts, today)
    points = points_of(case, packs)
    counted = numbered(points)
    settlement = settlement_of(case, packs, counted)
    fund = fund_span(counted)
    total = case.bill.total if case.bill else None
    open_filing = filing_scenarios(case, packs) if case.place == "unstated" else ()
    return Reimbursement(
        pack=_pack(points),
        pack_label=_pack_label(points),
        reference=any(p.branch.pack is packs.reference for p in counted),
        settlement=settlement,
        fund_pays=fund,
        self_pays=self_span(fund, total),
        ratio=ratio_span(counted),
        reason=_reason(case, points) if fund is None else None,
        steps=_steps(case, counted),
        causes=causes(counted),
        assumptions=assumptions(case, counted),
        scenarios=(*scenarios(case, packs, points, settlement), *open_filing),
        missing=missing(case, points),
        notes=notes(case, points),
        passages=passages(counted, points),
        conflicts=conflicts(case, points),
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
    """The same case in another province, with each kind of filing."""
    found = []
    for value in values_of("filing_type"):
        filing: FilingType = value  # type: ignore[assignment]
        away = replace(case, place="outside", filing=filing, emergency=filing == "emergency")
        found.append(filing_scenario(away, packs, filing))
    return tuple(found)


def filing_scenario(case: Case, packs: Packs, filing: FilingType) -> Scenario:
    """One line of the table of filings: ``case`` as it stands."""
    points = points_of(case, packs)
    counted = numbered(points)
    fund = fund_span(counted)
    total = case.bill.total if case.bill else None
    return Scenario(
        fact="filing_type",
        value=filing,
        label=label("filing_type", filing),
        fund_pays=fund,
        self_pays=self_span(fund, total),
        ratio=ratio_span(counted),
        settlement=settlement_of(case, packs, counted),
        reason=_reason(case, points) if fund is None else None,
    )


def _pack(points: list[Point]) -> str | None:
    """The id of the pack used; several are joined, those with a number first."""
    ids = [p.branch.pack.id for p in numbered(points) or points if p.branch.pack is not None]
    return "+".join(dict.fromkeys(ids)) or None


def _pack_label(points: list[Point]) -> str | None:
    names = []
    for point in numbered(points) or points:
        if point.branch.pack is None:
            continue
        name = point.branch.pack.label
        if point.branch.own_cut and point.branch.cut is not None:
            name = say("words.with_cut", pack=name, cut=point.branch.cut.label)
        names.append(name)
    return say("words.join_packs").join(dict.fromkeys(names)) or None


def _reason(case: Case, points: list[Point]) -> str:
    """Why there is no amount: no cost was said, or what the sources lack (packs first)."""
    if numbered(points):
        return say("reason.no_cost")
    lacking = sorted(points, key=lambda point: point.branch.pack is None)
    return next(point.reason for point in lacking if point.reason is not None)


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
