"""Which place of a message is the insured one, the one of treatment, the one filed for.

Places themselves come from :mod:`rules.regions`; the grammar around them is data
(``data/slots/places.toml``). A name that several places share is settled by the provinces spoken
of, else reported; it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from assistant.data import read_toml
from assistant.slots.faults import Checked
from assistant.slots.placenames import settled_by_province
from assistant.slots.values import Mention, Unclear
from rules.facts import Facts, Region
from rules.regions import RegionMention, within

ROLES = ("insured_region", "treatment_region", "filed_region")
_WITH_COUNTY = ("treatment_region", "filed_region")
_REACH = 24
_SENTENCE_END = re.compile(r"[。;；!?\n]")
_NEGATED = re.compile(r"(?<!是)不(?:是|在|去|回)(?:在|去|到|回)?$")
_MOVE = re.compile(
    r"(?:市|省|人|的|这边|那边|医保|户口|老家)*\s?"
    r"(?:转|转院|转诊|跑|过|出来|来|异地|跨省|要|想|准备|打算|直接|医保)*"
    r"(?:到|去|来|往|转|飞|→|->|—+|-|>)+(?:了)?\s?"
)
_ABOUT_REFILING = re.compile(
    r"备案?地?(?:想|要|能|可以|得|已经?|都|也|把|在|是|给)*(?:改|换|变|从|由)"
    r"|(?:改|换|变更|更改|更换|转|迁)(?:一下|个|下)?(?:异地)?(?:就医)?(?:地的?)?备案"
    r"|备案[^。;!?]{0,12}(?:改|换|变更)"
)
_REFILED = re.compile(
    r"(?P<change>改|换|变更|变|更改|更换|调整)?(?:调|迁|转|搬|挪)?"
    r"(?:备案|备|到|成|为|去|往|至)+(?P<over>了)?\s?$"
)
_OVER = re.compile(r"市?了(?!吗|么|没)")
_OR = re.compile(r"(?:省|市)?[,，]?(?:还是|或者?是?)(?:要|该|得)?[选填备写报到是成案]*")
_OUTSIDE = re.compile(r"[省市]?以?外(?!国|科|婆|甥|贸|滩|公)")
_ALSO = re.compile(r"(?:市|省|的|那)*呢")
_HOME = re.compile(r"(?<![这那上下一每头几])回(?:到|去|了)?(?:老家|户口所在地)?$")
_SETTLES = re.compile(
    r"[^,。，;!?]{0,12}?(?:能|可以|可|好)[不否]?[能可]?(?:以)?(?:直接|联网)*(?:刷|结算)"
)
_BARE = re.compile(
    r"(?:我们?|他|她|就|是|在|的|人|市|省|那边|这边|吧|啊|呀|呢|哦|嘛|[\s,，。.!！])*"
)
_BEGINS, _ENDS = re.compile(r"[\s,，。;；!?]$"), re.compile(r"[\s,，。;；!?]|$")
_TREATED_THERE = 2.0


@dataclass(frozen=True)
class _Cue:
    role: str
    strength: float
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless_before: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None
    both: bool


@dataclass
class _Placed:
    """A place while its role is looked for. ``led``: words before it (在, 去) speak of its role;
    ``sure``: not only its position does."""

    mention: RegionMention
    region: Region
    scores: dict[str, float]
    negated: bool
    led: bool
    role: str | None = None
    sure: bool = True


@cache
def _cues() -> tuple[_Cue, ...]:
    data = Checked("slots/places.toml", read_toml("slots/places.toml"))
    data.keys("place")
    keys = {"role", "strength", "before", "after", "unless_before", "unless_after", "both"}
    cues = []
    for index, entry in enumerate(data.tables("place", keys, {"role", "strength"})):
        if entry["role"] not in ROLES:
            data.fault("place", index, f"role {entry['role']!r}", " | ".join(ROLES))
        before, after = entry.get("before"), entry.get("after")
        left = data.pattern("place", index, f"(?:{before})$") if before else None
        right = data.pattern("place", index, after) if after else None
        not_left, not_right = entry.get("unless_before"), entry.get("unless_after")
        undo_left = data.pattern("place", index, f"(?:{not_left})$") if not_left else None
        undo_right = data.pattern("place", index, not_right) if not_right else None
        strength, both = float(entry["strength"]), bool(entry.get("both"))
        cues.append(_Cue(entry["role"], strength, left, right, undo_left, undo_right, both))
    data.raise_faults()
    return tuple(cues)


def place_facts(
    text: str,
    found: Sequence[RegionMention],
    known: Facts,
    expecting: str | None,
    *,
    other_place_said: bool,
    amends: bool,
    unfiled: bool,
) -> tuple[list[Mention], list[Unclear]]:
    """Places with their roles, and those that could not be told.

    ``other_place_said``: the message speaks of care outside the insured province (跨省, 外地 …).
    ``amends``: it corrects what was said, or asks what if. ``unfiled``: of a filing that was not
    made, or is not known to be.
    """
    unclear: list[Unclear] = []
    placed: list[_Placed] = []
    for index, m in enumerate(found):
        region = m.region or settled_by_province(m, found, known)
        if region is None:
            unclear.append(Unclear("shared_region", m.surface, m.start, m.end, m.candidates))
            continue
        negated = _NEGATED.search(text, max(0, m.start - 6), m.start) is not None
        scores, led = _scores(*_around(text, found, index))
        if _OUTSIDE.match(text, m.end):
            if len(found) > 1:
                continue
            scores, led = {"insured_region": 1.0}, True
        placed.append(_Placed(m, region, scores, negated, led))
    _add_moves(text, placed)
    placed = _refiled(text, placed)
    placed = _one_of_two(text, placed)
    live = [p for p in placed if not p.negated]
    if len(live) == 1 and expecting in ROLES and _is_bare(text, live[0].mention):
        live[0].scores = {expecting: 1.0}
    taken = _by_words(live)
    for place in live:
        if place.role is None:
            alone = unfiled and _alone(text, place.mention)
            _by_position(text, place, placed, taken, known, expecting, amends, away=alone)
    if expecting not in ROLES:
        _only_named(text, live, known, other_place_said or unfiled)
    facts = [
        m
        for p in (*live, *_also_treated(text, taken), *_also_insured(text, taken, known))
        if p.role is not None
        for m in _mentions(p, p.role, known)
    ]
    if len(live) == 1 and not live[0].sure and expecting not in ROLES:
        m = live[0].mention
        options = ("insured_region", "treatment_region")
        unclear.append(Unclear("region_role", m.surface, m.start, m.end, options, live[0].role))
    return facts, unclear


def _mentions(place: _Placed, role: str, known: Facts) -> Iterator[Mention]:
    """The region in its role, and the county that was named for it."""
    words = place.mention.start, place.mention.end, place.mention.surface
    yield Mention(role, place.region, *words)
    fact, county = role.replace("_region", "_county"), place.mention.county
    if role in _WITH_COUNTY and county != getattr(known, fact):
        yield Mention(fact, county, *words)


def _is_bare(text: str, mention: RegionMention) -> bool:
    """在毕节, 我是毕节的: nothing but the place was said."""
    return _BARE.fullmatch(text[: mention.start] + text[mention.end :]) is not None


def _alone(text: str, mention: RegionMention) -> bool:
    """没备案 住院了 上海: nothing else stands in the place's clause."""
    left, right = text[: mention.start], text[mention.end :]
    return bool(_BEGINS.search(left) and _ENDS.match(right))


def _scores(left: str, right: str) -> tuple[dict[str, float], bool]:
    """Strength of every role from the words around a place; whether words before it count."""
    scores: dict[str, float] = {}
    led = False
    for cue in _cues():
        cancelled = cue.unless_after is not None and cue.unless_after.match(right)
        if cue.unless_before is not None and cue.unless_before.search(left):
            continue
        before = cue.before.search(left) if cue.before and not cancelled else None
        after = cue.after.match(right) if cue.after else None
        if not (before and after if cue.both else before or after):
            continue
        led = led or before is not None
        gap = after.end() - 3 if after and not before else 0
        strength = cue.strength - 0.1 * max(0, gap)
        if strength > 0:
            scores[cue.role] = scores.get(cue.role, 0.0) + strength
    return scores, led


def _around(text: str, found: Sequence[RegionMention], index: int) -> tuple[str, str]:
    """The words before and after a place, up to its neighbours, blanks left out."""
    this = found[index]
    start = max(found[index - 1].end if index else 0, this.start - _REACH)
    end = found[index + 1].start if index + 1 < len(found) else len(text)
    left = _SENTENCE_END.split(text[start : this.start])[-1]
    return left.replace(" ", ""), text[this.end : min(end, this.end + _REACH)].replace(" ", "")


def _add_moves(text: str, placed: Sequence[_Placed]) -> None:
    """毕节到深圳, 从兰州转到西安: the first is where one comes from."""
    for first, second in pairwise(placed):
        if _MOVE.fullmatch(text, first.mention.end, second.mention.start):
            for place, role in ((first, "insured_region"), (second, "treatment_region")):
                place.scores[role] = place.scores.get(role, 0.0) + 1.5


def _refiled(text: str, placed: Sequence[_Placed]) -> list[_Placed]:
    """备案从成都改到昆明: both are places of care. What is filed for is the first, and the second
    once it was changed; the places that have a role then."""
    if len(placed) < 2 or _ABOUT_REFILING.search(text) is None:
        return list(placed)
    for old, new in pairwise(placed):
        told = _REFILED.search(text, old.mention.end, new.mention.start)
        if told is None:
            continue
        over = (
            told["over"] or "已" in text[: new.mention.start] or _OVER.match(text, new.mention.end)
        )
        new.scores = {"treatment_region": 3.0}
        if told["change"] and over:
            new.scores["filed_region"] = 6.0
            return [p for p in placed if p is not old]
        old.scores = {"filed_region": 6.0}
    return list(placed)


def _one_of_two(text: str, placed: Sequence[_Placed]) -> list[_Placed]:
    """备案选江苏还是选苏州: a province or its city is a choice of what to file for, and the city is
    where the care is. The places that have a role then."""
    left = list(placed)
    for one, other in pairwise(placed):
        wide, narrow = (one, other) if one.region.is_province else (other, one)
        if wide.region.code == narrow.region.code or not within(narrow.region, wide.region):
            continue
        gap = text[one.mention.end : other.mention.start]
        if _OR.fullmatch(gap) and "insured_region" not in {**wide.scores, **narrow.scores}:
            insured = "参保" in text[: one.mention.start]
            narrow.scores = {"insured_region" if insured else "treatment_region": 1.0}
            narrow.led = True
            left = [p for p in left if p is not wide]
    return left


def _by_words(live: Sequence[_Placed]) -> dict[str, _Placed]:
    """Roles by the words around the places, the strongest first; returns role → place."""
    taken: dict[str, _Placed] = {}
    order = sorted(
        ((score, role, place) for place in live for role, score in place.scores.items()),
        key=lambda x: (-x[0], x[2].mention.start),
    )
    for _, role, place in order:
        holder = taken.setdefault(role, place) if place.role is None else None
        if holder is place or (holder and holder.region.code == place.region.code):
            place.role = role
    return taken


def _by_position(
    text: str,
    place: _Placed,
    placed: Sequence[_Placed],
    taken: dict[str, _Placed],
    known: Facts,
    expecting: str | None,
    amends: bool,
    *,
    away: bool,
) -> None:
    """A place without words of its own: what was asked, what was taken back, what is free."""
    if any(p.role and p.region.code == place.region.code for p in placed):
        return
    taken_back = next((p for p in placed if p.negated), None)
    role = _held_role(taken_back, known) if taken_back else None
    if expecting in ROLES and expecting not in taken:
        role = expecting
    if role is None:
        free = [r for r in ROLES[:2] if r not in taken]
        if len(free) == 2:
            place.sure = False
            elsewhere = known.insured_region is not None and known.treatment_region is None
            instead = amends or _ALSO.match(text, place.mention.end) is not None
            treated = away or (elsewhere and not instead)
            free = ["treatment_region" if treated else "insured_region"]
        role = free[0] if free else None
    if role is not None and role not in taken:
        place.role = role
        taken[role] = place


def _held_role(place: _Placed, known: Facts) -> str | None:
    """The role of a place that was taken back (不是深圳): by what is known, else by its words."""
    for role in ROLES:
        region = getattr(known, role)
        if region is not None and region.code == place.region.code:
            return role
    return max(place.scores, key=lambda r: place.scores[r], default=None)


def _only_named(text: str, live: Sequence[_Placed], known: Facts, away: bool) -> None:
    """毕节住院能报多少: one place and no 在 or 去 before it is where the insurance is; but where a
    card is used (瑞金医院能直接刷吗), or care ``away`` is spoken of, is the place of care."""
    if len(live) == 1 and _SETTLES.match(text, live[0].mention.end):
        return
    if len(live) != 1 or live[0].led or known.insured_region is not None or away:
        return
    if live[0].role == "treatment_region" and live[0].scores:
        live[0].role, live[0].sure = "insured_region", False


def _also_treated(text: str, taken: dict[str, _Placed]) -> list[_Placed]:
    """备案到北京住院, 回老家沈阳住院: one place in two roles, when no other treats."""
    if "treatment_region" in taken:
        return []
    for place in (taken.get("filed_region"), taken.get("insured_region")):
        if place is None or place.scores.get("treatment_region", 0.0) < _TREATED_THERE:
            continue
        start = place.mention.start
        if place.role == "filed_region" or _HOME.search(text, max(0, start - 6), start):
            role = "treatment_region"
            return [_Placed(place.mention, place.region, place.scores, False, True, role)]
    return []


def _also_insured(text: str, taken: dict[str, _Placed], known: Facts) -> list[_Placed]:
    """备案在深圳，现在回九江住院: who goes back beside another place filed for goes home."""
    place, filed = taken.get("treatment_region"), taken.get("filed_region")
    away = filed.region if filed else known.filed_region
    if place is None or away is None or known.insured_region or "insured_region" in taken:
        return []
    start = place.mention.start
    if away.code == place.region.code or not _HOME.search(text, max(0, start - 6), start):
        return []
    return [_Placed(place.mention, place.region, {}, False, True, "insured_region")]
