"""What every reader of a date needs: the year said, the match as a span, a day that may not be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from assistant.slots.calendar import add_days, month_days, named_day
from assistant.slots.datewords import date_words
from assistant.slots.numerals import digits, small
from assistant.slots.values import DateSpan, Grain

Reader = Callable[[re.Match[str], date], DateSpan | None]
Form = tuple[str, Reader]
"""A pattern and the function that reads its matches; None: the match is no date after all."""

_YEARS = range(1, 9999)
_SLACK = ((14, 2), (60, 5), (500, 15), (date.max.toordinal(), 45))
"""How many days a day so far away may be off when it is told roughly."""


def span_of(
    match: re.Match[str],
    first: date | None,
    last: date | None = None,
    grain: Grain = "day",
    *,
    named: str = "",
    yearless: bool = False,
    monthless: bool = False,
    approximate: bool = False,
    plural: bool = False,
) -> DateSpan:
    """The whole match as a span; ``last`` is ``first`` where it is not given."""
    start, end = match.span()
    return DateSpan(
        start, end, match.group(), first, last or first, grain,
        yearless=yearless, monthless=monthless, approximate=approximate, plural=plural, named=named,
    )  # fmt: skip


def year_of(match: re.Match[str], today: date) -> int | None:
    """The year said in a match (groups ``ry``, ``y``), None when none was."""
    groups = match.groupdict()
    if groups.get("ry"):
        return min(max(today.year + date_words().years[match["ry"]], 1), 9999)
    plain = digits(groups.get("y") or "")
    if plain is None:
        return None
    year = int(plain)
    if len(plain) == 2:
        year += 2000 if year <= (today.year + 5) % 100 else 1900
    return year if year in _YEARS else None


def day_number(written: str) -> int:
    """三十一, 廿五, 08 as a number; 0 for what is none."""
    return small(written.replace("廿", "二十").replace("卅", "三十")) or 0


def month_number(written: str) -> int:
    """三, 12, 元 as the number of a month; 0 for what is none."""
    return 1 if written == "元" else small(written) or 0


def named_span(match: re.Match[str], name: str, year: int | None, today: date) -> DateSpan | None:
    """The day that the library calls ``name``; without a year the nearest past one."""
    if year is not None:
        day = named_day(name, year)
        return None if day is None else span_of(match, day)
    past = (d for y in (today.year, today.year - 1) if (d := named_day(name, y)) and d <= today)
    day = next(past, None)
    return None if day is None else span_of(match, day, yearless=True, named=name)


def slack(span: DateSpan, today: date) -> int:
    """How many days a day may be off when it is told roughly: the more the farther from today."""
    distance = abs(((span.first or today) - today).days)
    return next(days for reach, days in _SLACK if distance <= reach)


def around(span: DateSpan, today: date) -> DateSpan:
    """A day told roughly (大概半年前): the days about it, the more the farther from today."""
    if span.first is None:
        return span
    off = slack(span, today)
    first, last = add_days(span.first, -off), add_days(span.first, off)
    return _rough(span, first, min(last, today) if span.first <= today else last)


def spread(span: DateSpan) -> DateSpan:
    """A day told roughly (6月15号左右, 春节前后): all days that it can have been."""
    if span.slack is None or span.first is None:
        return span
    before, after = span.slack
    return _rough(span, add_days(span.first, before), add_days(span.first, after))


def beyond(span: DateSpan, today: date) -> DateSpan:
    """A day told as more than so long ago (半年多前): the days before it, half as long again."""
    if span.first is None or span.first >= today:
        return span
    farther = max(1, (today - span.first).days // 2)
    return _rough(span, add_days(span.first, -farther), add_days(span.first, -1))


def _rough(span: DateSpan, first: date, last: date) -> DateSpan:
    return replace(span, first=first, last=last, grain="month", approximate=True)


def day_span(match: re.Match[str], year: int | None, month: int, day: int, today: date) -> DateSpan:
    """The day of a match, without a value when it does not exist.

    Without a year the nearest past one is taken; 29 February must lie within a year of today.
    """
    if year is not None:
        exists = 1 <= day <= month_days(year, month)
        return span_of(match, date(year, month, day) if exists else None)
    for candidate in (today.year, max(1, today.year - 1)):
        if 1 <= day <= month_days(candidate, month):
            there = date(candidate, month, day)
            if there <= today and (today - there).days <= 366:
                return span_of(match, there, yearless=True)
    leap_ahead = (month, day) == (2, 29) and month_days(today.year + 1, 2) == 29
    return span_of(match, date(today.year + 1, 2, 29) if leap_ahead else None, yearless=True)


def month_span(match: re.Match[str], year: int | None, month: int, today: date) -> DateSpan:
    """The whole month of a match; without a year the nearest past or present one."""
    if not 1 <= month <= 12:
        return span_of(match, None)
    there = year if year is not None else max(1, today.year - (month > today.month))
    last = date(there, month, month_days(there, month))
    return span_of(match, last.replace(day=1), last, "month", yearless=year is None)
