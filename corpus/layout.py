"""The writing rules of ``format.toml``: topics, lengths, how evidence is told to the reader."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Lengths are characters without white space and Markdown marks."""

    topics: tuple[str, ...]
    care: tuple[str, ...]
    insurance: tuple[str, ...]
    least: int
    usual_least: int
    usual_most: int
    most: int
    least_questions: int
    most_documents: int
    evidence: dict[str, tuple[str, ...]]
    """Kind of evidence → phrases of which the text must hold one."""


@cache
def layout() -> Layout:
    with (Path(__file__).parent / "format.toml").open("rb") as file:
        data = tomllib.load(file)
    return Layout(
        topics=tuple(data["topics"]),
        care=tuple(data["care"]),
        insurance=tuple(data["insurance"]),
        **data["text"],
        **data["section"],
        evidence={kind: tuple(phrases) for kind, phrases in data["evidence"].items()},
    )
