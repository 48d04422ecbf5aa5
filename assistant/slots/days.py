"""The days of the events of a message, each in the year that its event asks for.

The rule for years (rules.md, "Filing validity"): the nearest past one for what was done, the
nearest future one for a plan; an admission follows the filing, unless that would lie in the future
though the stay has begun; a year said earlier for the same event holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.slots.calendar import add_days, add_months
from assistant.slots.dates import backwards, in_year, onwards
from assistant.slots.events import events
from assistant.slots.setting import DATE_FACTS, Setting
from assistant.slots.values import DateSpan, FactValue, Mention, Unclear

_CASE_GRAINS = ("day", "week", "month")
_NOW = ("今天", "今日", "今儿")
_BOUND = re.compile(r"(?:之|以)?前(?!天|台|面|后|去|来|往)|(?:之|以)后")
_AHEAD = timedelta(days=183)


def date_facts(
    text: str, spans: Sequence[DateSpan], setting: Setting
) -> tuple[list[Mention], list[Unclear]]:
    """Days of ``text`` with their events. ``text`` has its dates blanked out with digits."""
    live = [s for s in spans if not text.endswith("不是", 0, s.start)]
    # 那4月1号之前住的呢，比如3月30号: a bound is no day where a day is named, too.
    live = [s for s in live if not _BOUND.match(text, s.end)] or live
    roles = events(text, live, setting)
    unclear: list[Unclear] = []
    said: dict[str, DateSpan] = {}
    for span, role in zip(live, roles, strict=True):
        if span.impossible:
            unclear.append(Unclear("impossible_date", *_place(span), (), role))
        elif role is None or role == "other" or role in (u.fact for u in unclear):
            continue
        elif span.grain == "year" and (moved := _another_year(span, role, setting)):
            said[role] = moved
        elif _whole_present_year(span, setting.today):
            continue
        elif role == "cancelled_on" and (ended := _ended_before(span, live, setting)):
            said[role] = ended
        elif span.grain not in _CASE_GRAINS or (span.plural and span.grain == "month"):
            unclear.append(_missing_day(span, role))
        elif role not in said or _better(span, said[role]):
            said[role] = span
            if span.plural and role in ("admitted_on", "discharged_on"):
                said["admitted_on"] = said["discharged_on"] = span
    mentions = _resolved(said, setting)
    for role in (m.fact for m in mentions):
        if said[role].grain != "day" and not said[role].plural:
            unclear.append(_missing_day(said[role], role))
    if not said:
        days = [s for s in live if s.grain == "day" and s.first and s.surface not in _NOW]
        unclear += [Unclear("date_role", *_place(s), DATE_FACTS) for s in days]
    return mentions, unclear


def _place(span: DateSpan) -> tuple[str, int, int]:
    return span.surface, span.start, span.end


def _whole_present_year(span: DateSpan, today: date) -> bool:
    """今年住院: says no day and leaves nothing open that matters."""
    return span.grain == "year" and span.first is not None and span.first.year == today.year


def _another_year(span: DateSpan, role: str, setting: Setting) -> DateSpan | None:
    """年份写错，2024年的: the known day in that year, when the message amends it."""
    held = setting.known_days.get(role)
    if held is None or span.first is None or not setting.amends:
        return None
    day = add_months(held, 12 * (span.first.year - held.year))
    return replace(span, first=day, last=day, grain="day")


def _ended_before(span: DateSpan, spans: Sequence[DateSpan], setting: Setting) -> DateSpan | None:
    """去年底取消了: the last day of a period that is over, if no other date lies in it."""
    first, last = span.first, span.last
    if span.grain in ("day", "week", "month") or first is None or last is None:
        return None
    if last > setting.today:
        return None
    stays = [s.first for s in spans if s is not span] + [setting.known.admitted_on]
    if any(day is not None and first <= day <= last for day in stays):
        return None
    return replace(span, first=last)


def _better(span: DateSpan, held: DateSpan) -> bool:
    """A period beats a day, a day beats a month, for one and the same event."""
    if span.plural != held.plural:
        return span.plural
    return span.grain == "day" != held.grain


def _missing_day(span: DateSpan, role: str) -> Unclear:
    readings: tuple[FactValue, ...] = (span.first, span.last)
    return Unclear("day_missing", *_place(span), readings, role)


def _resolved(said: dict[str, DateSpan], setting: Setting) -> list[Mention]:
    """The days of the events, in the years that the events ask for."""
    if "discharged_on" in said and not setting.planned:
        setting = replace(setting, begun=setting.begun or _lately(said["discharged_on"], setting))
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


def _lately(span: DateSpan, setting: Setting) -> bool:
    """A discharge on a day nearer in the past than in the future is over."""
    past, ahead = backwards(span, setting.today).first, onwards(span, setting.today).first
    if past is None or ahead is None:
        return False
    return setting.today - past <= ahead - setting.today


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
    held = setting.known_days.get(role)
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
        later = onwards(span, admitted)
        return past if later.first and later.first > today + _AHEAD else later
    if filed is None:
        return onwards(span, today) if setting.planned and not setting.begun else past
    # 2025年5月取消的，5月20号住的院: in the order told.
    later = onwards(span, max(filed, days.get("cancelled_on", filed)))
    in_future = later.first is not None and later.first > today
    return past if in_future and setting.begun else later
