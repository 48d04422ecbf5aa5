"""How an amount is told: whom it is for, what was cut, how it was said, what is left open."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.pipeline import Assistant

TODAY = date(2025, 9, 10)


def _told(assistant: Assistant, question: str) -> str:
    return assistant.ask(question, today=TODAY).text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("茂名职工住院2万报多少", "退休的话，医保统筹基金"),
        ("茂名职工住院2万报多少", "在职的，资料里没有"),
        ("茂名职工42岁住院2万能报多少", "没有茂名在职职工医保住院的报销比例"),
        ("毕节居民门诊花了300报多少", "三级医院这一档资料里没有"),
        ("我南昌职工，三级，2万，去北京，转诊，报多少", "住院，基金约付 14,620.00 元"),
        ("江西省本级职工，没备案去上海三甲住院，能报几成", "先自付 20%，剩下的按 85% 报"),
        ("苏州职工急诊在上海住院26000元，能报多少", "江苏的降幅：这种情况不降"),
        ("赣州居民去南昌住院2万报多少", "在省内看病免备案"),
        ("太原职工转诊去北京住院，报销比例是多少", "88%–95%（按费用分段），降完是 78%–90%"),
        ("住院8900报多少", "您没说医保是在哪儿交的"),
        ("顺产花了6000报多少", "没有说参保地"),
        ("茂名居民在县医院住院6800报多少", "县医院（按二级算）"),
        ("茂名居民三甲住院花了两三万报多少", "20,000 元和 30,000 元两头都算了"),
        ("茂名居民三甲住院花了6000多报多少", "按约 6,000 元算"),
        ("茂名居民三甲住院20600报多少", "没说有目录外的自费部分"),
        ("克拉玛依职工8月20号三甲看门诊1500报多少", "8月20日就诊"),
    ],
)
def test_what_the_person_must_be_told(question: str, said: str, assistant: Assistant) -> None:
    assert said in _told(assistant, question)


@pytest.mark.parametrize(
    ("question", "unsaid"),
    [
        ("苏州职工本地三甲住院2万报多少", "由您参保的省自己定"),
        ("太原职工本地住院2万报多少", "去外省看病"),
        ("赣州居民去南昌住院2万报多少", "要降几个百分点"),
        ("茂名居民三甲住院20600报多少，里面自费600", "没说有目录外的自费部分"),
        ("北京职工医保，住院能报多少", "一共花了多少钱"),
        ("克拉玛依职工，在西安三甲看门诊花了800，没备案，能报吗", "先备案再去"),
        ("我南昌职工，三级，2万，去北京，转诊，报多少", "下浮"),
        ("茂名居民三甲住院花了20600报多少", "大概数"),
    ],
)
def test_what_would_mislead(question: str, unsaid: str, assistant: Assistant) -> None:
    assert unsaid not in _told(assistant, question)


def test_a_known_deductible_stands_beside_no_amount(assistant: Assistant) -> None:
    text = _told(assistant, "北京职工医保，住院花了3万8，能报多少")
    assert text.index("1,300 元") < text.index("12393")


def test_another_level_takes_the_place_of_the_county_hospital(assistant: Assistant) -> None:
    turns = ["南昌居民在本市三甲住院2万报多少", "换成县医院呢", "其实是三级的"]
    amounts = []
    for turn in turns:
        outcome = assistant.ask(turn, thread="county", today=TODAY).reimbursement
        assert outcome is not None and outcome.fund_pays is not None
        amounts.append(outcome.fund_pays.low)
    assert amounts == ["11640.00", "15680.00", "11640.00"]


def test_a_precise_cost_takes_the_place_of_a_rough_one(assistant: Assistant) -> None:
    for turn in ("茂名居民三甲住院花了两三万报多少", "准数是20600"):
        answer = assistant.ask(turn, thread="rough", today=TODAY)
    assert answer.reimbursement is not None and answer.reimbursement.fund_pays is not None
    assert answer.reimbursement.fund_pays.low == answer.reimbursement.fund_pays.high == "13000.00"
    assert answer.facts.rough_cost is None


@pytest.mark.parametrize(
    "question",
    [
        "茂名新农合的，镇卫生院住了一个礼拜，两千五百块，自己最后要掏多少？",
        "茂名居民医保，转诊到长沙的三甲医院，报销比例是百分之几",
        "渭南在职职工去北京三甲住院，按多少比例给报",
        "我在长沙住院，茂名居民医保，三甲，按什么比例报",
        "茂名居民三甲住院20600，大概能省多少",
        "南昌居民三甲住院6万，封顶线已经用掉8万，报多少",
    ],
)
def test_somebodys_own_case_is_computed(question: str, assistant: Assistant) -> None:
    assert "reimbursement" in assistant.ask(question, today=TODAY).routes


@pytest.mark.parametrize(
    "question", ["长期备案的人回参保地看病按什么比例报", "医保一年封顶线是多少"]
)
def test_a_general_question_is_not(question: str, assistant: Assistant) -> None:
    assert "reimbursement" not in assistant.ask(question, today=TODAY).routes
