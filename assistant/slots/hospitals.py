"""Well-known hospitals by their everyday names, and the city that each stands in.

The names are data (``data/slots/hospitals.toml``). A hospital is a place of care, never of
insurance, and says nothing where a place stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.data import read_toml
from assistant.slots.faults import Checked
from assistant.slots.values import Mention
from rules.facts import Facts, Region
from rules.regions import RegionMention, find_region, within

_BESIDE = re.compile(r"(?:省|市|那边|那个)?的?(?:那个|那家)?")
_KEYS = {"cities", "names"}


@dataclass(frozen=True)
class Hospital:
    """A name in a text and the cities that have a hospital of that name, the best known first."""

    start: int
    end: int
    surface: str
    cities: tuple[Region, ...]


@cache
def _table() -> tuple[tuple[re.Pattern[str], tuple[Region, ...]], ...]:
    data = Checked("slots/hospitals.toml", read_toml("slots/hospitals.toml"))
    data.keys("hospital")
    rows = []
    for index, entry in enumerate(data.tables("hospital", _KEYS, _KEYS)):
        cities = [find_region(name) for name in entry["cities"]]
        for name, city in zip(entry["cities"], cities, strict=True):
            if city is None:
                data.fault("hospital", index, f"city {name!r}", "a place that the rules know")
        pattern = data.pattern("hospital", index, "|".join(f"(?:{n})" for n in entry["names"]))
        rows.append((pattern, tuple(city for city in cities if city is not None)))
    data.raise_faults()
    return tuple(rows)


def hospitals_in(text: str) -> tuple[Hospital, ...]:
    """The known hospitals that ``text`` names, from left to right."""
    found = [
        Hospital(m.start(), m.end(), m.group(), cities)
        for pattern, cities in _table()
        for m in pattern.finditer(text)
    ]
    return tuple(sorted(found, key=lambda h: (h.start, -h.end)))


def treated_in(
    text: str,
    hospitals: Sequence[Hospital],
    places: Sequence[RegionMention],
    told: Sequence[Mention],
    known: Facts,
) -> list[Mention]:
    """The city of the first hospital named alone, as the place of care that nothing else tells.

    ``places``: those that the message names; ``told``: the roles they have.
    """
    alone = [h for h in hospitals if not any(_beside(text, h, place) for place in places)]
    if not alone or any(m.fact == "treatment_region" for m in told):
        return []
    first = alone[0]
    spoken = [m.value for m in told] + [known.treatment_region, known.insured_region]
    own = [c for c in first.cities for s in spoken if isinstance(s, Region) and within(c, s)]
    city = own[0] if own else first.cities[0]
    return [Mention("treatment_region", city, first.start, first.end, first.surface)]


def _beside(text: str, hospital: Hospital, place: RegionMention) -> bool:
    return bool(
        _BESIDE.fullmatch(text, place.end, hospital.start)
        if place.end <= hospital.start
        else re.fullmatch(r"[(（,，\s]?(?:在)?", text[hospital.end : place.start])
    )
