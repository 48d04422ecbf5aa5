"""What a question is after, by the words of ``scope.toml`` and the case it is asked of.

Answers yes or no of one turn or wish; gathers nothing.
"""

from __future__ import annotations

import re
from functools import cache

from assistant.data import read_toml
from assistant.evidence import Turn
from assistant.routing import Wish

NAMED = 3
"""Characters that name a thing asked about."""


def of_emergency_cut(turn: Turn, wish: Wish) -> bool:
    """Asks whether less is paid for a case that counts as filed, being an emergency."""
    away = turn.facts.same_province is not True
    return away and turn.facts.filing_type == "emergency" and asks_by("less", wish)


def passed_on(turn: Turn) -> bool:
    """What others say or the law is asked about, and the message tells of nobody's case."""
    dated = turn.said & {"filed_on", "cancelled_on", "admitted_on", "discharged_on"}
    words = read_toml("scope.toml")
    asked = "|".join([*words["claim"], *words["of_rule"]])
    own = turn.personal or turn.open_case or dated
    return not own and re.search(asked, turn.text) is not None


def has_subject(text: str) -> bool:
    """The sentence has a subject of its own besides the amount."""
    return re.search(_subject(), text) is not None


def of_something(sentence: str) -> bool:
    """It asks of a thing of its own: more is left of it than the words of any such question."""
    bare = re.sub("|".join(read_toml("scope.toml")["bare_words"]), "", sentence)
    return len(bare) >= NAMED


@cache
def _subject() -> str:
    return "|".join(read_toml("scope.toml")["subject"])


def asks_by(name: str, wish: Wish) -> bool:
    """The wish's words are among those of ``scope.toml`` under ``name``."""
    return re.search("|".join(read_toml("scope.toml")[name]), wish.sentence) is not None


def asks_only(name: str, wish: Wish) -> bool:
    """The wish says nothing but the question that ``scope.toml`` words whole under ``name``."""
    bare = re.sub(r"[\W_]+", "", wish.sentence)
    return re.fullmatch(read_toml("scope.toml")[name]["bare"], bare) is not None
