"""Spoken forms of facts: from the words of ``data/slots/*.toml`` to hits in a text.

Knows nothing of numbers, dates and places. A hit says which facts its words set; whether they are
believed (several values, weak words, questions) is decided in ``reader``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from assistant.data import read_toml
from assistant.slots.faults import Checked, SlotDataError

_KEYS = {"sets", "negated", "says", "patterns", "weak", "open", "not_before", "not_after"}
FILES = ("words", "where", "diseases")
_CONTEXT = 24


@dataclass(frozen=True)
class Form:
    """One entry of the word files, compiled."""

    sets: MappingProxyType[str, Any]
    negated: MappingProxyType[str, Any] | None
    weak: bool
    open: bool
    pattern: re.Pattern[str]
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None


@dataclass(frozen=True)
class Hit:
    """Words in the text that set facts. ``asked``: they stand in 是不是 …, 有没有 …, or leave it
    open (不知道备没备案)."""

    start: int
    end: int
    surface: str
    sets: MappingProxyType[str, Any]
    weak: bool = False
    negated: bool = False
    asked: bool = False


@dataclass(frozen=True)
class Lexicon:
    forms: tuple[Form, ...]
    negation: re.Pattern[str]
    negation_after: re.Pattern[str]
    asked: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """All word files, checked: every fault of all of them is raised at once."""
    faults: list[str] = []
    forms: list[Form] = []
    negation = negation_after = asked = re.compile(r"(?!)")
    for name in FILES:
        data = Checked(f"slots/{name}.toml", read_toml(f"slots/{name}.toml"))
        data.keys("form", "negation")
        forms += compiled_forms(data)
        if "negation" in data.table:
            table = data.table["negation"]
            negation = data.pattern("negation", 0, table.get("before", "(?!)"))
            negation_after = data.pattern("negation", 0, table.get("after", "(?!)"))
            asked = data.pattern("negation", 0, table.get("asked", "(?!)"))
        faults += data.faults
    if faults:
        raise SlotDataError(faults)
    return Lexicon(tuple(forms), negation, negation_after, asked)


def compiled_forms(data: Checked) -> list[Form]:
    """The entries of ``[[form]]``; faults are noted in ``data``."""
    forms = []
    for index, entry in enumerate(data.tables("form", _KEYS, {"sets"})):
        for key in ("sets", "negated"):
            data.facts("form", index, entry.get(key, {}))
        says = sorted(map(re.escape, entry.get("says", [])), key=len, reverse=True)
        sources = [*entry.get("patterns", []), *says]
        if not sources:
            data.fault("form", index, "no words", "says or patterns")
            continue
        negated = entry.get("negated")
        before, after = entry.get("not_before"), entry.get("not_after")
        forms.append(
            Form(
                MappingProxyType(entry["sets"]),
                None if negated is None else MappingProxyType(negated),
                bool(entry.get("weak", False)),
                bool(entry.get("open", False)),
                data.pattern("form", index, "|".join(f"(?:{s})" for s in sources)),
                data.pattern("form", index, f"(?:{before})$") if before else None,
                data.pattern("form", index, after) if after else None,
            )
        )
    return forms


def hits(text: str) -> tuple[Hit, ...]:
    """Words of the lexicon in ``text``, none inside another, in reading order."""
    words = lexicon()
    found = [hit for form in words.forms for hit in _of(form, text, words)]
    # A longer form swallows the shorter ones inside it that speak of the same facts.
    found.sort(key=lambda h: (h.start - h.end, h.start))
    kept: list[Hit] = []
    for hit in found:
        if not any(_swallows(k, hit) for k in kept):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda h: (h.start, h.end)))


def values_of(fact: str, text: str) -> tuple[Any, ...]:
    """Every value that the words of ``text`` give ``fact``, each once, in reading order."""
    named = (hit.sets[fact] for hit in hits(text) if fact in hit.sets and not hit.negated)
    return tuple(dict.fromkeys(named))


def _swallows(longer: Hit, hit: Hit) -> bool:
    inside = longer.start <= hit.start and hit.end <= longer.end
    same_words = (longer.start, longer.end) == (hit.start, hit.end)
    return inside and not same_words and not hit.sets.keys().isdisjoint(longer.sets)


def _of(form: Form, text: str, words: Lexicon) -> Iterator[Hit]:
    for match in form.pattern.finditer(text):
        start, end = match.span()
        if start == end:
            continue
        before = text[max(0, start - _CONTEXT) : start]
        if form.not_before and form.not_before.search(before):
            continue
        if form.not_after and form.not_after.match(text, end):
            continue
        surface = match.group()
        asked = form.open or words.asked.search(before) is not None
        denied = words.negation.search(before) is not None
        if form.negated is not None and words.negation_after.match(text, end):
            denied = True
        if not asked and denied:
            if form.negated is not None:
                yield Hit(start, end, surface, form.negated, form.weak, negated=True)
            continue
        yield Hit(start, end, surface, form.sets, form.weak, asked=asked)
