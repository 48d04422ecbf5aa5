"""What every reader of a date needs: the year said, the match as a span, a day that may not be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from assistant.slots.calendar import month_days
from assistant.slots.datewords import date_words
from assistant.slots.numerals import digits, small
from assistant.slots.values import DateSpan, Grain

Reader = Callable[[re.Match[str], date], DateSpan | None]
Form = tuple[str, Reader]
"""A pattern and the function that reads its matches; None: the match is no date after all."""

_YEARS = range(1, 9999)


def span_of(
    match: re.Match[str],
    first: date | None,
    last: date | None = None,
    grain: Grain = "day",
    **more: bool,
) -> DateSpan:
    """The whole match as a span; ``last`` is ``first`` where it is not given."""
    start, end = match.span()
    return DateSpan(start, end, match.group(), first, last or first, grain, **more)


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
