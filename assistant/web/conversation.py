"""One conversation as the page knows it, and the link that lets somebody else replay it.

A link carries what was said, packed into the address's fragment: it is stored nowhere.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.types import Answer
from rules.facts import Facts

MOST_TURNS = 60
_MOST_BYTES = 200_000


@dataclass(frozen=True)
class Turn:
    """A question and its answer. ``amended``: the case as the person set it just before."""

    question: str
    today: date
    answer: Answer
    amended: Facts | None = None


@dataclass(frozen=True)
class Conversation:
    """What one visitor said since the last new start; ``thread`` is the assistant's name for it.

    The latest :data:`MOST_TURNS` turns are kept; ``asked`` counts all of them. ``amended``: the
    case as a form set it since the last turn.
    """

    thread: str = field(default_factory=lambda: uuid4().hex)
    turns: tuple[Turn, ...] = ()
    asked: int = 0
    amended: Facts | None = None

    def with_turn(self, turn: Turn) -> Conversation:
        turns = (*self.turns, turn)[-MOST_TURNS:]
        return replace(self, turns=turns, asked=self.asked + 1, amended=None)

    def up_to(self, number: int) -> tuple[Turn, ...]:
        """The turns kept up to the one counted ``number`` from 0; () when it is not kept."""
        last = number - self.asked + len(self.turns)
        return self.turns[: last + 1] if 0 <= last < len(self.turns) else ()


class SharedTurn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(max_length=20_000)
    amended: Facts | None = None


class Shared(BaseModel):
    """What a link holds: the turns up to the one shared, and the day they were asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    today: date
    turns: tuple[SharedTurn, ...] = Field(min_length=1, max_length=MOST_TURNS)


def pack(turns: tuple[Turn, ...]) -> str:
    """``turns`` as URL-safe text; the answer shared is that of the last one."""
    shared = Shared(
        today=turns[-1].today,
        turns=tuple(SharedTurn(question=t.answer.question, amended=t.amended) for t in turns),
    )
    body = json.dumps(shared.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
    return base64.urlsafe_b64encode(zlib.compress(body.encode(), 9)).decode().rstrip("=")


def unpack(text: str) -> Shared | None:
    """What :func:`pack` made, or None for anything else."""
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        body = zlib.decompressobj().decompress(packed, _MOST_BYTES)
        return Shared.model_validate_json(body)
    except (binascii.Error, zlib.error, ValidationError, ValueError):
        return None
