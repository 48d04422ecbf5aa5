"""Dates: what is a date, which day it is, and which event it belongs to."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.slots import dates, durations, normalise
from tests.slots_reading import cases, differences, facts

WEDNESDAY = date(2025, 8, 6)


@pytest.mark.parametrize(("written", "day"), cases("days"))
def test_one_day(written: str, day: str) -> None:
    found = dates(normalise(f"我{written}办的").text, WEDNESDAY)
    assert [str(d.first) for d in found] == [day]
    assert not found[0].plural


@pytest.mark.parametrize(("written",), cases("impossible_days"))
def test_a_day_that_does_not_exist_has_no_value(written: str) -> None:
    found = dates(written, WEDNESDAY)
    assert [d.first for d in found] == [None]
    assert differences(f"{written}办的备案", "-filed_on ?impossible_date") == []


@pytest.mark.parametrize(("text",), cases("no_dates"))
def test_no_date(text: str) -> None:
    assert [d.surface for d in dates(text, WEDNESDAY)] == []


@pytest.mark.parametrize(("text", "first", "last"), cases("periods"))
def test_periods(text: str, first: str, last: str) -> None:
    found = dates(text, WEDNESDAY)
    assert [(str(d.first), str(d.last)) for d in found] == [(first, last)]


LENGTHS: list[tuple[str, dict[str, float]]] = [
    ("三年半", {"year": 3.5}),
    ("5个工作日", {"workday": 5}),
    ("半年", {"year": 0.5}),
    ("两周", {"day": 14}),
    ("6个月", {"month": 6}),
    ("一年又三个月", {"year": 1, "month": 3}),
    ("一年又一个月21天", {"year": 1, "month": 1, "day": 21}),
    ("十二天", {"day": 12}),
    ("一个季度", {"month": 3}),
    ("住了10天半", {"day": 10.5}),
]


@pytest.mark.parametrize(("text", "parts"), LENGTHS)
def test_lengths_of_time(text: str, parts: dict[str, float]) -> None:
    assert [{k: float(v) for k, v in d.parts.items()} for d in durations(text)] == [parts]


@pytest.mark.parametrize("text", ["2025年", "3月5日", "三号楼", "第二年级"])
def test_no_length_of_time(text: str) -> None:
    assert durations(text) == ()


def test_both_ends_of_a_range_of_lengths() -> None:
    assert [dict(d.parts) for d in durations("3~6个月")] == [{"month": 3}, {"month": 6}]


@pytest.mark.parametrize(("text", "wanted"), cases("events"))
def test_which_day_is_what(text: str, wanted: str) -> None:
    assert differences(text, wanted) == []


def test_a_stay_that_is_over_has_ended_before_today() -> None:
    wanted = "admitted_on=2025-07-03 discharged_on=2025-07-08"
    assert differences("3号到8号住的院", wanted, today=WEDNESDAY) == []


class TestTheOpenCase:
    filed = facts(filing_type="temporary", filed=True, filed_on=date(2025, 1, 10))
    both = facts(filed_on=date(2025, 1, 10), admitted_on=date(2025, 7, 8))

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("7月12号住院还能用吗", "admitted_on=2025-07-12"),
            ("9月1号去住院行吗", "admitted_on=2025-09-01"),
            ("1月9号住的院", "admitted_on=2025-01-09"),
            ("12月3号住的院", "admitted_on=2024-12-03"),
        ],
    )
    def test_an_admission_follows_the_filing(self, text: str, wanted: str) -> None:
        assert differences(text, wanted, known=self.filed) == []

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("哦记错了，是7月18号", "admitted_on=2025-07-18 -filed_on"),
            ("不对，是1月12号", "filed_on=2025-01-12 -admitted_on"),
            ("要是7月20号住的呢", "admitted_on=2025-07-20"),
        ],
    )
    def test_a_correction_takes_the_nearest_event(self, text: str, wanted: str) -> None:
        assert differences(text, wanted, known=self.both) == []

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("年份写错，2024年的", "filed_on=2024-01-10 -admitted_on"),
            ("说岔了，是去年1月10号", "filed_on=2024-01-10"),
        ],
    )
    def test_a_year_is_corrected(self, text: str, wanted: str) -> None:
        assert differences(text, wanted, known=self.filed) == []

    def test_a_day_completes_a_month(self) -> None:
        known = facts(filed_on=date(2025, 3, 1), filing_type="temporary")
        assert differences("8号", "filed_on=2025-03-08 !", known=known) == []

    def test_an_impossible_day_is_no_other_day(self) -> None:
        wanted = "-filed_on ?impossible_date filing_type=temporary"
        assert differences("我的备案是2025年2月29号办的，临时，这个月能用吗", wanted) == []
        assert differences("4月31号办的临时备案，今天能用吗", wanted) == []

    def test_a_discharge_never_lands_far_ahead(self) -> None:
        wanted = "admitted_on=2025-05-10 discharged_on=2025-05-08"
        assert differences("5月10号住院，5月8号出院", wanted) == []

    def test_a_year_said_earlier_holds(self) -> None:
        known = facts(admitted_on=date(2023, 7, 8))
        assert differences("不对，7月9号住的院", "admitted_on=2023-07-09", known=known) == []

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("去年3月", "filed_on=2024-03-01 ?day_missing"),
            ("1月10号", "filed_on=2025-01-10"),
            ("前天", "filed_on=2025-07-30"),
            ("2025.1.10", "filed_on=2025-01-10"),
        ],
    )
    def test_a_bare_date_fills_what_was_asked(self, text: str, wanted: str) -> None:
        assert differences(text, wanted, expecting="filed_on") == []
