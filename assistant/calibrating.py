"""Fits the confidence of the search: part of ``python -m assistant.training``.

The questions are cut in folds; each fold is searched by an encoder and an index that never saw it,
those that the corpus cannot answer among them. What the search then showed is what confidence is
read from. Does not train the shipped encoder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from assistant.confidence import Calibration, Logistic, Signals
from assistant.index import in_memory
from assistant.indexing import centres
from assistant.questions import Question
from assistant.retrieval import STYLE, Retriever, SearchContext, passages_of, unheld_of
from assistant.slots import normalise, read
from assistant.training import RECIPE, Recipe, examples_of, train
from corpus.load import Corpus
from rules.facts import Facts

FOLDS = 3
TODAY = date(2026, 11, 25)
"""The day the questions are asked, fixed so that a run can be repeated."""
MOST_SILENT = 0.02
"""Share of the folds' answerable questions on which the floor may be silent. The shipped encoder
has seen all questions and is surer of new ones than those of the folds: fewer in use."""


@dataclass(frozen=True)
class Seen:
    """What the search showed for one question."""

    signals: Signals
    right: bool
    held: bool


def context_of(question: str, region: str | None = None) -> tuple[str, SearchContext]:
    """The question as the assistant searches for it, and what it says of the person.

    ``region``: where the person is insured when the question itself does not say.
    """
    clean = normalise(question).text
    facts = Facts.model_validate(read(clean, TODAY).facts)
    insured, there = facts.insured_region, facts.treatment_region
    return clean, SearchContext(
        on=TODAY,
        insured_region=insured.code if insured else region,
        treatment_region=there.code if there else None,
        insurance=facts.insurance_type,
        care=facts.care_type,
    )


def look(retriever: Retriever, corpus: Corpus, question: Question) -> Seen:
    """Search for one question as the assistant does."""
    own = corpus.section(question.section).region if question.section else None
    query, context = context_of(question.question, own)
    result = retriever.search(query, context, k=1)
    found = result.hits[0].section.id if result.hits else None
    right = question.section is not None and found == question.section
    return Seen(result.signals, right, question.section is not None)


def folded(
    corpus: Corpus,
    questions: Sequence[Question],
    also: Sequence[Question] = (),
    recipe: Recipe = RECIPE,
) -> list[Seen]:
    """Every question seen by a search that was taught by the other folds.

    ``also``: what the encoder is taught besides.
    """
    seen: list[Seen] = []
    for n in range(FOLDS):
        known = [q for q in questions if part(q.question, FOLDS) != n]
        passages = passages_of(corpus.sections, known)
        encoder = train(examples_of(passages, STYLE, (*known, *also)), recipe)
        unheld = centres(unheld_of(known), encoder, STYLE)
        retriever = Retriever(in_memory(passages, encoder, STYLE), corpus, unheld)
        asked = (q for q in questions if part(q.question, FOLDS) == n)
        seen += [look(retriever, corpus, q) for q in asked]
    return seen


def fit(seen: Sequence[Seen]) -> Calibration:
    """The two models, and the floor that is silent on few answerable questions."""
    held = _logistic(seen, [s.held for s in seen], balanced=True)
    right = _logistic(seen, [s.right for s in seen], balanced=False)
    answerable = [held(s.signals) for s in seen if s.held]
    return Calibration(right, held, round(float(np.quantile(answerable, MOST_SILENT)), 4))


def part(text: str, folds: int) -> int:
    """The fold of a text, the same on every machine."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % folds


def _logistic(seen: Sequence[Seen], labels: Sequence[bool], *, balanced: bool) -> Logistic:
    from sklearn.linear_model import LogisticRegression

    values: npt.NDArray[np.float64] = np.array([s.signals.values() for s in seen])
    spread = np.maximum(values.std(axis=0), 1e-9)
    model = LogisticRegression(C=3.0, class_weight="balanced" if balanced else None, max_iter=2000)
    model.fit(values / spread, np.array(labels))
    weights = (model.coef_[0] / spread).round(6)
    return Logistic(tuple(weights.tolist()), round(float(model.intercept_[0]), 6))
