"""Labels and texts of the page, from ``assistant/data/page.toml``."""

from __future__ import annotations

from typing import Any

from assistant.data import read_toml


def page_texts() -> dict[str, Any]:
    """The whole of ``page.toml``."""
    return read_toml("page.toml")


def say(key: str, **values: object) -> str:
    """The text ``table.name`` with its places filled. A missing key is a bug: KeyError."""
    found: Any = page_texts()
    for name in key.split("."):
        found = found[name]
    return str(found).format(**values) if values else str(found)
