"""The table of places behind :mod:`rules.regions`: read once, checked, indexed by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from rules.errors import Fault, InvalidData
from rules.facts import Region

DATA = Path(__file__).parent / "data"
Level = Literal["province", "prefecture", "direct", "county"]
LEVELS = ("province", "prefecture", "direct", "county")
_KEYS = {
    "everyday", "shared", "before", "after", "streets", "villages", "institutions",
    "university", "not_places", "nicknames", "cue",
}  # fmt: skip
_ORDINARY = -27
_ENDING = re.compile(r"(?:省|市|县|区|旗|盟)$")


class Row(NamedTuple):
    """One line of a table. ``parent``: code of the prefecture or province a county stands for.

    ``former``: earlier names, each with the code of the prefecture it then lay in (or None).
    """

    code: str
    level: Level
    parent: str
    name: str
    short: tuple[str, ...]
    former: tuple[tuple[str, str | None], ...]


class Place(NamedTuple):
    """What a name stands for. ``region``: code of the region that insures there."""

    code: str
    level: Level
    name: str
    region: str
    parents: frozenset[str]

    def lies_in(self, other: Place) -> bool:
        """True when the other is this place itself or one of its parents, today's or former."""
        return other.code == self.code or other.code in self.parents


@dataclass(frozen=True)
class Table:
    """Everything ``scan`` needs. ``weights`` ranks the words of a segmentation of equal cover."""

    regions: dict[str, Region]
    parents: dict[str, str]
    municipalities: frozenset[str]
    names: dict[str, tuple[Place, ...]]
    weights: dict[str, int]
    lengths: dict[str, tuple[int, ...]]
    everyday: frozenset[str]
    parent_only: frozenset[str]
    shared: frozenset[str]
    short_counties: frozenset[str]
    after_cue_only: frozenset[str]
    cue: str
    university: str
    street: re.Pattern[str]
    institution: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    county_tail: re.Pattern[str]


@lru_cache(maxsize=1)
def table() -> Table:
    """The tables of ``rules/data``, read once. Raises :class:`InvalidData`."""
    rows = _merged(read_rows(DATA / "regions.tsv"), read_rows(DATA / "regions_supplement.tsv"))
    words = _read_words(DATA / "region_words.toml")
    lexicon = (DATA / "not_regions.txt").read_text(encoding="utf-8").split()
    return _build(rows, words, lexicon)


def read_rows(path: Path) -> dict[str, Row]:
    """The rows of a TSV file by code; lines that begin with ``#`` are comments."""
    rows: dict[str, Row] = {}
    faults: list[Fault] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = [*line.split("\t"), "", "", ""][:6]
        code, level, parent, name, short, former = cells
        if level not in LEVELS or not code.isdigit() or not name or code in rows:
            faults.append(Fault(path.name, number, line, "code⇥level⇥parent⇥name⇥short⇥former"))
            continue
        rows[code] = Row(
            code, cast(Level, level), parent, name, tuple(filter(None, short.split(","))),
            tuple(_former(entry) for entry in former.split(",") if entry),
        )  # fmt: skip
    if faults:
        raise InvalidData(faults)
    return rows


def _former(entry: str) -> tuple[str, str | None]:
    name, _, parent = entry.partition("@")
    return name, parent or None


def _merged(rows: dict[str, Row], more: dict[str, Row]) -> dict[str, Row]:
    """The supplement over the table: names and parents replaced, former names added."""
    merged = dict(rows)
    for code, row in more.items():
        known = rows.get(code)
        former = (*known.former, *row.former) if known else row.former
        merged[code] = Row(code, row.level, row.parent, row.name, row.short, former)
    faults = [
        Fault("regions.tsv", 1, f"{row.code} {row.name}", f"parent {row.parent}")
        for row in merged.values()
        if row.level != "province" and row.parent not in merged
    ]
    if faults:
        raise InvalidData(faults)
    return merged


def _read_words(path: Path) -> dict[str, Any]:
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    if wrong := words.keys() ^ _KEYS:
        raise InvalidData(Fault(path.name, 1, key, ", ".join(sorted(_KEYS))) for key in wrong)
    return words


def _build(rows: dict[str, Row], words: dict[str, Any], lexicon: list[str]) -> Table:
    regions: dict[str, Region] = {}
    names: dict[str, list[Place]] = {}
    short_counties: set[str] = set()
    for row in rows.values():
        province = rows.get(row.code[:2], row)
        insures = row.parent if row.level == "county" else row.code
        if row.level != "county":
            regions[row.code] = Region(code=row.code, name=row.name, province=province.name)
        parents = frozenset(filter(None, (row.parent, row.code[:2])))
        place = Place(row.code, row.level, row.name, insures, parents)
        for name in dict.fromkeys((row.name, *row.short)):
            names.setdefault(name, []).append(place)
        for name, parent in row.former:
            old = parents | {parent} if parent else parents
            names.setdefault(name, []).append(Place(row.code, row.level, row.name, insures, old))
        if row.level == "county":
            short_counties.update(n for n in row.short if not _ENDING.search(n))
        elif row.level == "prefecture":
            for name in row.short:
                if not _ENDING.search(name):
                    names.setdefault(name + "地区", []).append(place)
                    if row.name.endswith("自治州"):
                        names.setdefault(name + "州", []).append(place)
    cues = {n["name"] for n in words["nicknames"] if n.get("cue")}
    for nickname in words["nicknames"]:
        row = rows[nickname["code"]]
        parents = frozenset(filter(None, (row.parent, row.code[:2])))
        place = Place(row.code, row.level, row.name, row.code, parents)
        names.setdefault(nickname["name"], []).append(place)
    indexed = {n: _largest(n, found, words["shared"]) for n, found in names.items()}
    everyday = frozenset(words["everyday"].split()) & indexed.keys()
    weights = dict.fromkeys((*lexicon, *words["not_places"].split()), _ORDINARY)
    weights |= {n: _weight(n, found, everyday, cues) for n, found in indexed.items()}
    lengths: dict[str, set[int]] = {}
    for word in weights:
        lengths.setdefault(word[0], set()).add(len(word))
    return Table(
        regions=regions,
        parents={row.code: row.parent for row in rows.values() if row.level == "county"},
        municipalities=frozenset(
            c for c, r in regions.items() if r.is_province and r.name[-1] == "市"
        ),
        names=indexed,
        weights=weights,
        lengths={first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        everyday=everyday,
        parent_only=frozenset(n for n in everyday if all(p.level == "county" for p in indexed[n])),
        shared=frozenset(words["shared"]),
        short_counties=frozenset(short_counties),
        after_cue_only=frozenset(cues),
        cue=words["cue"],
        university=words["university"],
        street=_street(words),
        institution=re.compile(f"(?:人民|中心)*(?:{_any(words['institutions'])})"),
        before=re.compile(f"(?:{_any(words['before'].split())})$"),
        after=re.compile(f"[（(]?(?:{_any(words['after'].split())})"),
        county_tail=re.compile("[县市区旗](?![里内外区])"),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _street(words: dict[str, Any]) -> re.Pattern[str]:
    """A street or village name goes on here: 香港|中路, 长安|镇 (but 贵州|镇卫生院, 江苏|乡下)."""
    villages = "".join(words["villages"])
    return re.compile(
        f"[城新老]?[东西南北中一二三四五六七八九十]?(?:{_any(words['streets'])})"
        f"|[{villages}](?![上下里镇卫医村级乡])"
    )


def _largest(name: str, found: list[Place], shared: list[str]) -> tuple[Place, ...]:
    """Counties that share a city's or province's name are dropped, `shared` names apart."""
    if len(found) == 1:
        return tuple(found)
    unique = tuple(dict.fromkeys(found))
    larger = tuple(p for p in unique if p.level != "county")
    return unique if name in shared or not larger else larger


def _weight(name: str, found: tuple[Place, ...], everyday: frozenset[str], cues: set[str]) -> int:
    """What a word adds to a segmentation, besides 100 a character: less for each further word.

    Among equal covers: cities and full names, then ordinary words, then counties' short names
    (和|政策, not 和政|策), then everyday names.
    """
    if name in everyday or name in cues:
        return _ORDINARY - 2
    certain = any(p.level != "county" or p.name == name for p in found)
    return _ORDINARY + 1 if certain else _ORDINARY - 1
