"""The points in words: causes, assumptions, scenarios, what is missing, notes, passages."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules.branch import LOCAL, ORDER, age_bands
from rules.case import Case
from rules.money import ZERO, plain, short_yuan
from rules.outcome import Assumption, Cause, Reason, Scenario, Settlement
from rules.pack import Pack
from rules.packs import Packs
from rules.plan import Premise
from rules.spread import (
    Point,
    fund_span,
    groups,
    matters,
    numbered,
    ratio_span,
    readings,
    removes,
    self_span,
)
from rules.texts import fact_name, label, say
from rules.words import age_value, ages

_PARAMETERS = ("filing_cut", "filing_cut_method", "ratio", "fixed", "deductible")
_CAPS = ("per_visit_cap", "annual_cap")
_ITEMS = ("class_b", "high_price_drug", "special_exam")
_UNITS = {"points": "percentage_point", "factor": "percent", "prepay": "percent"}


def open_facts(points: list[Point]) -> tuple[str, ...]:
    """The facts that were not said and choose among the packs' values."""
    tagged = {fact for point in points for fact in point.branch.tags}
    return tuple(fact for fact in ORDER if fact in tagged)


def causes(counted: list[Point]) -> tuple[Cause, ...]:
    """Every parameter and every open fact whose values give different results."""
    found = []
    for fact in open_facts(counted):
        by_cut = any(point.value_of("filing_cut") is not None for point in counted)
        if (fact == "filing_type" and by_cut) or not matters(counted, fact):
            continue
        values = [value for value in readings(counted, fact) if value != LOCAL]
        words = tuple(_value_label(counted, fact, value) for value in values)
        key = "fact" if fact not in ("filing_type",) else fact
        why = say(f"cause.{key}", fact=fact_name(fact))
        if fact == "facility_kind":
            why = say("cause.top_level3")
        found.append(Cause(parameter=fact, readings=words, why=why, passage=_passage(counted)))
    for name in (*_PARAMETERS, *_ITEMS, *_CAPS):
        if matters(counted, name):
            found.append(_cause(counted, name))
    return tuple(found)


def _cause(counted: list[Point], name: str) -> Cause:
    values = [str(value) for value in readings(counted, name)]
    if name != "filing_cut_method" and name not in _ITEMS:
        values = [plain(value) for value in sorted(map(Decimal, values))]
    cell = next((point for point in counted if point.value_of(name) is not None), counted[0])
    assert cell.plan is not None
    passage = _passage(counted)
    unit: str | None = "yuan" if name in (*_CAPS, "deductible", "fixed") else None
    key, extra = name, ""
    if name in ("filing_cut", "filing_cut_method"):
        cuts = [p for p in counted if p.plan and p.plan.cut and p.plan.cut.cell]
        passage = max(cuts, key=_cut_size).plan.cut.cell.passage  # type: ignore[union-attr]
        if name == "filing_cut":
            methods = {p.plan.method for p in cuts if p.plan and p.plan.method}
            unit = _UNITS[next(iter(sorted(methods)))] if len(methods) == 1 else None
            if "filing_type" in open_facts(counted):
                key, values = "filing_cut_open", [values[0], values[-1]]
    elif name == "ratio":
        unit = "percent"
    elif name in _ITEMS:
        share = next(s for p in counted if p.plan for s in p.plan.shares if s.item == name)
        extra = plain(share.value.amount)
        passage = share.value.cell.passage if share.value.cell else None
    elif name == "annual_cap":
        cap = next(p.plan.annual_cap for p in counted if p.plan and p.plan.annual_cap)
        passage = cap.cell.passage if cap.cell else None
    why = say(f"cause.{key}", readings="、".join(values), percent=extra)
    return Cause(parameter=name, readings=tuple(values), unit=unit, why=why, passage=passage)


def _cut_size(point: Point) -> Decimal:
    return point.plan.cut.amount if point.plan and point.plan.cut else ZERO


def _passage(counted: list[Point]) -> str | None:
    for point in counted:
        if point.plan is not None:
            return next((cell.passage for cell in point.plan.cells), None)
    return None


def assumptions(case: Case, counted: list[Point]) -> tuple[Assumption, ...]:
    """Everything taken for granted in any of the combinations, each once."""
    premises: dict[tuple[str, str], Premise] = {}
    if counted and case.employee_assumed:
        first = Premise("insurance_type", "employee", "assume.employee_status")
        premises[first[:2]] = first
    if counted and case.emergency and case.place != "unstated":
        first = Premise("emergency", "true", "assume.emergency", "emergency-deemed")
        premises[first[:2]] = first
    if counted and case.bill is None and any(p.plan and p.plan.fixed for p in counted):
        first = Premise("total_cost", "at_least_fixed", "note.fixed_no_cost")
        premises[first[:2]] = first
    for point in counted:
        for premise in point.premises:
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


def scenarios(
    case: Case, packs: Packs, points: list[Point], settlement: Settlement | None
) -> tuple[Scenario, ...]:
    """One line per value of every open fact, those without a number with the reason."""
    total = case.bill.total if case.bill else None
    found = []
    for fact in _ranked(points):
        for value, group in groups(points, fact).items():
            if value == LOCAL:
                continue
            counted = numbered(group)
            fund = fund_span(counted)
            way = packs.settlement(value) if fact == "filing_type" else settlement  # type: ignore[arg-type]
            reason = next((point.reason for point in group if point.reason), None)
            if counted:
                reason = say("reason.no_cost") if fund is None else None
            found.append(
                Scenario(
                    fact=fact,
                    value=_value(points, fact, value),
                    label=_value_label(points, fact, value),
                    fund_pays=fund,
                    self_pays=self_span(fund, total),
                    ratio=ratio_span(counted),
                    settlement=way,
                    reason=reason,
                )
            )
    return tuple(found)


def _ranked(points: list[Point]) -> tuple[str, ...]:
    """The open facts, the one that narrows the range most first."""
    counted = numbered(points)
    return tuple(sorted(open_facts(points), key=lambda fact: -removes(counted, fact)))


def missing(case: Case, points: list[Point]) -> tuple[str, ...]:
    """The facts that would sharpen or change the result, most useful first."""
    facts = case.facts
    found = ["insured_region"] if facts.insured_region is None else []
    if facts.total_cost is None:
        found.append("total_cost")
    found += _ranked(points)
    taken = {p.parameter for point in points for p in point.premises}
    for fact in ("insurance_type", "care_type", "admission_count"):
        if fact in taken and getattr(facts, fact) is None:
            found.append(fact)
    return tuple(dict.fromkeys(found))


def _bands(points: list[Point], first: int) -> tuple[int, int | None]:
    """The age band that begins at ``first``."""
    packs = {
        p.branch.pack.id: p.branch.pack for p in points if p.branch.pack and "age" in p.branch.tags
    }
    starts = sorted({start for pack in packs.values() for start in age_bands(pack)})
    return first, next((start for start in starts if start > first), None)


def _value(points: list[Point], fact: str, value: object) -> str:
    if fact == "age" and isinstance(value, int):
        return age_value(*_bands(points, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value_label(points: list[Point], fact: str, value: object) -> str:
    if fact == "age" and isinstance(value, int):
        return ages(*_bands(points, value))
    return label(fact, value)


def notes(case: Case, points: list[Point]) -> tuple[Reason, ...]:
    """Caveats first, then stated numbers that are not computed, then what the amount leaves out."""
    return tuple(dict.fromkeys(_notes(case, points)))


def _notes(case: Case, points: list[Point]) -> Iterator[Reason]:
    counted = numbered(points)
    packs = {p.branch.pack.id: p.branch.pack for p in points if p.branch.pack is not None}
    for pack in packs.values():
        if pack.id == "reference":
            yield _reference_note(case)
        if pack.caveat:
            yield Reason(text=pack.caveat, passage=pack.passage)
    for point in counted:
        if point.branch.own_cut and point.branch.cut is not None and point.branch.pack is not None:
            if point.branch.pack.id == "reference":
                yield _own_cut_note(point)
    for pack in packs.values():
        for note in pack.notes:
            yield Reason(text=note.text, passage=note.passage)
        yield from _limits(case, pack)
    if case.place in ("outside", "maybe") and any(_employee_outpatient(p) for p in counted):
        yield Reason(text=say("note.employee_outpatient"), passage="cut-employee-outpatient")
    yield from _said_deductible(case, counted)
    if counted:
        yield Reason(text=say("note.left_out"))


def _reference_note(case: Case) -> Reason:
    region = case.facts.insured_region
    if region is None:
        return Reason(text=say("note.reference_nowhere"), passage="no-national-ratio")
    return Reason(text=say("note.reference", region=region.name), passage="no-national-ratio")


def _own_cut_note(point: Point) -> Reason:
    cut = point.branch.cut
    assert cut is not None
    return Reason(text=say("note.own_cut", cut=cut.label), passage=cut.rows[-1].passage)


def _employee_outpatient(point: Point) -> bool:
    plan = point.plan
    return bool(
        plan and plan.cut and plan.cut.cell and plan.cut.cell.passage == "cut-employee-outpatient"
    )


def _said_deductible(case: Case, counted: list[Point]) -> Iterator[Reason]:
    """Rules, Reimbursement 3: the pack's prevails over the person's, and it is said."""
    said = case.facts.deductible
    if said is None:
        return
    for point in counted:
        stated = point.plan.deductible if point.plan else None
        if stated is not None and stated.cell is not None and stated.amount not in (said, ZERO):
            text = say(
                "note.said_deductible", said=short_yuan(said), stated=short_yuan(stated.amount)
            )
            yield Reason(text=text, passage=stated.cell.passage)


def _limits(case: Case, pack: Pack) -> Iterator[Reason]:
    """A disease's annual limit; of every disease when none was named."""
    named = case.facts.disease or ""
    chosen = [
        limit
        for limit in pack.limits
        if any(word in named for word in (limit.disease, *limit.names))
    ]
    count = case.facts.further_diseases or 0
    for limit in chosen or pack.limits:
        if not count:
            text = say("note.limit", disease=limit.disease, yuan=short_yuan(limit.yuan))
        else:
            together = [limit.yuan + count * more for more in limit.further]
            text = say(
                "note.limit_further",
                disease=limit.disease,
                yuan=short_yuan(limit.yuan),
                count=count,
                further="、".join(map(short_yuan, limit.further)),
                together="、".join(map(short_yuan, together)),
            )
        yield Reason(text=text, passage=limit.passage)


def passages(counted: list[Point], points: list[Point]) -> tuple[str, ...]:
    """The sections the result rests on: those of the numbers, else of the packs that lack them."""
    found: dict[str, None] = {}
    for point in counted:
        if point.plan is not None:
            found.update(dict.fromkeys(cell.passage for cell in point.plan.cells))
    for point in points:
        if point.branch.pack is not None and not point.branch.pack.has_numbers:
            found[point.branch.pack.passage] = None
    if any(point.branch.pack and point.branch.pack.id == "reference" for point in counted):
        found["no-national-ratio"] = None
    return tuple(found)


def conflicts(case: Case, points: list[Point]) -> tuple[str, ...]:
    """Ids of the corpus' conflicts that bear on the result."""
    found = [c for p in points if p.branch.pack for c in p.branch.pack.conflicts]
    cut_rows = {
        "none": "no-filing-cut",
        "temporary": "cut-tiers",
        "referral": "cut-tiers",
        "emergency": "emergency-ratio",
    }
    if case.place == "inside":
        found.append("within-province-filing")
    elif case.place in ("outside", "maybe") and case.filing in cut_rows:
        found.append(cut_rows[case.filing])
    if case.bill is not None and case.bill.parts and any(p.plan and p.plan.splits for p in points):
        found.append("category-ratios")
    return tuple(dict.fromkeys(found))
