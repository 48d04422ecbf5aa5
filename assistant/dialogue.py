"""The conversation: a frozen state, and how one message turns it into the next.

It merges what was read into what was said before; it knows neither corpus nor rules' results.
"""

from __future__ import annotations

import re
from functools import cache

from pydantic import BaseModel, ConfigDict

from assistant.data import read_toml
from assistant.people import SELF, is_alike, is_contrast, person_named
from assistant.routing import Want, asks, names_subject, subject_of
from assistant.slots import Reading
from assistant.slots.cues import flags_of
from rules.facts import CostItems, Facts, Region

CASE_WANTS: frozenset[str] = frozenset({"amount", "verdict", "materials", "when_usable"})
_RELEVANT: dict[Want, frozenset[str]] = {
    "amount": frozenset(
        {"total_cost", "items", "deductible", "facility_level", "facility_kind", "fee_class", "age",
         "insurance_type", "person_status", "admission_count", "paid_this_year", "care_type",
         "maternity_kind", "family_doctor", "filing_type", "insured_region", "treatment_region",
         "same_province", "emergency", "disease", "provincial_scheme", "rural_scheme",
         "further_diseases"}
    ),
    "verdict": frozenset(
        {"filed_on", "cancelled_on", "admitted_on", "discharged_on", "filing_type", "filed",
         "filed_region", "stay", "self_paid", "emergency", "insured_region", "treatment_region",
         "same_province"}
    ),
    "materials": frozenset(
        {"filing_type", "care_type", "insured_region", "emergency", "maternity_kind", "disease",
         "stay"}
    ),
    "when_usable": frozenset({"filed_on"}),
}  # fmt: skip
"""Which facts change the answer to what was asked."""
_STAY_DAYS = frozenset({"admitted_on", "discharged_on"})
_CASE_FACTS = (
    "total_cost", "rough_cost", "items", "deductible", "admitted_on", "admitted_by",
    "discharged_on", "discharged_by", "stay", "self_paid", "admission_count", "emergency",
)  # fmt: skip


class State(BaseModel):
    """What one conversation holds. ``people`` keeps a case for each person spoken of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    people: dict[str, Facts] = {}
    person: str = ""
    """Key into ``people``; empty until somebody is named."""
    asked: str | None = None
    """The fact asked for in the last answer."""
    case_wants: tuple[Want, ...] = ()
    """What was asked of the case, the latest first: repeated when only a fact changes."""
    unknown: tuple[str, ...] = ()
    """Facts of the open case that the person was asked for and does not know."""
    topic: Facts = Facts()
    """What the last question in general was about; no part of anybody's case."""
    last_wants: tuple[Want, ...] = ()
    last_query: str = ""
    """The last question looked up, for an elliptic follow-up."""
    last_surfaces: dict[str, str] = {}
    """Fact → words that named it in ``last_query``."""
    pending: str | None = None
    """A number whose meaning was asked back."""
    partial: tuple[str, int, int] | None = None
    """(date fact, year, month) told without its day."""
    place: Region | None = None
    """A place told without a word on what it is, taken as the insured region."""
    bills: tuple[Facts, ...] = ()
    """The bills of the open case in the order told, when there are several."""
    bill: int = -1
    """Which of ``bills`` the facts of the case are."""
    costs: tuple[str, ...] = ()
    """Costs of which it was asked whether they are of one bill."""
    turns: int = 0

    @property
    def facts(self) -> Facts:
        return self.people.get(self.person, Facts())


class _Words(BaseModel):
    ellipsis: str
    correction: str
    amends: str
    new_case: str
    case: str


@cache
def _words() -> _Words:
    refer = read_toml("dialogue.toml")["refer"]
    return _Words(
        ellipsis="|".join(refer["ellipsis"]),
        correction="|".join(refer["correction"]),
        amends=refer["amends"],
        new_case="|".join(refer["new_case"]),
        case="|".join(refer["case"]),
    )


def is_elliptic(text: str) -> bool:
    """True when ``text`` only makes sense after the question before it."""
    return re.search(_words().ellipsis, text.strip()) is not None or len(text.strip()) <= 6


def wants_again(state: State, patch: set[str]) -> tuple[Want, ...]:
    """What was asked of the case last that the facts of ``patch`` bear on.

    The day of a stay bears on an amount when it is put right: the numbers are dated.
    """
    moved = any(getattr(state.facts, day) is not None for day in _STAY_DAYS & patch)
    for want in state.case_wants:
        if _RELEVANT[want] & patch or (want == "amount" and moved):
            return (want,)
    return ()


def last_date_fact(state: State) -> str | None:
    """The date told last, which a bare correction changes."""
    dated = [f for f in state.last_surfaces if f.endswith("_on")]
    return dated[-1] if dated else None


def points_back(text: str) -> bool:
    """The words point at the case told before."""
    return re.search(_words().case, text) is not None


def is_correction(text: str) -> bool:
    """The words put right what was said before."""
    return "correction" in flags_of(text) or re.search(_words().correction, text) is not None


def value_alone(text: str) -> str | None:
    """What a message that puts right or asks what if comes down to: 说错了，是78 → 78."""
    found = re.fullmatch(_words().amends, text.strip())
    return found["value"] if found else None


def known_for(state: State, text: str, person: str | None = None) -> tuple[str, Facts]:
    """The person ``text`` speaks of (``person`` when settled) and what is known of their case.

    The first person named takes over a case that was told without a name, unless the words set
    them apart from it. A case told to be like the one before begins with its facts.
    """
    person = person or person_named(text, state.person, state.people)
    if person == state.person or person in state.people:
        return person, state.people.get(person, Facts())
    if state.person == "" and (person == SELF or not is_contrast(text)):
        return person, state.facts
    return person, state.facts.model_copy(update={"age": None}) if is_alike(text) else Facts()


def advance(state: State, person: str, known: Facts, text: str, reading: Reading) -> State:
    """The state after ``text``: ``known`` with what was read from it, for ``person``."""
    if re.search(_words().new_case, text):
        known = without_bill(known)
    facts = merge(known, dict(reading.facts))
    people = {k: v for k, v in state.people.items() if not (k == "" and person)}
    if state.person == "" and person and known is not state.facts and state.facts != Facts():
        people[SELF] = state.facts
    people[person] = facts
    return state.model_copy(
        update={
            "people": people,
            "person": person,
            "asked": None,
            "unknown": state.unknown if person == state.person else (),
            "turns": state.turns + 1,
        }
    )


def without_bill(facts: Facts) -> Facts:
    """``facts`` without those of the one bill and stay they tell of."""
    blank = {name: Facts.model_fields[name].default for name in _CASE_FACTS}
    return facts.model_copy(update=blank)


def merge(known: Facts, patch: dict[str, object]) -> Facts:
    """``known`` overridden by ``patch``, and what no longer fits taken out."""
    patch = dict(patch)
    said = patch.pop("items", None)
    if isinstance(said, CostItems):
        new = {k: v for k, v in said.model_dump().items() if v is not None}
        patch["items"] = known.items.model_copy(update=new)
    elif patch.get("total_cost") is not None and known.total_cost is not None:
        kept = [v for v in known.items.model_dump().values() if v is not None]
        if sum(kept) > patch["total_cost"]:
            patch["items"] = CostItems()
    if patch.get("emergency") and patch.get("filing_type", known.filing_type) == "none":
        patch["filing_type"] = "emergency"  # unfiled emergency care counts as filed
    if patch.get("filing_type") == "none" and patch.get("filed_on") is not None:
        # 当时没备，8月6号才补上的: it was made after all.
        patch = {**patch, "filing_type": None, "filed": True}
    filing = patch.get("filing_type")
    if filing == "none":
        gone = dict.fromkeys(("filed_on", "filed_region", "cancelled_on"))
        patch = {**gone, "filed": False, **patch}
    elif filing is not None and filing != "emergency":
        patch.setdefault("filed", known.filed if known.filed is not False else None)
        patch.setdefault("emergency", None)
    if patch.get("filed_on") is not None:
        patch.setdefault("filed", True)
        if known.filing_type == "none":
            patch.setdefault("filing_type", None)
        patch.setdefault("cancelled_on", None)
    if patch.get("insurance_type") == "resident":
        patch.setdefault("person_status", None)
    if patch.get("insurance_type") == "employee":
        patch.setdefault("rural_scheme", None)
    if patch.get("person_status") is not None and known.insurance_type is None:
        patch.setdefault("insurance_type", "employee")
    if patch.get("care_type") not in (None, "maternity"):
        patch.setdefault("maternity_kind", None)
    if patch.get("facility_level") is not None:
        patch.setdefault("facility_kind", None)
    if "total_cost" in patch:
        patch.setdefault("rough_cost", None)
    if patch.get("admitted_on") is not None and known.discharged_on is not None:
        discharged = known.discharged_on
        if patch["admitted_on"] > discharged:  # type: ignore[operator]
            patch.setdefault("discharged_on", None)
    if patch.get("discharged_on") is not None:
        patch.setdefault("stay", known.stay)
    moved = "insured_region" in patch or "treatment_region" in patch
    if moved:
        patch.setdefault("same_province", None)
    facts = known.model_copy(update=patch)
    if facts.insured_region and facts.treatment_region and patch.get("same_province") is None:
        same = facts.insured_region.province == facts.treatment_region.province
        facts = facts.model_copy(update={"same_province": same})
    return facts


def follow_up_query(state: State, text: str, reading: Reading) -> str:
    """The question to look up: ``text``, or the last one with its facts exchanged for new ones.

    A short question of its own takes the last one's subject only; an insured region alone narrows
    the search and is no word of the question.
    """
    if not state.last_query or not is_elliptic(text):
        return text
    subject = subject_of(state.last_query, text)
    if asks(text) and names_subject(text):
        return text
    if asks(text) and subject:
        return f"{subject} {text}"
    query, exchanged = state.last_query, False
    for mention in reading.mentions:
        before = state.last_surfaces.get(mention.fact)
        if before and before in query:
            query, exchanged = query.replace(before, mention.surface), True
    if exchanged or {m.fact for m in reading.mentions} == {"insured_region"}:
        return query
    return f"{text} {state.last_query}"
