"""Reads one TOML file into a pydantic model; every fault with file and line, all at once."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from rules.errors import InvalidData
from rules.packs_lines import fault_of, syntax_fault


class Strict(BaseModel):
    """A block of a data file: unknown keys are refused, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Model = TypeVar("Model", bound=Strict)


def read_file(path: Path, model: type[Model]) -> Model:
    """The file as ``model``. Raises :class:`InvalidData` on broken TOML or a wrong value."""
    text = path.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InvalidData([syntax_fault(path, error)]) from error
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise InvalidData(fault_of(path, text, item) for item in error.errors()) from error
