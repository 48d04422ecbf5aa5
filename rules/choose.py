"""Which pack: the insured region's, else the reference. Rules, Reimbursement 1.

Yields a first branch for every insurance, care and person status that may be meant; those for which
the sources have no pack carry the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from rules.branch import Branch, Known, Tags
from rules.case import Case
from rules.facts import CareType, InsuranceType
from rules.pack import Pack
from rules.packs import Packs
from rules.texts import label, say, values_of


def first_branches(case: Case, packs: Packs) -> list[Branch]:
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
        where = facts.insured_region
        key = "reason.maternity" if where else "reason.maternity_nowhere"
        return [Branch(None, reason=say(key, region=_region(case)))]
    return _reference(case, packs)


def _own(
    case: Case, found: dict[tuple[InsuranceType, CareType], tuple[Pack, ...]]
) -> Iterator[Branch]:
    facts = case.facts
    any_insurance: set[str] = set()
    for (insurance, care), own in found.items():
        tags: Tags = {}
        if facts.insurance_type is None:
            tags["insurance_type"] = (insurance,)
        if facts.care_type is None:
            tags["care_type"] = (care,)
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
                yield Branch(pack, known | status, tags | _tag(status), insurance)
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
            tag = {"person_status": (status,)}
            yield Branch(None, start.known, start.tags | tag, start.insurance, reason=reason)


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
            Branch(packs.reference, known | fact, _tag(fact), kind, frozenset(assumed))
            for kind, fact in ((kind, {"insurance_type": kind}) for kind in kinds)
        ]
    known["insurance_type"] = "employee"
    assumed.add("insurance_type")
    return [Branch(packs.reference, known, {}, None, frozenset(assumed))]


def _tag(facts: Known) -> Tags:
    return {fact: (value,) for fact, value in facts.items()}


def _region(case: Case) -> str:
    region = case.facts.insured_region
    return region.name if region is not None else say("reason.that_place")
