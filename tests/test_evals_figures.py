"""Figures found in texts, and whether evidence supports them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.equations import wrong_equations
from evals.figures import Evidence, figures, word_value


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("付 11,000.00 元", [Decimal(11000)]),
        ("花了 1.8 万", [Decimal(18000)]),
        ("６个月，半年，六个月", [Decimal(6), Decimal(6), Decimal(6)]),
        ("3–6 个月，1 到 3 个工作日", [Decimal(3), Decimal(6), Decimal(1), Decimal(3)]),
        ("到 2025年7月10日 为止", ["2025-07-10"]),
        ("2025-07-10 与 7 月 10 日", ["2025-07-10", "07-10"]),
        ("按 65% 报", [Decimal(65)]),
        ("1. 先备案\n2. 再住院[3]", []),
        ("- 1. 先备案", []),
        ("带 3 样，问 2 件事", []),
        ("一次住院，一样办", []),
        ("十个工作日", [Decimal(10)]),
        ("1.5 倍", [Decimal("1.5")]),
    ],
)
def test_found(body: str, values: list[Decimal | str]) -> None:
    assert [figure.value for figure in figures(body)] == values


@pytest.mark.parametrize(
    ("evidence", "said", "supported"),
    [
        ("6 个月", "六个月", True),
        ("ratio 0.65", "65%", True),
        ("65%", "0.65", True),
        ("2025-07-10", "2025年7月10日", True),
        ("2025-07-10", "7月10日", True),
        ("2025-07-10", "7月11日", False),
        ("18000.00", "1.8 万元", True),
        ("10 个百分点", "20 个百分点", False),
        ("12393", "12333", False),
        ("12 个月", "1 年", True),
        ("2022年7月起", "7 个月", False),
        ("6 个工作日", "6 个月", False),
        ("10%", "10 个百分点", False),
        ("3–6 个月", "3 个月", True),
    ],
)
def test_supported(evidence: str, said: str, supported: bool) -> None:
    held = Evidence().add([evidence])
    assert all(held.supports(figure) for figure in figures(said)) is supported


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("20,600.00 − 600.00 = 20,000.00（起付线）", True),
        ("20,600.00 − 600.00 = 20,001.00", False),
        ("7,600.00 × 90% = 6,840.00", True),
        ("7,600.00 × 90% = 6,480.00", False),
        ("75% − 20% = 55%", True),
        ("2,640.00 + 1,800.00 + 920.00 = 5,360.00", True),
        ("2,640.00 + 1,800.00 + 920.00 = 5,260.00", False),
        ("1,234.57 × 78% = 962.96", True),
        ("min(600.00, 500.00) = 500.00", True),
        ("min(600.00, 500.00) = 600.00", False),
        ("2025-07-10 = 今天", True),
        ("1 ÷ 0 = 0", False),
    ],
)
def test_equations(line: str, holds: bool) -> None:
    assert (list(wrong_equations(line)) == []) is holds


@given(st.integers(min_value=0, max_value=10**8), st.integers(min_value=0, max_value=99))
def test_money_reads_back(yuan: int, fen: int) -> None:
    value = Decimal(yuan) + Decimal(fen) / 100
    assert [f.value for f in figures(f"共 {value:,.2f} 元")] == [value]


@given(st.text(max_size=200))
def test_any_text_supports_itself(body: str) -> None:
    held = Evidence().add([body])
    assert all(held.supports(figure) for figure in figures(body))


@pytest.mark.parametrize(
    ("word", "value"),
    [("十二", 12), ("二十", 20), ("两", 2), ("半", None), ("九百九十九", 999)],
)
def test_word_value(word: str, value: int | None) -> None:
    assert word_value(word) == (None if value is None else Decimal(value))
