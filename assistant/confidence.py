"""How sure the search is that its first hit answers: a small logistic model over its scores.

Its coefficients are fitted by ``python -m assistant.training`` on questions with and without an
answer in the corpus, and shipped beside the encoder. Does not search.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.encoder import SHIPPED

FILE = SHIPPED.parent / "calibration.json"


@dataclass(frozen=True)
class Signals:
    """What the confidence is read from, of the first hit and the runner-up; all about 0..1."""

    score: float
    dense: float
    lexical: float
    lead: float
    """Score of the first hit over that of the second."""
    length: float
    """Characters of the question, squashed: 12 → 0.5."""

    @classmethod
    def of(cls, hits: Sequence[tuple[float, float, float]], text: str) -> Signals:
        """From (score, dense, lexical) of the hits, best first."""
        if not hits:
            return cls(0.0, 0.0, 0.0, 0.0, 0.0)
        score, dense, lexical = hits[0]
        second = hits[1][0] if len(hits) > 1 else 0.0
        return cls(score, dense, lexical, score - second, len(text) / (len(text) + 12))

    def values(self) -> tuple[float, ...]:
        return (self.score, self.dense, self.lexical, self.lead, self.length)


@dataclass(frozen=True)
class Calibration:
    """``probability = 1 / (1 + exp(-(bias + weights · signals)))``."""

    weights: tuple[float, ...] = (8.0, 0.0, 0.0, 4.0, 0.0)
    bias: float = -2.6
    floor: float = 0.5

    @classmethod
    def shipped(cls) -> Calibration:
        """The fitted one, or the defaults before any was fitted."""
        if not FILE.is_file():
            return cls()
        raw = json.loads(FILE.read_text(encoding="utf-8"))
        return cls(tuple(raw["weights"]), float(raw["bias"]), float(raw["floor"]))

    def save(self, path: Path = FILE) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def probability(self, signals: Signals) -> float:
        """0..1, four decimals."""
        total = self.bias + sum(w * v for w, v in zip(self.weights, signals.values(), strict=True))
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 4)


UNFITTED = Calibration()
