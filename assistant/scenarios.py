"""Which list of papers a text asks for, by the cues of ``scenarios.toml``."""

from __future__ import annotations

import re
from functools import cache

from assistant.data import read_toml


@cache
def _scenarios() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (
            s["base"],
            re.compile("|".join(s["cues"])),
            re.compile("|".join(s["unless"])) if s.get("unless") else None,
        )
        for s in read_toml("scenarios.toml")["scenario"]
    )


def scenario_of(*texts: str) -> str | None:
    """The list of papers asked for by the first text that names one; None: the case decides."""
    for text in texts:
        for base, cues, unless in _scenarios():
            if cues.search(text) and not (unless and unless.search(text)):
                return base
    return None
