"""Which sections answer a question, for this person, on that day, and how sure that is.

Two legs, the encoder's cosines and BM25 over characters, are put on one scale and added; the
person's region, insurance, care and date then lift, lower or hide sections. Ranks and flags only:
does not compose, does not decide what to say when nothing answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from assistant.encoder import Encoder, open_encoder
from assistant.index import Index, Options, Passage, Positions, open_index
from assistant.lexical import Scores
from assistant.questions import Question, read_questions
from assistant.text import plain
from corpus.load import Corpus
from corpus.model import Document, Section
from rules.regions import scan

if TYPE_CHECKING:
    from assistant.section_retriever import SectionRetriever

__all__ = ["Hit", "Retriever", "SearchContext", "SearchResult", "SectionRetriever"]

NEAR = 128
"""Vectors, and sections by words, that are looked at closely."""


class RetrievalSettings(Protocol):
    """The settings read here (see :class:`assistant.settings.Settings`)."""

    @property
    def index_dir(self) -> Path: ...
    @property
    def encoder(self) -> str: ...
    @property
    def chroma_host(self) -> str | None: ...
    @property
    def chroma_port(self) -> int: ...
    @property
    def floor(self) -> float | None: ...


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
class Hit:
    """A section found. ``dense`` and ``lexical``: each leg on its own, 0..1."""

    section: Section
    score: float
    dense: float
    lexical: float
    in_force: bool


@dataclass(frozen=True)
class SearchResult:
    """``confidence``: probability that the first hit answers; ``answerable``: it is not below the
    floor. The hits of an unanswerable question are kept for suggestions, not for an answer."""

    hits: tuple[Hit, ...]
    confidence: float
    answerable: bool


@dataclass(frozen=True)
class Weights:
    """How the legs and what is known of the person count; in units of the fused score (0..1)."""

    dense: float = 0.6
    question: float = 0.6
    """Share of the nearest question against the passage's own text in the dense leg."""
    own_region: float = 0.06
    own_province: float = 0.04
    national: float = 0.01
    other_named: float = 0.0
    insurance: float = 0.06
    care: float = 0.04
    topic: float = 0.03
    not_in_force: float = 0.08


@dataclass(frozen=True)
class _Trait:
    """What decides whether a section holds for a person, read once per section."""

    region: str | None
    national: bool
    insurance: str | None
    care: tuple[str, ...]
    topics: tuple[str, ...]
    since: date | None
    until: date | None


class Retriever:
    """Fused search over the sections of a corpus. Safe to share between threads."""

    def __init__(
        self,
        index: Index,
        sections: Sequence[Section],
        documents: dict[str, Document],
        *,
        weights: Weights = Weights(),
        floor: float = 0.5,
    ) -> None:
        self._index = index
        self._sections = tuple(sections)
        self._traits = tuple(_trait(s, documents) for s in sections)
        self._weights = weights
        self._floor = floor

    @classmethod
    def load(cls, settings: RetrievalSettings, corpus: Corpus) -> Retriever:
        """Open (or build) the index of ``corpus`` and the configured encoder.

        Raises :class:`~assistant.encoder.EncoderError`, :class:`~assistant.vectors.StoreError`.
        """
        extra = read_questions(training_questions(), (s.id for s in corpus.sections))
        index = open_index(
            passages_of(corpus.sections, extra),
            open_encoder(settings.encoder),
            Options(settings.index_dir, settings.chroma_host, settings.chroma_port),
        )
        documents = {d.id: d for d in corpus.documents}
        floor = 0.4 if settings.floor is None else settings.floor
        return cls(index, corpus.sections, documents, floor=floor)

    @property
    def encoder(self) -> Encoder:
        return self._index.encoder

    @property
    def index(self) -> Index:
        return self._index

    def search(self, query: str, context: SearchContext, k: int = 8) -> SearchResult:
        """The ``k`` best sections for ``query``; the same input gives the same output."""
        named = frozenset(r.code for m in scan(query) for r in m.candidates)
        open_to = np.array([_visible(t, context, named) for t in self._traits], dtype=bool)
        found, dense, lexical = self._legs(query, open_to)
        scores = self._weights.dense * dense + (1 - self._weights.dense) * lexical
        adjusted = scores + np.array(
            [self._adjust(self._traits[i], context, named) for i in found], dtype=np.float32
        )
        order = sorted(range(len(found)), key=lambda n: (-float(adjusted[n]), int(found[n])))[:k]
        hits = tuple(
            Hit(
                section=self._sections[found[n]],
                score=round(float(adjusted[n]), 6),
                dense=round(float(dense[n]), 6),
                lexical=round(float(lexical[n]), 6),
                in_force=_in_force(self._traits[found[n]], context.on),
            )
            for n in order
        )
        confidence = min(1.0, max(0.0, hits[0].score)) if hits else 0.0
        return SearchResult(hits, confidence, confidence >= self._floor)

    def _legs(self, query: str, open_to: Any) -> tuple[Positions, Scores, Scores]:
        """Candidate positions, and each leg's score of them."""
        index, weights = self._index, self._weights
        lexical = index.lexical.scores(query)
        reachable = np.where(open_to, lexical, -1.0)
        count = min(NEAR, len(reachable))
        by_words = np.argpartition(-reachable, count - 1)[:count] if count else np.empty(0, int)
        vector = index.encoder.encode([query])[0]
        found: Positions = np.union1d(by_words, index.near(vector, NEAR)).astype(np.int64)
        found = found[open_to[found]]
        own, asked = index.similarity(vector, found)
        dense = (1 - weights.question) * own + weights.question * np.maximum(own, asked)
        ideal = max(index.lexical.weight(query) * 2.2, 1e-9)
        return found, dense.astype(np.float32), (lexical[found] / ideal).astype(np.float32)

    def _adjust(self, trait: _Trait, context: SearchContext, named: frozenset[str]) -> float:
        """What the person's case adds to or takes from a section's score."""
        w, total = self._weights, 0.0
        own = context.insured_region
        if trait.region is not None:
            if own is not None and trait.region == own:
                total += w.own_region
            elif own is not None and _covers(trait.region, own):
                total += w.own_province
            elif trait.region in named:
                total += w.own_region
        elif trait.national:
            total += w.national
        if trait.insurance and context.insurance:
            total += w.insurance if trait.insurance == context.insurance else -w.insurance
        if trait.care and context.care:
            total += w.care if context.care in trait.care else -w.care
        if context.topics and set(context.topics) & set(trait.topics):
            total += w.topic
        if not _in_force(trait, context.on):
            total -= w.not_in_force
        return total


def passages_of(sections: Sequence[Section], extra: Sequence[Question] = ()) -> list[Passage]:
    """Sections as passages: title and text to read, typical and training questions to match."""
    asked: dict[str, list[str]] = {}
    for q in extra:
        if q.section is not None:
            asked.setdefault(q.section, []).append(q.question)
    return [
        Passage(s.id, f"{s.title}\n{plain(s.text)}", (*s.questions, *asked.get(s.id, ())))
        for s in sections
    ]


def training_questions() -> Path:
    import corpus

    return Path(str(corpus.__file__)).parent / "questions" / "train.jsonl"


def _trait(section: Section, documents: dict[str, Document]) -> _Trait:
    leading = documents.get(section.documents[0]) if section.documents else None
    return _Trait(
        region=section.region,
        national=leading is not None and leading.authority == "national",
        insurance=section.insurance,
        care=section.care,
        topics=section.topics,
        since=section.in_force_from,
        until=section.in_force_to,
    )


def _visible(trait: _Trait, context: SearchContext, named: frozenset[str]) -> bool:
    """A region's section is for its own people, and for who asks about that region by name."""
    if trait.region is None:
        return True
    insured = context.insured_region
    if insured is not None and _covers(trait.region, insured):
        return True
    return any(_covers(trait.region, n) or _covers(n, trait.region) for n in named)


def _covers(outer: str, inner: str) -> bool:
    """Whether the region ``inner`` is ``outer`` or lies in that province."""
    return inner == outer or (len(outer) == 2 and inner.startswith(outer))


def _in_force(trait: _Trait, on: date) -> bool:
    return (trait.since is None or trait.since <= on) and (trait.until is None or on <= trait.until)


def __getattr__(name: str) -> object:
    """``SectionRetriever`` on demand: LangChain's base class takes half a second to import."""
    if name == "SectionRetriever":
        from assistant.section_retriever import SectionRetriever

        return SectionRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
