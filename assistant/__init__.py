"""Knows how to talk: one question in Chinese in, one cited :class:`~assistant.types.Answer` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from assistant.types import Answer

__all__ = ["Answer", "Assistant"]


def __getattr__(name: str) -> object:
    """Load the heavy parts only when they are asked for (PEP 562)."""
    if name == "Assistant":
        from assistant.pipeline import Assistant

        return Assistant
    if name == "Answer":
        from assistant.types import Answer

        return Answer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
