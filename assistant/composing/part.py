"""One part of an answer, before parts are put together."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.data import read_toml
from assistant.types import ConflictView, ReimbursementView, Route, ValidityView
from rules.outcome import Materials


@dataclass(frozen=True)
class Part:
    """``text`` carries final markers. ``head`` parts come before all others."""

    route: Route
    text: str
    confidence: float
    reimbursement: ReimbursementView | None = None
    validity: ValidityView | None = None
    materials: Materials | None = None
    missing: tuple[str, ...] = ()
    conflicts: tuple[ConflictView, ...] = ()
    suggestions: tuple[str, ...] = ()
    also: tuple[Route, ...] = ()
    """Further routes that the text serves."""
    head: bool = False
    disputed: bool = False
    """It opens with what holds where the sources differ."""
    brief: str = ""
    """The result alone, when it was told before."""
    sections: tuple[str, ...] = ()
    """Corpus sections whose content the text already tells."""


def say(group: str, name: str, **values: object) -> str:
    """The reply ``group.name`` of ``replies.toml`` with its values filled in."""
    template: str = read_toml("replies.toml")[group][name]
    return template.format(**values) if values else template


def options(group: str, name: str) -> list[str]:
    """A list of ``replies.toml``."""
    found: list[str] = read_toml("replies.toml")[group][name]
    return found


def fold(summary: str, blocks: list[str]) -> str:
    """Blocks behind a summary of ``replies.toml``, opened when wanted; empty without blocks."""
    return titled(say("fold", summary), blocks)


def titled(title: str, blocks: list[str]) -> str:
    """Blocks behind ``title``, opened when wanted; empty when there are none."""
    if not blocks:
        return ""
    inner = "\n\n".join(blocks)
    return f"<details><summary>{title}</summary>\n\n{inner}\n\n</details>"
