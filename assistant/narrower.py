"""The section that speaks to this very case, where the corpus names one (``instead``).

Reads the conditions of the corpus against the facts; does not search and does not word anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from assistant.data import read_toml
from assistant.places import covers
from corpus import Corpus, Instead, Section
from rules.facts import LONG_TERM_FILINGS, Facts
from rules.regions import within

if TYPE_CHECKING:
    from assistant.retrieval import Hit


def beyond_filed(facts: Facts) -> bool:
    """Filed for a life in one place, treated in another that is not the insured one."""
    filed, treated, insured = facts.filed_region, facts.treatment_region, facts.insured_region
    if facts.filing_type not in LONG_TERM_FILINGS or filed is None or treated is None:
        return False
    home = insured is not None and (within(treated, insured) or within(insured, treated))
    return not (home or within(treated, filed) or within(filed, treated))


DERIVED: dict[str, Callable[[Facts], bool]] = {"beyond_filed": beyond_filed}
"""Conditions that are no fact of their own."""
SINCE = "on_or_after"
"""The condition on the day of the care."""


def narrower(section: Section, facts: Facts, corpus: Corpus, on: date) -> Section:
    """``section``, or the first of those that the corpus tells instead in a case like this.

    ``on``: the day of the care.
    """
    fitting = (corpus.section(i.section) for i in section.instead if _fits(i, facts, on))
    return next((s for s in fitting if _binds(s, facts)), section)


def elsewhere(hits: tuple[Hit, ...], query: str, facts: Facts) -> tuple[Hit, ...]:
    """``hits`` without the rules for care inside a province, for a case outside it."""
    inside = read_toml("scope.toml")["inside"]
    abroad = facts.same_province is False and facts.insured_region and facts.treatment_region
    if not abroad or re.search(inside["words"], query):
        return hits
    return tuple(h for h in hits if h.section.id not in inside["sections"])


def _fits(other: Instead, facts: Facts, on: date) -> bool:
    return all(_holds(name, value, facts, on) for name, value in other.when)


def _holds(name: str, value: str | bool, facts: Facts, on: date) -> bool:
    if name == SINCE:
        return on >= date.fromisoformat(str(value))
    found = DERIVED[name](facts) if name in DERIVED else getattr(facts, name)
    return bool(found == value)


def _binds(section: Section, facts: Facts) -> bool:
    """The section holds everywhere, or where the person is insured."""
    insured = facts.insured_region
    return section.region is None or (insured is not None and covers(section.region, insured.code))
