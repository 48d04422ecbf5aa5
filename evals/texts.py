"""Every text that a person reads from the evaluation, by key, from ``data/texts.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def _texts() -> dict[str, Any]:
    return tomllib.loads((DATA / "texts.toml").read_text(encoding="utf-8"))


def text(key: str, **values: object) -> str:
    """The text at ``section.name`` with ``{name}`` places filled.

    Raises KeyError for a key or a place that does not exist.
    """
    section, name = key.split(".")
    return str(_texts()[section][name]).format(**values)


def table(key: str) -> dict[str, Any]:
    """A whole section of the texts."""
    return dict(_texts()[key])
