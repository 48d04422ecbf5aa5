"""``python -m assistant.place_spellings``: writes ``data/place_spellings.tsv``, places in pinyin.

Every province and prefecture of :mod:`rules.regions`, spelt by JioNLP; a spelling that several
places share goes to the province, then to the one that ``english.toml`` prefers, else to none.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path

from assistant.data import read_toml
from rules.region_table import table

NAME = "place_spellings.tsv"
_ENDING = re.compile(r"(?:省|市|地区|盟)$|(?:[\u4e00-\u9fff]族)*自治[州区县]$|特别行政区$")
SHORTEST = 4
"""Letters of the shortest spelling that is no English word."""


@cache
def spellings() -> dict[str, str]:
    """Place by spelling in small letters, those written by hand included."""
    lines = files("assistant.data").joinpath(NAME).read_text(encoding="utf-8").splitlines()
    made = dict(line.split("\t") for line in lines if line and not line.startswith("#"))
    return {**made, **read_toml("english.toml")["places"]}


def made() -> dict[str, str]:
    """The spellings anew from the table of places."""
    import jionlp

    regions = sorted(table().regions.values(), key=lambda r: (len(r.code), r.code))
    preferred = set(read_toml("english.toml")["preferred"]["places"])
    owners: dict[str, list[str]] = {}
    for region in regions:
        name = _short(region.name)
        syllables = [s.rstrip("012345") for s in jionlp.pinyin(name, formater="simple")]
        for ue in ("v", "u"):
            spelt = "".join(s.replace("v", ue) for s in syllables)
            if len(spelt) >= SHORTEST and name not in owners.setdefault(spelt, []):
                owners[spelt].append(name)
    provinces = {_short(r.name) for r in regions if r.is_province}
    found: dict[str, str] = {}
    for spelt, names in owners.items():
        chosen = [n for n in names if n in preferred | provinces] or names
        if len(chosen) == 1:
            found[spelt] = chosen[0]
    return found


def _short(name: str) -> str:
    """``name`` as it is spoken: 广西 for 广西壮族自治区."""
    short = _ENDING.sub("", name)
    return short if len(short) > 1 else name


def main() -> int:
    rows = [f"{spelt}\t{name}\n" for spelt, name in sorted(made().items())]
    head = "# Made by `python -m assistant.place_spellings`; others by hand in english.toml.\n"
    path = Path(__file__).parent / "data" / NAME
    path.write_text(head + "".join(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
