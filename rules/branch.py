"""Which pack, and for which values of the facts that were not said: one *branch* a combination.

A fact that chooses among a pack's values and is not known is *open*: every value of it becomes a
branch of its own, tagged with the value. A branch without a pack carries the reason why the sources
give no number for it. Rules, Reimbursement 1 and the notes to the packs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from rules.case import Case
from rules.facts import CareType, FilingType, InsuranceType
from rules.pack import Ages, Cell, Cut, Pack
from rules.packs import Packs
from rules.texts import label, say, values_of

ORDER = (
    *("insurance_type", "care_type", "person_status", "facility_level", "facility_kind"),
    *("age", "fee_class", "maternity_kind", "family_doctor", "filing_type"),
)
"""The order in which open facts are settled; a later one may depend on an earlier one."""
LOCAL = "local"
"""A filing_type of its own: care that may not be away at all."""
ORDINARY = "ordinary"
"""A facility_kind of its own: no kind that the documents treat apart."""
_BIRTHS = ("natural", "assisted")
"""Rules, Maternity: 生孩子 with no kind is births only."""

Known = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Branch:
    """``known``: every fact the pack's conditions ask for. ``tags``: those of them that were open.

    ``insurance``: as said or as tagged, never assumed. ``assumed``: facts set without being said.
    """

    pack: Pack | None
    known: Known = field(default_factory=dict)
    tags: Known = field(default_factory=dict)
    insurance: InsuranceType | None = None
    assumed: frozenset[str] = frozenset()
    reason: str | None = None
    cut: Cut | None = None
    own_cut: bool = False
    table: bool = False


def branches(case: Case, packs: Packs) -> Iterator[Branch]:
    """Every branch of the case, those without a pack included."""
    for start in _start(case, packs):
        if start.pack is None:
            yield start
        elif not start.pack.has_numbers:
            yield _without(start, say("reason.pack_without_ratio", pack=start.pack.label))
        else:
            yield from _open(case, packs, start)


def _without(branch: Branch, reason: str) -> Branch:
    return Branch(
        pack=branch.pack,
        known=branch.known,
        tags=branch.tags,
        insurance=branch.insurance,
        assumed=branch.assumed,
        reason=reason,
    )


def _start(case: Case, packs: Packs) -> list[Branch]:
    """The region's packs for the insurance, care and status said, else the reference pack."""
    facts = case.facts
    rural = bool(facts.rural_scheme)
    if rural and facts.insured_region is None and facts.care_type in (None, "inpatient"):
        known = case.said | {"care_type": "inpatient"}
        assumed = frozenset({"care_type"} if facts.care_type is None else ())
        return [Branch(packs.rural, known, insurance="resident", assumed=assumed)]
    insurances: tuple[InsuranceType, ...] = ("employee", "resident")
    cares: tuple[CareType, ...] = ("inpatient", "outpatient")
    if facts.insurance_type is not None:
        insurances = (facts.insurance_type,)
    if facts.care_type is not None:
        cares = (facts.care_type,)
    found = {
        (insurance, care): packs.own(
            *(facts.insured_region, insurance, care, facts.person_status),
            *(rural, bool(facts.provincial_scheme)),
        )
        for insurance, care in product(insurances, cares)
    }
    if any(found.values()):
        return list(_own(case, found))
    if facts.care_type == "maternity":
        return [Branch(None, reason=say("reason.maternity", region=_region(case)))]
    return _reference(case, packs)


def _own(
    case: Case, found: dict[tuple[InsuranceType, CareType], tuple[Pack, ...]]
) -> Iterator[Branch]:
    facts = case.facts
    any_insurance: set[str] = set()
    for (insurance, care), own in found.items():
        tags: Known = {}
        if facts.insurance_type is None:
            tags["insurance_type"] = insurance
        if facts.care_type is None:
            tags["care_type"] = care
        known = case.said | {"insurance_type": insurance, "care_type": care}
        if not own:
            what = label("insurance_type", insurance) + label("care_type", care)
            reason = say("reason.no_pack", region=_region(case), what=what)
            yield Branch(None, known, tags, insurance, reason=reason)
        for pack in own:
            if pack.insurance is None:
                if pack.id not in any_insurance:
                    tags.pop("insurance_type", None)
                    yield Branch(pack, known, tags, facts.insurance_type)
                any_insurance.add(pack.id)
            elif pack.status is not None and facts.person_status is None:
                status = {"person_status": pack.status}
                yield Branch(pack, known | status, tags | status, insurance)
            else:
                yield Branch(pack, known, tags, insurance)
        yield from _other_status(case, own, Branch(None, known, tags, insurance))


def _other_status(case: Case, own: tuple[Pack, ...], start: Branch) -> Iterator[Branch]:
    """The person status that no pack speaks of, where the others name one."""
    if case.facts.person_status is not None or not own or any(not pack.status for pack in own):
        return
    for status in values_of("person_status"):
        if all(pack.status != status for pack in own):
            what = label("person_status", status) + label("care_type", start.known["care_type"])
            reason = say("reason.no_pack", region=_region(case), what=what)
            tag = {"person_status": status}
            yield Branch(None, start.known | tag, start.tags | tag, start.insurance, reason=reason)


def _reference(case: Case, packs: Packs) -> list[Branch]:
    facts = case.facts
    known, assumed = case.said, set[str]()
    if facts.care_type is None:
        known["care_type"] = "inpatient"
        assumed.add("care_type")
    if facts.insurance_type is not None:
        return [Branch(packs.reference, known, {}, facts.insurance_type, frozenset(assumed))]
    if case.place == "outside" and known["care_type"] == "outpatient":
        kinds: tuple[InsuranceType, ...] = ("employee", "resident")
        return [
            Branch(packs.reference, known | tag, tag, kind, frozenset(assumed))
            for kind, tag in ((kind, {"insurance_type": kind}) for kind in kinds)
        ]
    known["insurance_type"] = "employee"
    assumed.add("insurance_type")
    return [Branch(packs.reference, known, {}, None, frozenset(assumed))]


def _open(case: Case, packs: Packs, start: Branch) -> Iterator[Branch]:
    """Settle the filing, then every fact that the pack's conditions still ask for."""
    pack = start.pack
    assert pack is not None
    table = pack.outside is not None and case.place in ("outside", "maybe")
    own = packs.cut(
        case.facts.insured_region,
        start.insurance,
        start.known["care_type"],
        inside=case.place == "inside",
    )
    cut: Cut | None = None
    if table or case.place in ("home", "unstated"):
        pass
    elif own is not None:
        cut = own
    elif case.place != "inside":
        cut = packs.national.cut[0]
    filings: Iterable[str] = (case.filing or LOCAL,)
    if case.filing is None and (table or cut is not None):
        filings = _filings(case)
    single = case.filing is not None or filings == (LOCAL,)
    for filing in filings:
        tag = {} if single else {"filing_type": filing}
        away = table and filing != LOCAL
        known = start.known | {"filing_type": filing}
        for full, tags in _settle(_parameters(pack, away), known, start.tags | tag):
            yield Branch(
                pack,
                full,
                tags,
                start.insurance,
                start.assumed,
                cut=None if filing == LOCAL else cut,
                own_cut=cut is not None and cut is own,
                table=away,
            )


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
    parameters: tuple[Sequence[Cell], ...], known: Known, tags: Known
) -> Iterator[tuple[Known, Known]]:
    """Split on the first open fact until every parameter's cell is decided."""
    for cells in parameters:
        fact = _first_open(cells, known)
        if fact is None:
            continue
        values = _domain(fact, parameters, known)
        for value in values:
            tag = {fact: value} if len(values) > 1 else {}
            yield from _settle(parameters, known | {fact: value}, tags | tag)
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


def _region(case: Case) -> str:
    region = case.facts.insured_region
    return region.name if region is not None else say("reason.that_place")


__all__ = ["LOCAL", "ORDER", "ORDINARY", "Branch", "FilingType", "age_bands", "branches"]
