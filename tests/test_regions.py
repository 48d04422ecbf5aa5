"""Places: names and codes of an outside register, renamed places, false friends of Chinese."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rules.errors import InvalidData
from rules.facts import Region
from rules.region_table import read_rows
from rules.regions import (
    candidates,
    find_region,
    region_by_code,
    same_city,
    same_province,
    scan,
    within,
)

SHARED = Path(__file__).parents[2] / "shared" / "outside"
MUNICIPALITIES = {"1101": "11", "1201": "12", "3101": "31", "5001": "50"}


def found(text: str) -> list[tuple[str, str | None]]:
    """(surface, name of the region meant) of every mention."""
    return [(m.surface, m.region.name if m.region else None) for m in scan(text)]


def region(name: str) -> Region:
    known = find_region(name)
    assert known is not None, name
    return known


@pytest.mark.shared
def test_every_name_and_code_of_the_register() -> None:
    path = SHARED / "regions_cn.jsonl"
    if not path.exists():
        pytest.skip("the shared register is not beside the repository")
    wrong = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for name in [row["name"], *(row["short"] or "").split("/")]:
            if not name:
                continue
            got = find_region(name)
            code = MUNICIPALITIES.get(row["code"], row["code"])
            if got is None or (got.name, got.province) != (row["name"], row["province"]):
                wrong.append((name, row["name"], got))
            elif code is not None and got.code != code:
                wrong.append((name, code, got))
    assert wrong == []


@pytest.mark.shared
def test_addresses_and_renamed_places() -> None:
    path = SHARED / "region_mentions_zh.jsonl"
    if not path.exists():
        pytest.skip("the shared mentions are not beside the repository")
    wrong = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        names = [m.region.name if m.region else None for m in scan(row["text"])]
        if names != [row["city"]]:
            wrong.append((row["text"], row["city"], names))
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "code", "full", "province"),
    [
        ("北京", "11", "北京市", "北京市"),
        ("江苏省", "32", "江苏省", "江苏省"),
        ("毕节", "5205", "毕节市", "贵州省"),
        ("黔西县", "5205", "毕节市", "贵州省"),
        ("襄樊", "4206", "襄阳市", "湖北省"),
        ("思茅", "5308", "普洱市", "云南省"),
        ("思茅市", "5308", "普洱市", "云南省"),
        ("仙桃", "429004", "仙桃市", "湖北省"),
        ("神农架", "429021", "神农架林区", "湖北省"),
        ("白杨", "659012", "白杨市", "新疆维吾尔自治区"),
        ("新星市", "659011", "新星市", "新疆维吾尔自治区"),
        ("三沙", "4603", "三沙市", "海南省"),
        ("儋州", "4604", "儋州市", "海南省"),
        ("朝阳区", None, None, None),
        ("浦东新区", "31", "上海市", "上海市"),
        ("公主岭", "2201", "长春市", "吉林省"),
        ("昆山县", "3205", "苏州市", "江苏省"),
        ("凉山州", "5134", "凉山彝族自治州", "四川省"),
        ("江苏南京", "3201", "南京市", "江苏省"),
        ("江苏毕节", None, None, None),
        ("亚特兰蒂斯", None, None, None),
        ("", None, None, None),
    ],
)
def test_one_name(name: str, code: str | None, full: str | None, province: str | None) -> None:
    got = find_region(name)
    if code is None or full is None or province is None:
        assert got is None
    else:
        assert got == Region(code=code, name=full, province=province)


def test_shared_names() -> None:
    assert [r.name for r in candidates("吉林")] == ["吉林省", "吉林市"]
    assert region("吉林").name == "吉林省"
    assert [r.name for r in candidates("鼓楼区")] == ["南京市", "徐州市", "福州市", "开封市"]
    assert find_region("鼓楼区") is None
    assert "北京市" in [r.name for r in candidates("朝阳")]
    assert region("海南").name == "海南省"
    assert candidates("没有这个地方") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("江苏南京", [("江苏南京", "南京市")]),
        ("江苏的南京市那边", [("江苏的南京市", "南京市")]),
        ("毕节的医保在深圳住院", [("毕节", "毕节市"), ("深圳", "深圳市")]),
        ("北京朝阳", [("北京朝阳", "北京市")]),
        ("朝阳", [("朝阳", None)]),
        ("南京鼓楼区", [("南京鼓楼区", "南京市")]),
        ("南京（江苏）的医院", [("南京", "南京市")]),
        ("从江西南昌去上海", [("江西南昌", "南昌市"), ("上海", "上海市")]),
        ("广西柳州地区忻城县", [("广西柳州地区忻城县", "来宾市")]),
        ("四平公主岭", [("四平公主岭", "长春市")]),
        ("新疆生产建设兵团石河子", [("新疆生产建设兵团石河子", "石河子市")]),
        ("内蒙呼市", [("内蒙呼市", "呼和浩特市")]),
        ("在沪就医", [("沪", "上海市")]),
        ("参保地大同，就医地保定", [("大同", "大同市"), ("保定", "保定市")]),
        ("湖南省长沙市", [("湖南省长沙市", "长沙市")]),
        ("湖南和湖北", [("湖南", "湖南省"), ("湖北", "湖北省")]),
        ("登记在杭州，杭州的大夫", [("杭州", "杭州市"), ("杭州", "杭州市")]),
        ("吉林吉林市", [("吉林吉林市", "吉林市")]),
        ("河北、河南", [("河北", "河北省"), ("河南", "河南省")]),
    ],
)
def test_mentions(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "医保定点医院有哪些",
        "省内看病怎么备案",
        "延长治疗要多久",
        "三明治",
        "阿莫西林能报吗",
        "本省的海滨城市",
        "大同小异吗",
        "平安大道",
        "东方医院",
        "久治不愈的病",
        "公安局让我开证明",
        "我们县医院",
        "市和县医院怎么报",
        "意思明白吗",
        "3天等了很久",
        "京东买药",
        "临时外出就医备案多久有效",
        "北京路",
        "",
        "，。！",
    ],
)
def test_ordinary_text_names_no_place(text: str) -> None:
    assert scan(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("省内江苏人怎么办", ["江苏省"]),
        ("到安康复查", ["安康市"]),
        ("西安康复医院", ["西安市"]),
        ("上海东方医院", ["上海市"]),
        ("上海南站附近", ["上海市"]),
        ("北京大学深圳医院", ["深圳市"]),
        ("青岛市市南区香港中路18号", ["青岛市"]),
        ("贵州镇卫生院报多少", ["贵州省"]),
        ("我在东方打工", ["东方市"]),
        ("东方", ["东方市"]),
        ("海南省内", ["海南省"]),
    ],
)
def test_false_friends_beside_real_places(text: str, expected: list[str]) -> None:
    assert [name for _, name in found(text)] == expected


def test_spans_point_into_the_text() -> None:
    text = "我爸是贵州毕节的，人在广东省茂名市信宜住院"
    mentions = scan(text)
    assert [text[m.start : m.end] for m in mentions] == [m.surface for m in mentions]
    assert [m.level for m in mentions] == ["prefecture", "county"]
    assert mentions[1].county == "信宜市"
    assert mentions[1].region == region("茂名")


def test_relations_of_regions() -> None:
    assert same_province(region("南京"), region("江苏"))
    assert not same_province(region("南京"), region("上海"))
    assert same_city(region("南京"), region("南京市"))
    assert same_city(region("北京"), region("北京市"))
    assert not same_city(region("江苏"), region("江苏"))
    assert within(region("南京"), region("江苏"))
    assert not within(region("江苏"), region("南京"))
    assert not within(region("苏州"), region("南京"))


def test_codes() -> None:
    assert region_by_code("520500") == region("毕节")
    assert region_by_code("1101") == region("北京")
    assert region_by_code("110105") == region("北京")
    assert region_by_code("520522") == region("毕节")
    assert region_by_code("50") == region("重庆")
    assert region_by_code("99") is None


def test_a_broken_table_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "regions.tsv"
    path.write_text("# head\n11\tprovince\t\t北京市\nxx\tplanet\t\t火星\n", encoding="utf-8")
    with pytest.raises(InvalidData, match=r"regions\.tsv:3"):
        read_rows(path)


def test_every_renaming_of_the_library_is_known() -> None:
    """The list of changes that the table was made from, in full and short forms."""
    loader = pytest.importorskip("jionlp.dictionary.dictionary_loader")
    wrong = []
    for change in loader.china_location_change_loader():
        for form in (0, 1):
            text = "".join(names[form] for names in change["old_loc"] if names[form])
            if found(text) != [(text, change["new_loc"][1])]:
                wrong.append((text, found(text), change["new_loc"]))
    assert wrong == []
