"""Lists of papers: every scenario, alternatives, conditions, places' own lists, evidence."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules.checklist import conflict_references, load_checklists, references
from rules.errors import InputError, InvalidData
from rules.facts import Facts, Region
from rules.materials import materials, scenario_by_passage, scenarios, together
from rules.outcome import Materials
from rules.regions import find_region

ROOT = Path(__file__).parents[1]
TODAY = date(2025, 8, 1)
IDENTITY = ["医保电子凭证", "有效身份证件", "社会保障卡"]
REQUIRED = {
    "filing_retiree_resettled",
    "filing_long_term_resident",
    "filing_posted_worker",
    "filing_referral",
    "filing_temporary",
    "filing_emergency",
    "direct_settlement",
    "manual_inpatient",
    "manual_outpatient",
    "manual_emergency",
    "manual_maternity",
    "chronic_recognition",
    "chronic_recognition_henan_online",
    "insurance_transfer",
    "designated_hospital_change",
    "filing",
    "manual",
}


def place(name: str) -> Region:
    region = find_region(name)
    assert region is not None, name
    return region


def group(listed: Materials, name: str | None) -> list[str]:
    return [item.name for item in listed.items if item.one_of == name]


def names(listed: Materials) -> list[str]:
    return [item.name for item in listed.items]


def test_every_scenario_has_a_list_and_a_title() -> None:
    listed = dict(scenarios())
    assert set(listed) == REQUIRED
    for scenario, title in listed.items():
        found = materials(Facts(), scenario, TODAY)
        assert (found.scenario, found.title) == (scenario, title)
        assert found.notes
        assert found.items or scenario == "filing_emergency"


@pytest.mark.parametrize("region", [None, "南京", "洛阳", "毕节"])
@pytest.mark.parametrize("scenario", sorted(REQUIRED))
def test_alternatives_and_evidence_are_complete(scenario: str, region: str | None) -> None:
    facts = Facts(insured_region=place(region) if region else None)
    found = materials(facts, scenario, TODAY)
    groups = Counter(item.one_of for item in found.items if item.one_of)
    assert all(count >= 2 for count in groups.values()), groups
    assert all(item.passage in found.passages for item in found.items)
    assert all(note.passage in found.passages for note in found.notes)
    # one paper is told once, unless its case tells the two apart
    told = Counter((item.name, item.condition) for item in found.items)
    assert max(told.values(), default=1) == 1


def test_every_passage_and_conflict_stands_in_the_corpus() -> None:
    documents = (ROOT / "corpus" / "documents").rglob("*.md")
    text = "".join(path.read_text(encoding="utf-8") for path in documents)
    sections = set(re.findall(r"\{#([a-z0-9-]+)\}", text))
    disputed = (ROOT / "corpus" / "conflicts.toml").read_text(encoding="utf-8")
    conflicts = set(re.findall(r'^id = "([a-z0-9-]+)"', disputed, re.M))
    assert [r for r in references() if r[1] not in sections] == []
    assert [r for r in conflict_references() if r[1] not in conflicts] == []


@pytest.mark.parametrize(
    ("kind", "proof"),
    [
        ("retiree_resettled", ["户口簿首页和本人常住人口登记卡", "个人承诺书"]),
        ("long_term_resident", ["居住证明", "个人承诺书"]),
        (
            "posted_worker",
            ["参保地工作单位派出证明", "异地工作单位证明", "工作合同", "个人承诺书"],
        ),
    ],
)
def test_long_term_filings_take_a_proof_or_the_letter(kind: Any, proof: list[str]) -> None:
    found = materials(Facts(filing_type=kind), None, TODAY)
    assert found.scenario == f"filing_{kind}"
    assert group(found, "identity") == IDENTITY
    assert group(found, "proof") == proof
    form = [name for name in names(found) if "《跨省异地就医登记备案表》" in name]
    assert form == ["《跨省异地就医登记备案表》（有的地方叫《异地就医备案登记表》）"]


def test_referral_and_temporary() -> None:
    referral = materials(Facts(), "filing_referral", TODAY)
    assert "转诊转院证明材料" in names(referral)
    assert not any("承诺书" in name for name in names(referral))
    temporary = materials(Facts(), "filing_temporary", TODAY)
    assert group(temporary, "identity") == IDENTITY
    assert len(group(temporary, None)) == 2  # the form, and the agent's own paper
    assert not any("承诺书" in name or "转诊" in name for name in names(temporary))


def test_an_emergency_brings_nothing() -> None:
    for facts in (Facts(filing_type="emergency"), Facts(filing_type="none", emergency=True)):
        found = materials(facts, "filing", TODAY)
        assert found.scenario == "filing_emergency"
        assert found.items == ()
        assert "不用交" in found.notes[0].text


def test_direct_settlement_takes_code_or_card_and_no_bills() -> None:
    found = materials(Facts(), "direct_settlement", TODAY)
    assert names(found) == ["医保电子凭证", "社会保障卡"]
    assert {item.one_of for item in found.items} == {"identity"}
    assert "direct-papers" in found.conflicts


@pytest.mark.parametrize(
    ("scenario", "own"),
    [
        ("manual_inpatient", {"summary": ["出院小结", "诊断证明"]}),
        ("manual_outpatient", {"prescription": ["处方底方", "病历"]}),
        ("manual_emergency", {"emergency": ["急诊诊断证明", "急诊病历"]}),
    ],
)
def test_manual_reimbursement(scenario: str, own: dict[str, list[str]]) -> None:
    found = materials(Facts(), scenario, TODAY)
    assert {"医疗费用发票", "费用明细清单", "银行账户信息"} <= set(names(found))
    assert group(found, "identity") == IDENTITY
    for name, papers in own.items():
        assert group(found, name) == papers
    invoice = next(item for item in found.items if item.name == "医疗费用发票")
    assert invoice.copies is not None and "原件" in invoice.copies


def test_a_rescue_and_a_stay_are_conditions_of_the_emergency_list() -> None:
    found = {i.name: i.condition for i in materials(Facts(), "manual_emergency", TODAY).items}
    assert found["抢救病历"] == "抢救过的"
    assert found["出院小结"] == "住了院的"


@pytest.mark.parametrize(
    ("said", "scenario"),
    [
        ({}, "filing"),
        ({"filing_type": "temporary"}, "filing_temporary"),
        ({"filing_type": "referral", "care_type": "inpatient"}, "filing_referral"),
        ({"filing_type": "emergency"}, "filing_emergency"),
        ({"filing_type": "emergency", "self_paid": True}, "manual_emergency"),
        ({"filing_type": "none", "stay": "in_hospital"}, "filing"),
        ({"filing_type": "none", "stay": "discharged"}, "manual"),
        (
            {"filing_type": "none", "stay": "discharged", "care_type": "inpatient"},
            "manual_inpatient",
        ),
        ({"self_paid": True, "care_type": "outpatient"}, "manual_outpatient"),
        ({"self_paid": True, "care_type": "maternity"}, "manual_maternity"),
        ({"self_paid": True, "emergency": True, "care_type": "inpatient"}, "manual_emergency"),
        ({"care_type": "chronic_outpatient"}, "chronic_recognition"),
    ],
)
def test_the_facts_choose_when_nothing_is_asked_by_name(
    said: dict[str, Any], scenario: str
) -> None:
    assert materials(Facts(**said), None, TODAY).scenario == scenario


def test_filing_kind_not_said_gives_common_papers_then_each_kinds_own() -> None:
    found = materials(Facts(), "filing", TODAY)
    assert names(found)[:3] == IDENTITY
    assert {item.passage for item in found.items[:3]} == {"materials-common"}
    cases = {item.name: item.condition or "" for item in found.items}
    assert cases["居住证明"] == "异地长期居住的"
    assert cases["户口簿首页和本人常住人口登记卡"] == "异地安置退休的"
    assert cases["转诊转院证明材料"].startswith("转诊的")
    letters = [i.condition or "" for i in found.items if i.name == "个人承诺书"]
    assert len(letters) == 3
    assert all("代替" in letter for letter in letters)
    proofs = {item.one_of for item in found.items if item.name == "个人承诺书"}
    assert len(proofs) == 3


def test_the_form_is_told_once_in_the_union() -> None:
    forms = [n for n in names(materials(Facts(), "filing", TODAY)) if "登记备案表" in n]
    assert len(forms) == 1


def test_manual_care_not_said() -> None:
    found = materials(Facts(), "manual", TODAY)
    plain = [item.name for item in found.items if item.one_of in (None, "identity")]
    assert plain[:6] == [*IDENTITY, "医疗费用发票", "费用明细清单", "银行账户信息"]
    cases = {(item.name, item.condition) for item in found.items}
    assert {("处方底方", "门诊的"), ("急诊病历", "急诊的"), ("出院小结", "住院的")} <= cases
    assert ("出院小结", "生育的") in cases


def test_two_lists_asked_for_at_once() -> None:
    lists = [materials(Facts(), name, TODAY) for name in ("filing_referral", "manual_inpatient")]
    found = together(lists)
    cases = {item.name: item.condition or "" for item in found.items}
    assert cases["转诊转院证明材料"].startswith("异地转诊备案用")
    assert cases["医疗费用发票"].startswith("住院费手工报销用")
    assert group(found, "identity") == IDENTITY
    assert found.scenario == "filing_referral+manual_inpatient"
    assert found.joined


def test_the_form_is_told_once_where_two_kinds_are_filed() -> None:
    lists = [materials(Facts(), f"filing_{k}", TODAY) for k in ("long_term_resident", "referral")]
    found = together(lists)
    assert len([name for name in names(found) if "登记备案表" in name]) == 1
    cases = {item.name: item.condition or "" for item in found.items}
    assert cases["居住证明"].startswith("异地长期居住备案用")
    assert cases["转诊转院证明材料"].startswith("异地转诊备案用")


@pytest.mark.parametrize(
    ("scenario", "region", "always"),
    [
        ("filing_referral", None, 3),
        ("filing_long_term_resident", None, 3),
        ("filing_temporary", None, 2),
        ("filing_referral", "南京", 2),
        ("manual_inpatient", None, 5),
        ("manual_inpatient", "南京", 5),
        ("manual_emergency", None, 5),
    ],
)
def test_papers_that_only_some_need_are_marked(
    scenario: str, region: str | None, always: int
) -> None:
    facts = Facts(insured_region=place(region) if region else None)
    found = materials(facts, scenario, TODAY)
    assert len({i.one_of or i.name for i in found.items if not i.extra}) == always
    assert all(item.condition for item in found.items if item.extra)


def test_what_several_cases_need_alike_is_told_once() -> None:
    found = materials(Facts(insured_region=place("南京")), "manual", TODAY)
    injury = [i.condition for i in found.items if i.name == "责任认定材料"]
    assert injury == ["意外受伤的"]
    assert found.joined


def test_papers_of_a_circumstance_told_are_everybodys() -> None:
    facts = Facts(insured_region=place("无锡"))
    found = materials(facts, "manual", TODAY, {"injury"})
    injury = {i.name: (i.condition, i.extra) for i in found.items if i.one_of == "liability"}
    assert injury == {"责任认定材料": (None, False), "承诺书": ("没有责任认定材料时代替", False)}
    assert not {"双通道药用药申请表", "外购药发票"} & set(names(found))
    assert not any("生育" in (i.condition or "") for i in found.items)
    notes = materials(Facts(), "manual_inpatient", TODAY, {"injury"}).notes
    assert any("意外受伤" in n.text for n in notes)
    assert not any("院外买药" in n.text for n in notes)


def test_what_another_list_of_the_union_tells_is_told_once() -> None:
    found = materials(Facts(), "manual", TODAY)
    assert not any(i.condition == "急诊的，住了院的" for i in found.items)


def test_a_passage_leads_to_the_list_that_it_tells() -> None:
    lists = scenario_by_passage()
    assert lists["materials-referral"] == "filing_referral"
    assert lists["jiangsu-manual-outpatient"] == "manual_outpatient"
    # one passage for three kinds: the case decides among them
    assert lists["jiangsu-materials-longterm"] == "filing"


def test_jiangsu_goes_by_its_own_document() -> None:
    suzhou = Facts(insured_region=place("苏州"), filing_type="long_term_resident")
    found = materials(suzhou, "filing", TODAY)
    assert "江苏" in found.title
    assert not any("备案表" in name for name in names(found))
    assert group(found, "proof") == ["居住证明", "个人承诺书"]
    assert {item.passage.split("-")[0] for item in found.items} == {"jiangsu"}
    temporary = materials(Facts(insured_region=place("苏州")), "filing_temporary", TODAY)
    assert group(temporary, "identity") == IDENTITY
    assert group(temporary, None) == ["代办人的有效证件"]


@pytest.mark.parametrize(("several", "allowed"), [(True, False), (False, True), (None, True)])
def test_jiangsu_no_letter_for_several_places(several: bool | None, allowed: bool) -> None:
    facts = Facts(
        insured_region=place("江苏"), filing_type="retiree_resettled", multiple_filings=several
    )
    found = materials(facts, None, TODAY)
    assert ("个人承诺书" in names(found)) is allowed
    elsewhere = facts.model_copy(update={"insured_region": place("毕节")})
    assert "个人承诺书" in names(materials(elsewhere, None, TODAY))


def test_jiangsu_manual_papers_of_article_27() -> None:
    found = materials(Facts(insured_region=place("江苏")), "manual_inpatient", TODAY)
    cases = {item.name: item.condition for item in found.items}
    assert cases["责任认定材料"] == "意外受伤的"
    assert cases["双通道药用药申请表"] == "用双通道药的"
    assert cases["外购药发票"] == "在院外买药的"
    assert group(found, "outside_drug") == ["医嘱", "处方"]
    assert group(found, "liability") == ["责任认定材料", "承诺书"]


@pytest.mark.parametrize(("day", "own"), [(date(2022, 12, 31), False), (date(2023, 1, 1), True)])
def test_a_places_list_begins_on_its_day(day: date, own: bool) -> None:
    facts = Facts(insured_region=place("南京"), filing_type="temporary", admitted_on=day)
    assert ("江苏" in materials(facts, None, TODAY).title) is own


def test_henan_online_and_at_the_window() -> None:
    upload = ["住院病案首页", "住院病历", "检查报告", "化验单"]
    online = materials(Facts(), "chronic_recognition_henan_online", TODAY)
    assert names(online) == upload
    luoyang = materials(Facts(insured_region=place("洛阳")), "chronic_recognition", TODAY)
    assert names(luoyang)[:4] == upload
    assert "《门诊慢特病病种待遇认定申请表》" in names(luoyang)
    general = materials(Facts(insured_region=place("毕节")), "chronic_recognition", TODAY)
    assert "住院病案首页" not in names(general)


def test_an_unknown_scenario_is_named() -> None:
    with pytest.raises(InputError, match="没有“filing_moon”") as caught:
        materials(Facts(), "filing_moon", TODAY)
    assert caught.value.field == "scenario"


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    head = '[[checklist]]\nscenario = "x"\npassage = "p"\n'
    (tmp_path / "a.toml").write_text(head + 'items = [{ group = "no" }]\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text(head + 'items = []\nsurprise = "x"\n', encoding="utf-8")
    (tmp_path / "c.toml").write_text("items = [\n", encoding="utf-8")
    with pytest.raises(InvalidData) as caught:
        load_checklists(tmp_path)
    assert {fault.path for fault in caught.value.faults} == {"a.toml", "b.toml", "c.toml"}
    surprise = next(f for f in caught.value.faults if f.path == "b.toml")
    assert surprise.line == 5


def test_a_scenario_without_a_list_is_a_fault(tmp_path: Path) -> None:
    names_file = (
        'union = []\n[[scenario]]\nid = "lonely"\ntitle = "t"\ncase = "c"\n[text]\na = "b"\n'
    )
    (tmp_path / "scenarios.toml").write_text(names_file, encoding="utf-8")
    with pytest.raises(InvalidData, match="lonely"):
        load_checklists(tmp_path)
