"""What a message is taken to want, given what the conversation holds.

Routing hears what the words ask; this settles what they leave out: an ellipsis repeats the last
question, facts alone ask what such facts are told for, a story of a stay asks for its verdict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from assistant.data import read_toml
from assistant.dialogue import State, is_elliptic, points_back, wants_again
from assistant.people import is_alike, names_only
from assistant.routing import DEFAULT, Routing, Want, Wish, asks, without_unknown
from assistant.slots import Reading
from rules.facts import LONG_TERM_FILINGS, Facts

LOOKUPS_AT_MOST = 3
GENERAL = frozenset(
    {"filing_type", "care_type", "same_province", "emergency", "disease", "filed",
     "insurance_type", "rural_scheme", "person_status", "maternity_kind", "facility_level"}
)  # fmt: skip
"""Facts that a question about the subject names as well as a person's story does."""


def settle(
    routing: Routing, state: State, text: str, reading: Reading, *, switched: bool = False
) -> tuple[Wish, ...]:
    """The wishes of the message in reading order; ``state`` is the one before it.

    ``switched``: it turns to another person's case.
    """
    if not routing.wishes and set(routing.declined) - {DEFAULT}:
        return ()
    wishes = list(routing.wishes)
    explicit = [w for w in wishes if w.want != "lookup"]
    if switched and _asks_eligible(state, text, reading):
        return (_whole("eligible"),)
    again = switched and state.case_wants and (is_elliptic(text) or is_alike(text))
    if not explicit and again:
        return (Wish(state.case_wants[0], text, 0.8),)
    if not explicit and set(state.last_wants) == {"lookup"} and _completes_case(state, reading):
        return (Wish("verdict", text, 0.7),)
    if not explicit and (again := _again(routing, state, text, reading)):
        return tuple(Wish(want, text, 0.8) for want in again)
    if not explicit and names_only(text) and state.case_wants:
        return (Wish(state.case_wants[0], text, 0.8),)
    wishes = _of_law(_promoted(wishes, state, text, reading), text)
    if not wishes and not routing.declined and not routing.chat:
        wishes = _implied(routing, reading, text)
    if any(w.want != "lookup" for w in wishes) and reading.facts:
        # A story around one question: sentences that only tell are no questions of their own.
        wishes = [w for w in wishes if w.want != "lookup" or _heard(w.sentence, "asks")]
    if any(asks(w.sentence) for w in wishes):
        of_plan = ("lookup", "verdict") if not reading.facts else ("lookup",)
        wishes = [w for w in wishes if w.want not in of_plan or not _tells_plan(w.sentence)]
    if any(w.want == "when_usable" for w in wishes):
        # 昨天交的，哪天能用: a filing under review has no verdict yet, its papers are handed in.
        asked = [w for w in wishes if w.want != "materials" or _heard(w.sentence, "asks")]
        told = reading.facts.get("filed_on") or state.facts.filed_on
        wishes = [w for w in asked if w.want != "verdict" or not told]
    lookups = [w for w in wishes if w.want == "lookup"][:LOOKUPS_AT_MOST]
    return tuple(w for w in wishes if w.want != "lookup" or w in lookups)


def _tells_plan(sentence: str) -> bool:
    """The sentence tells what somebody is about to do and asks nothing."""
    return _heard(sentence, "plan_alone") and not asks(sentence)


def _of_law(wishes: list[Wish], text: str) -> list[Wish]:
    """Whether a law does away with filing is two questions: what holds of filing, and when."""
    law = read_toml("scope.toml")["law"]
    if not wishes or re.search(law["words"], text) is None:
        return wishes
    return [Wish("lookup", question, 0.8) for question in law["questions"]]


_OF_STAY = frozenset({"stay", "admitted_on", "discharged_on"})


def _filed(state: State) -> bool:
    """The open case holds a filing."""
    facts = state.facts
    return facts.filed_on is not None or facts.filing_type not in (None, "none")


def told_in_general(wishes: tuple[Wish, ...], text: str, reading: Reading) -> bool:
    """The message asks about the subject and tells nothing of anybody's case."""
    return (
        bool(wishes)
        and {w.want for w in wishes} <= {"lookup", "materials", "when_usable"}
        and not is_elliptic(text)
        and not _heard(text, "personal")
        and not set(reading.facts) - GENERAL
    )


def is_personal(text: str) -> bool:
    """The words speak of somebody's own case."""
    return _heard(text, "personal")


def _again(routing: Routing, state: State, text: str, reading: Reading) -> tuple[Want, ...]:
    """What was asked before and is asked again by new facts or an ellipsis alone."""
    elliptic = is_elliptic(text)
    if points_back(text) and state.case_wants and not (asks(text) and _subject(routing, reading)):
        return wants_again(state, set(reading.facts)) or state.case_wants[:1]
    if elliptic and set(state.last_wants) == {"lookup"}:
        named = {m.fact for m in reading.mentions}
        if named & state.last_surfaces.keys() or not routing.wishes:
            return ("lookup",)
    asks_anew = _subject(routing, reading) or any(_open(w.sentence) for w in routing.wishes)
    if reading.facts and (elliptic or not routing.wishes or not asks_anew):
        again = wants_again(state, set(reading.facts))
        costs = reading.facts.get("total_cost") is not None and "amount" not in again
        return ("amount",) if again and costs else again
    return state.last_wants if elliptic and not routing.wishes else ()


def _subject(routing: Routing, reading: Reading) -> list[str]:
    """Words of the subject that are more than the names of facts."""
    surfaces = [m.surface for m in reading.mentions]
    return [w for w in routing.domain_words if not any(w in s or s in w for s in surfaces)]


def _promoted(wishes: list[Wish], state: State, text: str, reading: Reading) -> list[Wish]:
    """Questions of yes or no that a told case turns into a verdict or an amount."""
    said = {k for k, v in reading.facts.items() if v is not None}
    others = {w.want for w in wishes} - {"lookup", "verdict"}
    if _refiles(text, reading):
        return _of_refiling(wishes)
    if _cancels(text, reading):
        return [w for w in wishes if w.want == "lookup"] or [_whole("cancelling")]
    of_stay = said & _OF_STAY or ("care_type" in said and _heard(text, "still"))
    case = tells_case(reading) or (_filed(state) and bool(of_stay))
    if "total_cost" in said and not others and not said & {"filed_on", "cancelled_on"}:
        others_asked = [w for w in wishes if _heard(without_unknown(w.sentence), "asks")]
        if others_asked and not any(_heard(w.sentence, "of_money") for w in others_asked):
            return wishes
        if not any(_open(w.sentence) for w in wishes):
            return [Wish("amount", text, 0.7)]
        if any(_heard(w.sentence, "how") for w in wishes):
            return [*wishes, Wish("amount", text, 0.6)]
    if case and not others and all(w.want == "lookup" for w in wishes):
        open_ones = [w for w in wishes if _open(w.sentence)]
        if not open_ones:
            return [Wish("verdict", text, 0.7)]
        if any(_heard(w.sentence, "how") for w in open_ones) or {"filed_on", "admitted_on"} <= said:
            return [Wish("verdict", text, 0.7), *open_ones]
    return wishes


def _refiles(text: str, reading: Reading) -> bool:
    """A filing is to be moved to another city (备案从成都改到昆明), and no stay is told of."""
    said = reading.facts
    places = said.get("filed_region"), said.get("treatment_region")
    still = None not in places and places[0] != places[1]
    words = "|".join(read_toml("scope.toml")["refiling"]["words"])
    return still and not said.keys() & {*_OF_STAY, "filed_on"} and bool(re.search(words, text))


def _of_refiling(wishes: list[Wish]) -> list[Wish]:
    """How a filing is moved, unless something else about it is asked."""
    others = [w for w in wishes if w.want != "verdict" and _open(w.sentence)]
    return others or [_whole("refiling")]


def _cancels(text: str, reading: Reading) -> bool:
    """A filing is to be cancelled, and no stay is told of."""
    words = "|".join(read_toml("scope.toml")["cancelling"]["words"])
    return not reading.facts.keys() & _OF_STAY and re.search(words, text) is not None


def _asks_eligible(state: State, text: str, reading: Reading) -> bool:
    """Whether another person can file for a life elsewhere, as the one before does."""
    alike = state.facts.filing_type in LONG_TERM_FILINGS and "filing_type" not in reading.facts
    words = "|".join(read_toml("scope.toml")["eligible"]["words"])
    return alike and not reading.facts.keys() & _OF_STAY and re.search(words, text) is not None


def _whole(name: str) -> Wish:
    """The question that ``scope.toml`` words whole under ``name``."""
    return Wish("lookup", read_toml("scope.toml")[name]["question"], 0.8)


def tells_case(reading: Reading) -> bool:
    """The message tells of a filing or a stay enough to judge it."""
    told: Mapping[str, object] = reading.facts
    if "filing_unknown" in reading.flags:  # 不知道备没备案: of a stay a verdict all the same
        told = {"filing_type": "none", **told}
    return _judgeable(told)


def _completes_case(state: State, reading: Reading) -> bool:
    """A reply on the filing (没有) makes a case that can be judged of the stay told before."""
    known = {f: getattr(state.facts, f) for f in Facts.model_fields}
    said = reading.facts.keys() & {"filed", "filing_type", "filed_on"}
    return bool(said) and not _judgeable(known) and _judgeable({**known, **reading.facts})


def _judgeable(told: Mapping[str, object]) -> bool:
    facts = {k: v for k, v in told.items() if v is not None}
    stay = facts.keys() & {"stay", "admitted_on", "discharged_on", "self_paid"}
    not_filed = facts.get("filing_type") == "none" or facts.get("filed") is False
    return bool(
        facts.keys() & {"filed_on", "cancelled_on"}
        or (not_filed and (stay or "treatment_region" in facts))
        or (("filing_type" in facts or facts.get("filed")) and stay)
        or {"filed_region", "treatment_region"} <= facts.keys()
        or (facts.get("stay") == "discharged" and "self_paid" in facts)
    )


def _implied(routing: Routing, reading: Reading, text: str) -> list[Wish]:
    """What a message without a question is taken to ask: of its case, or of its subject."""
    if reading.facts.get("total_cost") is not None:
        return [Wish("amount", text, 0.6)]
    if reading.facts.get("filed_on") is not None and _heard(text, "submitted"):
        return [Wish("when_usable", text, 0.6)]
    if tells_case(reading) or reading.facts.get("filed"):
        return [Wish("verdict", text, 0.6)]
    if routing.domain_words and _heard(text, "hearsay"):
        return [Wish("lookup", text, 0.5)]
    asked = _subject(routing, reading) or (routing.domain_words and not is_personal(text))
    if asked and not set(reading.facts) - GENERAL:
        return [Wish("lookup", text, 0.5)]
    return []


def _open(sentence: str) -> bool:
    """The sentence asks for more than yes or no."""
    return _heard(without_unknown(sentence), "open_question")


def _heard(text: str, name: str) -> bool:
    return re.search(_pattern(name), text) is not None


@cache
def _pattern(name: str) -> str:
    return "|".join(read_toml("scope.toml")[name])
