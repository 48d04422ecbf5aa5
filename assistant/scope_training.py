"""``python -m assistant.scope_training``: the weights of :mod:`assistant.scope`, from text here.

In scope: the training questions, those about contradictions, those the documents cannot answer,
and the examples labelled ``in``; out of scope: the other examples. Deterministic on one machine.
Needs the encoder and its index, so it runs after :mod:`assistant.training`.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from importlib.resources import files

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from assistant.questions import FOLDER, disputed_questions, read_questions, training_questions
from assistant.retrieval import Retriever, SearchContext
from assistant.routing import Router
from assistant.scope import BUCKETS, WEIGHTS, Signs, buckets
from assistant.settings import settings
from assistant.slots import normalise
from corpus import load_corpus

SEED, ANSWERABLE, STRENGTH = 7, 2500, 20.0
SIGNS = 7
"""Numbers of :meth:`assistant.scope.Signs.values`."""
ON = date(2025, 6, 10)


def examples() -> tuple[list[str], list[int], list[str]]:
    """(texts, 1 for in scope, where each comes from)."""
    rng = np.random.default_rng(SEED)
    known = training_questions()
    chosen = rng.choice(len(known), min(ANSWERABLE, len(known)), replace=False)
    rows: list[tuple[str, int, str]] = [(known[i].question, 1, "answerable") for i in chosen]
    for path in sorted(FOLDER.glob("unanswerable*.jsonl")):
        rows += [(q.question, 1, "unanswerable") for q in read_questions(path)]
    rows += [(q.question, 1, "disputed") for q in disputed_questions()]
    source = files("assistant.data").joinpath("scope_examples.jsonl").read_text(encoding="utf-8")
    for line in source.splitlines():
        row = json.loads(line)
        rows.append((row["question"], int(row["label"] == "in"), "example"))
    return [normalise(t).text for t, _, _ in rows], [y for _, y, _ in rows], [s for *_, s in rows]


def features(texts: list[str]) -> csr_matrix:
    """Grams, vectors and signs side by side: the columns that the weights are for."""
    retriever, router = Retriever.load(settings(), load_corpus()), Router.load()
    vectors = retriever.index.encoder.encode(texts)
    rows, columns, cells, values = [], [], [], []
    for n, text in enumerate(texts):
        found = buckets(text)
        rows += [n] * len(found)
        columns += found
        cells += [1 / max(1.0, len(found) ** 0.5)] * len(found)
        result = retriever.search(text, SearchContext(on=ON))
        signs = Signs(vectors[n], result, *router.signs(text))
        values.append(signs.values())
    grams = csr_matrix((cells, (rows, columns)), shape=(len(texts), BUCKETS))
    return csr_matrix(hstack([grams, csr_matrix(vectors), csr_matrix(np.array(values))]))


def main() -> int:
    """Cross-validates, prints what each threshold would decline, writes the weights."""
    texts, labels, sources = examples()
    table, y, origin = features(texts), np.array(labels), np.array(sources)
    held = np.zeros(len(y))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=SEED).split(table, y):
        held[test] = _fit(table[train], y[train]).predict_proba(table[test])[:, 1]
    for least in (0.05, 0.1, 0.15, 0.2, 0.3, 0.5):
        declined = {"out": float(np.mean(held[y == 0] < least))}
        for name in dict.fromkeys(sources):
            declined[name] = float(np.mean(held[(y == 1) & (origin == name)] < least))
        print(least, {k: round(v, 4) for k, v in declined.items()})
    weights = _fit(table, y)
    dim = table.shape[1] - BUCKETS - SIGNS
    row = weights.coef_[0].astype(np.float32)
    np.savez_compressed(
        WEIGHTS,
        grams=row[:BUCKETS].astype(np.float16),
        vector=row[BUCKETS : BUCKETS + dim],
        values=row[BUCKETS + dim :],
        bias=np.float32(weights.intercept_[0]),
    )
    return 0


def _fit(table: csr_matrix, y: np.ndarray[tuple[int], np.dtype[np.int64]]) -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, max_iter=500, class_weight="balanced")
    return model.fit(table, y)


if __name__ == "__main__":
    sys.exit(main())
