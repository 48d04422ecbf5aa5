"""Days of which only a period was said: the cases they may make, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, product
from typing import Generic, TypeVar

from rules.dates import month_end, written
from rules.facts import Facts

DATED = ("filed", "cancelled", "admitted", "discharged")
"""Facts that are a day (``filed_on``), or the first day of a period (``filed_by`` its last)."""
_WEEK, _TEN_DAYS, _MOST_OF_A_MONTH = 6, 10, 20
"""Days between the first and the last."""
_PARTS_BEGIN = (1, 11, 21)
"""Days on which 上旬, 中旬, 下旬 begin."""
T = TypeVar("T")


@dataclass(frozen=True)
class Stretch(Generic[T]):
    """Days of a period, ``first`` to ``last``, that all have the same ``outcome``."""

    first: date
    last: date
    outcome: T


def period(facts: Facts, name: str) -> tuple[date, date] | None:
    """First and last day that ``name`` of :data:`DATED` can have been; None when it was not said.

    The two are equal when the day was said.
    """
    first: date | None = getattr(facts, f"{name}_on")
    last: date | None = getattr(facts, f"{name}_by")
    return None if first is None else (first, max(first, last or first))


def vague(facts: Facts) -> tuple[str, ...]:
    """The names of :data:`DATED` of which only a period is known."""
    return tuple(n for n in DATED if (p := period(facts, n)) is not None and p[0] < p[1])


def on(facts: Facts, name: str, day: date) -> Facts:
    """``facts`` as if ``name`` had been told by its day."""
    return facts.model_copy(update={f"{name}_on": day, f"{name}_by": None})


def ends(facts: Facts) -> Iterator[Facts]:
    """``facts`` with every vague day at the first and at the last it can have been, combined."""
    names = vague(facts)
    for days in product(*(period(facts, name) or () for name in names)):
        exact = facts
        for name, day in zip(names, days, strict=True):
            exact = on(exact, name, day)
        yield exact


def stretches(first: date, last: date, outcome: Callable[[date], T]) -> list[Stretch[T]]:
    """The days from ``first`` to ``last``, neighbours of the same outcome together."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    runs = [(o, list(run)) for o, run in groupby(days, key=outcome)]
    return [Stretch(run[0], run[-1], o) for o, run in runs]


def written_period(first: date, last: date) -> str:
    """``2025 年 6 月``, ``2025 年 8 月 4 日至 10 日``, ``2025 年 1 月下旬至 3 月上旬``."""
    days = (last - first).days
    if days == 0:
        return written(first)
    if days == _WEEK and first.weekday() == 0:
        return _from_to(first, last, written)
    if (first.year, first.month) == (last.year, last.month) and days >= _MOST_OF_A_MONTH:
        return _month(first)
    if first.day == 1 and last == month_end(last):
        whole_year = first.year == last.year and (first.month, last.month) == (1, 12)
        return f"{first.year} 年" if whole_year else _from_to(first, last, _month)
    whole_parts = first.day in _PARTS_BEGIN and (last + timedelta(days=1)).day in _PARTS_BEGIN
    if days <= _TEN_DAYS and not whole_parts:
        return _from_to(first, last, written)
    return _from_to(first, last, _part_of_month)


def _from_to(first: date, last: date, write: Callable[[date], str]) -> str:
    """``A至B``, without the year or month of B when A has told them; one of two that are alike."""
    left, right = write(first), write(last)
    if left == right:
        return left
    for told in (f"{first.year} 年 {first.month} 月", f"{first.year} 年"):
        if right.startswith(told) and len(right) > len(told):
            return f"{left}至{right[len(told) :]}"
    return f"{left}至 {right}"


def _month(day: date) -> str:
    return f"{day.year} 年 {day.month} 月"


def _part_of_month(day: date) -> str:
    return f"{_month(day)}{('上旬', '中旬', '下旬')[min((day.day - 1) // 10, 2)]}"
