"""Whatever is typed: reading never raises, spans fit, and the facts are valid facts."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.slots import amounts, dates, durations, percents, ranges, read
from rules.facts import CostItems, Facts
from tests.slots_reading import TODAY

_PIECES = (
    "毕节 深圳 职工 居民 住院 没备案 转诊 不是 三万八 3000 自费 元 7月12号 2月30号 上个月 15号 到 "
    "， 。 花了 今年 第二次 71岁 三级 急诊 出院 亿 千 点 - 😀 ％"
)
WORDS = st.sampled_from([*_PIECES.split(), " "])
FACTS = [None, "total_cost", "age", "filed_on", "insured_region", "facility_level", "emergency"]

# The first message loads the tables; no timing is asserted.
untimed = settings(deadline=None, max_examples=150)


def _merged(read_facts: object) -> Facts:
    return Facts.model_validate(dict(read_facts))  # type: ignore[call-overload]


@untimed
@given(st.text(max_size=80), st.sampled_from(FACTS))
def test_any_text_is_read(text: str, expecting: str | None) -> None:
    reading = read(text, TODAY, expecting=expecting)
    assert all(0 <= m.start <= m.end <= len(text) for m in reading.mentions)
    assert all(text[m.start : m.end] == m.surface for m in reading.mentions)
    assert _merged(reading.facts)


@untimed
@given(st.lists(WORDS, max_size=14).map("".join), st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_subject_words_in_any_order_give_valid_facts(text: str, today: date) -> None:
    reading = read(text, today)
    facts = _merged(reading.facts)
    assert isinstance(facts.items, CostItems)
    assert {m.fact.split(".")[0] for m in reading.mentions} == set(reading.facts)


@untimed
@given(st.lists(WORDS, max_size=14).map("".join))
def test_reading_is_the_same_twice(text: str) -> None:
    assert read(text, TODAY) == read(text, TODAY)


@untimed
@given(st.integers(1, 99_999_999))
def test_a_whole_amount_is_read_as_written(value: int) -> None:
    for written in (f"{value}元", f"{value:,}元", f"￥{value}"):
        found = read(f"住院花了{written}", TODAY).facts
        assert found["total_cost"] == Decimal(value)


def test_a_bill_that_looks_like_a_telephone_line_is_a_bill() -> None:
    assert read("住院花了12345", TODAY).facts["total_cost"] == Decimal(12345)


@untimed
@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)))
def test_a_written_day_is_that_day(day: date) -> None:
    for written in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}"):
        assert [d.first for d in dates(f"我{written}办的", TODAY)] == [day]


@untimed
@given(st.text(max_size=60))
def test_expressions_never_raise(text: str) -> None:
    for found in (amounts(text), percents(text), ranges(text), durations(text)):
        assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(d.start < d.end for d in dates(text, TODAY))


@pytest.mark.parametrize(
    "text",
    ["1" * 60 + "百几", "9" * 28 + "多元", "9" * 30 + "w", "1" * 19 + "亿多", "9" * 40 + ".5%"],
)
def test_a_number_too_long_to_reckon_with_is_none(text: str) -> None:
    assert all(one.value is None for one in amounts(text))
    assert "total_cost" not in read(f"住院花了{text}", TODAY).facts


def test_a_hundred_thousand_characters_are_read() -> None:
    assert read("我在毕节住院花了三万八，" * 8000, TODAY).facts


def test_strings_that_break_programs(shared: Path) -> None:
    path = shared / "outside" / "naughty_strings.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        read(json.loads(line)["text"], TODAY)


@pytest.mark.parametrize("text", ["前0月", "上0个周", "未来0天", "近0年", "0个月前"])
def test_a_period_of_nothing_is_no_period(text: str) -> None:
    for found in dates(text, TODAY):
        assert found.impossible or (found.first and found.last and found.first <= found.last)


@pytest.mark.parametrize("today", [date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29)])
def test_the_ends_of_the_calendar(today: date) -> None:
    for text in (
        "去年3月5号住院",
        "一百年前住院",
        "明年后年",
        "下个月15号",
        "2月29号",
        "上上周三",
        "正月初八",
        "15号出院",
    ):
        read(text, today)
