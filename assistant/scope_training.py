"""``python -m assistant.scope_training``: the weights of :mod:`assistant.scope`, from text here.

In scope: the training questions, those about contradictions, those the documents cannot answer,
and the examples labelled ``in``; out of scope: the other examples, labelled with the reply to them.
An example's label prevails over where else its question stands. Deterministic on one machine.
Needs the encoder and its index, so it runs after :mod:`assistant.training`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from assistant.questions import FOLDER, disputed_questions, read_questions, training_questions
from assistant.retrieval import Retriever, SearchContext
from assistant.routing import Router
from assistant.scope import BUCKETS, KIND_BUCKETS, WEIGHTS, Signs, buckets
from assistant.settings import settings
from assistant.slots import normalise
from corpus import load_corpus

SEED, STRENGTH = 7, 20.0
SIGNS = 7
"""Numbers of :meth:`assistant.scope.Signs.values`."""
ON = date(2025, 6, 10)
IN = "in"
OFTEN = {"answerable": 0.2}
"""Weight of a text of a source that has many for each thing that is asked; of the others 1."""
BORDER = "other_cover"
"""Questions that the documents cannot answer and that are half of another subject."""


@dataclass(frozen=True)
class Example:
    """``label``: in, or the reply to it; ``theme``: held out together; ``source``: whence."""

    text: str
    label: str
    theme: str
    source: str


def examples() -> list[Example]:
    """All that is known of what is in scope and what is not, each text once."""
    found: dict[str, Example] = {}
    source = files("assistant.data").joinpath("scope_examples.jsonl").read_text(encoding="utf-8")
    for row in map(json.loads, source.splitlines()):
        theme = row.get("theme", row["question"])
        _add(found, row["question"], row["label"], theme, "themed" if "theme" in row else "example")
    for question in training_questions():
        _add(found, question.question, IN, str(question.section), "answerable")
    for path in sorted(FOLDER.glob("unanswerable*.jsonl")):
        for question in read_questions(path):
            if question.voice != BORDER:
                _add(found, question.question, IN, question.question, "unanswerable")
    for question in disputed_questions():
        _add(found, question.question, IN, question.voice, "disputed")
    return list(found.values())


def _add(found: dict[str, Example], asked: str, label: str, theme: str, source: str) -> None:
    text = normalise(asked).text
    found.setdefault(text, Example(text, label, theme, source))


def features(texts: list[str]) -> csr_matrix:
    """Grams, vectors and signs side by side: the columns that the weights are for."""
    retriever, router = Retriever.load(settings(), load_corpus()), Router.load()
    vectors = retriever.index.encoder.encode(texts)
    values = [
        Signs(vector, retriever.search(text, SearchContext(on=ON)), *router.signs(text)).values()
        for text, vector in zip(texts, vectors, strict=True)
    ]
    return csr_matrix(hstack([_grams(texts), csr_matrix(vectors), csr_matrix(np.array(values))]))


def _grams(texts: list[str], count: int = BUCKETS) -> csr_matrix:
    rows, columns, cells = [], [], []
    for n, text in enumerate(texts):
        found = buckets(text, count)
        rows += [n] * len(found)
        columns += found
        cells += [1 / max(1.0, len(found) ** 0.5)] * len(found)
    return csr_matrix((cells, (rows, columns)), shape=(len(texts), count))


def main() -> int:
    """Cross-validates, prints what each threshold would decline, writes the weights."""
    known = examples()
    table = features([e.text for e in known])
    within = np.array([int(e.label == IN) for e in known])
    share = np.array([OFTEN.get(e.source, 1.0) for e in known])
    _print_curve(known, _held_out(table, within, share, [e.theme for e in known]))
    others = [e for e in known if e.label != IN]
    grams = _grams([e.text for e in others], KIND_BUCKETS)
    kinds = _fit(grams, np.array([e.label for e in others]), np.ones(len(others)))
    weights = _fit(table, within, share)
    dim = table.shape[1] - BUCKETS - SIGNS
    row = weights.coef_[0].astype(np.float32)
    np.savez_compressed(
        WEIGHTS,
        grams=row[:BUCKETS].astype(np.float16),
        vector=row[BUCKETS : BUCKETS + dim],
        values=row[BUCKETS + dim :],
        bias=np.float32(weights.intercept_[0]),
        kind_names=kinds.classes_.astype(str),
        kinds=kinds.coef_.astype(np.float16),
        kind_bias=kinds.intercept_.astype(np.float32),
    )
    return 0


def _held_out(
    table: csr_matrix,
    within: npt.NDArray[np.int64],
    share: npt.NDArray[np.float64],
    themes: list[str],
) -> npt.NDArray[np.float64]:
    """Probability of each text by weights that saw no text of its theme."""
    held = np.zeros(len(within))
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=SEED)
    for train, test in folds.split(table, within, themes):
        model = _fit(table[train], within[train], share[train])
        held[test] = model.predict_proba(table[test])[:, 1]
    return held


def _print_curve(known: list[Example], held: npt.NDArray[np.float64]) -> None:
    """Share declined below each threshold, of every source, out of scope and in."""
    kinds = [(e.source, "in" if e.label == IN else "out") for e in known]
    for least in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        shares = {}
        for kind in dict.fromkeys(kinds):
            chosen = [p < least for p, k in zip(held, kinds, strict=True) if k == kind]
            shares[" ".join(kind)] = round(float(np.mean(chosen)), 4)
        print(least, shares)


def _fit(
    table: csr_matrix, labels: npt.NDArray[np.generic], share: npt.NDArray[np.float64]
) -> LogisticRegression:
    """``share``: the weight of each text within its label; the labels weigh alike."""
    weights = share.copy()
    for label in np.unique(labels):
        weights[labels == label] *= len(labels) / share[labels == label].sum()
    weights /= weights.mean()
    return LogisticRegression(C=STRENGTH, max_iter=500).fit(table, labels, sample_weight=weights)


if __name__ == "__main__":
    sys.exit(main())
