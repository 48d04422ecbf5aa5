"""Which lists of papers a sentence asks for: one, the narrower one, or several at once."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.papers import circumstances_of, scenarios_of
from rules.facts import Facts
from rules.regions import find_region


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("备案要带什么材料", ["filing"]),
        ("转诊备案要带什么", ["filing_referral"]),
        ("没转诊单，我自己想去北京瞧病，备案要拿啥", ["filing_temporary"]),
        ("医院不给开转诊，备案带什么", ["filing_temporary"]),
        ("安置退休的备案材料", ["filing_retiree_resettled"]),
        ("我住女儿家，备案要带什么", ["filing_long_term_resident"]),
        ("回老家报销要带啥", ["manual"]),
        ("在上海生的娃，回来报销材料", ["manual_maternity"]),
        ("在外地生了二胎，回来报销要啥材料", ["manual_maternity"]),
        ("慢病资格要准备啥材料", ["chronic_recognition"]),
        ("发票丢了怎么办", ["manual"]),
        ("在外地摔伤了，怎么报，带什么材料", ["manual"]),
        ("骨折住院备案要带什么材料", ["filing"]),
        ("今天几号", []),
        ("临时备案住院，出院要带啥", ["direct_settlement"]),
        ("明天出院，窗口要我带什么", ["direct_settlement"]),
        ("出院后回老家报销要带啥", ["manual"]),
        ("出院了要带什么材料回去报", ["manual"]),
        ("没备案，自费了，出院要带哪些票回去报", ["manual"]),
        # several at once
        ("我妈长期住我这儿，我爸是转诊来，各带什么",
         ["filing_long_term_resident", "filing_referral"]),
        ("转诊备案要啥，回来手工报又要啥", ["filing_referral", "manual"]),
        ("备案和手工报销各要什么材料", ["filing", "manual"]),
        ("转诊备案的材料，和慢病认定的材料分别是哪些", ["filing_referral", "chronic_recognition"]),
        # one thing told beside another asked for
        ("长期备案办了，现在转诊去上海，材料要哪些", ["filing_referral"]),
        ("长期备案要什么材料",
         ["filing_retiree_resettled", "filing_long_term_resident", "filing_posted_worker"]),
        ("请问异地长期备案需要准备哪些材料",
         ["filing_retiree_resettled", "filing_long_term_resident", "filing_posted_worker"]),
        ("长期备案拿什么代替居住证，材料要哪些", ["filing"]),
        ("常驻外地工作，长期备案要什么材料", ["filing_posted_worker"]),
        ("备案没办，钱垫了，回去报销要带哪些材料", ["manual"]),
    ],
)  # fmt: skip
def test_the_words_name_the_list(text: str, wanted: list[str]) -> None:
    assert list(scenarios_of(Facts(), text)) == wanted


@pytest.mark.parametrize(
    ("said", "text", "wanted"),
    [
        ({"filing_type": "posted_worker"}, "安置退休的呢 常驻工作的呢 备案要什么材料", "filing"),
        ({"filing_type": "referral"}, "备案要带什么", "filing"),
        (
            {"insured_region": "郑州"},
            "慢性病网上申请要什么材料",
            "chronic_recognition_henan_online",
        ),
        ({"insured_region": "郑州"}, "慢病去窗口办要带什么", "chronic_recognition"),
        ({"insured_region": "南京"}, "慢性病网上申请要什么材料", "chronic_recognition"),
    ],
)
def test_the_case_decides_what_the_words_leave_open(
    said: dict[str, Any], text: str, wanted: str
) -> None:
    region = said.pop("insured_region", None)
    facts = Facts(insured_region=find_region(region) if region else None, **said)
    assert scenarios_of(facts, text) == (wanted,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("骑车摔断了腿，零星报销要什么", {"injury"}),
        ("外伤住院的材料", {"injury"}),
        ("医生让去外面药店买的靶向药", {"drugs"}),
        ("受了伤，药是院外买的", {"injury", "drugs"}),
        ("住院费回来报带什么", set()),
        ("感冒看门诊", set()),
    ],
)
def test_the_circumstances_told(text: str, told: set[str]) -> None:
    assert circumstances_of(text) == told
