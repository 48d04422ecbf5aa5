"""Systems behind an address: our own HTTP door, or any OpenAI-compatible chat endpoint."""

from __future__ import annotations

import itertools
import json
import os
import secrets
from datetime import date
from typing import Any

import httpx

from evals.systems import Conversation, Unreachable
from evals.texts import text

TIMEOUT_S = 120.0


def _post(client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    """The reply's JSON, or ``{"error": …}`` for one question that was refused or took too long.

    Raises Unreachable: then no question would be answered.
    """
    try:
        reply = client.post(path, json=body)
        reply.raise_for_status()
        return reply.json()
    except httpx.ConnectError as error:
        line = text("run.unreachable", address=client.base_url, what=error)
        raise Unreachable(line) from error
    except (httpx.HTTPError, json.JSONDecodeError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


class OverHttp:
    """``POST <address>/api/ask`` as the contract says; the answer is taken as it comes."""

    on_corpus = True

    def __init__(self, address: str) -> None:
        address = address if "://" in address else f"http://{address}"
        self.name = f"http:{address}"
        self._client = httpx.Client(base_url=address.rstrip("/"), timeout=TIMEOUT_S)
        self._run = f"evals-{secrets.token_hex(8)}"
        self._count = itertools.count()

    def begin(self, today: date | None) -> Conversation:
        thread = f"{self._run}-{next(self._count)}"
        day = today.isoformat() if today else None

        def ask(message: str) -> dict[str, Any]:
            body = {"question": message, "thread": thread, "today": day}
            answer: dict[str, Any] = _post(self._client, "/api/ask", body)
            return answer

        return ask


class OpenAICompatible:
    """``POST <address>/chat/completions``. Only the text is known: whatever else an item expects
    of the answer object, such a system fails. Model and key: ``EVALS_MODEL``, ``EVALS_KEY``.
    """

    on_corpus = False

    def __init__(self, address: str) -> None:
        self.name = f"openai:{address}"
        key = os.environ.get("EVALS_KEY", "")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            base_url=address.rstrip("/"), timeout=TIMEOUT_S, headers=headers
        )
        self._model = os.environ.get("EVALS_MODEL", "default")

    def begin(self, today: date | None) -> Conversation:
        day = text("run.today_is", today=today.isoformat()) if today else ""
        system = f"{text('run.system_prompt')}{day}"
        messages: list[dict[str, str]] = [{"role": "system", "content": system}]

        def ask(message: str) -> dict[str, Any]:
            messages.append({"role": "user", "content": message})
            body = {"model": self._model, "messages": messages, "temperature": 0, "seed": 0}
            reply = _post(self._client, "/chat/completions", body)
            if "error" in reply:
                return dict(reply)
            said = str(reply["choices"][0]["message"]["content"])
            messages.append({"role": "assistant", "content": said})
            return {"question": message, "routes": [], "text": said, "citations": []}

        return ask
