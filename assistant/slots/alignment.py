"""Which cue belongs to which item: an order-preserving matching of least cost. Pure.

Items are numbers or dates, cues are words that give them a role. A cue close by, in the same
clause, is cheap; a cue behind a comma dear; a free item or a free cue costs too, so that
自费3000乙类2000 and 3000自费2000乙类 both come out right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_FREE_ITEM = 6.0
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
    for cue in sorted(cues, key=lambda c: (c.start - c.end, c.start)):
        if all(cue.end <= k.start or k.end <= cue.start for k in kept):
            kept.append(cue)
    out: list[Cue] = []
    for cue in sorted(kept, key=lambda c: c.start):
        last = out[-1] if out else None
        gap = text[last.end : cue.start] if last else ""
        same = last is not None and last.role == cue.role and _LINK.fullmatch(gap)
        verb = last is not None and cue.role == plain_role and gap in ("", "的")
        if last and (same or (verb and not _AFTER_NUMBER.search(text, 0, last.start))):
            out[-1] = replace(last, end=cue.end)
        else:
            out.append(cue)
    return out


def align(
    text: str, items: Sequence[tuple[int, int]], cues: Sequence[Cue], *,
    before: float, after: float,
) -> list[int | None]:  # fmt: skip
    """For every item (``start, end``) the index of its cue, or None.

    ``before``/``after``: the cost of a cue standing before or after its item.
    """
    rows, columns = len(items), len(cues)
    costs = [[_cost(text, item, cue, before, after) for cue in cues] for item in items]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        best[i][columns] = best[i + 1][columns] + _FREE_ITEM
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            options = [best[i + 1][j] + _FREE_ITEM, best[i][j + 1]]
            if costs[i][j] <= cues[j].reach:
                options.append(best[i + 1][j + 1] + costs[i][j])
            best[i][j] = min(options)
    chosen: list[int | None] = [None] * rows
    i = j = 0
    while i < rows and j < columns:
        if costs[i][j] <= cues[j].reach and best[i][j] == best[i + 1][j + 1] + costs[i][j]:
            chosen[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return chosen


def _cost(text: str, item: tuple[int, int], cue: Cue, before: float, after: float) -> float:
    start, end = item
    if cue.end <= start:
        gap, base = text[cue.end : start], before
    elif cue.start >= end:
        gap, base = text[end : cue.start], after
    else:
        return before  # the cue surrounds or touches the item
    cost = base + 0.12 * len(gap.strip())
    cost += 1.2 * len(_CLAUSE.findall(gap)) + 4.0 * len(_SENTENCE.findall(gap))
    return cost + (0.4 if " " in gap else 0.0)
