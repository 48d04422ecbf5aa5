"""One person's case made ready: amounts in 分, what follows from what was said, where care lies.

``Case.of(facts, today)`` is the only way in. Decides nothing about packs or ratios.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from rules.cells import ITEMS, Item
from rules.facts import LONG_TERM_FILINGS, FacilityLevel, Facts, FilingType
from rules.money import ZERO, to_cents
from rules.regions import same_city
from rules.texts import limit

Place = Literal["unstated", "maybe", "home", "inside", "outside"]
"""unstated: nothing said of another place · maybe: the place of care is known, the insured region
is not · home: the insured city · inside: elsewhere in its province · outside: another province."""


_LEVEL_OF: dict[str, FacilityLevel] = {"top_level3": "level3", "county": "level2"}
"""The level that a kind of hospital implies."""


@dataclass(frozen=True, slots=True)
class Bill:
    """The cost in yuan, two decimals. ``parts``: the categories that were named, above zero."""

    total: Decimal
    excluded: Decimal
    parts: tuple[tuple[Item, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """``filing`` None: not known. ``emergency``: counts as 急诊抢救, which the hospital has to say.

    ``returned``: filed long-term for another province, treated in the insured one.
    ``employee_assumed``: the insurance follows from the person status; ``working_assumed``: the
    status from the age.
    """

    facts: Facts
    day: date
    bill: Bill | None
    place: Place
    filing: FilingType | None
    filed: bool
    emergency: bool
    returned: bool
    employee_assumed: bool
    working_assumed: bool

    @classmethod
    def of(cls, facts: Facts, today: date) -> Case:
        """The case of checked facts. The day that counts: discharge, else admission, else today."""
        named = _filing_named(facts)
        filing = facts.filing_type or ("none" if facts.filed is False else None)
        if facts.emergency and filing in (None, "none") and not _filed(facts):
            filing = "emergency"
        place = _place(facts, named)
        employee = facts.insurance_type is None and facts.person_status is not None
        young = _too_young_to_retire(facts)
        return cls(
            facts=_completed(facts, employee, young),
            day=facts.discharged_on or facts.admitted_on or today,
            bill=_bill(facts),
            place=place,
            filing=filing,
            filed=_filed(facts),
            emergency=filing == "emergency",
            returned=place in ("home", "inside") and _filed_away(facts),
            employee_assumed=employee,
            working_assumed=young,
        )

    @property
    def said(self) -> dict[str, Any]:
        """The facts that choose among a pack's values, as far as they are known."""
        facts = self.facts
        level = facts.facility_level
        if level is None:
            level = _LEVEL_OF.get(facts.facility_kind or "")
        found = {
            "insurance_type": facts.insurance_type,
            "care_type": facts.care_type,
            "person_status": facts.person_status,
            "facility_level": level,
            "facility_kind": facts.facility_kind,
            "fee_class": facts.fee_class,
            "age": facts.age,
            "maternity_kind": facts.maternity_kind,
            "family_doctor": facts.family_doctor,
            "filing_type": self.filing,
            "admission": "first" if (facts.admission_count or 1) == 1 else "later",
        }
        return {fact: value for fact, value in found.items() if value is not None}


def _filed(facts: Facts) -> bool:
    """Something was filed, whatever it was."""
    if facts.filing_type is not None:
        return facts.filing_type not in ("none", "emergency")
    return bool(facts.filed or facts.filed_on or facts.filed_region)


def _filed_away(facts: Facts) -> bool:
    """A long-term filing for another province than the insured one."""
    insured, filed = facts.insured_region, facts.filed_region
    if facts.filing_type not in LONG_TERM_FILINGS or insured is None or filed is None:
        return False
    return insured.code[:2] != filed.code[:2]


def _filing_named(facts: Facts) -> bool:
    """急诊 alone names no filing: emergency care is given at home, too."""
    kind = facts.filing_type
    if kind == "emergency" and facts.emergency:
        kind = None
    return kind is not None or facts.filed is not None or _filed(facts)


def _too_young_to_retire(facts: Facts) -> bool:
    resident = facts.insurance_type == "resident" or facts.rural_scheme
    if resident or facts.person_status is not None:
        return False
    return facts.age is not None and facts.age < limit("working_below")


def _place(facts: Facts, filing_named: bool) -> Place:
    """Rules, Reimbursement 6: what counts as another province."""
    insured, treated = facts.insured_region, facts.treatment_region
    if treated is None and not facts.same_province:
        treated = facts.filed_region
    if insured is not None and treated is not None:
        if insured.code[:2] != treated.code[:2]:
            return "outside"
        return "home" if same_city(insured, treated) else "inside"
    if facts.same_province is True:
        return "inside"
    if facts.same_province is False or filing_named:
        return "outside"
    return "maybe" if treated is not None else "unstated"


def _completed(facts: Facts, employee: bool, young: bool) -> Facts:
    """What follows: 在职 and 退休 are employees, 新农合 residents; a birth is maternity care."""
    changes: dict[str, Any] = {}
    if employee:
        changes["insurance_type"] = "employee"
    elif facts.insurance_type is None and facts.rural_scheme:
        changes["insurance_type"] = "resident"
    if young:
        changes["person_status"] = "working"
    if facts.care_type is None:
        if facts.maternity_kind is not None:
            changes["care_type"] = "maternity"
        elif (
            facts.discharged_on or facts.admission_count or facts.stay not in (None, "not_admitted")
        ):
            changes["care_type"] = "inpatient"
    return facts.model_copy(update=changes) if changes else facts


def _bill(facts: Facts) -> Bill | None:
    if facts.total_cost is None:
        return None
    parts = ((item, to_cents(getattr(facts.items, item) or ZERO)) for item in ITEMS)
    return Bill(
        total=to_cents(facts.total_cost),
        excluded=to_cents(facts.items.excluded or ZERO),
        parts=tuple((item, amount) for item, amount in parts if amount > ZERO),
    )
