"""A spread told: assumptions, scenarios, what is missing, passages, conflicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.case import Case
from rules.money import short_yuan
from rules.outcome import Assumption, Scenario, Settlement
from rules.packs import Packs
from rules.plan import Premise
from rules.spread import (
    Point,
    Spread,
    ends,
    fund_span,
    group,
    prepaid_span,
    ratio_span,
    self_span,
)
from rules.texts import passage, say
from rules.values import in_order, value_label, value_text

_ASSUMED = ("insurance_type", "care_type", "admission_count")
"""Facts that an assumption stands for: naming them would change the result."""


def assumptions(case: Case, spread: Spread) -> tuple[Assumption, ...]:
    """Everything taken for granted in any of the combinations, each once."""
    if not spread.counted:
        return ()
    premises: dict[tuple[str, str], Premise] = {}
    for premise in (*_of_the_case(case, spread), *_of_the_points(spread)):
        premises.setdefault(premise[:2], premise)
    return tuple(
        Assumption(
            parameter=premise.parameter,
            value=premise.value,
            text=say(premise.text, value=premise.value, detail=premise.detail),
            passage=premise.passage,
        )
        for premise in premises.values()
    )


def _of_the_case(case: Case, spread: Spread) -> Iterator[Premise]:
    if case.employee_assumed:
        yield Premise("insurance_type", "employee", "assume.employee_status")
    used = {point.branch.pack.id for point in spread.counted if point.branch.pack}
    if case.working_assumed and (case.facts.insurance_type or used - {"reference"}):
        age = str(case.facts.age)
        yield Premise("person_status", "working", "assume.young", detail=age)
    if case.facts.facility_kind == "county" and case.said.get("facility_level") == "level2":
        yield Premise("facility_level", "level2", "assume.county")
    if case.emergency and case.place != "unstated":
        yield Premise("emergency", "true", "assume.emergency", passage("emergency"))


def _of_the_points(spread: Spread) -> Iterator[Premise]:
    for point in spread.counted:
        yield from point.premises


def scenarios(
    case: Case, packs: Packs, spread: Spread, settlement: Settlement | None
) -> tuple[Scenario, ...]:
    """One line per value of every open fact, those without a number with the reason."""
    return tuple(
        line
        for fact in ranked(spread)
        for line in scenarios_of(fact, case, packs, spread, settlement)
    )


def scenarios_of(
    fact: str, case: Case, packs: Packs, spread: Spread, settlement: Settlement | None
) -> Iterator[Scenario]:
    """The lines of one open fact. A filing brings its own way of settling."""
    total = case.bill.total if case.bill else None
    groups = group(spread.points, fact, with_others=True)
    for value in in_order(fact, list(groups)):
        counted = [point for point in groups[value] if point.plan is not None]
        fund = fund_span(counted)
        yield Scenario(
            fact=fact,
            value=value_text(spread.points, fact, value),
            label=value_label(spread.points, fact, value),
            fund_pays=fund,
            self_pays=self_span(fund, total),
            ratio=ratio_span(counted),
            prepaid=prepaid_span(counted),
            settlement=packs.settlement(str(value)) if fact == "filing_type" else settlement,
            reason=why_no_amount(groups[value]) if fund is None else None,
        )


def why_no_amount(points: Sequence[Point]) -> str:
    """No cost was said, or what the sources lack (a pack's own gap before a pack that is not)."""
    plans = [point.plan for point in points if point.plan is not None]
    fixed = sorted({plan.fixed.amount for plan in plans if plan.fixed is not None})
    if fixed:
        return say("reason.no_cost_fixed", fixed="、".join(map(short_yuan, fixed)))
    if plans:
        return say("reason.no_cost")
    lacking = sorted(points, key=lambda point: point.branch.pack is None)
    return next(point.reason for point in lacking if point.reason is not None)


def ranked(spread: Spread) -> tuple[str, ...]:
    """The open facts, the one that narrows the range most first."""
    return tuple(sorted(spread.open_facts, key=lambda fact: -spread.removes(fact)))


def missing(case: Case, packs: Packs, spread: Spread) -> tuple[str, ...]:
    """The facts that would sharpen or change the result, most useful first."""
    facts = case.facts
    found = ["insured_region"] if facts.insured_region is None else []
    if facts.total_cost is None and spread.counted:
        found.append("total_cost")
    found += [fact for fact in ranked(spread) if _changes(fact, spread)]
    taken = {premise.parameter for premise in _of_the_points(spread)}
    found += [fact for fact in _ASSUMED if fact in taken and getattr(facts, fact) is None]
    if _other_scheme(case, packs, spread):
        found.append("provincial_scheme")
    return tuple(dict.fromkeys(found))


def _changes(fact: str, spread: Spread) -> bool:
    """Whether knowing ``fact`` can change the result; a filing decides how it is settled, too."""
    if fact in ("filing_type", "insurance_type", "care_type"):
        return True
    results = set()
    for points in group(spread.points, fact, with_others=True).values():
        counted = [point for point in points if point.plan is not None]
        results.add(ends(counted) if counted else None)
    return len(results) > 1


def _other_scheme(case: Case, packs: Packs, spread: Spread) -> bool:
    """Whether 省本级, said by somebody insured in the province as a whole, has its own pack."""
    region = case.facts.insured_region
    if region is None or not region.is_province or case.facts.provincial_scheme is not None:
        return False
    used = {
        (point.branch.insurance, point.branch.known.get("care_type")) for point in spread.points
    }
    return any(
        pack.provincial and (pack.insurance, care) in used
        for file in packs.chain(region)
        for pack in file.pack
        for care in pack.care
    )


def passages(spread: Spread) -> tuple[str, ...]:
    """The sections the result rests on: those of the numbers, then of packs that lack them."""
    found: dict[str, None] = {}
    for point in spread.counted:
        if point.plan is not None:
            found.update(dict.fromkeys(cell.passage for cell in point.plan.cells))
    for point in spread.points:
        pack = point.branch.pack
        if pack is not None and (not pack.has_numbers or not spread.counted):
            found[pack.passage] = None
    if any(point.branch.pack and point.branch.pack.id == "reference" for point in spread.points):
        found[passage("no_ratio")] = None
    return tuple(found)


def conflicts(case: Case, packs: Packs, spread: Spread) -> tuple[str, ...]:
    """Ids of the corpus' conflicts that bear on the result."""
    found = [c for p in spread.points if p.branch.pack for c in p.branch.pack.conflicts]
    if case.place == "inside":
        found += packs.national.inside_conflicts
    if case.place in ("outside", "maybe"):
        found += [
            conflict
            for row in packs.national.settlement
            if case.filing in row.filing
            for conflict in row.conflicts
        ]
    if case.bill is not None and case.bill.parts:
        splits = (p.branch.pack for p in spread.counted if p.plan and p.plan.splits)
        found += [c for pack in splits if pack for part in pack.categories for c in part.conflicts]
    return tuple(dict.fromkeys(found))
