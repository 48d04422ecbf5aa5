"""The case files under ``tests/cases`` as values, and facts written with the names of regions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rules.facts import CostItems, Facts
from rules.packs import DIRECTORY
from rules.regions import find_region

CASES = Path(__file__).with_name("cases")
TODAY = date(2025, 6, 1)
STEMS = tuple(sorted(path.stem for path in DIRECTORY.glob("*.toml")))
"""The packs; each has a case file of the same name."""
_KEYS = {
    *("name", "today", "facts", "fund", "reason", "settlement", "pack", "ratio", "reference"),
    *("causes", "causes_not", "assumes", "assumes_not", "missing", "scenarios", "notes"),
}
_REGIONS = ("insured_region", "treatment_region", "filed_region")


def facts_of(said: Mapping[str, Any]) -> Facts:
    """Facts from plain values: regions by name, money as strings."""
    values = dict(said)
    for name in _REGIONS:
        if name in values:
            region = find_region(values[name])
            assert region is not None, values[name]
            values[name] = region
    values["items"] = CostItems(**values.get("items", {}))
    return Facts(**values)


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """``(file: name, case)`` of every case of every pack."""
    for stem in STEMS:
        for case in tomllib.loads((CASES / f"{stem}.toml").read_text(encoding="utf-8"))["case"]:
            assert not set(case) - _KEYS, (stem, case["name"], set(case) - _KEYS)
            yield f"{stem}: {case['name']}", case


def span(values: list[str]) -> tuple[Decimal, Decimal]:
    """One value or two as lowest and highest."""
    return Decimal(values[0]), Decimal(values[-1])
