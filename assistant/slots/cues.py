"""Cues about a message as a whole: correction, what-if, plan, short answers (``flags.toml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assistant.data import read_toml
from assistant.slots.faults import Checked
from assistant.slots.values import FactValue

_EDGE = re.compile(r"^[\s,.，。!！~、]+|(?:[\s,.，。!！~、]|吧|啊|呀|哈|哦|的呢|了呢)+$")


@dataclass(frozen=True)
class _Tables:
    """Flags by name, yes and no by name, and (fact, whole message) → value."""

    flags: dict[str, re.Pattern[str]]
    answers: dict[str, frozenset[str]]
    replies: dict[tuple[str, str], FactValue]


@cache
def _tables() -> _Tables:
    data = Checked("slots/flags.toml", read_toml("slots/flags.toml"))
    data.keys("flag", "answer", "reply")
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
    replies: dict[tuple[str, str], FactValue] = {}
    keys = {"fact", "value", "words"}
    for index, entry in enumerate(data.tables("reply", keys, keys)):
        data.facts("reply", index, {entry["fact"]: entry["value"]})
        replies |= {(entry["fact"], word): entry["value"] for word in entry["words"]}
    data.raise_faults()
    return _Tables(flags, answers, replies)


def flags_of(text: str) -> frozenset[str]:
    """The names of all cues found in ``text`` (normalised)."""
    return frozenset(name for name, pattern in _tables().flags.items() if pattern.search(text))


def short_answer(text: str) -> bool | None:
    """True for yes, False for no, None when the message is no bare answer."""
    bare = _EDGE.sub("", text)
    answers = _tables().answers
    if bare in answers.get("no", ()):
        return False
    return True if bare in answers.get("yes", ()) else None


def worded_reply(text: str, fact: str) -> FactValue:
    """The value of ``fact`` that a bare reply words when it was asked for, else None."""
    return _tables().replies.get((fact, _EDGE.sub("", text)))
