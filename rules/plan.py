"""From a branch to *plans*: one reading of every number, with its source, ready to be computed.

Finds the cell of each parameter, refuses values that do not cover the day of care, and multiplies the
readings out. Rules, Reimbursement 3–9 and Dates. Computes no amount.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import NamedTuple, TypeVar

from rules.branch import Branch, Known
from rules.case import Case
from rules.money import ZERO, plain
from rules.pack import Bracket, Cell, Cut, CutMethod, Item, Pack, Sourced
from rules.packs import cut_row
from rules.texts import say

C = TypeVar("C", bound=Cell)


class Value(NamedTuple):
    """One number (yuan or per cent) and the cell it comes from; None: not from a document."""

    amount: Decimal
    cell: Sourced | None


class Share(NamedTuple):
    """A category's ratio in one reading: paid at it (fixed) or joining the ordinary cost."""

    item: Item
    value: Value
    joins: bool


class Premise(NamedTuple):
    """An assumption not yet put into words: ``text`` is the key of its template."""

    parameter: str
    value: str
    text: str
    passage: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One reading of everything. ``readings``: the parameters that have several, as chosen here."""

    deductible: Value | None
    ratio: Value | None
    bonus: Value | None
    brackets: tuple[Bracket, ...]
    fixed: Value | None
    method: CutMethod | None
    cut: Value | None
    shares: tuple[Share, ...]
    visit_cap: Value | None
    annual_cap: Value | None
    splits: bool
    """The pack has category ratios, so the bill's categories leave the ordinary cost."""
    readings: dict[str, str]

    @property
    def numbers(self) -> tuple[object, ...]:
        """All that decides the amount: plans with the same numbers give the same amount."""
        values = (self.deductible, self.ratio, self.bonus, self.fixed, self.cut)
        caps = (self.visit_cap, self.annual_cap)
        return (
            *(value and value.amount for value in (*values, *caps)),
            *(self.method, id(self.brackets), self.splits),
            tuple((share.item, share.value.amount, share.joins) for share in self.shares),
        )

    @property
    def cells(self) -> Iterator[Sourced]:
        """The cells it rests on, most important first."""
        shares = (share.value for share in self.shares)
        values = (self.ratio, self.fixed, self.deductible, self.bonus, self.cut)
        yield from self.brackets
        for value in (*values, *shares, self.visit_cap, self.annual_cap):
            if value is not None and value.cell is not None:
                yield value.cell


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
        return Plans((), reason=_not_stated(pack, branch.known))
    premises: list[Premise] = []
    deductible = _deductible(case, branch, pack, premises)
    bonus = _pick(pack.bonus, branch.known)
    visit = _pick(pack.visit_cap, branch.known)
    annual = _pick(pack.annual_cap, branch.known)
    row, methods = _cut(branch)
    used = [cell for cell in (ratio, fixed, deductible[0].cell, bonus, visit, annual) if cell]
    late = _uncovered([*used, *pack.brackets, *([row] if branch.own_cut and row else [])], case.day)
    if late is not None:
        return Plans((), reason=_not_covered(pack, branch.cut, row, late, case.day))
    if annual is not None and case.facts.paid_this_year is None:
        premises.append(Premise("paid_this_year", "0", "assume.cap_unused", annual.passage))
    premises += _dating([*used, *pack.brackets, *([row] if row else [])], case.day)
    premises += _branch_premises(case, branch)
    items = dict(case.bill.parts if case.bill else ())
    axes = (
        _values(ratio.readings if ratio else (), ratio),
        _values(fixed.yuan if fixed else (), fixed),
        [(method, value) for method in methods for value in _cut_values(row)] or [(None, None)],
        _values(visit.yuan if visit else (), visit),
        _values(annual.yuan if annual else (), annual),
        deductible,
        *_shares(pack, items),
    )
    several = [len(axis) > 1 for axis in axes]
    return Plans(
        tuple(
            Plan(
                deductible=choice[5],
                ratio=choice[0],
                bonus=Value(bonus.points, bonus) if bonus else None,
                brackets=pack.brackets,
                fixed=choice[1],
                method=choice[2][0],
                cut=choice[2][1],
                shares=tuple(choice[6:]),
                visit_cap=choice[3],
                annual_cap=choice[4],
                splits=bool(pack.categories),
                readings=_readings(choice, several),
            )
            for choice in product(*axes)
        ),
        tuple(premises),
    )


def _pick(cells: Sequence[C], known: Known) -> C | None:
    """The first cell all of whose conditions hold."""
    for cell in cells:
        if all(known.get(fact) in allowed for fact, allowed in cell.conditions):
            return cell
    return None


def _values(readings: Sequence[Decimal], cell: Cell | None) -> list[Value | None]:
    return [Value(reading, cell) for reading in readings] or [None]


def _cut(branch: Branch) -> tuple[Cell | None, tuple[CutMethod, ...]]:
    """The row of the cut for the filing, None where nothing is cut."""
    if branch.cut is None:
        return None, ()
    facts = {
        "filing_type": branch.known.get("filing_type"),
        "insurance_type": branch.insurance,
        "care_type": branch.known["care_type"],
    }
    row = cut_row(branch.cut, facts)
    nothing = not any(row.percent)
    return row, branch.cut.methods[:1] if nothing else branch.cut.methods


def _cut_values(row: Cell | None) -> list[Value]:
    return [Value(percent, row) for percent in getattr(row, "percent", ())]


def _shares(pack: Pack, items: dict[Item, Decimal]) -> list[list[Share]]:
    """Both readings of every category that the bill names. Rules, Reimbursement 5."""
    return [
        [Share(part.item, Value(part.percent, part), joins) for joins in (False, True)]
        for part in pack.categories
        if part.item in items
    ]


def _readings(choice: Sequence[object], several: Sequence[bool]) -> dict[str, str]:
    """What was chosen for each parameter that has more than one reading."""
    found: dict[str, str] = {}
    for name, chosen, open_ in zip(
        ("ratio", "fixed", "", "per_visit_cap", "annual_cap", "deductible"),
        choice,
        several,
        strict=False,
    ):
        if name and open_ and isinstance(chosen, Value):
            found[name] = plain(chosen.amount)
    method, cut = choice[2] if isinstance(choice[2], tuple) else (None, None)
    if cut is not None:
        found["filing_cut"] = plain(cut.amount)
        found["filing_cut_method"] = method
    for share in choice[6:]:
        if isinstance(share, Share):
            found[share.item] = "included" if share.joins else "fixed"
    return found


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


def _branch_premises(case: Case, branch: Branch) -> Iterator[Premise]:
    pack = branch.pack
    assert pack is not None
    if "care_type" in branch.assumed:
        yield Premise("care_type", "inpatient", "assume.inpatient")
    if "insurance_type" in branch.assumed and _pick(pack.annual_cap, branch.known):
        yield Premise("insurance_type", "employee", "assume.employee_cap", "cap-general-employee")
    if pack.deductible_per == "visit":
        yield Premise("deductible", "per_visit", "assume.per_visit", pack.passage)
    if case.place == "inside" and pack.outside is not None:
        yield Premise("filing_cut", "0", "assume.inside_as_home", pack.passage)


def _uncovered(cells: Sequence[Sourced], day: date) -> Sourced | None:
    return next((cell for cell in cells if not cell.covers(day)), None)


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


def _not_stated(pack: Pack, known: Known) -> str:
    from rules.words import describe_known

    return say("reason.not_stated", pack=pack.label, what=describe_known(pack, known))


def _not_covered(pack: Pack, cut: Cut | None, row: Cell | None, cell: Sourced, day: date) -> str:
    what = cut.label if cut is not None and cell is row else pack.label
    if cell.since is not None:
        return say("reason.before_since", pack=what, since=cell.since, day=day)
    return say("reason.before_year", pack=what, year=cell.stated_for, day=day)
