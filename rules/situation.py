"""The facts of a filing and a stay as the validity rules need them. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.facts import Facts, Stay
from rules.regions import same_province
from rules.validity_data import OwnRules, own_rules

OUTPATIENT = ("outpatient", "chronic_outpatient")


@dataclass(frozen=True)
class Situation:
    """The facts as the rules need them. ``day``: the admission or visit, else today.

    ``kind``: filing type, ``none``, ``unknown`` (filed, kind not said), None (not known whether).
    ``settled_on``: day on which the bill was settled, None while open or not said.
    ``stay_assumed``: only the day of admission was said. ``inside``: care in the insured province.
    """

    facts: Facts
    today: date
    day: date
    kind: str | None
    stay: Stay | None
    stay_assumed: bool
    settled_on: date | None
    inside: bool | None
    own: OwnRules | None

    @classmethod
    def of(cls, facts: Facts, today: date) -> Situation:
        day = facts.admitted_on or today
        stay = _stay(facts, today)
        visit = facts.admitted_on if facts.care_type in OUTPATIENT else None
        settled = facts.discharged_on or (visit if stay == "discharged" else None)
        insured, treated = facts.insured_region, facts.treatment_region
        inside = facts.same_province
        if insured is not None and treated is not None:
            inside = same_province(insured, treated)
        return cls(
            facts=facts,
            today=today,
            day=day,
            kind=_kind(facts),
            stay=stay,
            stay_assumed=stay == "in_hospital" and facts.stay is None and not facts.discharged_on,
            settled_on=settled,
            inside=inside,
            own=own_rules(insured, day),
        )


def _kind(facts: Facts) -> str | None:
    if facts.filing_type == "none" and facts.filed_on is None:
        return "none"
    if facts.filing_type not in (None, "none"):
        return facts.filing_type
    if facts.filed or facts.filed_on or facts.cancelled_on or facts.filed_region:
        return "unknown"
    return "none" if facts.filed is False else None


def _stay(facts: Facts, today: date) -> Stay | None:
    if facts.discharged_on is not None and facts.discharged_on < today:
        return "discharged"
    if facts.stay is not None:
        return facts.stay
    if facts.discharged_on == today or facts.self_paid:
        return "discharged"
    if facts.admitted_on is None:
        if facts.discharged_on:
            return "in_hospital"
        visited = facts.care_type in OUTPATIENT and facts.total_cost is not None
        return "discharged" if visited else None
    if facts.admitted_on > today:
        return "not_admitted"
    over = facts.care_type in OUTPATIENT and facts.admitted_on < today
    return "discharged" if over else "in_hospital"
