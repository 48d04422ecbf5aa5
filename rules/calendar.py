"""When a filing handed in can be used: Chinese working days, holidays and make-up days counted.

The kept library chinesecalendar knows the years 2004 to 2026; a span that leaves them is counted in
weekdays and says so. Lengths and texts stand in ``validity.toml``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar

from rules.dates import written
from rules.facts import FilingChannel, Region
from rules.outcome import Reason, ReviewWindow
from rules.validity_data import OwnReview, Review, own_rules, texts

Channel = FilingChannel
_MORE: dict[Channel, tuple[str, ...]] = {
    "online": ("hurry",),
    "telephone": ("faster",),
    "window": (),
}


def review_window(
    submitted: date,
    channel: Channel,
    region: Region | None = None,
    submitted_by: date | None = None,
) -> ReviewWindow:
    """First and last day on which a filing handed in on ``submitted`` usually works.

    Day 1 is the next working day after submission. ``region``: the insured one, whose own limit
    decides and is told first when it has one (江苏). Rules, "Review time". ``submitted_by``: the
    last day on which it can have been handed in, when only a period is known.
    """
    data = texts()
    review = data.review[channel]
    own = own_rules(region, submitted)
    limits = own.review if own and channel != "telephone" else None
    first, last = review.first, review.last
    if limits is not None:
        first = last = limits.online if channel == "online" else limits.window
    counts = {first, last, review.first, review.last, limits.online if limits else first}
    days, known = _count(submitted, counts)
    reasons = [_general(review, days, named=limits is not None)]
    if limits is not None:
        reasons.insert(0, _own(limits, days))
    more = (*_MORE[channel], *(() if known else ("weekdays",)))
    for text in (data.review_more[name] for name in more):
        reasons.append(Reason(text=text.text, passage=text.passage))
    return ReviewWindow(
        submitted=submitted,
        submitted_by=submitted_by,
        earliest=days[first],
        latest=days[last] if submitted_by is None else _latest(submitted_by, channel, region),
        calendar_known=known,
        reasons=tuple(reasons),
    )


def _latest(submitted: date, channel: Channel, region: Region | None) -> date:
    return review_window(submitted, channel, region).latest


def last_known_year() -> int:
    """The last year whose holidays the library knows (for the list of ageing data)."""
    return max(int(day.year) for day in chinese_calendar.holidays)


def _general(review: Review, days: dict[int, date], *, named: bool) -> Reason:
    """``named``: with its days, which are not those of the answer."""
    earliest, latest = written(days[review.first]), written(days[review.last])
    phrase = texts().phrases["day_named" if earliest == latest else "days_named"]
    told = phrase.format(earliest=earliest, latest=latest) if named else ""
    return Reason(text=review.text.format(days=told), passage=review.passage)


def _own(limits: OwnReview, days: dict[int, date]) -> Reason:
    return Reason(
        text=limits.text.format(online=written(days[limits.online])), passage=limits.passage
    )


def _count(submitted: date, counts: set[int]) -> tuple[dict[int, date], bool]:
    """The working days asked for, and whether the holidays of the whole span are known."""
    try:
        return {n: _nth(submitted, n, chinese_calendar.is_workday) for n in counts}, True
    except NotImplementedError:  # the library's word for a year it does not know
        return {n: _nth(submitted, n, _weekday) for n in counts}, False


def _weekday(day: date) -> bool:
    return day.weekday() < 5


def _nth(submitted: date, n: int, working: Callable[[date], bool]) -> date:
    """The n-th working day after ``submitted``; for 0 the first one from ``submitted`` on."""
    day, left = submitted, max(n, 1)
    if n > 0 and day < date.max:
        day += timedelta(days=1)
    while day < date.max:
        left -= working(day)
        if left == 0:
            break
        day += timedelta(days=1)
    return day
