"""Cues about a message as a whole: correction, what-if, plan, short answers (``flags.toml``)."""

from __future__ import annotations

import re
from functools import cache

from assistant.data import read_toml
from assistant.slots.faults import Checked

_EDGE = re.compile(r"^[\s,.，。!！~、]+|(?:[\s,.，。!！~、]|吧|啊|呀|哈|哦|的呢|了呢)+$")


@cache
def _tables() -> tuple[dict[str, re.Pattern[str]], dict[str, frozenset[str]]]:
    data = Checked("slots/flags.toml", read_toml("slots/flags.toml"))
    data.keys("flag", "answer")
    flags = {
        entry["name"]: data.pattern("flag", index, "|".join(f"(?:{p})" for p in entry["patterns"]))
        for index, entry in enumerate(
            data.tables("flag", {"name", "patterns"}, {"name", "patterns"})
        )
    }
    answers = {
        entry["name"]: frozenset(entry["words"])
        for entry in data.tables("answer", {"name", "words"}, {"name", "words"})
    }
    data.raise_faults()
    return flags, answers


def flags_of(text: str) -> frozenset[str]:
    """The names of all cues found in ``text`` (normalised)."""
    return frozenset(name for name, pattern in _tables()[0].items() if pattern.search(text))


def short_answer(text: str) -> bool | None:
    """True for yes, False for no, None when the message is no bare answer."""
    bare = _EDGE.sub("", text)
    answers = _tables()[1]
    if bare in answers.get("no", ()):
        return False
    return True if bare in answers.get("yes", ()) else None
