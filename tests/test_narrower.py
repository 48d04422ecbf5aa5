"""A case is told the section that speaks to it: its place, its kind of filing, its day."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from assistant.narrower import DERIVED, SINCE, narrower
from assistant.pipeline import Assistant
from assistant.text import plain
from corpus import Section, load_corpus
from rules.facts import Facts
from rules.regions import find_region

TODAY = date(2025, 8, 1)
REGIONS = ("insured_region", "treatment_region", "filed_region")


def facts(said: dict[str, Any]) -> Facts:
    placed = {k: find_region(v) if k in REGIONS else v for k, v in said.items()}
    return Facts(**placed)


@pytest.mark.parametrize(
    ("section", "said", "told"),
    [
        ("students-holidays", {}, "students-holidays"),
        ("students-holidays", {"insured_region": "武汉", "same_province": True}, "students-inside"),
        (
            "students-holidays",
            {"insured_region": "苏州", "same_province": True},
            "jiangsu-students",
        ),
        (
            "students-holidays",
            {"insured_region": "南昌", "same_province": True},
            "jiangxi-no-filing-inside",
        ),
        ("residence-proof", {"filing_type": "posted_worker"}, "materials-posted"),
        ("residence-proof", {"filing_type": "long_term_resident"}, "residence-proof"),
        ("filing-channels", {"insured_region": "洛阳"}, "henan-filing"),
        ("filing-channels", {"insured_region": "合肥"}, "filing-channels"),
        ("cut-longterm", {"filing_type": "referral"}, "cut-referral-emergency"),
        ("cut-temporary", {"insured_region": "苏州"}, "suzhou-cut"),
        ("cut-temporary", {"insured_region": "南京"}, "jiangsu-cut"),
        ("weinan-cut", {"insured_region": "渭南", "same_province": True}, "within-province"),
    ],
)
def test_the_case_chooses(section: str, said: dict[str, Any], told: str) -> None:
    corpus = load_corpus()
    assert narrower(corpus.section(section), facts(said), corpus, TODAY).id == told


@pytest.mark.parametrize(
    ("treated", "insured", "told"),
    [
        ("天津", "徐州", "jiangsu-longterm-beyond"),
        ("天津", "合肥", "longterm-beyond-region"),
        ("北京", "徐州", "cut-longterm"),
        ("徐州", "徐州", "cut-longterm"),
    ],
)
def test_beyond_the_filed_place(treated: str, insured: str, told: str) -> None:
    corpus = load_corpus()
    said = {
        "insured_region": insured,
        "filed_region": "北京",
        "treatment_region": treated,
        "filing_type": "long_term_resident",
    }
    assert narrower(corpus.section("cut-longterm"), facts(said), corpus, TODAY).id == told


@pytest.mark.parametrize(
    ("on", "told"), [(TODAY, "before-2023"), (date(2027, 3, 1), "law-in-force")]
)
def test_the_day_of_the_care(on: date, told: str) -> None:
    corpus = load_corpus()
    assert narrower(corpus.section("before-2023"), Facts(), corpus, on).id == told


def test_every_condition_is_known() -> None:
    assert "instead" in {f.name for f in fields(Section)}
    known = {*Facts.model_fields, *DERIVED, SINCE}
    named = {name for s in load_corpus().sections for i in s.instead for name, _ in i.when}
    assert named <= known


@pytest.mark.parametrize(
    ("question", "first", "never"),
    [
        (
            "徐州的，长期备案在北京，北京医生让转到天津做手术，按啥待遇",
            "按参保地的转诊待遇算",
            "不降",
        ),
        ("南京职工长期居住备案在上海，要再去北京看病，比例降不降", "转诊待遇", "不降：江苏"),
        ("孩子在武汉上大学，参保在武汉，放假回黄冈老家看门诊怎么报", "不算跨省", "先办临时外出"),
        ("单位外派到深圳，没有居住证，备案行不行", "不看居住证明", "居住证明；没有居住证明的"),
        ("洛阳的医保想在网上备案，有没有河南自己的软件", "手机、电话、窗口", "国务院客户端"),
        ("江苏参保网上备案用哪个APP", "窗口、手机都能办", "河南"),
        ("赣州居民，没转诊自己去广州住院，报销降多少", "只有省本级职工的口径", "一篇健康网文"),
        pytest.param(
            "2027年3月要去上海做手术，到时候备案还要不要",
            "2027 年 1 月 1 日",
            "2016",
            marks=pytest.mark.xfail(reason="the search finds the rule for one's own province"),
        ),
    ],
)
def test_what_applies_comes_first(
    question: str, first: str, never: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question, today=TODAY)
    assert first in plain(answer.text.split("\n\n")[0]), answer.text
    assert never not in answer.text, answer.text
