"""The places a message names, as the rules know them; which role they play is for ``places``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rules.facts import Facts, Region
from rules.regions import RegionMention, scan

_OF_IT = re.compile(r"(?:省|那边|那里|这边)?(?:的|那个|下面的?|管的|里的?)?")


def places_in(text: str) -> tuple[RegionMention, ...]:
    """The places of ``text``, as the rules know them."""
    found: list[RegionMention] = []
    for mention in scan(text):
        last = found[-1] if found else None
        if last and last.end == mention.start and _names_a_house(mention, last.region):
            continue
        if last and _OF_IT.fullmatch(text, last.end, mention.start):
            inside = _inside(mention, last.region)
            if inside:
                found[-1] = inside
                continue
        found.append(mention)
    return tuple(found)


def _names_a_house(mention: RegionMention, around: Region | None) -> bool:
    """上海瑞金: a county's short name right after a province that it is not in is a hospital's."""
    if around is None or mention.level != "county" or mention.surface.endswith(("市", "县", "区")):
        return False
    return all(c.province != around.province for c in mention.candidates)


def _inside(mention: RegionMention, province: Region | None) -> RegionMention | None:
    """辽宁那个朝阳: ``mention`` as the place inside ``province``, None where it is not in it."""
    if province is None or not province.is_province:
        return None
    fitting = tuple(c for c in mention.candidates if c.province == province.name)
    if not fitting or fitting == (province,):
        return None
    region = fitting[0] if len(fitting) == 1 else mention.region
    return replace(mention, candidates=fitting, region=region)


def settled_by_province(
    mention: RegionMention, found: Sequence[RegionMention], known: Facts
) -> Region | None:
    """The candidate whose province is spoken of elsewhere in the message or was before."""
    named = [m.region for m in found if m.region is not None]
    named += [r for r in (known.insured_region, known.treatment_region) if r is not None]
    codes, provinces = {r.code for r in named}, {r.province for r in named}
    for fitting in (
        [c for c in mention.candidates if c.code in codes],
        [c for c in mention.candidates if c.province in provinces],
    ):
        if len(fitting) == 1:
            return fitting[0]
    return None
