"""Everything the assistant says or listens for, as TOML; read once, unknown files are an error."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_toml(name: str) -> dict[str, Any]:
    """The table of ``assistant/data/<name>``.

    Raises :class:`FileNotFoundError` for an unknown name and :class:`ValueError` (with file and
    line) for text that is not TOML.
    """
    source = files(__package__).joinpath(name)
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"assistant/data/{name}: {error}") from error
