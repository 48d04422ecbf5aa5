"""The command line: every verb, readable and JSON, exit codes and messages that help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rules.__main__ import main
from rules.errors import Fault, InvalidData

_CASE = (
    *("--insured-region", "茂名", "--treatment-region", "武汉", "--insurance-type", "居民"),
    *("--care-type", "住院", "--facility-level", "三级", "--total-cost", "20,600"),
    *("--today", "2025-06-01"),
)


def test_reimburse_readable(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reimburse", *_CASE, "--filing-type", "转诊"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("统筹基金付 11,000.00–12,000.00 元，自己付 8,600.00–9,600.00 元。\n")
    assert "20,600.00 − 600.00 = 20,000.00" in out
    assert "直接结算" in out


def test_reimburse_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reimburse", *_CASE, "--filing-type", "referral", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["fund_pays"] == {"low": "11000.00", "high": "12000.00"}
    assert data["pack"] == "maoming/resident/inpatient"
    assert data["steps"][0]["passage"] == "maoming-resident-inpatient"


def test_facts_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "case.json"
    said = {"insured_region": "茂名", "insurance_type": "resident", "care_type": "inpatient"}
    said |= {"facility_level": "level3", "total_cost": "1600"}
    file.write_text(json.dumps(said), encoding="utf-8")
    assert main(["reimburse", "--facts", str(file), "--today", "2025-06-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fund_pays"]["low"] == "650.00"
    more = ["--facts", json.dumps(said), "--facility-level", "乡镇", "--json"]
    assert main(["reimburse", *more]) == 0
    assert json.loads(capsys.readouterr().out)["fund_pays"]["low"] == "1350.00"


def test_filings_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["filings", *_CASE]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert lines[-1] == "没备案：基金付 9,000.00–11,000.00 元，手工报销"


def test_need_tells_the_largest_effect_first(capsys: pytest.CaptureFixture[str]) -> None:
    case = ["--insured-region", "毕节", "--insurance-type", "居民", "--care-type", "门诊"]
    assert main(["need", *case, "--total-cost", "100", "--today", "2025-06-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"fact": "facility_level", "removes": "30.00", "unit": "yuan"}
    ]


def test_validity_materials_window(capsys: pytest.CaptureFixture[str]) -> None:
    filed = ["--filed-on", "2025-01-10", "--filing-type", "临时", "--today", "2025-07-10"]
    assert main(["validity", *filed, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "valid"
    assert main(["materials", "--scenario", "filing_referral"]) == 0
    assert "《跨省异地就医登记备案表》" in capsys.readouterr().out
    assert main(["window", "2025-09-29"]) == 0
    assert "2025 年 9 月 30 日" in capsys.readouterr().out


def test_show_is_a_table_with_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "茂名"]) == 0
    out = capsys.readouterr().out
    assert "| 报销比例 | 70–74 岁 | 90% |" in out
    assert "maoming-retired-inpatient" in out
    assert main(["show"]) == 0
    assert "ref-brackets" in capsys.readouterr().out
    assert main(["show", "太原"]) == 0
    assert "太原市" in capsys.readouterr().out


def test_check_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "没有问题" in capsys.readouterr().out
    assert main(["check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"faults": []}


def test_check_with_faults_exits_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise InvalidData([Fault("x.toml", 3, "坏了", "改好")])

    monkeypatch.setattr("rules.__main__.load_packs", broken)
    assert main(["check"]) == 1
    assert capsys.readouterr().err == "x.toml:3: 坏了 → 改好\n"
    assert main(["show"]) == 1


def test_stale_lists_by_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stale", "--today", "2025-12-31", "--json"]) == 0
    early = json.loads(capsys.readouterr().out)
    assert not [item for item in early if item["kind"] in ("year", "checked", "review")]
    assert main(["stale", "--today", "2026-12-31", "--json"]) == 0
    kinds = {item["kind"] for item in json.loads(capsys.readouterr().out)}
    assert {"year", "law", "calendar"} <= kinds
    assert "checked" not in kinds
    assert main(["stale", "--today", "2027-06-01", "--json"]) == 0
    kinds = {item["kind"] for item in json.loads(capsys.readouterr().out)}
    assert {"checked", "review"} <= kinds
    assert "law" not in kinds


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reimburse", "--total-cost", "-5"], "总费用"),
        (["reimburse", "--total-cost", "abc"], "abc"),
        (["reimburse", "--total-cost", "nan"], "nan"),
        (["reimburse", "--insured-region", "火星"], "火星"),
        (["reimburse", "--insured-region", "鼓楼区"], "好几个"),
        (["reimburse", "--facility-level", "五级"], "三级医院"),
        (["reimburse", "--emergency", "也许"], "是、否"),
        (["reimburse", "--age", "七十"], "整数"),
        (["reimburse", "--age", "200"], "200"),
        (["reimburse", "--today", "昨天"], "昨天"),
        (["validity", "--filed-on", "2025-02-30"], "2025-02-30"),
        (["reimburse", "--facts", "{"], "读不懂"),
        (["reimburse", "--facts", "/nowhere.json"], "读不懂"),
        (["reimburse", "--facts", '{"costs": 5}'], "costs"),
    ],
)
def test_bad_input_exits_with_two(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""
    assert main([*arguments, "--json"]) == 2
    assert words in json.loads(capsys.readouterr().out)["error"]["message"]


def test_bench_measures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["name"] for item in found] == ["load", "typical", "widest", "categories"]
    assert all(item["best"] > 0 for item in found)
