"""The values of open facts as scenarios and causes show them, and what a person calls them."""

from __future__ import annotations

from collections.abc import Sequence

from rules.branch import LOCAL, ORDINARY
from rules.spread import Point
from rules.texts import label, values_of
from rules.unfold import age_bands
from rules.words import age_value, ages


def value_label(points: Sequence[Point], fact: str, value: object) -> str:
    """三级医院, 在职, 70–74 岁; an age is the first of its band."""
    if fact == "age" and isinstance(value, int):
        return ages(*_band(points, value))
    return label(fact, value)


def value_text(points: Sequence[Point], fact: str, value: object) -> str:
    """The value itself as a string: ``level3``, ``true``, ``70-74``."""
    if fact == "age" and isinstance(value, int):
        return age_value(*_band(points, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def in_order(fact: str, values: Sequence[object]) -> list[object]:
    """The values of a fact in the order of its labels, ages rising; the local one left out."""
    told = [value for value in values if value != LOCAL]
    if fact == "age":
        return sorted(told, key=lambda value: value if isinstance(value, int) else 0)
    names = values_of(fact)
    return sorted(told, key=lambda value: names.index(str(value)) if value != ORDINARY else 0)


def _band(points: Sequence[Point], first: int) -> tuple[int, int | None]:
    """The age band that begins at ``first``: it ends where the next one begins."""
    packs = {
        point.branch.pack.id: point.branch.pack
        for point in points
        if point.branch.pack is not None and "age" in point.branch.tags
    }
    starts = sorted({start for pack in packs.values() for start in age_bands(pack)})
    return first, next((start for start in starts if start > first), None)
