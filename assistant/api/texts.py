"""What the doors say, from ``assistant/data/api.toml``."""

from __future__ import annotations

from typing import Any

from assistant.data import read_toml


def say(group: str, name: str, /, **values: object) -> str:
    """The text ``group.name`` with its places filled. A missing one is a bug: KeyError."""
    text: str = read_toml("api.toml")[group][name]
    return text.format(**values) if values else text


def validation(kind: str, values: dict[str, Any]) -> str:
    """What is wrong with a field, by pydantic's name for it."""
    texts: dict[str, str] = read_toml("api.toml")["validation"]
    try:
        return texts.get(kind, texts["other"]).format(**values)
    except KeyError:
        return texts["other"]
