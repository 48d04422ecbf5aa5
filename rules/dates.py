"""Periods in months and how days are written. No clock, no calendar of holidays."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The last day of a period of ``months`` that begins on ``day``, that day included.

    The corresponding day of the later month; where that month has no such day, its last day (Civil
    Code art. 201–202): 2025-08-31 and six months give 2026-02-28. Beyond the year 9999:
    ``date.max``.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def written(day: date) -> str:
    """``2025 年 7 月 10 日``."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
