"""The first lines of an answer: what holds where sources differ, silence in fitting words."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.pipeline import Assistant
from assistant.text import plain

TODAY = date(2025, 8, 1)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("听说转诊备案固定给一年，是真的吗", "国家只保证至少 6 个月"),
        ("网上说非急诊住院费不予报销，是真的吗", "不是急诊也能报"),
        ("有人说转诊和自己去少报得一样多，对吗", "不一样，分两档"),
        ("乙类药是不是全国都报80%", "由参保地定"),
        ("听说哪边比例高就按哪边报，是吗", "没有“就高”这一说"),
        ("听说职工门诊在外省都不降，是真的吗", "不是全国都这样"),
        ("没居住证是不是就办不了长期备案", "没有证明也能办"),
        ("异地慢病是不是要先办医保资格转移", "不用办医保资格转移"),
        ("备案审批表填了，要等多久才批", "登记备案，不是审批"),
        ("能不能拿我的医保卡给没参保的表弟看病", "限本人用，不能借给别人"),
        ("在外地被人打伤住院，能直接结算吗", "有对方责任的，不能"),
        ("江苏参保，外省私立医院不是医保定点，能报吗", "不报"),
        ("渭南居民去县医院看门诊报不报", "二级和二级以上医院不报"),
    ],
)
def test_the_first_line_answers(question: str, first: str, assistant: Assistant) -> None:
    answer = assistant.ask(question, today=TODAY)
    assert first in plain(answer.text.split("\n\n")[0]), answer.text


@pytest.mark.parametrize(
    ("question", "says", "not_says"),
    [
        ("长沙医保局的电话是多少", "长沙医保经办机构的电话号码", "的一项规定"),
        ("西藏的医保局电话", "西藏自治区医保经办机构的电话号码", "记下了"),
        ("社保断了两个月，备案还有效吗", "医保断缴以后备案还算不算数", "照样有效"),
        ("武汉医保中心地址在哪条路", "武汉医保窗口的地址", "在哪条路？”"),
        ("成都医保窗口明天几点上班", "成都医保窗口的上班时间", "明天几点上班？”"),
        ("上海职工医保住院起付线是多少", "上海在这一点上怎么规定", "300,000"),
        ("深圳医保个账里的钱能给我爸妈用吗", "深圳在这一点上怎么规定", "**能"),
    ],
)
def test_silence_fits_what_was_asked(
    question: str, says: str, not_says: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question, today=TODAY)
    assert answer.routes == ["procedure"]
    first = answer.text.split("\n\n")[0]
    assert says in first and "资料未载明" in first
    assert not_says not in answer.text


def test_who_works_away_is_not_asked_for_opening_hours(assistant: Assistant) -> None:
    answer = assistant.ask("在深圳上班，备案怎么办", today=TODAY)
    assert "上班时间" not in answer.text


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("转诊备案材料发我一份清单", "3 样"),
        ("异地长期居住备案要带哪些材料", "3 样"),
        ("住院费手工报销要什么材料", "5 样"),
        ("备案要带什么材料", "谁都要的 2 样"),
    ],
)
def test_only_what_everybody_needs_is_counted(
    question: str, count: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question, today=TODAY)
    assert count in answer.text.split("\n\n")[0]


def test_two_lists_are_one_union(assistant: Assistant) -> None:
    answer = assistant.ask("转诊备案要带什么材料，回来手工报销又要什么材料", today=TODAY)
    assert answer.materials is not None
    assert answer.materials.scenario == "filing_referral+manual"
    conditions = {i.name: i.condition or "" for i in answer.materials.items}
    assert conditions["转诊转院证明材料"].startswith("异地转诊备案用")
    assert conditions["医疗费用发票"].startswith("回参保地手工报销用")


def test_a_region_retold_for_everybody_is_left_out(assistant: Assistant) -> None:
    answer = assistant.ask("江苏的零星报销几天办完？最长几天？", today=TODAY)
    assert "各地自己定" not in answer.text
    assert answer.text.count("20 个工作日") == 1


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("在外省药店用个人账户刷血压计、口罩可以不", True),
        ("异地住院陪护床费报不报", False),
        ("跨省救护车费用能报吗", False),
        ("长沙的医保去上海做试管婴儿能报吗", False),
    ],
)
def test_a_passage_nearby_is_named_only_when_it_concerns_the_question(
    question: str, near: bool, assistant: Assistant
) -> None:
    answer = assistant.ask(question, today=TODAY)
    assert "资料未载明" in answer.text
    assert ("资料里有的是" in answer.text) is near


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("备案怎么办？要带什么？多久能用？能用多久？",
         ["实名认证", "谁都要的 2 样", "1–3 个工作日", "至少 6 个月"]),
        ("咨询一下异地就医备案的流程、材料和有效期", ["实名认证", "谁都要的 2 样", "至少 6 个月"]),
        ("在外地住院回来报销带啥，交到哪儿，几天到账", ["费用明细清单", "各地自己定"]),
        ("我妈有慢阻肺还有帕金森，在外省门诊哪个能直接结", ["慢性阻塞性肺疾病在", "帕金森病不在"]),
    ],
)  # fmt: skip
def test_every_part_is_answered(question: str, said: list[str], assistant: Assistant) -> None:
    text = plain(assistant.ask(question, today=TODAY).text)
    assert [s for s in said if s not in text] == []


@pytest.mark.parametrize(
    ("question", "route"),
    [
        ("我是安徽参保的，在上海上班，住院能直接结算吗", "validity"),
        ("无锡的医保，在杭州骑车自己摔骨折住院，能直接结吗", "procedure"),
        ("在外地被狗咬了打疫苗能报吗", "procedure"),
        ("能报吗", "clarify"),
        ("我这种情况能直接结算吗", "clarify"),
    ],
)
def test_a_question_of_yes_or_no(question: str, route: str, assistant: Assistant) -> None:
    assert assistant.ask(question, today=TODAY).routes == [route]
