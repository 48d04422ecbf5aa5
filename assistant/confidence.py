"""How sure the search is: two small logistic models over its scores.

*Right*: the first hit answers the question. *Held*: the documents hold an answer at all, found
first or not; below the floor the assistant says that they do not. Both are fitted by ``python -m
assistant.training`` on questions that the encoder of that fold had not seen, with and without an
answer, and shipped beside the encoder. Does not search.
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
    """What confidence is read from: the first hit, its lead, and the pull of what is not held."""

    score: float = 0.0
    dense: float = 0.0
    lexical: float = 0.0
    lead: float = 0.0
    """Score of the first hit over the second."""
    field: float = 0.0
    """Score of the first hit over the fourth."""
    silent: float = 0.0
    """Cosine with the nearest kind of question that the documents do not answer."""

    @classmethod
    def of(cls, hits: Sequence[tuple[float, float, float]], silent: float) -> Signals:
        """From (score, dense, lexical) of the hits, best first."""
        if not hits:
            return cls(silent=silent)
        score, dense, lexical = hits[0]
        others = [h[0] for h in hits[1:4]] or [0.0]
        return cls(score, dense, lexical, score - others[0], score - others[-1], silent)

    def values(self) -> tuple[float, ...]:
        """The numbers that weights are multiplied with."""
        return (self.score, self.dense, self.lexical, self.lead, self.field, self.silent)


@dataclass(frozen=True)
class Logistic:
    """``1 / (1 + exp(-(bias + weights · values)))``, four decimals."""

    weights: tuple[float, ...]
    bias: float

    def __call__(self, signals: Signals) -> float:
        pairs = zip(self.weights, signals.values(), strict=True)
        total = self.bias + sum(w * v for w, v in pairs)
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 4)


@dataclass(frozen=True)
class Calibration:
    """The two models and the floor under ``held``."""

    right: Logistic = Logistic((8.0, 0.0, 0.0, 4.0, 0.0, 0.0), -2.6)
    held: Logistic = Logistic((8.0, 4.0, 0.0, 4.0, 0.0, -8.0), -1.0)
    floor: float = 0.5

    @classmethod
    def shipped(cls) -> Calibration:
        """The fitted one, or the defaults before any was fitted."""
        if not FILE.is_file():
            return cls()
        raw = json.loads(FILE.read_text(encoding="utf-8"))
        right, held = (
            Logistic(tuple(raw[n]["weights"]), raw[n]["bias"]) for n in ("right", "held")
        )
        return cls(right, held, float(raw["floor"]))

    def save(self, path: Path = FILE) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")


UNFITTED = Calibration()
