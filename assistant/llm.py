"""A configured language model: it may phrase better and restate a question. It may never invent.

Home of the model's client. Without ``YIDI_LLM_URL`` nothing here is used. Whatever comes back is
checked by :func:`faithful`; what fails the check, or comes late, is dropped for the composed text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from assistant.data import read_toml
from assistant.settings import Settings
from assistant.text import figures, plain

Complete = Callable[[str, str], str | None]
"""(instruction, text) → completion, or None when there is none in time."""

_MARKER = re.compile(r"\[\d+\]")
_TITLE = re.compile(r"《[^》]+》")
_LATIN = re.compile(r"[A-Za-z]{2,}")
TIMEOUT_S = 8.0


def completer(config: Settings) -> Complete | None:
    """The configured model's completion function; None when none is configured."""
    if not config.llm_url:
        return None
    headers = {"Authorization": f"Bearer {config.llm_key.get_secret_value()}"}
    url = f"{config.llm_url.rstrip('/')}/chat/completions"

    import httpx  # only where a model is configured: it is slow to import

    def complete(instruction: str, text: str) -> str | None:
        body = {
            "model": config.llm_model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": instruction},
                {"role": "user", "content": text},
            ],
        }
        try:
            reply = httpx.post(url, json=body, headers=headers, timeout=TIMEOUT_S)
            reply.raise_for_status()
            return _content(reply.json())
        except (httpx.HTTPError, ValueError):
            return None

    return complete


def _content(reply: Any) -> str | None:
    try:
        content = reply["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        return None
    return content.strip() if isinstance(content, str) and content.strip() else None


def rephrased(text: str, complete: Complete) -> str:
    """``text`` in the model's words when they are faithful to it, else ``text`` itself."""
    proposed = complete(read_toml("llm.toml")["phrase"], text)
    return proposed if proposed and faithful(text, proposed) else text


def restated(question: str, complete: Complete) -> str | None:
    """A clearer form of a question that was not understood; None when off the subject or unsafe."""
    proposed = complete(read_toml("llm.toml")["restate"], question)
    if not proposed or "无关" in proposed or len(proposed) > 120:
        return None
    return proposed if figures(proposed) <= figures(question) else None


def faithful(before: str, after: str) -> bool:
    """True when ``after`` says what ``before`` says, as far as can be checked word by word.

    Same markers and figures; no title, Latin word or domain term that was not there; as many
    negations; of comparable length.
    """
    data = read_toml("llm.toml")
    old, new = plain(before), plain(after)
    return (
        Counter(_MARKER.findall(after)).keys() == Counter(_MARKER.findall(before)).keys()
        and figures(new) == figures(old)
        and set(_TITLE.findall(after)) <= set(_TITLE.findall(before))
        and set(_LATIN.findall(new)) <= set(_LATIN.findall(old))
        and all(term in old for term in data["terms"] if term in new)
        and _count(new, data["negations"]) >= _count(old, data["negations"]) - 1
        and 0.5 * len(old) <= len(new) <= 1.3 * len(old)
    )


def _count(text: str, words: list[str]) -> int:
    return sum(text.count(word) for word in words)
