"""Which cue belongs to which item: an order-preserving matching of least cost. Pure.

Items are numbers or dates, cues are words that give them a role. A cue close by, in the same
clause, is cheap; a cue behind a comma dear; a free item or a free cue costs too, so that
自费3000乙类2000 and 3000自费2000乙类 both come out right.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace

_FREE_ITEM = 6.0
_FAR = 40
_CLAUSE = re.compile(r"[,，;；、\n]")
_LINK = re.compile(r"[\s的是,，了]?")
_AFTER_NUMBER = re.compile(r"[\d元块万千百十](?:是|的|属于)?$")
_SENTENCE = re.compile(r"[。！？!?]")


@dataclass(frozen=True)
class Cue:
    """Words at ``start:end`` that give the role ``role``, to an item within the cost ``reach``."""

    start: int
    end: int
    role: str
    reach: float


def merged(text: str, cues: Sequence[Cue], plain_role: str | None = None) -> list[Cue]:
    """Cues from left to right, overlaps resolved for the longer, neighbours of one role joined.

    A cue of ``plain_role`` right behind another is only its verb: 门槛费交了 is 门槛费.
    """
    kept: list[Cue] = []
    taken = bytearray(len(text))
    for cue in sorted(cues, key=lambda c: (c.start - c.end, c.start)):
        if not any(taken[cue.start : cue.end]):
            taken[cue.start : cue.end] = b"\1" * (cue.end - cue.start)
            kept.append(cue)
    out: list[Cue] = []
    for cue in sorted(kept, key=lambda c: c.start):
        last = out[-1] if out else None
        gap = text[last.end : cue.start] if last else ""
        same = last is not None and last.role == cue.role and _LINK.fullmatch(gap)
        verb = last is not None and cue.role == plain_role and gap in ("", "的")
        if last and (
            same or (verb and not _AFTER_NUMBER.search(text, max(0, last.start - 4), last.start))
        ):
            out[-1] = replace(last, end=cue.end)
        else:
            out.append(cue)
    return out


def align(
    text: str,
    items: Sequence[tuple[int, int]],
    cues: Sequence[Cue],
    *,
    before: float,
    after: float,
) -> list[Cue | None]:
    """For every item (``start, end``) its cue, or None. Sentences are matched one by one.

    ``before``/``after``: the cost of a cue standing before or after its item.
    """
    ends = [m.end() for m in _SENTENCE.finditer(text)]
    chosen: list[Cue | None] = []
    for sentence in sorted({bisect(ends, start) for start, _ in items}):
        own = [i for i in items if bisect(ends, i[0]) == sentence]
        beside = [c for c in cues if bisect(ends, c.start) == sentence]
        costs = [[_cost(text, item, cue, before, after) for cue in beside] for item in own]
        chosen += _matched(costs, beside)
    return chosen


def _matched(costs: Sequence[Sequence[float]], cues: Sequence[Cue]) -> list[Cue | None]:
    """The matching of least cost; ``costs`` has a row an item and a column a cue."""
    rows, columns = len(costs), len(cues)
    best = [[(rows - i) * _FREE_ITEM] * (columns + 1) for i in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            options = [best[i + 1][j] + _FREE_ITEM, best[i][j + 1]]
            if costs[i][j] <= cues[j].reach:
                options.append(best[i + 1][j + 1] + costs[i][j])
            best[i][j] = min(options)
    chosen: list[Cue | None] = [None] * rows
    i = j = 0
    while i < rows and j < columns:
        if costs[i][j] <= cues[j].reach and best[i][j] == best[i + 1][j + 1] + costs[i][j]:
            chosen[i] = cues[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return chosen


def _cost(text: str, item: tuple[int, int], cue: Cue, before: float, after: float) -> float:
    start, end = item
    if cue.end <= start:
        gap_start, gap_end, base = cue.end, start, before
    elif cue.start >= end:
        gap_start, gap_end, base = end, cue.start, after
    else:
        return before  # the cue touches the item
    if gap_end - gap_start > _FAR:
        return _FREE_ITEM
    gap = text[gap_start:gap_end]
    cost = base + 0.12 * len(gap.strip()) + 1.2 * len(_CLAUSE.findall(gap))
    return cost + (0.4 if " " in gap else 0.0)
