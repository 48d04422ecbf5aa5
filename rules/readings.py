"""From a branch to its plans: the cell of each parameter, its readings multiplied out.

Refuses values that do not cover the day of care and collects what is assumed. Rules, Reimbursement
3–9 and Dates. Computes no amount.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import TypeVar

from rules.branch import Branch, Known
from rules.case import Case
from rules.cells import Cell, CutCell, Item, MoneyCell, Sourced
from rules.money import ZERO, plain
from rules.pack import CutMethod, Pack
from rules.packs import cut_row
from rules.plan import Plan, Premise, Share, Value
from rules.texts import say
from rules.words import describe_known

C = TypeVar("C", bound=Cell)


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of one branch, or the reason why there is none."""

    plans: tuple[Plan, ...]
    premises: tuple[Premise, ...] = ()
    reason: str | None = None


def plans_of(case: Case, branch: Branch) -> Plans:
    """All readings of one branch, multiplied out."""
    pack = branch.pack
    if pack is None or branch.reason is not None:
        return Plans((), reason=branch.reason)
    away = pack.outside if branch.table else None
    ratio = _pick(away.ratio if away else pack.ratio, branch.known)
    fixed = _pick(pack.fixed, branch.known)
    if ratio is None and fixed is None and not pack.brackets:
        what = describe_known(pack, branch.known)
        return Plans((), reason=say("reason.not_stated", pack=pack.spoken, what=what))
    premises: list[Premise] = []
    deductibles = _deductible(case, branch, pack, premises)
    bonus = _pick(pack.bonus, branch.known)
    visit = _pick(pack.visit_cap, branch.known)
    annual = _pick(pack.annual_cap, branch.known)
    row, cuts = _cut(branch)
    used: list[Sourced] = [
        *(cell for cell in (ratio, fixed, bonus, visit, annual) if cell is not None),
        *(value.cell for value in deductibles[:1] if value.cell is not None),
        *pack.brackets,
    ]
    reason = _too_early(branch, pack, used, row, case.day)
    if reason is not None:
        return Plans((), reason=reason)
    premises += _dating([*used, *([row] if row else [])], case.day)
    premises += _branch_premises(case, branch, pack, annual)
    items = dict(case.bill.parts if case.bill else ())
    choices = product(
        _values(ratio.readings if ratio else (), ratio),
        _values(fixed.yuan if fixed else (), fixed),
        deductibles,
        cuts,
        list(product(*_shares(pack, items))),
        _values(visit.yuan if visit else (), visit),
        _values(annual.yuan if annual else (), annual),
    )
    plans = tuple(
        Plan(
            deductible=deductible,
            ratio=ratio_,
            bonus=Value(bonus.points, bonus) if bonus else None,
            brackets=pack.brackets,
            fixed=fixed_,
            method=cut[0] if cut else None,
            cut=cut[1] if cut else None,
            shares=shares,
            visit_cap=visit_,
            annual_cap=annual_,
            splits=bool(pack.categories),
            readings=_cut_reading(cut)
            | {share.item: "included" if share.joins else "fixed" for share in shares}
            | {
                name: plain(value.amount)
                for name, cell_readings, value in (
                    ("ratio", ratio.readings if ratio else (), ratio_),
                    ("fixed", fixed.yuan if fixed else (), fixed_),
                    ("deductible", deductibles, deductible),
                    ("per_visit_cap", visit.yuan if visit else (), visit_),
                    ("annual_cap", annual.yuan if annual else (), annual_),
                )
                if len(cell_readings) > 1 and value is not None
            },
        )
        for ratio_, fixed_, deductible, cut, shares, visit_, annual_ in choices
    )
    return Plans(plans, tuple(premises))


def _pick(cells: Sequence[C], known: Known) -> C | None:
    """The first cell all of whose conditions hold."""
    for cell in cells:
        if all(known.get(fact) in allowed for fact, allowed in cell.conditions):
            return cell
    return None


def _values(readings: Sequence[Decimal], cell: Cell | None) -> list[Value | None]:
    return [Value(reading, cell) for reading in readings] or [None]


def _cut(branch: Branch) -> tuple[CutCell | None, list[tuple[CutMethod, Value] | None]]:
    """The row of the cut for the filing and its readings; methods differ only where it takes."""
    if branch.cut is None:
        return None, [None]
    facts = {
        "filing_type": branch.known.get("filing_type"),
        "insurance_type": branch.insurance,
        "care_type": branch.known["care_type"],
    }
    row = cut_row(branch.cut, facts)
    methods = branch.cut.methods if any(row.percent) else branch.cut.methods[:1]
    return row, [(method, Value(percent, row)) for method in methods for percent in row.percent]


def _cut_reading(cut: tuple[CutMethod, Value] | None) -> dict[str, str]:
    if cut is None:
        return {}
    return {"filing_cut": plain(cut[1].amount), "filing_cut_method": cut[0]}


def _shares(pack: Pack, items: dict[Item, Decimal]) -> list[list[Share]]:
    """Both readings of every category that the bill names. Rules, Reimbursement 5."""
    return [
        [Share(part.item, Value(part.percent, part), joins) for joins in (False, True)]
        for part in pack.categories
        if part.item in items
    ]


def _deductible(case: Case, branch: Branch, pack: Pack, premises: list[Premise]) -> list[Value]:
    """The pack's readings, else the person's, else 0 and said so."""
    away = pack.outside if branch.table else None
    cells = away.deductible if away else pack.deductible
    cell = _pick(cells, branch.known)
    if cell is None and branch.known["admission"] == "later":
        cell = _pick(cells, branch.known | {"admission": "first"})
        if cell is not None:
            premises.append(Premise("deductible", "first", "assume.first_again", cell.passage))
    if cell is None:
        said = case.facts.deductible
        if said is None and not pack.fixed:
            premises.append(Premise("deductible", "0", "assume.no_deductible"))
        return [Value(said or ZERO, None)]
    by_count = any(fact == "admission" for fact, _ in cell.conditions)
    if by_count and case.facts.admission_count is None:
        premises.append(Premise("admission_count", "1", "assume.first_admission"))
    if pack.deductible_per == "year":
        used = (case.facts.paid_this_year or ZERO) > ZERO
        text = "assume.deductible_used" if used else "assume.deductible_unused"
        premises.append(
            Premise("annual_deductible", "used" if used else "unused", text, cell.passage)
        )
        if used:
            return [Value(ZERO, cell)]
    return [Value(reading, cell) for reading in cell.yuan]


def _branch_premises(
    case: Case, branch: Branch, pack: Pack, annual: MoneyCell | None
) -> Iterator[Premise]:
    if annual is not None and case.facts.paid_this_year is None:
        yield Premise("paid_this_year", "0", "assume.cap_unused", annual.passage)
    if "care_type" in branch.assumed:
        yield Premise("care_type", "inpatient", "assume.inpatient")
    if "insurance_type" in branch.assumed and annual is not None:
        yield Premise("insurance_type", "employee", "assume.employee_cap", annual.passage)
    if pack.deductible_per == "visit":
        yield Premise("deductible", "per_visit", "assume.per_visit", pack.passage)
    if case.place == "inside" and pack.outside is not None:
        yield Premise("filing_cut", "0", "assume.inside_as_home", pack.passage)


def _dating(cells: Sequence[Sourced], day: date) -> Iterator[Premise]:
    """Rules, Dates: past the stated year, or undated, is computed and said."""
    for cell in cells:
        if not cell.covers(day):
            yield Premise("since", str(cell.since), "assume.before_notice", cell.passage)
        elif cell.confirmed(day):
            continue
        elif cell.stated_for is not None:
            year = str(cell.stated_for)
            yield Premise("stated_for", year, "assume.stated_for", cell.passage, year)
        else:
            year = str(cell.seen)
            yield Premise("undated", year, "assume.undated", cell.passage, year)


def _too_early(
    branch: Branch, pack: Pack, used: list[Sourced], row: CutCell | None, day: date
) -> str | None:
    """Rules, Dates: care before a value's stated start or year has no number, and why."""
    own_row = [row] if branch.own_cut and row is not None else []
    for cell in (*used, *own_row):
        if cell.covers(day):
            continue
        what = branch.cut.label if branch.cut is not None and cell is row else pack.spoken
        if cell.since is not None:
            return say("reason.before_since", pack=what, since=cell.since, day=day)
        return say("reason.before_year", pack=what, year=cell.stated_for, day=day)
    return None
