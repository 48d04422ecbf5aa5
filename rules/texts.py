"""Every Chinese text of the reimbursement rules, read from ``texts.toml``.

``say`` fills a template, ``label`` names a value of a fact, ``limit`` gives a bound of the input.
The file's ``[aliases]`` are what a person may type for a value on the command line.
"""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

_PATH = Path(__file__).with_name("texts.toml")


@cache
def _data() -> dict[str, Any]:
    with _PATH.open("rb") as file:
        data: dict[str, Any] = tomllib.load(file, parse_float=Decimal)
    return data


def say(key: str, **values: object) -> str:
    """The template ``table.name`` with its places filled. A missing key is a bug: KeyError."""
    table, name = key.split(".")
    return str(_data()[table][name]).format(**values)


def label(fact: str, value: object) -> str:
    """How a person calls ``value`` of ``fact`` (三级医院 for facility_level level3)."""
    return str(_data()["labels"][fact][str(value)])


def fact_name(fact: str) -> str:
    """How a person calls the fact itself (医院级别)."""
    return str(_data()["facts"][fact])


def passage(name: str) -> str:
    """The section behind a sentence that belongs to no pack."""
    return str(_data()["passages"][name])


def passages() -> tuple[str, ...]:
    """All sections of :func:`passage`."""
    return tuple(_data()["passages"].values())


def limit(name: str) -> Decimal:
    """A bound of what a person can mean."""
    return Decimal(_data()["limits"][name])


def named_dates(table: str) -> dict[str, date]:
    """A table of days by name (``laws``: when each begins)."""
    return dict(_data()[table])


def values_of(fact: str) -> tuple[str, ...]:
    """All values of ``fact`` that have a label, in the order of the file."""
    return tuple(_data()["labels"][fact])


def spoken(fact: str, text: str) -> str:
    """The value that ``text`` (the value itself, its label or an alias) means, else ``text``."""
    if text in _data()["labels"].get(fact, {}):
        return text
    for value, name in _data()["labels"].get(fact, {}).items():
        if text == name:
            return str(value)
    return str(_data()["aliases"].get(fact, {}).get(text, text))
