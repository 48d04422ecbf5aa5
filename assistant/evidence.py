"""Evidence: what the corpus or the rules have to say about each thing wanted, as frozen values.

They write no text. How they are gathered is in :mod:`assistant.gathering`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.data import read_toml
from corpus import Conflict
from rules.bills import Bill
from rules.facts import Facts
from rules.outcome import Materials, Reimbursement, ReviewWindow, Step, Validity

if TYPE_CHECKING:
    from assistant.retrieval import SearchContext, SearchResult


@dataclass(frozen=True)
class Turn:
    """One message as the evidence functions see it. ``query`` completes an elliptic sentence."""

    text: str
    facts: Facts
    said: frozenset[str]
    """Names of the facts this very message named."""
    today: date
    open_case: bool
    """The conversation had facts of a case before this message."""
    query: Callable[[str], str]
    personal: bool
    """The message speaks of somebody's own case rather than in general."""
    tells_case: bool
    """It tells of a filing or a stay enough to judge it."""
    bills: tuple[Facts, ...] = ()
    """The bills of the case in the order told, when there are several; one has ``facts``."""


@dataclass(frozen=True)
class Found:
    """Passages for a question; ``dispute``: the contradiction of the sources it touches."""

    query: str
    result: SearchResult
    dispute: Conflict | None = None
    claimed: bool = False
    """The question puts a claim to the test, or no passage surely answers it: ``dispute`` leads."""
    general: bool = False
    """Found only without the place the question names: its own rule is not in the documents."""

    @property
    def answers(self) -> bool:
        return self.result.answerable or self.dispute is not None


@dataclass(frozen=True)
class Computed:
    outcome: Reimbursement


@dataclass(frozen=True)
class Billed:
    """Several bills of one person."""

    bills: tuple[Bill, ...]


@dataclass(frozen=True)
class Explained:
    """The step of a calculation that a figure (in the person's words) belongs to."""

    step: Step
    figure: str
    outcome: Reimbursement


@dataclass(frozen=True)
class Judged:
    verdict: Validity


@dataclass(frozen=True)
class Listed:
    """A list of papers. ``told``: a passage found says it in words already."""

    checklist: Materials
    told: bool = False


@dataclass(frozen=True)
class Window:
    window: ReviewWindow


@dataclass(frozen=True)
class Unknown:
    """Nothing useful can be said yet: a reply of ``clarify`` and the facts that lack."""

    reply: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """The input cannot be: the sentence names the field."""

    message: str


LIKELY, ALARMED = 0.5, 0.35
"""Confidences from which a passage answers rather than a verdict that lacks what was filed, and
from which it is told of an emergency of which nothing is asked."""
Evidence = Found | Computed | Billed | Explained | Judged | Listed | Window | Unknown | Refused


def answers(evidence: list[Evidence]) -> bool:
    """A passage among it answers."""
    return any(isinstance(e, Found) and e.answers for e in evidence)


def surely(evidence: list[Evidence], least: float = LIKELY) -> bool:
    """A passage among it is ``least`` so sure to answer."""
    return any(isinstance(e, Found) and e.result.confidence >= least for e in evidence)


def of_settling(evidence: list[Evidence]) -> bool:
    """What is found first is on settling or filing."""
    found = (e for e in evidence if isinstance(e, Found) and e.result.answerable)
    return any({"settlement", "filing"} & set(f.result.hits[0].section.topics) for f in found)


BEFORE_NOTICE = 2023
"""The year from which the national notice holds: an earlier one asks for the clause of its day."""
LISTS = ("chronic-ten-diseases", "chronic-other-diseases", "chronic-five-new")
"""The sections on the diseases that settle directly across provinces, on all others, and on those
that joined the first."""


def list_of(disease: str | None) -> str:
    """Which of ``LISTS`` a disease is on."""
    return LISTS[0] if disease in read_toml("scope.toml")["chronic_direct"] else LISTS[1]


def day_of(turn: Turn) -> date:
    """The day of the care, by which clauses are in force; a year named alone stands for it."""
    told = turn.facts.discharged_on or turn.facts.admitted_on
    if told is not None:
        return told
    years = [
        int(y)
        for y in re.findall(
            r"(20\d\d)年(?!的?(?:那?[个份篇条])?(?:文章|文件|通知|政策|网文|目标|帖子|说法|新规|规定))",
            turn.text,
        )
    ]
    later = [y for y in years if y > turn.today.year]
    earlier = [y for y in years if y < BEFORE_NOTICE]
    if later or earlier:
        return date((later or earlier)[0], 12, 31)
    return turn.today


def context_of(turn: Turn) -> SearchContext:
    """What narrows a search: region, insurance, care and the day the care was (or is) given."""
    from assistant.retrieval import SearchContext

    facts = turn.facts
    return SearchContext(
        insured_region=facts.insured_region.code if facts.insured_region else None,
        treatment_region=facts.treatment_region.code if facts.treatment_region else None,
        insurance=facts.insurance_type,
        care=facts.care_type,
        on=day_of(turn),
    )


def of_region(result: SearchResult, code: str | None) -> bool:
    """The first passage found is the own one of the region ``code``, or of what it lies in."""
    own = result.hits[0].section.region if result.hits else None
    return own is not None and code is not None and code.startswith(own)
