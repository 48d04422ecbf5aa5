"""Cuts a text into place names and ordinary words, and joins each name to its parents.

The step before :mod:`rules.regions` judges whether a name stands for a place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rules.region_table import Place, Table

_GAP = re.compile(r"[ \t\u3000·\-－—,，（(]?|的|生产建设兵团")
_BRACKET = re.compile(r"\s?[（(]")


@dataclass(frozen=True)
class Token:
    """A name in a text, ``text[start:end] == word``, and all it can stand for."""

    start: int
    end: int
    places: tuple[Place, ...]
    word: str


def cut(text: str, data: Table) -> list[Token]:
    """Place names of the best segmentation: most characters covered by fewest, likeliest words."""
    size = len(text)
    best = [0] * (size + 1)
    step: list[tuple[int, str | None]] = [(1, None)] * size
    for at in range(size - 1, -1, -1):
        top = best[at + 1]
        choice: tuple[int, str | None] = (1, None)
        for length in data.lengths.get(text[at], ()):
            end = at + length
            if end > size:
                continue
            word = text[at:end]
            weight = data.weights.get(word)
            if weight is None:
                continue
            score = 100 * length + weight + best[end]
            if score >= top:
                top, choice = score, (length, word)
        best[at], step[at] = top, choice
    tokens: list[Token] = []
    at = 0
    while at < size:
        length, found = step[at]
        if found is not None and (places := data.names.get(found)):
            tokens.append(Token(at, at + length, places, found))
        at += length
    return tokens


def chains(text: str, tokens: list[Token]) -> list[list[Token]]:
    """Tokens joined to their parents: [[江苏, 南京], [上海]]; 南京（江苏） is 南京."""
    joined: list[list[Token]] = []
    for token in tokens:
        last = joined[-1][-1] if joined else None
        if last and _BRACKET.fullmatch(text, last.end, token.start):
            inside = tuple(p for p in last.places if any(p.lies_in(q) for q in token.places))
            if inside and not any(q.lies_in(p) for p in inside for q in token.places):
                joined[-1][-1] = replace(last, places=inside)
                continue
        if last and _GAP.fullmatch(text, last.end, token.start):
            same = text[last.end : token.start] in ("", "的")
            parts = tuple(
                p
                for p in token.places
                if any(p.lies_in(q) and (same or p.code != q.code) for q in last.places)
            )
            if parts:
                parents = tuple(q for q in last.places if any(p.lies_in(q) for p in parts))
                joined[-1][-1] = replace(last, places=parents)
                joined[-1].append(replace(token, places=parts))
                continue
        joined.append([token])
    return joined
