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
from assistant.slots.dateparts import around, spread
from assistant.slots.dates import backwards, in_year, onwards
from assistant.slots.events import events
from assistant.slots.setting import DATE_FACTS, Setting
from assistant.slots.values import DateSpan, FactValue, Mention, Unclear
from rules.facts import Facts

_NOW = ("今天", "今日", "今儿", "刚")
_STAY = ("admitted_on", "discharged_on")
_AFTER = {"cancelled_on": "filed_on", "admitted_on": "filed_on", "discharged_on": "admitted_on"}
"""What an event follows, when it is told in that order."""
_BOUND = re.compile(r"(?:之|以)?前(?!天|台|面|后|去|来|往)|(?:之|以)后")
_TO_FILE = re.compile(
    r"(?:打算|准备|计划|预备|想|要(?!求|是)|再|等)[^,，。;；]*(?:备(?:个)?案|补办?|去办|办备案)(?!的|了|过|好|完)"
)
_ANEW = re.compile(r"(?:又|重新|再)(?:去)?(?:备|办|申请|补)")
_FORGOTTEN = re.compile(
    r"(?:哪天|几号|日子|日期)[^,。，]{0,6}(?:不记得|忘|记不|想不|不清楚|说不)"
    r"|(?:不记得|忘|记不[清得]|想不起|说不[清准])[^,。，]{0,6}(?:哪天|几号|日子|日期)"
)
_CLAUSE = re.compile(r"[,，。;；!！?？]")
_AHEAD, _STAYS_AT_MOST = timedelta(days=183), timedelta(days=90)


def date_facts(
    text: str, spans: Sequence[DateSpan], setting: Setting
) -> tuple[list[Mention], list[Unclear]]:
    """Days of ``text`` with their events. ``text`` has its dates blanked out with digits."""
    live = [s for s in spans if not text.endswith("不是", 0, s.start)]
    # 那4月1号之前住的呢，比如3月30号: a bound is no day where a day is named, too.
    live = [s for s in live if not _BOUND.match(text, s.end)] or live
    if _FORGOTTEN.search(text):
        rough = [s.approximate and s.first == s.last and not (s.plural or s.slack) for s in live]
        live = [around(s, setting.today) if r else s for s, r in zip(live, rough, strict=True)]
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
        elif role in _STAY and (span.grain == "year" or (span.plural and span.grain == "month")):
            unclear.append(_missing_day(span, role))
        elif role not in said or _better(span, said[role]):
            said[role] = span
            if span.plural and role in _STAY:
                said["admitted_on"] = said["discharged_on"] = span
    setting = replace(setting, to_file=_to_file(text, said.get("filed_on"), setting))
    if "filed_on" in said and "admitted_on" in said and not setting.planned:
        in_order = said["admitted_on"].start < said["filed_on"].start
        setting = replace(setting, begun=setting.begun or (in_order and _there(said, setting)))
    mentions = _resolved(said, setting)
    if _ANEW.search(text):
        mentions = _of_the_new_filing(mentions)
    for role in (m.fact for m in mentions if m.fact in said):
        span = spread(said[role])
        if span.grain != "day" and not span.plural:
            unclear.append(_missing_day(span, role))
    if not said:
        open_ones = [s for s, role in zip(live, roles, strict=True) if role is None]
        days = [s for s in open_ones if s.grain == "day" and s.first]
        days = [s for s in days if not s.surface.startswith(_NOW)]
        unclear += [Unclear("date_role", *_place(s), DATE_FACTS) for s in days]
    return mentions, unclear


def _to_file(text: str, span: DateSpan | None, setting: Setting) -> bool:
    """我打算下周三再去备案: the day of a filing that is still to be made."""
    if span is None or span.first is None:
        return False
    if span.first > setting.today:
        return setting.planned
    start = max((m.end() for m in _CLAUSE.finditer(text, 0, span.start)), default=0)
    end = next((m.start() for m in _CLAUSE.finditer(text, span.end)), len(text))
    return span.yearless and _TO_FILE.search(text, start, end) is not None


def _there(said: dict[str, DateSpan], setting: Setting) -> bool:
    """7月1号住院，7月5号备案: told in order, the filing may well have been made during the stay."""
    filed = backwards(said["filed_on"], setting.today).first
    admitted = backwards(said["admitted_on"], filed or setting.today).first
    if filed is None or admitted is None or filed - admitted > _STAYS_AT_MOST:
        return False
    ahead = onwards(said["admitted_on"], filed).first
    return ahead is None or ahead > setting.today + _AHEAD


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


def _better(span: DateSpan, held: DateSpan) -> bool:
    """A period beats a day, a day beats a month, for one and the same event."""
    if span.plural != held.plural:
        return span.plural
    if span.grain == held.grain:
        return held.approximate and not span.approximate
    return span.grain == "day"


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
        placed = spread(_in_right_year(role, span, days, setting))
        if role == "filed_on" and setting.to_file:
            mentions += _not_yet_filed(span, setting.known)
            continue
        if placed.plural and role in _STAY:
            day = placed.last if role == "discharged_on" else placed.first
            last = day
        else:
            day, last = _within(role, placed, setting)
            begins = _AFTER.get(role, "")
            day, last = _in_order(
                (day, last),
                days.get(begins) or getattr(setting.known, begins, None),
                before=role == "admitted_on"
                and (setting.late or (begins in said and span.start < said[begins].start)),
            )
        if day is None:
            continue
        days[role] = day
        vague = span.approximate or span.grain != "day"
        place = span.start, span.end, span.surface
        mentions.append(Mention(role, day, *place, vague))
        by = role.replace("_on", "_by")
        if last != day or getattr(setting.known, by) is not None:
            mentions.append(Mention(by, last if last != day else None, *place, vague))
    return mentions


def _of_the_new_filing(mentions: list[Mention]) -> list[Mention]:
    """3月5号取消的，5月8号又办了一次: what was cancelled before is another filing."""
    days = {m.fact: m.value for m in mentions}
    filed, cancelled = days.get("filed_on"), days.get("cancelled_on")
    if not isinstance(filed, date) or not isinstance(cancelled, date) or cancelled >= filed:
        return mentions
    return [m for m in mentions if not m.fact.startswith("cancelled")]


def _not_yet_filed(span: DateSpan, known: Facts) -> list[Mention]:
    """Who is still to file has filed nothing, unless an earlier filing is known."""
    if known.filed_on is not None or known.filed or known.filing_type not in (None, "none"):
        return []
    place = span.start, span.end, span.surface
    return [Mention("filing_type", "none", *place), Mention("filed", False, *place)]


_Period = tuple[date | None, date | None]


def _within(role: str, span: DateSpan, setting: Setting) -> _Period:
    """First and last day that a period leaves for its event: what is done lies in the past."""
    first, last, today = span.first, span.last, setting.today
    if first is None or last is None or first == last:
        return first, first
    if role == "admitted_on" and setting.planned and not setting.begun:
        return (max(first, today), last) if last > today else (first, last)
    return first, min(last, today) if first <= today else last


def _in_order(period: _Period, other: date | None, *, before: bool) -> _Period:
    """The part of ``period`` that lies ``before`` the ``other`` event, or on and after its day."""
    first, last = period
    if other is None or first is None or last is None or not first < other <= last:
        return period
    return (first, add_days(other, -1)) if before else (other, last)


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
        return onwards(span, today) if setting.to_file else past
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
