"""Days named by the calendar: festivals, lunar days, solar terms, month arithmetic.

The only home of JioNLP, which is imported when such a day is first met (it prints while it is
imported; that is swallowed). It names days only; our grammar in ``dates`` decides what is read.
"""

from __future__ import annotations

import calendar
import contextlib
import io
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

_LIBRARY_YEARS = range(1900, 2100)


def month_days(year: int, month: int) -> int:
    """How many days ``month`` of ``year`` has; 0 for a month that does not exist."""
    return calendar.monthrange(year, month)[1] if 1 <= month <= 12 and 1 <= year <= 9999 else 0


def add_months(day: date, months: int) -> date:
    """The corresponding day ``months`` later or earlier; the last day where it does not exist."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    year = min(max(year, 1), 9999)
    return date(year, month + 1, min(day.day, month_days(year, month + 1)))


def add_days(day: date, days: int) -> date:
    """``day`` moved by ``days``, kept within the calendar."""
    ordinal = min(max(day.toordinal() + days, 1), date.max.toordinal())
    return date.fromordinal(ordinal)


def monday(day: date) -> date:
    """The Monday of the week of ``day``."""
    return day - timedelta(days=day.weekday())


@cache
def _jionlp() -> Any:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        import jionlp
    return jionlp


@lru_cache(maxsize=512)
def named_day(name: str, year: int) -> date | None:
    """The day of a festival, solar term or lunar day (端午, 冬至, 正月初八) in ``year``, or None.

    ``year`` is the year of the common calendar for festivals and the lunar year for lunar days.
    """
    if year not in _LIBRARY_YEARS:
        return None
    found = library_reading(f"{year}年{name}", date(year, 6, 15))
    return found[0] if found and found[0] == found[1] else None


@lru_cache(maxsize=512)
def library_reading(text: str, today: date) -> tuple[date, date] | None:
    """First and last day that JioNLP reads in ``text``, None when it reads none."""
    base = datetime(today.year, today.month, today.day)  # noqa: DTZ001
    try:
        read = _jionlp().parse_time(text, time_base=base)
    except (ValueError, OverflowError, IndexError, KeyError, TypeError):
        return None
    if not isinstance(read, dict) or read.get("type") not in ("time_point", "time_span"):
        return None
    first, last = (_day(t) for t in read["time"])
    return (first, last) if first and last else None


def _day(stamp: object) -> date | None:
    try:
        return datetime.strptime(str(stamp)[:10], "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        return None
