"""The open facts of a branch unfolded: one branch for all values that the pack treats alike.

A fact that chooses among a pack's values and is not known is *open*. Each branch is tagged with the
values it stands for, so that a range, its causes and its scenarios can be read from the branches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from rules.branch import LOCAL, ORDER, ORDINARY, Branch, Known, Tags
from rules.case import Case
from rules.cells import Ages, Cell
from rules.choose import first_branches
from rules.pack import Cut, Pack
from rules.packs import Packs, cut_row
from rules.texts import say, values_of

_BIRTHS = ("natural", "assisted")
"""Rules, Maternity: 生孩子 with no kind is births only."""


def branches(case: Case, packs: Packs) -> Iterator[Branch]:
    """Every branch of the case, those without a pack included."""
    for start in first_branches(case, packs):
        if start.pack is None:
            yield start
        elif not start.pack.has_numbers:
            reason = say("reason.pack_without_ratio", pack=start.pack.spoken)
            yield replace(start, reason=reason)
        else:
            yield from _open(case, packs, start)


def _open(case: Case, packs: Packs, start: Branch) -> Iterator[Branch]:
    """Settle the filing, then every fact that the pack's conditions still ask for."""
    pack = start.pack
    assert pack is not None
    table = pack.outside is not None and case.place in ("outside", "maybe")
    own = _own_cut(case, packs, start)
    cut: Cut | None = None
    if table or (case.place in ("home", "unstated") and not case.returned):
        pass
    elif own is not None:
        cut = own
    elif case.place in ("outside", "maybe"):
        cut = packs.national.cut[0]
    filings: list[tuple[str, ...]] = [(case.filing or LOCAL,)]
    if case.filing is None and (table or cut is not None):
        filings = _filing_classes(case, start, cut, _parameters(pack, table))
    for filing in filings:
        open_filing = case.filing is None and filings != [(LOCAL,)]
        tag: Tags = {"filing_type": filing} if open_filing else {}
        away = table and filing != (LOCAL,)
        known = start.known | {"filing_type": filing[0]}
        for full, tags in _settle(_parameters(pack, away), known, start.tags | tag):
            yield Branch(
                pack,
                full,
                tags,
                start.insurance,
                start.assumed,
                cut=None if filing == (LOCAL,) else cut,
                own_cut=cut is not None and cut is own,
                table=away,
            )


def _own_cut(case: Case, packs: Packs, start: Branch) -> Cut | None:
    """The region's own cut; inside the province only once its document is in force."""
    inside = case.place == "inside"
    region, care = case.facts.insured_region, start.known["care_type"]
    own = packs.cut(region, start.insurance, care, inside, case.returned)
    if own is None and case.place == "inside" and case.returned:
        own = packs.cut(region, start.insurance, care, inside)
    if own is not None and inside and not all(row.covers(case.day) for row in own.rows):
        return None
    return own


def _filing_classes(
    case: Case, start: Branch, cut: Cut | None, parameters: tuple[Sequence[Cell], ...]
) -> list[tuple[str, ...]]:
    """The filings that may be meant, those with the same cut and the same cells together."""

    def row(filing: object) -> object:
        if cut is None or filing == LOCAL:
            return filing == LOCAL
        facts = {
            "filing_type": filing,
            "insurance_type": start.insurance,
            "care_type": start.known["care_type"],
        }
        return id(cut_row(cut, facts))

    return _classes("filing_type", _filings(case), parameters, row)


def _classes(
    fact: str,
    values: Sequence[Any],
    parameters: tuple[Sequence[Cell], ...],
    more: Callable[[object], object] = lambda value: None,
) -> list[tuple[Any, ...]]:
    """``values`` in groups that every condition on ``fact`` treats alike."""
    allowed = [
        values_allowed
        for cells in parameters
        for cell in cells
        for name, values_allowed in cell.conditions
        if name == fact
    ]
    found: dict[object, list[Any]] = {}
    for value in values:
        signature = (more(value), tuple(value in each for each in allowed))
        found.setdefault(signature, []).append(value)
    return [tuple(group) for group in found.values()]


def _filings(case: Case) -> tuple[str, ...]:
    """What the filing can be: all kinds, or those that are filed when something was."""
    kinds: tuple[str, ...] = values_of("filing_type")
    if case.filed:
        kinds = tuple(kind for kind in kinds if kind not in ("none", "emergency"))
    return (LOCAL, *kinds) if case.place == "maybe" else kinds


def _parameters(pack: Pack, away: bool) -> tuple[Sequence[Cell], ...]:
    outside = pack.outside if away else None
    return (
        outside.ratio if outside else pack.ratio,
        pack.fixed,
        pack.bonus,
        outside.deductible if outside else pack.deductible,
        pack.visit_cap,
        pack.annual_cap,
    )


def _settle(
    parameters: tuple[Sequence[Cell], ...], known: Known, tags: Tags
) -> Iterator[tuple[Known, Tags]]:
    """Split on the first open fact until every parameter's cell is decided."""
    for cells in parameters:
        fact = _first_open(cells, known)
        if fact is None:
            continue
        values = _domain(fact, parameters, known)
        for alike in _classes(fact, values, parameters):
            tag = {fact: alike} if len(values) > 1 else {}
            yield from _settle(parameters, known | {fact: alike[0]}, tags | tag)
        return
    yield known, tags


def _first_open(cells: Sequence[Cell], known: Known) -> str | None:
    """The fact that has to be known before the first possible cell is taken or passed over."""
    for cell in cells:
        conditions = cell.conditions
        if any(fact in known and known[fact] not in allowed for fact, allowed in conditions):
            continue
        unknown = [fact for fact, _ in conditions if fact not in known]
        return min(unknown, key=ORDER.index) if unknown else None
    return None


def _domain(fact: str, parameters: tuple[Sequence[Cell], ...], known: Known) -> tuple[Any, ...]:
    """The values an open fact can have. County hospitals of Chinese medicine only when said."""
    if fact == "facility_kind":
        kinds = {cell.kind for cells in parameters for cell in cells}
        return ("top_level3", ORDINARY) if "top_level3" in kinds else (ORDINARY,)
    if fact == "age":
        return _age_bands(parameters, known)
    if fact == "fee_class":
        return (1, 2, 3)
    if fact == "family_doctor":
        return (True, False)
    if fact == "maternity_kind":
        return _BIRTHS
    return values_of(fact)


def _age_bands(parameters: tuple[Sequence[Cell], ...], known: Known) -> tuple[int, ...]:
    """The first age of every band that the possible cells tell apart."""
    starts = {0}
    for cell in (cell for cells in parameters for cell in cells):
        if any(fact in known and known[fact] not in allowed for fact, allowed in cell.conditions):
            continue
        for _, ages in cell.conditions:
            if isinstance(ages, Ages):
                starts |= {ages.first} | ({ages.end} if ages.end is not None else set())
    return tuple(sorted(starts))


def age_bands(pack: Pack) -> tuple[int, ...]:
    """The first ages of all bands of a pack."""
    return _age_bands(_parameters(pack, away=False), {})
