"""Spreadsheets in and out, and drafts from feedback."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from evals.__main__ import main
from evals.items import Item, SetError, load_sets
from evals.sheets import export_sheet, import_sheet
from evals.texts import table

ITEMS = [
    Item.model_validate(
        {
            "id": "a",
            "turns": ['我1月10号办的, "临时"', "7月12号住院\t还能用吗"],
            "today": "2025-08-01",
            "tags": ["validity", "citizen"],
            "lead": [["6个月", "六个月"]],
            "note": "一行",
            "expect": {
                "routes": ["validity"],
                "routes_not": ["decline"],
                "all_of": [["6个月", "六个月"], ["参保地"]],
                "none_of": ["长期有效"],
                "before": ["先", "后"],
                "cites": ["000_9d6fe417faf6574d"],
                "validity": {"status": "depends", "possible_until": None},
                "reimbursement": {"low": "700.00", "high": "800.00"},
                "materials": [["居住证"], ["个人承诺书", "承诺书"]],
                "facts": {
                    "filing_type": "temporary",
                    "same_province": False,
                    "items": {"class_b": "2"},
                },
                "missing_any": ["insured_region"],
                "conflicts_min": 1,
            },
        }
    ),
    Item.model_validate({"id": "b", "turns": ["x"], "expect": {"reimbursement": None}}),
    Item.model_validate({"id": "c", "turns": ["", "两\n行"], "expect": {"validity": None}}),
]


@pytest.mark.parametrize("name", ["set.csv", "set.xlsx"])
def test_out_and_in_again(tmp_path: Path, name: str) -> None:
    export_sheet(ITEMS, tmp_path / name)
    back = import_sheet(tmp_path / name)
    assert [i.model_dump(exclude_unset=True) for i in back] == [
        i.model_dump(exclude_unset=True) for i in ITEMS
    ]


def sheet(path: Path, *rows: dict[str, str]) -> Path:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    names = table("columns")
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([names.get(key, key) for key in columns])
        writer.writerows([[row.get(key, "") for key in columns] for row in rows])
    return path


def test_every_fault_names_row_and_column(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "s.csv",
        {"id": "a", "turns": "问", "conflicts_min": "一"},
        {"id": "b", "turns": "问", "today": "三月"},
        {"id": "c", "turns": "问", "facts": "没有等号"},
        {"id": "d", "turns": "问", "amount_low": "1", "no_amount": "是"},
        {"id": "e", "turns": ""},
        {"id": "f", "turns": "问"},
        {"id": "f", "turns": "问"},
    )
    with pytest.raises(SetError) as caught:
        import_sheet(path)
    told = [fault.split("：")[0] for fault in caught.value.faults]
    assert told == [
        "第 2 行“分歧至少”",
        "第 3 行“日期”",
        "第 4 行“应识别”",
        "第 5 行",
        "第 6 行“对话”",
        "第 8 行",
    ]


def test_unknown_and_absent_columns(tmp_path: Path) -> None:
    with pytest.raises(SetError) as caught:
        import_sheet(sheet(tmp_path / "s.csv", {"id": "a", "问题": "x"}))
    assert len(caught.value.faults) == 2
    with pytest.raises(SetError):
        import_sheet(tmp_path / "set.ods")


def test_a_sheet_saved_by_a_chinese_office_is_read(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(
        "编号,对话,金额\n".replace(",金额", "").encode("gb18030")
        + "甲,怎么备案\n".encode("gb18030")
    )
    assert [i.turns for i in import_sheet(path)] == [["怎么备案"]]


def test_commands_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = tmp_path / "a.jsonl"
    first.write_text('{"id": "a", "turns": ["问"], "expect": {"routes": ["chat"]}}\n', "utf-8")
    assert main(["export", str(first), "--out", str(tmp_path / "a.xlsx")]) == 0
    assert main(["import", str(tmp_path / "a.xlsx"), "--out", str(tmp_path / "b.jsonl")]) == 0
    assert load_sets([tmp_path / "b.jsonl"]) == load_sets([first])
    assert main(["import", str(tmp_path / "none.csv")]) == 2
    assert "找不到" in capsys.readouterr().err


def test_feedback_marked_wrong_becomes_a_masked_draft(tmp_path: Path) -> None:
    source, made = tmp_path / "feedback.jsonl", tmp_path / "drafts.jsonl"
    wrong = {
        "turns": ["我身份证11010519491231002X，手机13800138000，花了20600元"],
        "today": "2025-06-01",
        "verdict": "wrong",
        "reason": "数字不对",
        "comment": "打 13800138000 找我",
        "answer": {"text": "约付 1.00 元"},
        "thread": "passed over",
    }
    rows = [wrong, wrong, {**wrong, "verdict": "right"}, {**wrong, "today": None}]
    source.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert main(["from-feedback", str(source), "--out", str(made)]) == 0
    drafts = load_sets([made])
    assert len(drafts) == 2
    body = made.read_text(encoding="utf-8")
    assert "13800138000" not in body
    assert "11010519491231002X" not in body
    assert "20600元" in drafts[0].turns[0]
    assert "数字不对" in str(drafts[0].note)
    source.write_text('{"turns": []}\n', encoding="utf-8")
    assert main(["from-feedback", str(source), "--out", str(made)]) == 2
