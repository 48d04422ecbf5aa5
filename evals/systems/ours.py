"""The assistant of this repository, in process."""

from __future__ import annotations

import itertools
import secrets
from datetime import date
from typing import Any

from assistant import Assistant
from evals.systems import Conversation


class Ours:
    """Each conversation has a thread of its own, never one of an earlier run."""

    name = "ours"
    on_corpus = True

    def __init__(self) -> None:
        self._assistant = Assistant.load()
        self._run = f"evals-{secrets.token_hex(8)}"
        self._count = itertools.count()

    def begin(self, today: date | None) -> Conversation:
        thread = f"{self._run}-{next(self._count)}"

        def ask(message: str) -> dict[str, Any]:
            answer = self._assistant.ask(message, thread=thread, today=today)
            dumped: dict[str, Any] = answer.model_dump(mode="json")
            return dumped

        return ask
