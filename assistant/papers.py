"""Which lists of papers a sentence asks for, by the words of ``scenarios.toml``.

Says what was asked for by name; what the facts of a case make of it is for ``rules.materials``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.data import read_toml
from rules.facts import Facts


@dataclass(frozen=True)
class _Cued:
    """A list of papers and the words that ask for it; ``kinds``: narrower lists of the same."""

    base: str
    cues: re.Pattern[str]
    unless: re.Pattern[str] | None
    region: str | None
    kinds: tuple[_Cued, ...] = ()

    @classmethod
    def read(cls, entry: dict[str, Any]) -> _Cued:
        return cls(
            entry["base"],
            re.compile("|".join(entry["cues"])),
            re.compile("|".join(entry["unless"])) if entry.get("unless") else None,
            entry.get("region"),
            tuple(cls.read(kind) for kind in entry.get("kind", ())),
        )

    def asked_for(self, text: str, insured: str) -> bool:
        if self.region and not insured.startswith(self.region):
            return False
        return bool(self.cues.search(text)) and not (self.unless and self.unless.search(text))


@cache
def _scenarios() -> tuple[_Cued, ...]:
    return tuple(_Cued.read(entry) for entry in read_toml("scenarios.toml")["scenario"])


def scenarios_of(facts: Facts, text: str) -> tuple[str, ...]:
    """The lists of papers that ``text`` asks for, in its order; none: the case decides.

    Several only when several clauses ask, or the text speaks of several people or kinds at once.
    """
    cues = read_toml("scenarios.toml")
    if leaves(text):
        return ("direct_settlement",)
    several = re.search(cues["several"], text) is not None
    found = _lists_of(facts, text, several=several)
    if len(found) > 1:
        return found
    clauses = re.split(cues["joint"] if several else cues["clause"], text)
    asking = [c for c in clauses if several or re.search(cues["asks"], c)]
    named = dict.fromkeys(n for c in asking for n in _lists_of(facts, c, several=False))
    apart = tuple(n for n in named if not any(o.startswith(f"{n}_") for o in named))
    return apart if len(apart) > 1 else found


def leaves(text: str) -> bool:
    """It asks what to bring on the day of discharge, not for a claim afterwards."""
    cues = read_toml("scenarios.toml")
    return bool(re.search(cues["leaving"], text)) and not re.search(cues["afterwards"], text)


def circumstances_of(text: str) -> frozenset[str]:
    """The circumstances that ``text`` tells of which papers hang on: an injury, drugs bought."""
    cues: dict[str, str] = read_toml("scenarios.toml")["circumstance"]
    return frozenset(name for name, cue in cues.items() if re.search(cue, text))


def _lists_of(facts: Facts, text: str, *, several: bool) -> tuple[str, ...]:
    """The list that ``text`` names: its one kind, or all its kinds when ``several`` are wanted."""
    insured = facts.insured_region.code if facts.insured_region else ""
    cued = next((c for c in _scenarios() if c.asked_for(text, insured)), None)
    if cued is None:
        return ()
    kinds = tuple(kind.base for kind in cued.kinds if kind.asked_for(text, insured))
    known = cued.base == "filing" and facts.filing_type not in (None, "none")
    fits = several if len(kinds) > 1 else bool(kinds) and not known
    return kinds if fits else (cued.base,)
