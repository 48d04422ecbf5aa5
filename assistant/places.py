"""Place names in a question, for search: which regions it names, all of them spelt alike.

A region's own rules are told apart by a filter and a small lift of the search, never by its name:
left in the question, the name of a place that has documents of its own drew every question from
there to those, whatever was asked. Does not tell insured from treatment region: that is the
reader's job.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.regions import scan

ELSEWHERE = "某地"


@dataclass(frozen=True)
class Located:
    """``text`` with its places respelt; ``named``: codes of the places it names."""

    text: str
    named: frozenset[str]


def locate(text: str, elsewhere: str | None = None) -> Located:
    """``text`` as it is searched for. ``elsewhere``: a region that is only where care is given, not
    counted as named."""
    pieces: list[str] = []
    named: set[str] = set()
    done = 0
    for mention in scan(text):
        codes = [r.code for r in mention.candidates]
        named.update(c for c in codes if elsewhere is None or not covers(elsewhere, c))
        pieces += [text[done : mention.start], ELSEWHERE]
        done = mention.end
    return Located("".join((*pieces, text[done:])), frozenset(named))


def covers(outer: str, inner: str) -> bool:
    """Whether the region ``inner`` is ``outer`` or lies in that province."""
    return inner == outer or (len(outer) == 2 and inner.startswith(outer))
