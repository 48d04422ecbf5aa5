"""How a section stands to the person and the day: what that adds to its score, and whether it is
open to them at all. Every section at once, in the corpus's order. Does not search.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.places import covers
from corpus.load import Corpus
from corpus.model import Section

Mask: TypeAlias = npt.NDArray[np.bool_]
Added: TypeAlias = npt.NDArray[np.float64]
Days: TypeAlias = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class SearchContext:
    """What is known of the person and the case. Regions are GB/T 2260 codes; None: not said.

    ``on``: the day of the care, by which clauses are in force. ``topics``: what routing takes the
    question to be about; a hint, not a filter.
    """

    on: date
    insured_region: str | None = None
    treatment_region: str | None = None
    insurance: str | None = None
    care: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weights:
    """How the legs and what is known of the person count, in units of the fused score (0..1)."""

    dense: float = 0.5
    own_region: float = 0.06
    own_province: float = 0.04
    named: float = 0.04
    national: float = 0.01
    insurance: float = 0.03
    care: float = 0.02
    topic: float = 0.03
    not_in_force: float = 0.08


WEIGHTS = Weights()


class Standing:
    """What the sections of a corpus say of themselves, as arrays of one value a section."""

    def __init__(self, corpus: Corpus, weights: Weights) -> None:
        sections = corpus.sections
        self._weights = weights
        self._regions = sorted({s.region for s in sections if s.region})
        number = {region: n for n, region in enumerate(self._regions)}
        self._region = np.array([number.get(s.region or "", -1) for s in sections], dtype=np.int64)
        self._national = np.array([_is_national(s, corpus) for s in sections], dtype=np.float64)
        self._insurance = _signs([{s.insurance} if s.insurance else set() for s in sections])
        self._care = _signs([set(s.care) for s in sections])
        self._topics = _signs([set(s.topics) for s in sections])
        self._since = _days([s.in_force_from or date.min for s in sections])
        self._until = _days([s.in_force_to or date.max for s in sections])

    def scopes(self, context: SearchContext, named: frozenset[str]) -> set[str]:
        """What may be looked at: what holds anywhere, and what the regions open to them rule."""
        return {"", *(r for r in self._regions if _open_to(r, context, named))}

    def in_force(self, on: date) -> Mask:
        """Which sections hold on that day."""
        day = np.datetime64(on, "D")
        return (self._since <= day) & (day <= self._until)

    def added(self, context: SearchContext, named: frozenset[str]) -> Added:
        """What the person's case adds to the score of each section, or takes from it."""
        w = self._weights
        of_region = np.array([*(self._lift(r, context, named) for r in self._regions), 0.0])
        national = w.national * self._national
        total: Added = np.where(self._region < 0, national, of_region[self._region])
        if context.insurance in self._insurance:
            total += w.insurance * self._insurance[context.insurance]
        if context.care in self._care:
            total += w.care * self._care[context.care]
        topics = [self._topics[t] > 0 for t in context.topics if t in self._topics]
        if topics:
            total += w.topic * np.logical_or.reduce(topics)
        return total - w.not_in_force * ~self.in_force(context.on)

    def _lift(self, region: str, context: SearchContext, named: frozenset[str]) -> float:
        """What a region's own rules gain."""
        own, w = context.insured_region, self._weights
        if region == own:
            return w.own_region
        if own is not None and covers(region, own):
            return w.own_province
        return w.named if any(covers(region, name) for name in named) else 0.0


def _signs(told: Sequence[Collection[str]]) -> dict[str | None, Added]:
    """For each word told: 1 where a section tells it, -1 where it tells others only, else 0."""
    words = sorted({word for own in told for word in own})
    return {
        word: np.array([0.0 if not own else 1.0 if word in own else -1.0 for own in told])
        for word in words
    }


def _days(days: Sequence[date]) -> Days:
    return np.array(days, dtype="datetime64[D]")


def _is_national(section: Section, corpus: Corpus) -> bool:
    leading = corpus.document(section.documents[0])
    return section.region is None and leading.authority == "national"


def _open_to(region: str, context: SearchContext, named: frozenset[str]) -> bool:
    """A region's section is for its own people, and for who asks about that region by name."""
    own = context.insured_region
    if own is not None and covers(region, own):
        return True
    return any(covers(region, n) or covers(n, region) for n in named)
