"""How likely a message is about the subject at all: a linear reading of its characters, its vector
and of what the search finds for it; and which other subject it is of, by its characters alone.
Trained by :mod:`assistant.scope_training`, shipped as weights.

Gives probabilities; what is declined is routing's business.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.encoder import Matrix
from assistant.retrieval import SearchResult

WEIGHTS = Path(__file__).resolve().parent / "models" / "scope.npz"
BUCKETS = 1 << 16
KIND_BUCKETS = 1 << 13
SIZES = (1, 2)
KIND = 0.5
"""Probability from which a kind is named."""
_KEPT = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Signs:
    """What is known of a message beside its characters."""

    vector: Matrix
    """Shape ``(dim,)``, of the encoder."""
    found: SearchResult
    domain_words: int
    near: bool
    """A word near the subject (hospital, papers …) is in it."""
    out_cue: bool
    """A cue of a subject that is none of ours is in it."""

    def values(self) -> list[float]:
        """The numbers the weights are for, beside the vector's."""
        first = self.found.hits[0] if self.found.hits else None
        return [
            self.found.confidence,
            first.score if first else 0.0,
            first.dense if first else 0.0,
            first.lexical if first else 0.0,
            float(min(self.domain_words, 4)),
            float(self.near),
            float(self.out_cue),
        ]


def buckets(text: str, count: int = BUCKETS) -> list[int]:
    """Hashed character grams of ``text``, each once, sorted; numbers below ``count``."""
    kept = f"^{''.join(_KEPT.findall(text.lower()))}$"
    grams = {kept[i : i + n] for n in SIZES for i in range(len(kept) - n + 1)}
    return sorted({zlib.crc32(gram.encode()) % count for gram in grams})


@dataclass(frozen=True)
class Kinds:
    """Which other subject: a row of ``weights``, (kinds, KIND_BUCKETS), for each of ``names``."""

    names: tuple[str, ...]
    weights: Matrix
    bias: Matrix

    def likeliest(self, text: str) -> tuple[str, float]:
        """(name, probability) of the kind that ``text`` is most likely of."""
        found = buckets(text, KIND_BUCKETS)
        totals = self.bias + self.weights[:, found].sum(axis=1) / max(1.0, len(found) ** 0.5)
        chances = np.exp(totals - totals.max())
        best = int(chances.argmax())
        return self.names[best], float(chances[best] / chances.sum())


class Scope:
    """The weights, loaded once."""

    def __init__(
        self, grams: Matrix, vector: Matrix, values: Matrix, bias: float, kinds: Kinds
    ) -> None:
        self._grams = grams
        self._vector = vector
        self._values = values
        self._bias = bias
        self._kinds = kinds

    @classmethod
    @lru_cache(maxsize=1)
    def shipped(cls) -> Scope:
        """The weights that come with the project."""
        with np.load(WEIGHTS) as held:
            return cls(
                held["grams"].astype(np.float32),
                held["vector"].astype(np.float32),
                held["values"].astype(np.float32),
                float(held["bias"]),
                Kinds(
                    tuple(str(name) for name in held["kind_names"]),
                    held["kinds"].astype(np.float32),
                    held["kind_bias"].astype(np.float32),
                ),
            )

    def kind(self, text: str) -> str | None:
        """The other subject that ``text`` (normalised) is of, or None when none is likely."""
        name, chance = self._kinds.likeliest(text)
        return name if chance >= KIND else None

    def probability(self, text: str, signs: Signs) -> float:
        """Probability, 0..1, that ``text`` (normalised) is about the subject."""
        found = buckets(text)
        total = self._bias + float(self._grams[found].sum()) / max(1.0, len(found) ** 0.5)
        if self._vector.shape == signs.vector.shape:
            total += float(signs.vector @ self._vector)
        total += float(np.dot(self._values, _column(signs.values())))
        return round(float(1 / (1 + np.exp(-total))), 6)


def _column(values: Sequence[float]) -> Matrix:
    return np.asarray(values, dtype=np.float32)
