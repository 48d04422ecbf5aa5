"""Which sections answer a question, for this person, on that day, and how sure that is.

Two legs, the encoder's cosine with a section and BM25 over characters, are put on one scale and
added; the person's case then lifts, lowers or hides sections (:mod:`assistant.standing`). Ranks and
flags only: does not compose, does not decide what to say when nothing answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
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
from assistant.standing import WEIGHTS, SearchContext, Standing, Weights
from assistant.text import plain
from corpus.load import Corpus
from corpus.model import Section

if TYPE_CHECKING:
    from assistant.section_retriever import SectionRetriever

__all__ = [
    "WEIGHTS",
    "Hit",
    "Retriever",
    "SearchContext",
    "SearchResult",
    "SectionRetriever",
    "Weights",
]

NEAR = 64
"""Sections by meaning, and as many by words, that are looked at closely."""
SEEN = 4
"""Hits that the confidence is read from."""
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
        self._unheld = unheld
        self._standing = Standing(corpus, weights)
        self._share = weights.dense
        self._locate = locate
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
        hits, silent = self._hits(located, context, max(k, SEEN))
        signals = Signals.of([(h.score, h.dense, h.lexical) for h in hits], silent)
        return SearchResult(
            hits=tuple(hits[:k]),
            confidence=self._calibration.right(signals),
            answerable=self._calibration.held(signals) >= self._floor,
            signals=signals,
        )

    def _hits(
        self, located: Located, context: SearchContext, count: int
    ) -> tuple[list[Hit], float]:
        """The best sections, best first (equal scores in the corpus's order); and the mean cosine
        with the nearest questions that the documents do not answer."""
        scopes = self._standing.scopes(context, located.named)
        words = located.text.replace(ELSEWHERE, " ")
        legs = fuse(self.index, located.text, words, scopes)
        share, found = self._share, legs.found
        dense, lexical = legs.dense.astype(np.float64), legs.lexical.astype(np.float64)
        added = self._standing.added(context, located.named)[found]
        scores = np.round(share * dense + (1 - share) * lexical + added, 6)
        in_force = self._standing.in_force(context.on)[found]
        hits = [
            Hit(
                section=self._sections[found[n]],
                score=float(scores[n]),
                dense=round(float(dense[n]), 6),
                lexical=round(float(lexical[n]), 6),
                in_force=bool(in_force[n]),
            )
            for n in np.argsort(-scores, kind="stable")[:count]
        ]
        nearest = np.sort(np.vecdot(self._unheld, legs.vector))[-UNHELD:]
        return hits, round(float(nearest.sum()) / UNHELD, 6)


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


def _elsewhere(context: SearchContext) -> str | None:
    """The place of treatment when it is not where the person is insured: its rules do not bind."""
    there, own = context.treatment_region, context.insured_region
    if there is None or own is None or covers(there, own) or covers(own, there):
        return None
    return there


def __getattr__(name: str) -> object:
    """``SectionRetriever`` on demand: LangChain's base class takes half a second to import."""
    if name == "SectionRetriever":
        from assistant.section_retriever import SectionRetriever

        return SectionRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
