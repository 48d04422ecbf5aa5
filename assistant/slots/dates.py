"""Dates in running text: 7月12号, 上个月15号, 去年国庆, 三个月前, 3号到8号, 2025-02-29.

Our own grammar (``dateforms``, ``relative``) decides what is a date; the calendar's names come from
``calendar``. A day that does not exist (2月30号) is found and left without a value. What a date
means (filed, admitted …) and which year an unsaid year is are decided in ``days``; here the nearest
past one is taken.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

from assistant.slots import dateforms, relative
from assistant.slots.calendar import add_months, named_day
from assistant.slots.dateparts import Reader, slack
from assistant.slots.datewords import JOIN, date_words
from assistant.slots.numerals import folded
from assistant.slots.values import DateSpan

_PERIOD = re.compile(
    rf"(?:当天|那天|上午|下午|早上|晚上|起|开始)?(?:一直|就)?(?:住院|住|待)?(?!\s?[和与]){JOIN}"
)
_APPOSITION = re.compile(r"[\s,，(（是]{0,2}")
_CLAUSE = re.compile(r"[,，。;；!！?？]")
_THAT_DAY = re.compile(r"(?:就在)?(?:当天|当日|同一?天|同日)(?!也算)")
_FAR, _HEDGE = 600, 8
_ROUGH = 5
"""Days that a day told roughly by its date may be off at most."""


@cache
def _grammar() -> tuple[tuple[re.Pattern[str], Reader], ...]:
    return tuple((re.compile(p), read) for p, read in (*dateforms.forms(), *relative.forms()))


def dates(text: str, today: date) -> tuple[DateSpan, ...]:
    """Every date and period of ``text`` from left to right, none overlapping."""
    plain = folded(text)
    found = [
        replace(span, surface=text[span.start : span.end])
        for pattern, read in _grammar()
        for match in pattern.finditer(plain)
        if (span := read(match, today)) is not None
    ]
    once = _once(text, _same_month(_longest(found)))
    return tuple(_roughly(text, _joined(text, _same_day(text, once)), today))


def _longest(found: list[DateSpan]) -> list[DateSpan]:
    kept: list[DateSpan] = []
    taken: set[int] = set()
    for span in sorted(found, key=lambda s: (s.start - s.end, s.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)


def _same_month(found: list[DateSpan]) -> list[DateSpan]:
    """7月3号住院，8号出院: a bare day after a day or month that was named lies on or after it."""
    out: list[DateSpan] = []
    for span in found:
        last = out[-1] if out else None
        if span.monthless and last and last.first and last.grain in ("day", "month"):
            moved = onwards(span, last.first)
            span = replace(moved, yearless=last.yearless, monthless=last.monthless)
        out.append(span)
    return out


def _once(text: str, found: list[DateSpan]) -> list[DateSpan]:
    """今天周五, 昨天刚提交: one day said twice in a row, the first time counts."""
    out: list[DateSpan] = []
    for span in found:
        last = out[-1] if out else None
        if last and last.grain == span.grain == "day":
            gap = text[last.end : span.start]
            same = last.first == span.first and _APPOSITION.fullmatch(gap)
            if same or (span.surface.startswith("刚") and not _CLAUSE.search(gap)):
                if same:
                    out[-1] = replace(last, end=span.end, surface=text[last.start : span.end])
                continue
        out.append(span)
    return out


def _same_day(text: str, found: list[DateSpan]) -> list[DateSpan]:
    """6月1号取消的，当天下午住的院: the day told last."""
    out = list(found)
    for match in _THAT_DAY.finditer(text):
        told = [s for s in found if s.end <= match.start()]
        if told and told[-1].end < match.start() and told[-1].grain == "day":
            start, end = match.span()
            out.append(replace(told[-1], start=start, end=end, surface=match.group()))
    return sorted(out, key=lambda s: s.start)


def _roughly(text: str, found: list[DateSpan], today: date) -> list[DateSpan]:
    """6月15号左右, 大概3月10号: the days about it."""
    words = date_words().rough
    before, after = re.compile(f"(?:{words['before']})$"), re.compile(words["after"])
    return [
        replace(span, slack=(-(days := min(_ROUGH, slack(span, today))), days), approximate=True)
        if _is_day(span)
        and (
            after.match(text, span.end)
            or before.search(text, max(0, span.start - _HEDGE), span.start)
        )
        else span
        for span in found
    ]


def _is_day(span: DateSpan) -> bool:
    return span.grain == "day" and not (span.plural or span.impossible or span.slack)


def _joined(text: str, found: list[DateSpan]) -> list[DateSpan]:
    """Two dates with 到, 至 or a dash between them are one period."""
    out: list[DateSpan] = []
    for span in found:
        last = out[-1] if out else None
        period = _period(text, last, span) if last else None
        if period is None:
            out.append(span)
        else:
            out[-1] = period
    return out


def _period(text: str, start: DateSpan, end: DateSpan) -> DateSpan | None:
    """Both as one period, or None when they are two dates."""
    if start.plural or end.plural or not _PERIOD.fullmatch(text, start.end, end.start):
        return None
    if start.first is None or end.first is None:
        return None
    last = onwards(end, start.first).last
    if last is None or last < start.first:
        return None
    return replace(
        start,
        end=end.end,
        surface=text[start.start : end.end],
        last=last,
        plural=True,
        approximate=start.approximate or end.approximate,
    )


def onwards(span: DateSpan, day: date) -> DateSpan:
    """``span`` at its first occurrence on or after ``day``, where it left the year unsaid."""
    return _shifted(span, day, later=True)


def backwards(span: DateSpan, day: date) -> DateSpan:
    """``span`` at its last occurrence on or before ``day``, where it left the year unsaid."""
    return _shifted(span, day, later=False)


def in_year(span: DateSpan, year: int) -> DateSpan:
    """``span`` in ``year``, where it left the year unsaid and the day exists there."""
    if span.first is None or not span.yearless or span.monthless:
        return span
    if span.named:
        return _named(span, year) or span
    return _moved(span, (year - span.first.year) * 12) or span


def _shifted(span: DateSpan, day: date, *, later: bool) -> DateSpan:
    if span.first is None or not (span.yearless or span.monthless):
        return span
    if span.named:
        years = range(day.year - 1, day.year + 2)
        there = [s for y in (years if later else reversed(years)) if (s := _named(span, y))]
        fits = (s for s in there if s.first and (s.first >= day if later else s.first <= day))
        return next(fits, span)
    step = 1 if span.monthless else 12
    distance = (day.year - span.first.year) * 12
    if span.monthless:
        distance += day.month - span.first.month
    # Start one step on the wrong side, then walk to the first occurrence that fits.
    for turn in range(-1, _FAR // step):
        moved = _moved(span, distance + (turn if later else -turn) * step)
        if moved and moved.first and (moved.first >= day if later else moved.first <= day):
            return moved
    return span


def _named(span: DateSpan, year: int) -> DateSpan | None:
    """A day that moves from year to year (春节, 正月初八) in ``year``."""
    day = named_day(span.named, year)
    return None if day is None else replace(span, first=day, last=day)


def _moved(span: DateSpan, months: int) -> DateSpan | None:
    """``span`` moved by whole months; None where its day does not exist (31 April, 29 February)."""
    if span.first is None or span.last is None:
        return None
    first = add_months(span.first, months)
    if first.day != span.first.day:
        return None
    return replace(span, first=first, last=add_months(span.last, months))
