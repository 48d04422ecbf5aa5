"""Which sections answer a question, for this person, on that day, and how sure that is.

Two legs, the encoder's cosine with a section and BM25 over characters, are put on one scale and
added; the person's region, insurance, care and date then lift, lower or hide sections. Ranks and
flags only: does not compose, does not decide what to say when nothing answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.confidence import UNFITTED, Calibration, Signals
from assistant.encoder import Matrix, open_encoder
from assistant.index import Index, Options, Positions, best, open_index
from assistant.indexing import Passage, Style
from assistant.lexical import Scores
from assistant.places import ELSEWHERE, Located, covers, locate
from assistant.questions import Question, training_questions, unanswerable_questions
from assistant.slots import normalise
from assistant.text import plain
from corpus.load import Corpus
from corpus.model import Document, Section

if TYPE_CHECKING:
    from assistant.section_retriever import SectionRetriever

__all__ = ["Hit", "Retriever", "SearchContext", "SearchResult", "SectionRetriever"]

NEAR = 64
"""Sections by meaning, and as many by words, that are looked at closely."""
UNHELD = 3
"""Questions without an answer that are looked at."""
Locate = Callable[[str, str | None], Located]
"""Respells the places of a question (see :func:`assistant.places.locate`)."""

STRANGE_SHARE = 0.01
"""Share of the dense leg on passages that the encoder was not trained for: it only breaks ties."""


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
    """``confidence``: probability that the first hit answers. ``answerable``: the documents hold an
    answer, as far as the floor can tell; the hits of a question that they do not answer are kept
    for suggestions, not for an answer. ``signals``: what both were read from."""

    hits: tuple[Hit, ...]
    confidence: float
    answerable: bool
    signals: Signals


@dataclass(frozen=True)
class Weights:
    """How the legs and what is known of the person count, in units of the fused score (0..1)."""

    dense: float = 0.5
    own_region: float = 0.06
    own_province: float = 0.04
    named: float = 0.04
    national: float = 0.01
    insurance: float = 0.05
    care: float = 0.03
    topic: float = 0.03
    not_in_force: float = 0.08


WEIGHTS = Weights()


class Retriever:
    """Fused search over the sections of a corpus. Safe to share between threads.

    ``unheld``: vectors of questions that the corpus does not answer (see :func:`unheld_of`).
    """

    def __init__(
        self,
        index: Index,
        corpus: Corpus,
        unheld: Matrix,
        *,
        locate: Locate = locate,
        weights: Weights = WEIGHTS,
        calibration: Calibration = UNFITTED,
        floor: float | None = None,
    ) -> None:
        self.index = index
        self._sections = corpus.sections
        self._national = tuple(
            _is_national(s, corpus.document(s.documents[0])) for s in corpus.sections
        )
        self._unheld = unheld
        self._regions = frozenset(s.region for s in corpus.sections if s.region)
        self._locate = locate
        self._weights = weights
        self._calibration = calibration
        self._floor = calibration.floor if floor is None else floor

    @classmethod
    def load(cls, settings: RetrievalSettings, corpus: Corpus) -> Retriever:
        """Open (or build) the index of ``corpus`` and the configured encoder.

        Raises :class:`~assistant.encoder.EncoderError`, :class:`~assistant.vectors.StoreError`.
        """
        encoder = open_encoder(settings.encoder)
        options = Options(settings.index_dir, settings.chroma_host, settings.chroma_port)
        asked = training_questions(known=(s.id for s in corpus.sections))
        index = open_index(passages_of(corpus.sections, asked), encoder, options, STYLE)
        apart = Options(settings.index_dir / ".unheld", stored=False)
        unheld = open_index(unheld_of(unanswerable_questions()), encoder, apart, STYLE)
        return cls(
            index,
            corpus,
            unheld.vectors,
            calibration=Calibration.shipped(),
            floor=settings.floor,
        )

    def search(self, query: str, context: SearchContext, k: int = 8) -> SearchResult:
        """The ``k`` best sections for ``query``; the same input gives the same output."""
        located = self._locate(query, _elsewhere(context))
        hits, silent = self._hits(located, context)
        signals = Signals.of([(h.score, h.dense, h.lexical) for h in hits], silent)
        return SearchResult(
            hits=tuple(hits[:k]),
            confidence=self._calibration.right(signals),
            answerable=self._calibration.held(signals) >= self._floor,
            signals=signals,
        )

    def _hits(self, located: Located, context: SearchContext) -> tuple[list[Hit], float]:
        """Every section looked at closely, best first (equal scores in the corpus's order); and
        the mean cosine with the nearest questions that the documents do not answer."""
        scopes = {"", *(r for r in self._regions if _open_to(r, context, located.named))}
        words = located.text.replace(ELSEWHERE, " ")
        legs = fuse(self.index, located.text, words, scopes)
        silent = self._unheld @ legs.vector
        share = self._weights.dense
        hits = [
            Hit(
                section=self._sections[n],
                score=round(share * d + (1 - share) * w + self._adjust(n, context, located), 6),
                dense=round(d, 6),
                lexical=round(w, 6),
                in_force=_in_force(self._sections[n], context.on),
            )
            for n, d, w in zip(
                legs.found.tolist(), legs.dense.tolist(), legs.lexical.tolist(), strict=True
            )
        ]
        nearest = np.sort(silent)[-UNHELD:]
        return sorted(hits, key=lambda h: -h.score), round(float(nearest.sum()) / UNHELD, 6)

    def _adjust(self, n: int, context: SearchContext, located: Located) -> float:
        """What the person's case adds to or takes from the score of section ``n``."""
        section, w, total = self._sections[n], self._weights, 0.0
        own = context.insured_region
        if section.region is None:
            total += w.national if self._national[n] else 0.0
        elif section.region == own:
            total += w.own_region
        elif own is not None and covers(section.region, own):
            total += w.own_province
        elif any(covers(section.region, name) for name in located.named):
            total += w.named
        if section.insurance and context.insurance:
            total += w.insurance if section.insurance == context.insurance else -w.insurance
        if section.care and context.care:
            total += w.care if context.care in section.care else -w.care
        if set(context.topics) & set(section.topics):
            total += w.topic
        return total if _in_force(section, context.on) else total - w.not_in_force


@dataclass(frozen=True)
class Legs:
    """Positions of passages, each leg's score of them, and the question's vector."""

    found: Positions
    dense: Scores
    lexical: Scores
    vector: Matrix


def fuse(index: Index, text: str, words: str, scopes: Collection[str] | None) -> Legs:
    """The passages that either leg finds near, with the score of each leg, both about 0..1.

    ``text`` is encoded, ``words`` are matched. BM25 is divided by the score of a text that holds
    every gram of the question: unlike z-scores or ranks, a sum of absolute scores says how good
    the best passage is, not only that it is the best; it ranked better, too.
    """
    lexical = index.lexical.scores(words)
    vector = index.encoder.encode([text])[0]
    found = np.union1d(best(lexical, NEAR, index.within(scopes)), index.near(vector, NEAR, scopes))
    shared: Scores = lexical[found] / np.float32(max(index.lexical.ideal(words), 1e-9))
    return Legs(found, index.similarity(vector, found), shared, vector)


def style_of(locate: Locate = locate) -> Style:
    """Questions are indexed as :meth:`Retriever.search` is asked: mended, places respelt."""
    return Style("2", lambda question: locate(normalise(question).text, None).text)


STYLE = style_of()


def passages_of(sections: Sequence[Section], extra: Sequence[Question] = ()) -> list[Passage]:
    """Sections as passages; ``extra`` questions join the typical ones."""
    asked: dict[str | None, list[str]] = {}
    for q in extra:
        asked.setdefault(q.section, []).append(q.question)
    return [
        Passage(
            id=s.id,
            text=plain(s.text),
            title=s.title,
            questions=tuple(dict.fromkeys((*s.questions, *asked.get(s.id, ())))),
            scope=s.region or "",
        )
        for s in sections
    ]


def unheld_of(questions: Sequence[Question]) -> list[Passage]:
    """Questions that no section answers, a passage without text for each: to lie nearer to some of
    those than to any section is the best sign that the documents are silent."""
    return [
        Passage(f"{q.voice}/{n}", "", questions=(q.question,))
        for n, q in enumerate(questions)
        if q.section is None
    ]


def _is_national(section: Section, leading: Document) -> bool:
    return section.region is None and leading.authority == "national"


def _elsewhere(context: SearchContext) -> str | None:
    """The place of treatment when it is not where the person is insured: its rules do not bind."""
    there, own = context.treatment_region, context.insured_region
    if there is None or own is None or covers(there, own) or covers(own, there):
        return None
    return there


def _open_to(region: str, context: SearchContext, named: frozenset[str]) -> bool:
    """A region's section is for its own people, and for who asks about that region by name."""
    own = context.insured_region
    if own is not None and covers(region, own):
        return True
    return any(covers(region, n) or covers(n, region) for n in named)


def _in_force(section: Section, on: date) -> bool:
    since, until = section.in_force_from, section.in_force_to
    return (since is None or since <= on) and (until is None or on <= until)


def __getattr__(name: str) -> object:
    """``SectionRetriever`` on demand: LangChain's base class takes half a second to import."""
    if name == "SectionRetriever":
        from assistant.section_retriever import SectionRetriever

        return SectionRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
