"""The words that give a number or a date its role, from ``data/slots/roles.toml``."""

from __future__ import annotations

import re
from functools import cache

from assistant.data import read_toml
from assistant.slots.alignment import Cue, merged
from assistant.slots.faults import Checked
from assistant.slots.setting import DATE_FACTS, MONEY_FACTS

# Roles that are none of our facts: the ordinary part of a bill, its part within the insurance's
# range, what oneself or the fund paid of it, any other figure.
_NO_FACTS = ("ordinary", "within_range", "self_part", "fund_part", "other")
# How far (see ``alignment``) words may stand from their number; a figure that is none of our facts
# must stand right beside its word.
_REACH, _OTHER_REACH = 3.4, 1.6
# 医保报多少, 自付几成: words that ask for a figure give none its role, unless they stand right
# behind a number of their own (3000自费能报多少); 三万八医保报多少 asks nevertheless.
_ASKS = re.compile(
    r"(?:的|了|到|是|有|能|可以?|会|还|再|给|要|得|大概|最后)*(?:报销?|付|给|出|掏|赔)?"
    r"(?:多少|几(?![十百千万])|百分之[几多])"
)
_BEHIND_NUMBER = re.compile(r"[\d元块万千百十](?:钱|是|的|属于)*$")


@cache
def role_words(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(role, pattern) of every entry of ``[[amount]]`` or ``[[date]]``; faults raised together."""
    data = Checked("slots/roles.toml", read_toml("slots/roles.toml"))
    data.keys("amount", "date")
    allowed = {"amount": (*MONEY_FACTS, *_NO_FACTS), "date": (*DATE_FACTS, "other")}
    found = []
    for key, roles in allowed.items():
        for index, entry in enumerate(data.tables(key, {"role", "words"}, {"role", "words"})):
            if entry["role"] not in roles:
                data.fault(key, index, f"role {entry['role']!r}", " | ".join(roles))
            pattern = data.pattern(key, index, "|".join(f"(?:{w})" for w in entry["words"]))
            found.append((key, entry["role"], pattern))
    data.raise_faults()
    return tuple((role, pattern) for key, role, pattern in found if key == table)


def cues_in(text: str, table: str) -> list[Cue]:
    """Role words of ``text`` in order, overlaps resolved."""
    found = [
        Cue(m.start(), m.end(), role, _OTHER_REACH if role == "other" else _REACH)
        for role, pattern in role_words(table)
        for m in pattern.finditer(text)
        if m.end() > m.start() and not (table == "amount" and _asks(text, m, role))
    ]
    return merged(text, found, "total_cost")


def _asks(text: str, cue: re.Match[str], role: str) -> bool:
    if _ASKS.match(text, cue.end()) is None:
        return False
    own = _BEHIND_NUMBER.search(text, max(0, cue.start() - 6), cue.start())
    return role == "fund_part" or own is None
