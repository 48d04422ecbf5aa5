"""Is an answer given at 0.8 right in 80% of cases? Bins of a tenth, expected calibration error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

BINS = 10


def calibration(given: Sequence[tuple[float | None, bool]]) -> dict[str, Any]:
    """Bins (from, count, mean confidence, accuracy), ``ece`` and ``brier``; None without any.

    Answers without a confidence are left out and counted in ``without``.
    """
    known = [(c, passed) for c, passed in given if c is not None]
    bins: list[dict[str, Any]] = []
    error = 0.0
    for number in range(BINS):
        held = [(c, ok) for c, ok in known if min(int(c * BINS), BINS - 1) == number]
        if held:
            mean = sum(c for c, _ in held) / len(held)
            accuracy = sum(ok for _, ok in held) / len(held)
            error += abs(mean - accuracy) * len(held)
            bins.append({"from": number / BINS, "items": len(held),
                         "confidence": round(mean, 4), "accuracy": round(accuracy, 4)})  # fmt: skip
    total = len(known)
    brier = sum((c - ok) ** 2 for c, ok in known)
    return {
        "bins": bins,
        "ece": round(error / total, 4) if total else None,
        "brier": round(brier / total, 4) if total else None,
        "without": len(given) - total,
    }
