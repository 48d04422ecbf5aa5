"""The contract's semantics of every key of ``expect``, held and broken."""

from __future__ import annotations

from typing import Any

import pytest
from evals_fakes import LIBRARY, answer

from evals.expect import check
from evals.items import Item
from evals.normal import normal, same
from evals.results import judge


def item(expect: dict[str, Any], **more: Any) -> Item:
    return Item.model_validate({"id": "x", "turns": ["问"], "expect": expect, **more})


HOLDS: list[dict[str, Any]] = [
    {},
    {"routes": ["validity"]},
    {"routes": ["reimbursement", "validity"]},
    {"routes_not": ["decline"]},
    {"all_of": [["六个月", "6个月"], ["参保地"]]},
    {"all_of": [["11000.00"], ["11,000.00–12,000.00元"]]},
    {"none_of": ["长期有效"]},
    {"before": ["6个月", "12393"]},
    {"cites": ["医保发〔2022〕22号", "不存在"]},
    {"validity": {"status": "depends", "certain_until": "2025-07-10"}},
    {"reimbursement": {"low": "11000", "high": "12000.00"}},
    {"materials": [["居住证", "暂住证"]]},
    {"facts": {"insured_region": "茂名市"}},
    {"facts": {"insured_region": "4409", "total_cost": 20600, "age": None}},
    {"facts": {"items": {"class_b": 2000}}},
    {"missing_any": ["age", "facility_level"]},
    {"conflicts_min": 1},
]
BROKEN: list[tuple[dict[str, Any], str, bool]] = [
    ({"routes": ["materials"]}, "routes", False),
    ({"routes_not": ["validity"]}, "routes_not", False),
    ({"all_of": [["6个月"], ["九个月", "9个月"]]}, "all_of", False),
    ({"none_of": ["至少6个月"]}, "none_of", True),
    ({"before": ["12393", "6个月"]}, "before", False),
    ({"before": ["6个月", "没有的话"]}, "before", False),
    ({"cites": ["003_73faa32d1266342d"]}, "cites", False),
    ({"validity": {"status": "valid"}}, "validity", True),
    ({"validity": {"certain_until": "2025-07-09"}}, "validity", True),
    ({"validity": None}, "validity", True),
    ({"reimbursement": {"low": "11000.01", "high": "12000.00"}}, "reimbursement", True),
    ({"reimbursement": None}, "reimbursement", True),
    ({"materials": [["居住证明"], ["承诺书"]]}, "materials", False),
    ({"facts": {"insured_region": "江门市"}}, "facts", False),
    ({"facts": {"age": 71}}, "facts", False),
    ({"facts": {"items": {"excluded": "3000"}}}, "facts", False),
    ({"missing_any": ["age"]}, "missing_any", False),
    ({"conflicts_min": 2}, "conflicts", False),
]


@pytest.mark.parametrize("expect", HOLDS, ids=str)
def test_held(expect: dict[str, Any]) -> None:
    assert check(item(expect), answer()) == []


@pytest.mark.parametrize(("expect", "key", "grave"), BROKEN, ids=str)
def test_broken(expect: dict[str, Any], key: str, grave: bool) -> None:
    (why,) = check(item(expect), answer())
    assert (why.key, why.grave) == (key, grave)
    assert why.text


def test_only_the_first_two_lines_count_for_the_lead() -> None:
    held = item({}, lead=[["6个月"], ["11,000"]])
    assert check(held, answer()) == []
    assert [why.key for why in check(item({}, lead=[["12393"]]), answer())] == ["lead"]


def test_an_empty_answer_of_a_foreign_system_is_no_crash() -> None:
    for expect in HOLDS[1:2] + HOLDS[4:6] + HOLDS[8:17]:
        assert check(item(expect), {}), expect
    assert check(item({"reimbursement": None, "validity": None, "none_of": ["a"]}), {}) == []


def test_a_withheld_amount_is_silent_and_a_wrong_one_is_wrong() -> None:
    wanted = item({"reimbursement": {"low": "1.00", "high": "1.00"}})
    said = {"reimbursement": {"fund_pays": None}}
    assert judge(wanted, answer(**said), None).points == 0
    assert judge(wanted, answer(), None).points == -1


def test_normal_form() -> None:
    assert normal("**１，２３４，567.00 元**\n> 约 6\u200b 个月") == "1234567.00元约6个月"
    assert normal("第1,23页") == "第1,23页"


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("20600", "20600.00", True),
        (1, "1", True),
        (True, True, True),
        (True, 1, True),
        ("true", 1, False),
        (None, None, True),
        (None, "0", False),
        ("NaN", "NaN", True),
        ("temporary", "referral", False),
    ],
)
def test_same(left: Any, right: Any, equal: bool) -> None:
    assert same(left, right) is equal


def damaged(change: str) -> dict[str, Any]:
    """The sound answer, broken in one way."""
    got = answer()
    first = got["citations"][0]
    match change:
        case "amount":
            got["reimbursement"]["fund_pays"]["high"] = "12000.01"
        case "verdict":
            got["validity"]["status"] = "valid"
        case "route":
            got["routes"] = ["decline"]
        case "fact":
            got["facts"]["filing_type"] = "referral"
        case "paper":
            got["materials"]["items"] = []
        case "conflict":
            got["conflicts"] = []
        case "forbidden":
            got["text"] += "备案长期有效。"
        case "quote":
            first["quote"] = first["quote"].replace("至少", "最多")
        case "source":
            first["source"] = "002_ee6693798c44366d"
        case "figure":
            got["text"] = got["text"].replace("20 个百分点", "15 个百分点")
        case "date":
            got["text"] = got["text"].replace("7月10日", "7月11日")
        case "marker":
            got["text"] += "[9]"
        case "passage":
            first["passage"] = "validity-longterm"
        case "sum":
            got["text"] = got["text"].replace("= 20,000.00", "= 20,600.00")
        case "phone":
            got["text"] += "电话 0668-2888888。"
        case "missing":
            got["missing"] = []
    return got


SOUND = {
    "routes": ["validity"],
    "none_of": ["长期有效"],
    "validity": {"status": "depends"},
    "reimbursement": {"low": "11000", "high": "12000"},
    "materials": [["居住证明"]],
    "facts": {"filing_type": "temporary"},
    "missing_any": ["facility_level"],
    "conflicts_min": 1,
}


def test_the_sound_answer_passes_without_a_fault() -> None:
    result = judge(item(SOUND), answer(), LIBRARY)
    assert (result.passed, result.why, result.faults, result.points) == (True, [], [], 1)


def test_a_figure_under_the_wrong_marker_is_told_apart() -> None:
    moved = answer(text="最多少 20 个百分点。[1] 至少 6 个月。[1]")
    result = judge(item({}), moved, LIBRARY)
    assert (result.fault_kinds, result.points) == (["misplaced"], 1)


def test_dates_of_review_follow_from_the_day_of_filing() -> None:
    facts = {"filed_on": "2025-09-30"}
    sound = answer(text="最早 10月9日、最晚 10月11日。", facts=facts)
    assert judge(item({}), sound, LIBRARY).faults == []
    assert judge(item({}), answer(text="最早 10月8日。", facts=facts), LIBRARY).faults


def test_weighing_a_conflict_may_name_any_cited_figure_but_no_other() -> None:
    why = {"why": "3 个月比 6 个月短"}
    fine = answer(text="以[2]为准：3 个月比 6 个月短。", conflicts=[why])
    assert judge(item({}), fine, LIBRARY).faults == []
    why = {"why": "9 个月太长"}
    assert judge(item({}), answer(text="以[2]为准：9 个月太长。", conflicts=[why]), LIBRARY).faults


@pytest.mark.parametrize(
    "change",
    [
        *("amount", "verdict", "route", "fact", "paper", "conflict", "forbidden", "quote"),
        *("source", "figure", "date", "marker", "passage", "phone", "missing", "sum"),
    ],
)
def test_an_answer_broken_on_purpose_is_caught(change: str) -> None:
    result = judge(item(SOUND), damaged(change), LIBRARY)
    assert result.why or result.faults
    assert result.points < 1 or change in ("marker", "passage")
