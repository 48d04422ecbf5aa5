"""Foreign questions become Chinese key words that keep places and their roles, figures and days."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.english import to_chinese
from assistant.place_spellings import made, spellings
from assistant.slots import read
from rules.region_table import table

LARGEST = """
上海 北京 深圳 重庆 广州 成都 天津 武汉 杭州
东莞 西安 苏州 南京 佛山 长沙 沈阳 青岛 济南 哈尔滨 郑州
长春 大连 合肥 昆明 厦门 宁波 无锡 福州 南宁 石家庄 太原 贵阳
乌鲁木齐 南昌 温州 兰州 唐山 呼和浩特 海口 徐州
"""


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        (
            "My mother is insured in Chengdu but lives with me in Shanghai. How do I register her?",
            {"insured_region": "成都市", "treatment_region": "上海市"},
        ),
        (
            "insured in Henan and work in Shanghai, do I need to file before seeing a doctor?",
            {"insured_region": "河南省", "treatment_region": "上海市"},
        ),
        (
            "Can my Inner Mongolia insurance be used in a hospital in Xi'an?",
            {"insured_region": "内蒙古自治区", "treatment_region": "西安市"},
        ),
        ("Is medical insurance from Shaanxi accepted?", {"insured_region": "陕西省"}),
        (
            "I filed on January 10, 2025 and was admitted on 12 July 2025, is the filing valid?",
            {"filed_on": date(2025, 1, 10), "admitted_on": date(2025, 7, 12)},
        ),
        (
            "I was hospitalized and the bill was 20,600 yuan, how much is reimbursed by insurance?",
            {"total_cost": 20600, "care_type": "inpatient"},
        ),
        ("타지에서 응급실에 갔는데 의료보험 등록을 안 했어요", {"emergency": True, "filed": False}),
    ],
)
def test_facts_survive(question: str, facts: dict[str, object]) -> None:
    chinese = to_chinese(question)
    assert chinese is not None
    found = read(chinese, date(2025, 8, 1)).facts
    for name, value in facts.items():
        assert getattr(found[name], "name", found[name]) == value


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How long is a temporary filing valid?", ["临时外出备案", "多久"]),
        ("if the hospital is not networked do i have to pay first", ["没联网", "先垫钱"]),
        ("省外の病院に入院する前に備案の手続きは必要ですか?", ["外省", "之前", "备案", "要不要"]),
        ("Does my car insurance cover the hospital bill?", ["车险"]),
    ],
)
def test_key_words(question: str, words: list[str]) -> None:
    chinese = to_chinese(question) or ""
    assert all(word in chinese for word in words), chinese


@pytest.mark.parametrize(
    "question",
    ["What is the capital of France?", "备案要带什么", "Where can I park near the clinic"],
)
def test_others_are_left_alone(question: str) -> None:
    assert to_chinese(question) is None


def test_every_province_and_large_city_is_spelt() -> None:
    known = set(spellings().values())
    provinces = {r.name for r in table().regions.values() if r.is_province}
    assert not [p for p in provinces if not any(p.startswith(k) for k in known)]
    assert not [c for c in LARGEST.split() if c not in known]


def test_the_spellings_are_those_of_the_table() -> None:
    assert not made().items() - spellings().items()
