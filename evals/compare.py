"""What got better, worse or merely different between two runs, and whether it may be chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evals.results import Result, canonical


@dataclass(frozen=True)
class Comparison:
    """Ids by what happened from the first run to the second. ``p``: two-sided sign test."""

    better: tuple[str, ...]
    worse: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    p: float


def compare(first: Sequence[Result], second: Sequence[Result]) -> Comparison:
    """Compare by points (so that wrong → silent is better) on the items both runs have."""
    one, two = {r.id: r for r in first}, {r.id: r for r in second}
    both = [id for id in one if id in two]

    def rank(result: Result) -> tuple[bool, int]:
        return result.passed, result.points

    better = tuple(id for id in both if rank(two[id]) > rank(one[id]))
    worse = tuple(id for id in both if rank(two[id]) < rank(one[id]))
    level = [id for id in both if rank(two[id]) == rank(one[id])]
    changed = tuple(id for id in level if canonical(one[id].answer) != canonical(two[id].answer))
    return Comparison(
        better=better,
        worse=worse,
        changed=changed,
        same=len(level) - len(changed),
        only_first=tuple(id for id in one if id not in two),
        only_second=tuple(id for id in two if id not in one),
        p=sign_test(len(better), len(worse)),
    )


def sign_test(better: int, worse: int) -> float:
    """Exact two-sided probability of so uneven a split when both sides are equally likely."""
    total = better + worse
    if total == 0:
        return 1.0
    tail = sum(math.comb(total, k) for k in range(min(better, worse) + 1))
    return min(1.0, float(2 * tail / 2**total))
