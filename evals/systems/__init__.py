"""The systems that can be asked, behind one small protocol; chosen by a word on the command line.

A system opens a conversation for a day and answers one message after the other with the JSON of an
Answer, as much of it as it can give.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from evals.texts import text

Conversation = Callable[[str], dict[str, Any]]


class System(Protocol):
    """``on_corpus``: answers cite the project's corpus, so that citations can be checked."""

    @property
    def name(self) -> str: ...

    @property
    def on_corpus(self) -> bool: ...

    def begin(self, today: date | None) -> Conversation:
        """A new conversation held on ``today`` (None: the real date)."""
        ...


class UnknownSystem(Exception):
    """No system goes by that word."""


class Unreachable(Exception):
    """Nobody answers at the system's address."""


def make_system(word: str) -> System:
    """The system called ``word``: ``ours``, ``http:URL``, ``openai:URL`` or a baseline's name.

    Each is imported only when it is asked for. Raises UnknownSystem.
    """
    kind, _, rest = word.partition(":")
    if word == "ours":
        from evals.systems.ours import Ours

        return Ours()
    if kind in ("http", "https"):
        from evals.systems.remote import OverHttp

        # "http:URL" names the door, then its address; a bare address is taken as it stands.
        return OverHttp(word if rest.startswith("//") else rest)
    if kind == "openai" and rest:
        from evals.systems.remote import OpenAICompatible

        return OpenAICompatible(rest)
    from evals.systems.baselines import BASELINES

    if word in BASELINES:
        return BASELINES[word]()
    names = ["ours", "http:URL", "openai:URL", *BASELINES]
    raise UnknownSystem(text("run.unknown_system", word=word, names=" ".join(names)))
