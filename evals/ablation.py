"""Every choice of the search, measured: ``python -m evals retrieval --ablate``.

Three tests of each variant: the held-out questions; new wordings (the training questions cut in
folds, each found by what the others taught); new sections (the questions of a fold's sections,
typical ones too, unknown to the encoder; the index knows the typical ones, as it does of a document
added since). All variants of a fold share one trained encoder
unless the encoder is what varies. Seeds are fixed: the same machine prints the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from assistant.calibrating import context_of, part
from assistant.encoder import Encoder, Matrix
from assistant.index import Index, Positions, in_memory
from assistant.indexing import Passage
from assistant.lexical import Scores
from assistant.places import Located, locate
from assistant.questions import Question, read_questions, training_questions, unanswerable_questions
from assistant.retrieval import (
    STYLE,
    WEIGHTS,
    Locate,
    Retriever,
    SearchContext,
    Weights,
    passages_of,
    style_of,
)
from assistant.training import Recipe, examples_of, train
from corpus.load import Corpus, load_corpus
from evals.retrieval import Scores as Table
from evals.retrieval import first_rank

FOLDS = 3
RECIPE = Recipe()
Order = Callable[[str, SearchContext], list[str]]
"""Section ids, best first, for a question as the assistant searches for it."""


@dataclass(frozen=True)
class Fold:
    """What may be known, and what is asked. ``untaught``: sections the encoder may not know."""

    corpus: Corpus
    known: tuple[Question, ...]
    asked: tuple[Question, ...]
    untaught: frozenset[str] = frozenset()

    def passages(self) -> list[Passage]:
        return passages_of(self.corpus.sections, self.known)

    def taught(self) -> list[Passage]:
        """The passages as the encoder is taught them."""
        return [replace(p, questions=()) if p.id in self.untaught else p for p in self.passages()]


def as_written(text: str, elsewhere: str | None = None) -> Located:
    """Leaves places as they are written; still tells which are named."""
    return replace(locate(text, elsewhere), text=text)


class NearestIndex(Index):
    """One vector for each text, title and question; a passage is as near as its nearest one."""

    @cached_property
    def _every(self) -> tuple[Matrix, Positions]:
        """All vectors, and the row where each passage's begin."""
        lengths = [1 + bool(p.title) + len(p.questions) for p in self.passages]
        texts = [
            t
            for p in self.passages
            for t in (p.words, p.title, *map(STYLE.rewrite, p.questions))
            if t
        ]
        return self.encoder.encode(texts), np.cumsum([0, *lengths[:-1]])

    def near(self, vector: Matrix, count: int, scopes: Collection[str] | None = None) -> Positions:
        among = self.within(scopes)
        return np.arange(len(self.passages)) if among is None else np.flatnonzero(among)

    def similarity(self, vector: Matrix, positions: Positions) -> Scores:
        rows, starts = self._every
        nearest: Scores = np.maximum.reduceat(rows @ vector, starts)
        return nearest[positions]


@cache
def encoder_of(fold: Fold, recipe: Recipe, located: Locate = locate) -> Encoder:
    """The encoder that the fold's questions teach."""
    return train(examples_of(fold.taught(), style_of(located), fold.known), recipe)


def searched(
    fold: Fold,
    *,
    weights: Weights = WEIGHTS,
    recipe: Recipe = RECIPE,
    kind: type[Index] = Index,
    questions_in_words: bool = False,
    expand: bool = True,
    located: Locate = locate,
) -> Order:
    """Our search with one thing changed."""
    encoder = encoder_of(fold, recipe, located)
    passages = fold.passages()
    if not expand:
        passages = [replace(p, questions=()) for p in passages]

    def lexical(p: Passage) -> str:
        return "\n".join((p.title, p.words, *(p.questions if questions_in_words else ())))

    index = in_memory(passages, encoder, style_of(located), kind=kind, lexical=lexical)
    unheld = np.zeros((0, encoder.dim), dtype=np.float32)
    retriever = Retriever(index, fold.corpus, unheld, locate=located, weights=weights)
    return lambda query, context: [
        h.section.id for h in retriever.search(query, context, k=50).hits
    ]


def jieba_bm25(texts: Sequence[str]) -> Callable[[str], list[int]]:
    """Ranks texts for a question by BM25 over jieba's words (``cut_for_search``)."""
    import bm25s
    import jieba

    def words(text: str) -> list[str]:
        return [w for w in jieba.lcut_for_search(text) if w.strip()]

    model = bm25s.BM25(method="lucene")
    model.index([words(t) for t in texts], show_progress=False)

    def rank(question: str) -> list[int]:
        tokens = words(question)
        scores = model.get_scores(tokens) if tokens else np.zeros(len(texts))
        found: list[int] = np.argsort(-scores, kind="stable").tolist()
        return found

    return rank


def _jieba(fold: Fold) -> Order:
    rank = jieba_bm25([f"{s.title}\n{s.text}" for s in fold.corpus.sections])
    ids = [s.id for s in fold.corpus.sections]
    return lambda query, context: [ids[n] for n in rank(query)]


LEXICAL, DENSE = replace(WEIGHTS, dense=0.0), replace(WEIGHTS, dense=1.0)
VARIANTS: tuple[tuple[str, Callable[[Fold], Order]], ...] = (
    ("BM25, jieba words", _jieba),
    ("BM25, characters", lambda f: searched(f, weights=LEXICAL)),
    ("  and questions", lambda f: searched(f, weights=LEXICAL, questions_in_words=True)),
    ("dense, untrained", lambda f: searched(f, weights=DENSE, recipe=Recipe(epochs=0))),
    ("dense, no question expansion", lambda f: searched(f, weights=DENSE, expand=False)),
    ("dense, nearest question", lambda f: searched(f, weights=DENSE, kind=NearestIndex)),
    ("dense, centre", lambda f: searched(f, weights=DENSE)),
    ("fused (shipped)", searched),
    ("  no question expansion", lambda f: searched(f, expand=False)),
    ("  questions in BM25, too", lambda f: searched(f, questions_in_words=True)),
    ("  nearest question", lambda f: searched(f, kind=NearestIndex)),
    ("  places as written", lambda f: searched(f, located=as_written)),
)


def folds_of(corpus: Corpus, questions: Sequence[Question]) -> Iterator[tuple[str, Fold]]:
    """The folds of the two cross-validations, by test; what has no answer is known in all."""
    silent = tuple(q for q in questions if q.section is None)
    train_questions = [q for q in questions if q.section is not None]
    for n in range(FOLDS):
        known = (*silent, *(q for q in train_questions if part(q.question, FOLDS) != n))
        asked = tuple(q for q in train_questions if part(q.question, FOLDS) == n)
        yield "new wording", Fold(corpus, known, asked)
    for n in range(FOLDS):
        known = (*silent, *(q for q in train_questions if part(str(q.section), FOLDS) != n))
        asked = tuple(q for q in train_questions if part(str(q.section), FOLDS) == n)
        untaught = frozenset(s.id for s in corpus.sections if part(s.id, FOLDS) == n)
        yield "new section", Fold(corpus, known, asked, untaught)


def ranks_of(fold: Fold, order: Order) -> list[int | None]:
    """Rank of the right section for every question of the fold."""
    ranks: list[int | None] = []
    for q in fold.asked:
        query, context = context_of(q.question, fold.corpus.section(str(q.section)).region)
        ranks.append(first_rank(order(query, context), [q.section]))
    return ranks


def ablate(paths: Sequence[Path], *, quick: bool = False) -> int:
    """Print the table; ``quick``: without the cross-validations, which take most of the time."""
    corpus = load_corpus()
    ids = {s.id for s in corpus.sections}
    known = (*training_questions(known=ids), *unanswerable_questions())
    held_out = tuple(q for p in paths for q in read_questions(p, ids) if q.section is not None)
    tests: dict[str, list[Fold]] = {}
    if held_out:
        tests["held out"] = [Fold(corpus, known, held_out)]
    for test, fold in () if quick else folds_of(corpus, known):
        tests.setdefault(test, []).append(fold)
    print(f"{'':32}" + "".join(f"{f'{t}: R@1    R@3    MRR':>32}" for t in tests))
    for name, build in VARIANTS:
        line = f"{name:32}"
        for folds in tests.values():
            table = Table.of([r for fold in folds for r in ranks_of(fold, build(fold))])
            line += f"{table.at_1:>18.3f}  {table.at_3:.3f}  {table.mrr_10:.3f}"
        print(line, flush=True)
    return 0
