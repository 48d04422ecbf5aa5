"""Review windows on the Chinese working-day calendar: holidays, make-up days, its last year."""

from __future__ import annotations

from datetime import date
from typing import Literal

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import last_known_year, review_window
from rules.regions import find_region

Channel = Literal["online", "telephone", "window"]


@pytest.mark.parametrize(
    ("submitted", "channel", "earliest", "latest"),
    [
        # Monday to Thursday
        (date(2025, 7, 7), "online", date(2025, 7, 8), date(2025, 7, 10)),
        # Friday: the weekend does not count
        (date(2025, 7, 4), "online", date(2025, 7, 7), date(2025, 7, 9)),
        # Saturday
        (date(2025, 7, 5), "online", date(2025, 7, 7), date(2025, 7, 9)),
        # National Day 2025, 1 to 8 October; Saturday the 11th is a make-up day
        (date(2025, 9, 30), "online", date(2025, 10, 9), date(2025, 10, 11)),
        # Spring Festival 2025, 28 January to 4 February; Sunday 26 January and Saturday 8
        # February are make-up days
        (date(2025, 1, 24), "online", date(2025, 1, 26), date(2025, 2, 5)),
        (date(2025, 1, 27), "telephone", date(2025, 2, 5), date(2025, 2, 17)),
        (date(2025, 7, 7), "telephone", date(2025, 7, 8), date(2025, 7, 21)),
        # at the window the same day, or the next day it is open
        (date(2025, 7, 7), "window", date(2025, 7, 7), date(2025, 7, 7)),
        (date(2025, 10, 1), "window", date(2025, 10, 9), date(2025, 10, 9)),
    ],
)
def test_review_windows(submitted: date, channel: Channel, earliest: date, latest: date) -> None:
    window = review_window(submitted, channel)
    if channel != "telephone":
        assert window.earliest == earliest
    assert window.latest == latest
    assert window.calendar_known


@pytest.mark.parametrize(
    ("submitted", "known"),
    [(date(2026, 12, 25), True), (date(2026, 12, 29), False), (date(2027, 1, 4), False)],
)
def test_a_span_past_the_known_years_counts_weekdays_and_says_so(
    submitted: date, known: bool
) -> None:
    window = review_window(submitted, "online")
    assert window.calendar_known is known
    assert ("未含节假日调休" in "".join(r.text for r in window.reasons)) is not known


def test_weekdays_across_the_end_of_the_known_years() -> None:
    window = review_window(date(2026, 12, 30), "online")
    assert (window.earliest, window.latest) == (date(2026, 12, 31), date(2027, 1, 4))


def test_the_known_years_are_the_libraries() -> None:
    assert last_known_year() >= 2026
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(last_known_year() + 1, 1, 4))


def test_a_place_with_its_own_limit() -> None:
    suzhou = find_region("苏州")
    online = review_window(date(2025, 9, 30), "online", suzhou)
    assert online.earliest == online.latest == date(2025, 10, 9)
    assert online.reasons[0].passage == "jiangsu-review-time"
    assert "2025 年 10 月 9 日" in online.reasons[0].text
    window = review_window(date(2025, 9, 30), "window", suzhou)
    assert window.latest == date(2025, 9, 30)
    assert review_window(date(2025, 9, 30), "telephone", suzhou).reasons[0].passage == (
        "review-telephone"
    )


def test_the_general_count_names_its_days_where_the_place_has_its_own() -> None:
    own = review_window(date(2025, 7, 4), "online", find_region("苏州"))
    assert "2025 年 7 月 7 日到 2025 年 7 月 9 日" in own.reasons[1].text
    general = review_window(date(2025, 7, 4), "online")
    assert (general.earliest, general.latest) == (date(2025, 7, 7), date(2025, 7, 9))
    assert "日" not in general.reasons[0].text.replace("工作日", "")
    assert all(r.text.endswith("。") for r in (*own.reasons, *general.reasons))


@given(
    st.dates(min_value=date(2004, 1, 1), max_value=date(2040, 12, 31)),
    st.sampled_from(["online", "telephone", "window"]),
)
def test_windows_end_on_working_days(submitted: date, channel: Channel) -> None:
    window = review_window(submitted, channel)
    assert submitted <= window.earliest <= window.latest
    if channel != "window":
        assert window.earliest > submitted
    for day in (window.earliest, window.latest):
        working = chinese_calendar.is_workday(day) if window.calendar_known else day.weekday() < 5
        assert working


def test_the_last_day_there_is() -> None:
    assert review_window(date.max, "online").latest == date.max
