"""Places of China by name: provinces, prefectures, counties, as the rules need them.

``find_region("襄樊")`` resolves one name, ``scan(text)`` finds the places a sentence speaks of. A
county or district stands for the prefecture whose health insurance it belongs to; a district of
a municipality for the municipality. Codes are GB/T 2260 without trailing zeros.

The table ``data/regions.tsv`` is made from the JioNLP library (Apache-2.0) by ``python -m
rules.regions rebuild``; ``data/regions_supplement.tsv`` and ``data/region_words.toml`` are written
by hand. Does not know people's names, streets or hospitals: it only avoids taking them for places.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Literal

from rules.facts import Region
from rules.region_cut import Token, chains, cut
from rules.region_table import Place, Table, table

Level = Literal["province", "prefecture", "direct", "county"]
_RANK: dict[str, int] = {"province": 0, "prefecture": 1, "direct": 1, "county": 2}
_ALONE = re.compile(
    r"(?:我?们?家?人?(?:是|在))?(?P<name>.+?)"
    r"(?:的|人|那边|这边|吧|呀|啊|呢)*[\s。.!！?？~]*"
)
_ALONE_LIMIT = 20


@dataclass(frozen=True)
class RegionMention:
    """One place in a text: ``text[start:end] == surface``, parents before it included (江苏南京).

    ``candidates``: the regions it can mean, the larger first; several when the name is shared
    (吉林, 鼓楼区). ``region``: the one meant, None when several are equally likely (鼓楼区; 朝阳,
    the city or Beijing's district). ``level``: of the place named; a ``county`` stands for its
    prefecture. ``county``: official name of the county or district when it is exactly one.
    """

    start: int
    end: int
    surface: str
    candidates: tuple[Region, ...]
    region: Region | None
    level: Level
    county: str | None = None

    @property
    def ambiguous(self) -> bool:
        return len(self.candidates) > 1


def find_region(name: str) -> Region | None:
    """The region of an exact full, short or former name; a county gives its prefecture.

    A name shared by places of different kinds gives the largest (吉林 → 吉林省); by several of one
    kind (鼓楼区), or an unknown name, None. ``candidates`` tells the two apart.
    """
    data = table()
    return _meant(data, _places(data, name))


def candidates(name: str) -> tuple[Region, ...]:
    """All regions that a name can mean, the larger first; empty for an unknown name."""
    data = table()
    return _regions(data, _places(data, name))


def region_by_code(code: str) -> Region | None:
    """The province, prefecture or directly administered county of a code, with or without zeros.

    ``1101`` and ``110000`` are 北京市, code ``11``; a county's code gives its prefecture.
    """
    data = table()
    code = code.strip()
    for known in (code, code.rstrip("0"), code.rstrip("0") + "0"):
        if known in data.regions:
            return data.regions[known]
    if code in data.parents:
        return data.regions[data.parents[code]]
    if code[:4] in data.regions:
        return data.regions[code[:4]]
    return data.regions.get(code[:2]) if code[:2] in data.municipalities else None


def same_province(first: Region, second: Region) -> bool:
    """True when both lie in one province (a municipality is a province)."""
    return first.code[:2] == second.code[:2]


def same_city(first: Region, second: Region) -> bool:
    """True for one and the same prefecture, direct county or municipality, not for a province."""
    if first.code != second.code:
        return False
    return not first.is_province or first.name.endswith("市")


def within(inner: Region, outer: Region) -> bool:
    """True when ``inner`` is ``outer`` or lies in it (a province covers its cities)."""
    return inner.code == outer.code or (outer.is_province and same_province(inner, outer))


def scan(text: str) -> tuple[RegionMention, ...]:
    """Places in reading order, none overlapping; a parent and its part are one mention.

    The text is cut into place names and ordinary words so that most characters are covered
    (``省内|江苏``, not ``内江``); everyday words, streets and institutions are then left out.
    """
    data = table()
    kept: list[RegionMention] = []
    for chain in chains(text, cut(text, data)):
        mention = _mention(text, chain, data, kept)
        if mention is None:
            continue
        if kept and text[kept[-1].end : mention.start] == data.university:
            kept.pop()
        kept.append(mention)
    return tuple(kept)


def _places(data: Table, name: str) -> tuple[Place, ...]:
    """What one whole name stands for; a chain of names (江苏南京) stands for its last part."""
    name = re.sub(r"\s", "", name)
    if name in data.names:
        return data.names[name]
    if name[:-1] in data.short_counties and data.county_tail.fullmatch(name, len(name) - 1):
        return data.names[name[:-1]]
    found = chains(name, cut(name, data))
    whole = len(found) == 1 and (found[0][0].start, found[0][-1].end) == (0, len(name))
    return found[0][-1].places if whole else ()


def _regions(data: Table, places: tuple[Place, ...]) -> tuple[Region, ...]:
    """The regions of places, larger kinds first, each once."""
    ordered = sorted(places, key=lambda p: (_RANK[p.level], p.code))
    return tuple(dict.fromkeys(data.regions[p.region] for p in ordered))


def _meant(data: Table, places: tuple[Place, ...]) -> Region | None:
    """The only region among the places of the largest kind; None when there are several."""
    top = min((_RANK[p.level] for p in places), default=0)
    found = _regions(data, tuple(p for p in places if _RANK[p.level] == top))
    return found[0] if len(found) == 1 else None


def _mention(
    text: str, chain: list[Token], data: Table, before: list[RegionMention]
) -> RegionMention | None:
    """The mention of a chain, or None when all of it is part of an ordinary word or a street."""
    while chain and not _is_place(text, chain, data, before):
        chain = chain[1:]
    if not chain:
        return None
    if len(chain) > 1 and data.street.match(text, chain[-1].end):
        chain = chain[:-1]
    last = chain[-1]
    end = last.end
    if last.word in data.short_counties and (tail := data.county_tail.match(text, end)):
        end = tail.end()
    counties = {p.name for p in last.places if p.level == "county"}
    level = min((p.level for p in last.places), key=_RANK.__getitem__)
    start = chain[0].start
    unsure = last.word in data.shared and len(last.places) > 1
    return RegionMention(
        start=start,
        end=end,
        surface=text[start:end],
        candidates=_regions(data, last.places),
        region=None if unsure else _meant(data, last.places),
        level=level,
        county=counties.pop() if len(counties) == 1 and level == "county" else None,
    )


def _is_place(text: str, chain: list[Token], data: Table, before: list[RegionMention]) -> bool:
    """Whether the name at the head of a chain really stands for the place here."""
    token = chain[0]
    if data.street.match(text, token.end):
        return False
    everyday = token.word in data.everyday
    alone = len(text) <= _ALONE_LIMIT and (
        (found := _ALONE.fullmatch(text)) is not None and found["name"] == token.word
    )
    behind_place = bool(before) and before[-1].end == token.start
    if behind_place and data.institution.match(text, token.end):
        return False
    if token.word in data.after_cue_only:
        return token.start > 0 and text[token.start - 1] in data.cue
    if not everyday or alone or len(chain) > 1:
        return True
    if token.word in data.parent_only or data.institution.match(text, token.end):
        return False
    return bool(data.before.search(text, 0, token.start) or data.after.match(text, token.end))


def main(arguments: list[str]) -> int:
    """``rebuild`` the table from the library, or look at what a name or a text gives."""
    match arguments:
        case ["rebuild"]:
            from rules.region_source import rebuild

            print(rebuild())
        case ["find", name]:
            print(*(f"{r.code} {r.name} {r.province}" for r in candidates(name)), sep="\n")
        case ["scan", text]:
            for mention in scan(text):
                names = "/".join(r.name for r in mention.candidates)
                print(f"{mention.start}-{mention.end} {mention.surface} → {names}")
        case _:
            print("usage: python -m rules.regions rebuild | find NAME | scan TEXT", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
