"""Amounts: every spelling, ranges, shares, and which number is what."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.slots import amounts, normalise, percents, ranges
from tests.slots_reading import cases, differences, facts


@pytest.mark.parametrize(("written", "value"), cases("amount_spellings"))
def test_spellings_after_a_word_of_money(written: str, value: str) -> None:
    text = normalise(f"住院费{written}").text
    assert [a.value for a in amounts(text)] == [Decimal(value)]


@pytest.mark.parametrize(("text",), cases("no_amounts"))
def test_no_amount_of_yuan(text: str) -> None:
    found = amounts(normalise(text).text)
    assert [a for a in found if a.currency == "CNY" and a.value is not None] == []


@pytest.mark.parametrize(("text", "low", "high"), cases("amount_ranges"))
def test_ranges(text: str, low: str, high: str) -> None:
    ends = [(s.low, s.high) for s in ranges(f"费用{text}")]
    assert ends == [(Decimal(low), None if high == "None" else Decimal(high))]


@pytest.mark.parametrize(("text", "value"), cases("percents"))
def test_percents(text: str, value: str) -> None:
    assert [p.value for p in percents(text)] == [Decimal(value)]


@pytest.mark.parametrize("text", ["成都", "完成手续", "一成不变", "骨折", "3个点心", "赞成"])
def test_no_percents(text: str) -> None:
    assert percents(text) == ()


@pytest.mark.parametrize(("text", "wanted"), cases("amount_roles"))
def test_which_number_is_what(text: str, wanted: str) -> None:
    assert differences(text, wanted) == []


def test_a_part_is_a_part_once_the_total_is_known() -> None:
    known = facts(total_cost=Decimal(20000))
    assert differences("自费3000", "items.excluded=3000 !", known=known) == []


class TestTheOpenCase:
    known = facts(total_cost=Decimal(8900))

    @pytest.mark.parametrize("text", ["2000", "两千", "2000元"])
    def test_a_mere_number_after_a_known_total_is_asked_about(self, text: str) -> None:
        assert differences(text, "-total_cost ?amount_role", known=self.known) == []

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("不对，是9800", "total_cost=9800 !"),
            ("那要是2万呢", "total_cost=20000 !"),
            ("门诊500能报多少", "total_cost=500"),
            ("8900是两个人的，我自己就350", "total_cost=350"),
            ("2000是自费的", "items.excluded=2000 !"),
        ],
    )
    def test_a_number_with_words_is_read(self, text: str, wanted: str) -> None:
        assert differences(text, wanted, known=self.known) == []
