"""Turns a class of fault or a line of the command line into words; the words are in data."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import Fault


@cache
def _messages() -> dict[str, Any]:
    with (Path(__file__).parent / "messages.toml").open("rb") as file:
        return tomllib.load(file)


def fault(code: str, path: str, line: int, **values: object) -> Fault:
    """The fault ``code`` of ``messages.toml`` at ``path:line``; ``values`` fill its braces."""
    entry = _messages()["faults"][code]
    return Fault(
        path=path,
        line=line,
        message=entry["message"].format(**values),
        expected=entry["expected"].format(**values),
        code=code,
        warning=entry.get("warning", False),
    )


def say(key: str, **values: object) -> str:
    """One line of the command line in Chinese."""
    text: str = _messages()["cli"][key]
    return text.format(**values)


def kind_of(value: str) -> str:
    """What a field of kind ``value`` (``text``, ``day``, …) must look like."""
    text: str = _messages()["kinds"][value]
    return text
