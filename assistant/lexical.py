"""Words in common: BM25 over character 1- and 2-grams, the home of bm25s.

Characters beat segmented words in every setting measured (``python -m evals retrieval
--ablate``), need no dictionary, and read strange text as well as our own. Knows no vectors.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Scores: TypeAlias = npt.NDArray[np.float32]

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z]+|\d+(?:\.\d+)?|[^\W_]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def grams(text: str, sizes: tuple[int, ...] = (1, 2)) -> list[str]:
    """Character n-grams of each Chinese run; Latin words and numbers whole, once for each size."""
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if not _CHINESE.match(run):
            found += [run] * len(sizes)
            continue
        for n in sizes:
            found += [run[i : i + n] for i in range(len(run) - n + 1)]
    return found


class Lexical:
    """A BM25 index over texts, scored as by bm25s ``lucene``: 0 where nothing is shared."""

    def __init__(self, model: Any, vocabulary: dict[str, int], weights: Scores, size: int) -> None:
        self._model = model
        self._most = 1 + float(model.k1)
        self._vocabulary = vocabulary
        self._weights = weights
        self.size = size

    @classmethod
    def build(
        cls,
        texts: Iterable[str],
        *,
        k1: float = 1.5,
        b: float = 0.75,
        sizes: tuple[int, ...] = (1, 2),
    ) -> Lexical:
        """Index ``texts`` in order; the n-th score belongs to the n-th text."""
        import bm25s

        vocabulary: dict[str, int] = {}
        rows = [
            [vocabulary.setdefault(g, len(vocabulary)) for g in grams(text, sizes)]
            for text in texts
        ]
        # bm25s needs one token at least, and a text without any token is given one of its own.
        blank = vocabulary.setdefault("", len(vocabulary))
        rows = [row or [blank] for row in rows] or [[blank]]
        model = bm25s.BM25(k1=k1, b=b, method="lucene")
        model.index((rows, vocabulary), create_empty_token=False, show_progress=False)
        return cls(model, vocabulary, _inverse_frequencies(rows, len(vocabulary)), len(rows))

    def scores(self, query: str, sizes: tuple[int, ...] = (1, 2)) -> Scores:
        """One score a text, shape ``(size,)``."""
        ids = self._ids(query, sizes)
        if not ids:
            return np.zeros(self.size, dtype=np.float32)
        found: Scores = self._model.get_scores_from_ids(ids)
        return found

    def ideal(self, query: str) -> float:
        """The score of a text that holds every gram of ``query`` very often.

        A gram that no text has weighs as much as the rarest: strange words count as missing.
        """
        known = [self._vocabulary.get(g) for g in grams(query)]
        rare = float(self._weights.max(initial=0.0))
        return self._most * sum(rare if i is None else float(self._weights[i]) for i in known)

    def save(self, folder: Path) -> None:
        self._model.save(folder, show_progress=False)
        np.save(folder / "weights.npy", self._weights)

    @classmethod
    def open(cls, folder: Path, *, mapped: bool = False) -> Lexical:
        """``mapped``: read the arrays from disk as needed (large indexes).

        Raises ``OSError`` or ``ValueError`` when the folder is damaged.
        """
        import bm25s

        model = bm25s.BM25.load(folder, mmap=mapped, load_vocab=False, show_progress=False)
        vocabulary: dict[str, int] = json.loads(
            (folder / "vocab.index.json").read_text(encoding="utf-8")
        )
        weights: Scores = np.load(folder / "weights.npy")
        return cls(model, vocabulary, weights, int(model.scores["num_docs"]))

    def _ids(self, query: str, sizes: tuple[int, ...]) -> list[int]:
        found = (self._vocabulary.get(g) for g in grams(query, sizes))
        return [i for i in found if i is not None]


def _inverse_frequencies(rows: Sequence[Sequence[int]], size: int) -> Scores:
    counts = np.zeros(size, dtype=np.int64)
    for row in rows:
        counts[list(set(row))] += 1
    return np.log1p((len(rows) - counts + 0.5) / (counts + 0.5)).astype(np.float32)
