"""Clean text: width, traditional characters, typos of the subject, and where it came from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.slots import normalise

CLEAN = [
    ("異地就醫備案報銷", "异地就医备案报销"),
    ("花了１２,３４５元", "花了12,345元"),
    ("住院😭花了💰3000", "住院 花了 3000"),
    ("一 百 五 十 块", "一百五十块"),
    ("2010 01 29", "2010 01 29"),
    ("参\u200b保\ufeff地", "参保地"),
    ("3️⃣级医院", "3级医院"),
    ("①毕节", " 毕节"),
    ("10^12元", "10^12元"),
    ("ＡＰＰ备案", "app备案"),
    ("第一行\r\n第二行", "第一行\n\n第二行"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "clean"), CLEAN)
def test_characters(typed: str, clean: str) -> None:
    assert normalise(typed).text == clean


MENDED = [
    ("背案怎么办", "备案怎么办"),
    ("能报消多少", "能报销多少"),
    ("我的医宝", "我的医保"),
    ("义保卡", "医保卡"),
    ("异地就一备案", "异地就医备案"),
    ("易地就医", "异地就医"),
    ("专诊证明", "转诊证明"),
    ("急珍住院", "急诊住院"),
    ("门珍", "门诊"),
    ("主院了", "住院了"),
    ("餐保地", "参保地"),
    ("直工医保", "职工医保"),
    ("局民医保", "居民医保"),
    ("起付限", "起付线"),
    ("报销比列", "报销比例"),
    ("垮省", "跨省"),
    ("新农和", "新农合"),
    ("退体职工", "退休职工"),
    ("承若书", "承诺书"),
    ("零时备案", "临时备案"),
    ("yibao", "医保"),
    ("yi bao", "医保"),
    ("Yibao beian", "医保备案"),
    ("yibaobaoxiaobili", "医保报销比例"),
    ("zhuanzhen备案", "转诊备案"),
    ("yi保卡", "医保卡"),
    ("医bao卡", "医保卡"),
    ("報消", "报销"),
    ("能抱多少", "能报多少"),
    ("能抱吗", "能报吗"),
    ("抱几成", "报几成"),
    ("急整住院", "急诊住院"),
]


@pytest.mark.parametrize(("typed", "clean"), MENDED)
def test_typos_of_the_subject_are_mended(typed: str, clean: str) -> None:
    found = normalise(typed)
    assert found.text == clean
    assert found.mended


UNTOUCHED = [
    "能抱孩子吗",
    "着急整不会",
    "设备按规定采购",
    "准备按流程走",
    "中医报销",
    "他被案子缠上",
    "以保证为主",
    "上报小组",
    "包括医包括",
    "主院区在哪",
    "比利时",
    "我们诊断",
    "部门证明",
    "零时起执行",
    "报效祖国",
    "hello world",
    "wifi",
    "设备安装",
    "请注意保留票据",
    "建议保存发票",
    "便宜保险",
    "收集诊断证明",
    "随即诊断",
    "祝院长好",
    "根据民法典",
    "移植工作",
    "直接算一下",
    "刚才料到",
    "真正明白",
    "特征明显",
    "就医完成",
    "公平证明",
    "身份正常",
    "户口部门",
    "办理完毕结账",
    "主义保守",
    "最初院方",
    "建设保障",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_ordinary_language_is_left_alone(text: str) -> None:
    assert normalise(text).text == text


def test_spans_lead_back_to_the_message_as_typed() -> None:
    typed = "我yi bao在毕节，花了３w"
    found = normalise(typed)
    at = found.text.index("医保")
    start, end = found.span(at, at + 2)
    assert typed[start:end] == "yi bao"
    at = found.text.index("3w")
    start, end = found.span(at, at + 2)
    assert typed[start:end] == "３w"


def test_what_was_mended_is_told_in_reading_order() -> None:
    assert normalise("背案后报消").mended == (("背案", "备案"), ("报消", "报销"))


def test_the_corpus_has_no_typos_to_mend() -> None:
    """Clean Chinese about the subject comes through unchanged: nothing is over-corrected."""
    root = Path(__file__).parent.parent / "corpus" / "documents"
    chinese = re.compile(r"[\u4e00-\u9fff]")
    facts_on_top = re.compile(r"```toml.*?```|^\+\+\+.*?^\+\+\+", re.DOTALL | re.MULTILINE)
    wrong = [
        (path.name, mended)
        for path in sorted(root.rglob("*.md"))
        for mended in normalise(facts_on_top.sub("", path.read_text("utf-8"))).mended
        if chinese.search(mended[0])
    ]
    assert wrong == []


@settings(deadline=None)
@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_and_keeps_the_map(text: str) -> None:
    found = normalise(text)
    assert len(found.starts) == len(found.ends) == len(found.text)
    assert all(0 <= s < e <= len(text) for s, e in zip(found.starts, found.ends, strict=True))
    assert list(found.starts) == sorted(found.starts)
    assert normalise(found.text).text == normalise(normalise(found.text).text).text


@settings(deadline=None)
@given(st.text(alphabet="医保备案报销转诊abyi 零一万3,.，。ｗ😀異醫", max_size=40))
def test_subject_words_with_noise_never_break_the_map(text: str) -> None:
    found = normalise(text)
    start, end = found.span(0, len(found.text))
    assert 0 <= start <= end <= len(text)
