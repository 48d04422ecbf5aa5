"""Bare replies to the question asked back, and cues about the message."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.slots import read
from rules.facts import Facts
from tests.slots_reading import TODAY, cases, differences, facts


@pytest.mark.parametrize(("asked", "text", "wanted"), cases("replies"))
def test_a_bare_reply_fills_what_was_asked(asked: str, text: str, wanted: str) -> None:
    assert differences(text, wanted, expecting=asked) == []


MISFITS = [
    ("age", "三百"),
    ("facility_level", "9"),
    ("total_cost", "不知道"),
    ("insured_region", "是的"),
    ("admission_count", "一千"),
]


@pytest.mark.parametrize(("asked", "text"), MISFITS)
def test_a_reply_that_does_not_fit_fills_nothing(asked: str, text: str) -> None:
    assert asked not in read(text, TODAY, expecting=asked).facts


def test_a_yes_does_not_make_an_emergency_of_a_filed_case() -> None:
    known = facts(filing_type="temporary", filed=True)
    assert (
        differences("是", "emergency=True -filing_type", known=known, expecting="emergency") == []
    )


@pytest.mark.parametrize(("text", "flag"), cases("flags"))
def test_flags(text: str, flag: str) -> None:
    assert flag in read(text, TODAY).flags


@pytest.mark.parametrize("text", ["三级医院", "花了8000", "毕节居民"])
def test_plain_statements_have_no_flags(text: str) -> None:
    assert read(text, TODAY).flags <= {"past"}


CORRECTIONS = [
    ("不对，是二级", "facility_level=level2 !", {"facility_level": "level3"}),
    ("不对，是780", "total_cost=780 !", {"total_cost": 380}),
    ("说错了，不是职工是居民", "insurance_type=resident !", {"insurance_type": "employee"}),
    ("更正一下，费用是三万二", "total_cost=32000 !", {"total_cost": 23000}),
    ("不是7月12号，是7月21号", "admitted_on=2025-07-21", {"admitted_on": date(2025, 7, 12)}),
    ("年龄不对，应该是72岁", "age=72 !", {"age": 71}),
    ("备过案的，不是没备案", "filed=True", {"filing_type": "none"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "known"), CORRECTIONS)
def test_corrections(text: str, wanted: str, known: dict[str, object]) -> None:
    assert differences(text, wanted, known=Facts.model_validate(known)) == []
