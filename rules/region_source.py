"""Makes ``data/regions.tsv`` and ``data/not_regions.txt`` from the kept libraries.

JioNLP (Apache-2.0) gives the places, their short names and the renamings since 2002; the word list
of jieba (MIT) gives the ordinary words that overlap a place name. Run by hand when a library is
updated: ``python -m rules.regions rebuild``. Nothing here is imported while answering.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rules.region_table import DATA

_DIRECT = "省直辖行政区划"
_ZONE = re.compile(r"7\d$|00$")
_WORD_TAGS = ("ns", "nr", "nt", "nz")
_MIN_FREQUENCY = 200
_HEADER = (
    "# Made by `python -m rules.regions rebuild` from JioNLP (Apache-2.0).\n"
    "# Do not edit: corrections stand in regions_supplement.tsv.\n"
    "# code\tlevel\tparent\tname\tshort names\tformer names (@ code of the city they then lay in)\n"
)
_SLIPS = {"云岗区": "云冈区", "大菁山县": "大箐山县"}  # in its list of changes


def rebuild() -> str:
    """Write both files anew; returns one line of counts."""
    from jionlp.dictionary.dictionary_loader import (
        china_location_change_loader,
        china_location_loader,
    )

    places = list(_places(china_location_loader(detail=False)))
    former = _former(places, china_location_change_loader())
    lines = [
        "\t".join((code, level, parent, name, ",".join(short), ",".join(former.get(code, ()))))
        for code, level, parent, name, short in sorted(places)
    ]
    (DATA / "regions.tsv").write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    cities = {n for _, level, _, _, short in places if level != "county" for n in short}
    words = _ordinary_words(cities, {n for *_, short in places for n in short} - cities)
    (DATA / "not_regions.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    names = sum(map(len, former.values()))
    return f"{len(places)} places, {names} former names, {len(words)} ordinary words"


_Place = tuple[str, str, str, str, tuple[str, ...]]


def _places(tree: dict[str, Any]) -> Iterator[_Place]:
    for name, province in tree.items():
        code = province["_admin_code"][:2]
        yield code, "province", "", name, _short(province)
        for city, node in province.items():
            if not isinstance(node, dict) or code in ("71", "81", "82"):
                continue
            own = node["_admin_code"][:4]
            municipality = city == name
            if not municipality and city != _DIRECT:
                yield own, "prefecture", code, city, _short(node)
            for county, leaf in node.items():
                if not isinstance(leaf, dict) or _ZONE.search(leaf["_admin_code"]):
                    continue
                if city == _DIRECT and not leaf["_admin_code"].startswith(own):
                    continue
                level, parent = ("direct", code) if city == _DIRECT else ("county", own)
                yield (
                    leaf["_admin_code"], level, code if municipality else parent, county,
                    _short(leaf),
                )  # fmt: skip


def _short(node: dict[str, Any]) -> tuple[str, ...]:
    names = node["_alias"] if isinstance(node["_alias"], list) else [node["_alias"]]
    return tuple(n for n in names if n != node["_full_name"])


def _former(places: list[_Place], changes: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Former names by code of today's place, with the code of the city they then lay in."""
    by_name = {(name, parent): code for code, _, parent, name, _ in places}
    by_short = {(s, parent): code for code, _, parent, _, short in places for s in short}
    cities = {
        n: code
        for code, level, _, name, short in places
        if level == "prefecture"
        for n in (name, *short)
    }
    former: dict[str, list[str]] = {}
    for change in changes:
        _, old_city, old_county = change["old_loc"]
        _, city, county = change["new_loc"]
        county = _SLIPS.get(county, county)
        parent = cities.get(city)
        if parent is None:
            continue
        if county is None:
            former.setdefault(parent, []).extend(old_city)
            continue
        code = by_name.get((county, parent)) or by_short.get((county[:-1], parent))
        if code is None:
            continue
        earlier = next((cities[n] for n in old_city if n in cities), None)
        mark = f"@{earlier}" if earlier and earlier != parent else ""
        entries = former.setdefault(code, [])
        current = {n for c, *_, n, s in places if c == code for n in (n, *s)}
        for name in dict.fromkeys(old_county):
            if (mark or name not in current) and name + mark not in entries:
                entries.append(name + mark)
    return former


def _ordinary_words(cities: set[str], counties: set[str]) -> list[str]:
    """Ordinary words around a county's short name, common ones that cut into any place name.

    Words around a city's name are left to the hand-written list: most (湖南人) do name the place.
    """
    import jieba

    listing = Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8")
    names = {name for name in cities | counties if len(name) >= 2}
    heads = {name[:i] for name in names for i in range(1, len(name))}
    tails = {name[i:] for name in names for i in range(1, len(name))}
    words = []
    for line in listing.splitlines():
        word, frequency, tag = line.split(" ")
        if not 2 <= len(word) <= 4 or tag.startswith(_WORD_TAGS) or word in names:
            continue
        parts = {word[i:j] for i in range(len(word)) for j in range(i + 2, len(word) + 1)}
        if parts & cities or (parts & counties and word[-1] in "县市区旗人"):
            continue
        cuts = any(word[-i:] in heads or word[:i] in tails for i in range(1, len(word)))
        if parts & counties or (cuts and int(frequency) >= _MIN_FREQUENCY):
            words.append(word)
    return sorted(words)
