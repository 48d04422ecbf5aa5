"""Which day is what: filed, cancelled, admitted, discharged; and which year an unsaid year is.

The rule for years (rules.md, "Filing validity"): the nearest past one for what was done, the
nearest future one for a plan; an admission follows the filing, unless that would lie in the future
though the stay has begun; a year said earlier for the same event holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.slots.alignment import align
from assistant.slots.calendar import add_days
from assistant.slots.dates import backwards, in_year, onwards
from assistant.slots.figures import cues_in
from assistant.slots.values import DateSpan, FactValue, Mention, Unclear
from rules.facts import Facts

DATE_FACTS = ("filed_on", "cancelled_on", "admitted_on", "discharged_on")
_CASE_GRAINS = ("day", "week", "month")
_BOUND = re.compile(r"(?:之|以)?前(?!天|台|面|后|去|来|往)|(?:之|以)后")
_NOW = ("今天", "今日", "今儿")


@dataclass(frozen=True)
class Setting:
    """What a message's dates are read against.

    ``begun``: the stay has begun or ended; ``planned``: it is to come. ``amends``: the
    message corrects what was said, or asks what if. ``expecting``: the fact asked for last.
    """

    today: date
    known: Facts
    begun: bool
    planned: bool
    amends: bool
    expecting: str | None


def date_facts(
    text: str, spans: Sequence[DateSpan], setting: Setting
) -> tuple[list[Mention], list[Unclear]]:
    """Days of ``text`` with their roles. ``text`` has its dates blanked out with digits."""
    unclear = [Unclear("impossible_date", s.surface, s.start, s.end) for s in spans if s.impossible]
    live = [s for s in spans if not s.impossible and not text.endswith("不是", 0, s.start)]
    # 那4月1号之前住的呢，比如3月30号: a bound is no day where a day is named, too.
    exact = [s for s in live if not _BOUND.match(text, s.end)]
    live = exact or live
    said: dict[str, DateSpan] = {}
    for span, role in zip(live, _roles(text, live, setting), strict=True):
        if role is None or role == "other" or _whole_present_year(span, setting.today):
            continue
        if span.grain not in _CASE_GRAINS or (span.plural and span.grain == "month"):
            unclear.append(_missing_day(span, role))
        elif role not in said or _better(span, said[role]):
            said[role] = span
            if span.plural and role in ("admitted_on", "discharged_on"):
                said["admitted_on"] = said["discharged_on"] = span
    if "discharged_on" in said and not setting.planned:
        setting = replace(setting, begun=setting.begun or _lately(said["discharged_on"], setting))
    mentions = _resolved(said, setting)
    for role in (m.fact for m in mentions):
        if said[role].grain != "day" and not said[role].plural:
            unclear.append(_missing_day(said[role], role))
    if not said:
        days = [s for s in live if s.grain == "day" and s.surface not in _NOW]
        unclear += [Unclear("date_role", s.surface, s.start, s.end, DATE_FACTS) for s in days]
    return mentions, unclear


def _lately(span: DateSpan, setting: Setting) -> bool:
    """A discharge on a day nearer in the past than in the future is over."""
    past, ahead = backwards(span, setting.today).first, onwards(span, setting.today).first
    if past is None or ahead is None:
        return False
    return setting.today - past <= ahead - setting.today


def _whole_present_year(span: DateSpan, today: date) -> bool:
    """今年住院: says no day and leaves nothing open that matters."""
    return span.grain == "year" and span.first is not None and span.first.year == today.year


def _better(span: DateSpan, held: DateSpan) -> bool:
    """A period beats a day, a day beats a month, for one and the same event."""
    if span.plural != held.plural:
        return span.plural
    return span.grain == "day" != held.grain


def _missing_day(span: DateSpan, role: str) -> Unclear:
    readings: tuple[FactValue, ...] = (span.first, span.last)
    return Unclear("day_missing", span.surface, span.start, span.end, readings, role)


def _roles(text: str, spans: Sequence[DateSpan], setting: Setting) -> list[str | None]:
    """The event of every date, None where the words name none."""
    cues = cues_in(text, "date")
    chosen = align(text, [(s.start, s.end) for s in spans], cues, before=0.5, after=0.0)
    roles: list[str | None] = [cue.role if cue else None for cue in chosen]
    named = {c.role for c in cues}
    expecting = setting.expecting
    for at, span in enumerate(spans):
        if roles[at] is not None:
            continue
        if expecting in DATE_FACTS and expecting not in roles and span.grain != "season":
            roles[at] = expecting
        elif span.grain != "day":
            continue
        elif _is_stay(span, named, roles) or _asks_whether_usable(text, roles, setting.known):
            roles[at] = "admitted_on"
        elif len(spans) == 1 and len(named) == 1:
            roles[at] = named.pop()
        elif len(spans) == 1 and not named and setting.amends:
            roles[at] = _nearest_known(span, setting.known)
    for at, span in enumerate(spans):
        if roles[at] is None and span.grain == "day":
            roles[at] = _role_of_month(span, spans, roles)
    return roles


def _role_of_month(
    span: DateSpan, spans: Sequence[DateSpan], roles: Sequence[str | None]
) -> str | None:
    """4月办的，4月18号: the day makes the month before it exact."""
    for month, role in zip(spans, roles, strict=True):
        if month.grain != "month" or not (month.first and month.last and span.first):
            continue
        if month.first <= span.first <= month.last:
            return role
    return None


_USABLE = re.compile(r"(?:还|能|可以|可|会)(?:能|可以)?(?:用|有效|管用|作数|使|直接|报|刷)")


def _asks_whether_usable(text: str, roles: Sequence[str | None], known: Facts) -> bool:
    """3月1号备案，9月3号还能用吗: the second day is the one of the care."""
    filed = "filed_on" in roles or known.filed_on is not None
    return filed and "admitted_on" not in roles and _USABLE.search(text) is not None


def _is_stay(span: DateSpan, named: set[str], roles: Sequence[str | None]) -> bool:
    """3月1号住到3月9号; 国庆住院3号到8号, the days of the stay that was named before."""
    told = "住" in span.surface or "admitted_on" in named
    return span.plural and told and "discharged_on" not in roles


def _nearest_known(span: DateSpan, known: Facts) -> str | None:
    """The event whose known day lies nearest: 不对，是7月18号 after 7月8号住的院."""
    held = {role: day for role in DATE_FACTS if (day := getattr(known, role)) is not None}

    def distance(role: str) -> int:
        there = in_year(span, held[role].year)
        return abs((there.first - held[role]).days) if there.first else 10_000

    return min(held, key=lambda role: (distance(role), -DATE_FACTS.index(role)), default=None)


def _resolved(said: dict[str, DateSpan], setting: Setting) -> list[Mention]:
    """The days of the events, each with the year that its event asks for."""
    days: dict[str, date] = {}
    mentions: list[Mention] = []
    for role in (r for r in DATE_FACTS if r in said):
        span = said[role]
        placed = _in_right_year(role, span, days, setting)
        day = placed.last if role == "discharged_on" and span.plural else placed.first
        if day is not None:
            days[role] = day
            vague = span.approximate or span.grain != "day"
            mentions.append(Mention(role, day, span.start, span.end, span.surface, vague))
    return mentions


def _before(span: DateSpan, today: date) -> DateSpan:
    """The nearest past one; a period is past when it has ended."""
    past = backwards(span, today)
    if span.plural and span.monthless and past.last and past.first and past.last > today:
        return backwards(span, add_days(past.first, -1))
    return past


def _in_right_year(role: str, span: DateSpan, days: dict[str, date], setting: Setting) -> DateSpan:
    if not (span.yearless or span.monthless):
        return span
    known, today = setting.known, setting.today
    held: date | None = getattr(known, role)
    if held is not None:  # a year said earlier for the same event holds
        return onwards(span, held.replace(day=1)) if span.monthless else in_year(span, held.year)
    filed = days.get("filed_on") or known.filed_on
    admitted = days.get("admitted_on") or known.admitted_on
    past = _before(span, today)
    if role == "filed_on":
        return past
    if role == "cancelled_on":
        later = onwards(span, filed) if filed else past
        return later if later.first and later.first <= today else past
    if role == "discharged_on" and admitted:
        return onwards(span, admitted)
    if filed is None:
        return onwards(span, today) if setting.planned and not setting.begun else past
    later = onwards(span, filed)
    in_future = later.first is not None and later.first > today
    return past if in_future and setting.begun else later
