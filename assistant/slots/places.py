"""Which place of a message is the insured one, the one of treatment, the one filed for.

Places themselves come from :mod:`rules.regions`; the grammar around them is data
(``data/slots/places.toml``). A name that several places share is settled by the provinces spoken of,
else reported; it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from assistant.data import read_toml
from assistant.slots.faults import Checked
from assistant.slots.values import FactValue, Unclear
from rules.facts import Facts, Region
from rules.regions import RegionMention, scan

ROLES = ("insured_region", "treatment_region", "filed_region")
_REACH = 24


@dataclass(frozen=True)
class PlaceFact:
    """A place in its role; ``sure`` False when only its position told the role."""

    fact: str
    region: Region
    start: int
    end: int
    sure: bool = True


@dataclass(frozen=True)
class _Cue:
    role: str
    strength: float
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


@cache
def _cues() -> tuple[_Cue, ...]:
    data = Checked("slots/places.toml", read_toml("slots/places.toml"))
    data.keys("place")
    keys = {"role", "strength", "before", "after"}
    cues = []
    for index, entry in enumerate(data.tables("place", keys, {"role", "strength"})):
        if entry["role"] not in ROLES:
            data.fault("place", index, f"role {entry['role']!r}", " | ".join(ROLES))
        before, after = entry.get("before"), entry.get("after")
        cues.append(
            _Cue(
                entry["role"],
                float(entry["strength"]),
                data.pattern("place", index, f"(?:{before})\\s?$") if before else None,
                data.pattern("place", index, f"\\s?(?:{after})") if after else None,
            )
        )
    data.raise_faults()
    return tuple(cues)


_NEGATED = re.compile(r"(?<!是)不(?:是|在|去|回)(?:在|去|到|回)?$")
_MOVE = re.compile(
    r"(?:市|省|人|的|这边|那边|医保|户口|老家)*\s?(?:转|转院|转诊|跑|过|出来|来|异地|跨省|要|想|准备|打算|直接|医保)*"
    r"(?:到|去|来|往|转|飞|→|->|—+|-|>)+(?:了)?\s?"
)


@dataclass
class _Placed:
    mention: RegionMention
    region: Region
    scores: dict[str, float]
    negated: bool
    led: bool = False
    """Words before it (在, 去, 人在 …) speak of its role."""
    role: str | None = None
    sure: bool = True


def mentioned(text: str) -> tuple[RegionMention, ...]:
    """The places of ``text`` (one call of the scanner)."""
    return scan(text)


def place_facts(
    text: str, mentions: Iterable[RegionMention], known: Facts, expecting: str | None, *,
    other_place_said: bool,
) -> tuple[list[PlaceFact], list[Unclear]]:
    """Places with their roles, and those that could not be told."""
    unclear: list[Unclear] = []
    placed: list[_Placed] = []
    found = list(mentions)
    for mention in found:
        region = mention.region or _settled(mention, found, known)
        if region is None:
            unclear.append(
                Unclear(
                    "shared_region", mention.surface, mention.start, mention.end,
                    tuple(mention.candidates),
                )
            )  # fmt: skip
            continue
        negated = _NEGATED.search(text, max(0, mention.start - 6), mention.start) is not None
        scores, led = _scores(text, mention)
        placed.append(_Placed(mention, region, scores, negated, led))
    _moves(text, placed)
    _decide(text, placed, known, expecting, other_place_said)
    facts = []
    for one in placed:
        if one.role is None or one.negated:
            continue
        facts.append(PlaceFact(one.role, one.region, one.mention.start, one.mention.end, one.sure))
        if not one.sure and len(placed) == 1 and expecting not in ROLES:
            m = one.mention
            options: tuple[FactValue, ...] = ("insured_region", "treatment_region")
            unclear.append(Unclear("region_role", m.surface, m.start, m.end, options, one.role))
    return facts, unclear


def _settled(mention: RegionMention, found: list[RegionMention], known: Facts) -> Region | None:
    """The candidate whose province is spoken of elsewhere in the message or was before."""
    provinces = {m.region.province for m in found if m.region is not None}
    provinces |= {
        r.province for r in (known.insured_region, known.treatment_region) if r is not None
    }
    fitting = [c for c in mention.candidates if c.province in provinces]
    return fitting[0] if len(fitting) == 1 else None


def _scores(text: str, mention: RegionMention) -> tuple[dict[str, float], bool]:
    """Strength of every role from the words around one place; whether words before it count."""
    led = False
    before = re.split(r"[。;；!?\n]", text[max(0, mention.start - _REACH) : mention.start])[-1]
    scores: dict[str, float] = {}
    for cue in _cues():
        strength = 0.0
        left = cue.before.search(before) if cue.before else None
        right = cue.after.match(text, mention.end) if cue.after else None
        if cue.before and cue.after and cue.role == "filed_region":
            strength = cue.strength if left and right else 0.0
        elif left or right:
            strength = cue.strength
            led = led or left is not None
            if right and not left:
                strength -= 0.1 * max(0, right.end() - mention.end - 3)
        if strength > 0:
            scores[cue.role] = scores.get(cue.role, 0.0) + strength
    return scores, led


def _moves(text: str, placed: list[_Placed]) -> None:
    """毕节到深圳, 从兰州转到西安: the first is where one comes from."""
    for first, second in zip(placed, placed[1:], strict=False):
        gap = text[first.mention.end : second.mention.start]
        if _MOVE.fullmatch(gap):
            first.scores["insured_region"] = first.scores.get("insured_region", 0.0) + 1.5
            second.scores["treatment_region"] = second.scores.get("treatment_region", 0.0) + 1.5


def _decide(
    text: str, placed: list[_Placed], known: Facts, expecting: str | None, other_place_said: bool
) -> None:  # fmt: skip
    """Give every place a role: the strongest words first, then what is left over."""
    live = [p for p in placed if not p.negated]
    order = sorted(
        ((score, role, p) for p in live for role, score in p.scores.items()),
        key=lambda x: (-x[0], x[2].mention.start),
    )
    taken: dict[str, _Placed] = {}
    for score, role, place in order:
        if place.role is not None or score <= 0:
            continue
        holder = taken.get(role)
        if holder is None:
            place.role = role
            taken[role] = place
        elif holder.region.code == place.region.code:
            place.role = role
    for place in live:
        if place.role is None:
            _leftover(text, place, placed, taken, known, expecting)
    _also_treated(placed, taken)
    _only_named(live, known, other_place_said)


def _leftover(
    text: str, place: _Placed, placed: list[_Placed], taken: dict[str, _Placed], known: Facts,
    expecting: str | None,
) -> None:  # fmt: skip
    """A place without words of its own: what was asked, what was taken back, what is free."""
    if any(p.role and p.region.code == place.region.code for p in placed):
        return
    taken_back = next((p for p in placed if p.negated and p is not place), None)
    role: str | None = None
    sure = True
    if expecting in ROLES and expecting not in taken:
        role = expecting
    elif taken_back is not None:
        role = _held_role(taken_back, known)
    if role is None:
        free = [
            r
            for r in ROLES[:2]
            if r not in taken and not (place.scores.keys() and r not in place.scores)
        ]
        if not free:
            free = [r for r in ROLES[:2] if r not in taken]
        if len(free) == 2:
            asks_same = re.match(r"(?:市|省|的|那)*呢", text[place.mention.end :]) is not None
            other = known.insured_region is not None and known.treatment_region is None
            role = "treatment_region" if other and not asks_same else "insured_region"
            sure = False
        else:
            role = free[0] if free else None
    if role is not None and role not in taken:
        place.role, place.sure = role, sure
        taken[role] = place


def _held_role(place: _Placed, known: Facts) -> str | None:
    """The role of a place that was taken back: by its words, else by what is known."""
    if place.scores:
        return max(place.scores, key=lambda r: place.scores[r])
    for role in ROLES:
        region = getattr(known, role)
        if region is not None and region.code == place.region.code:
            return role
    return None


def _also_treated(placed: list[_Placed], taken: dict[str, _Placed]) -> None:
    """备案到北京住院: the filed place is the place of treatment, too, when no other is named."""
    filed = taken.get("filed_region")
    if filed is None or "treatment_region" in taken:
        return
    if filed.scores.get("treatment_region", 0.0) >= 2.0:
        placed.append(_Placed(filed.mention, filed.region, filed.scores, False, True, "treatment_region"))


def _only_named(live: list[_Placed], known: Facts, other_place_said: bool) -> None:
    """毕节住院能报多少: one place and no 在 or 去 before it is where the insurance is."""
    if len(live) != 1 or live[0].led or known.insured_region is not None or other_place_said:
        return
    if live[0].role == "treatment_region":
        live[0].role, live[0].sure = "insured_region", False
