"""What an amount's reader must also be told: caveats, numbers not computed, what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules.case import Case
from rules.cells import CutCell, MoneyCell
from rules.money import ZERO, plain, short_yuan
from rules.outcome import Reason
from rules.pack import Pack
from rules.spread import Point, Spread
from rules.texts import passage, say
from rules.validity_data import own_rules


def notes(case: Case, spread: Spread) -> tuple[Reason, ...]:
    """Caveats first, then stated numbers that are not computed, then what the amount leaves out."""
    return tuple(dict.fromkeys(_notes(case, spread)))


def _notes(case: Case, spread: Spread) -> Iterator[Reason]:
    points, counted = spread.points, spread.counted
    if counted and case.bill is not None:
        yield from _rough(case)
    if case.place == "inside":
        yield from _inside(case)
    packs = {p.branch.pack.id: p.branch.pack for p in points if p.branch.pack is not None}
    for pack in packs.values():
        if pack.id == "reference":
            yield _reference_note(case)
        if pack.caveat:
            yield Reason(text=pack.caveat, passage=pack.passage, kind="caveat")
    yield from _own_cut(counted)
    for pack in packs.values():
        for note in pack.notes:
            yield Reason(text=note.text, passage=note.passage)
        yield from _limits(case, pack)
    yield from _of_the_cuts(counted)
    yield from _said_deductible(case, counted)
    if counted and case.bill is not None and case.facts.items.excluded is None:
        yield Reason(text=say("note.no_excluded"), kind="left_out")
    if counted:
        yield Reason(text=say("note.left_out"), kind="left_out")


def _rough(case: Case) -> Iterator[Reason]:
    """The cost was said roughly: by what number it was computed."""
    low = case.facts.total_cost
    if low is not None and case.facts.rough_cost == low:
        yield Reason(text=say("note.rough", yuan=short_yuan(low)), kind="rough")


def _inside(case: Case) -> Iterator[Reason]:
    """What the province's own document says of care elsewhere in it."""
    own = own_rules(case.facts.insured_region, case.day)
    if own is not None and own.inside_text:
        yield Reason(text=own.inside_text, passage=own.inside_passage, kind="inside")


def _reference_note(case: Case) -> Reason:
    region = case.facts.insured_region
    text = (
        say("note.reference_nowhere")
        if region is None
        else say("note.reference", region=region.name)
    )
    return Reason(text=text, passage=passage("no_ratio"), kind="reference")


def _own_cut(counted: list[Point]) -> Iterator[Reason]:
    """The region's own cut where the ratios are the reference's: both are named."""
    plans = [
        (point.branch.cut, point.plan)
        for point in counted
        if point.branch.own_cut and point.branch.pack and point.branch.pack.id == "reference"
    ]
    readings = sorted({plan.cut.amount for _, plan in plans if plan and plan.cut})
    if not readings:
        return
    cut, plan = max(plans, key=lambda pair: pair[1].cut.amount if pair[1] and pair[1].cut else ZERO)
    assert cut is not None and plan is not None and plan.cut is not None
    method = plan.method if readings[-1] else "none"
    text = say(
        f"note.own_cut_{method}", cut=cut.label, readings="–".join(map(plain, _ends(readings)))
    )
    cell = plan.cut.cell
    yield Reason(text=text, passage=cell.passage if cell else None, kind="own_cut")


def _ends(readings: list[Decimal]) -> tuple[Decimal, ...]:
    return tuple(dict.fromkeys((readings[0], readings[-1])))


def _of_the_cuts(counted: list[Point]) -> Iterator[Reason]:
    for point in counted:
        cell = point.plan.cut.cell if point.plan is not None and point.plan.cut else None
        if isinstance(cell, CutCell) and cell.note is not None:
            yield Reason(text=cell.note, passage=cell.passage)


def _said_deductible(case: Case, counted: list[Point]) -> Iterator[Reason]:
    """Rules, Reimbursement 3: the pack's prevails over the person's, and it is said."""
    said = case.facts.deductible
    if said is None:
        return
    for point in counted:
        cell = point.plan.deductible.cell if point.plan and point.plan.deductible else None
        if isinstance(cell, MoneyCell) and said not in cell.yuan:
            stated = "、".join(map(short_yuan, cell.yuan))
            text = say("note.said_deductible", said=short_yuan(said), stated=stated)
            yield Reason(text=text, passage=cell.passage)


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
