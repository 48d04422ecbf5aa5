"""The evaluation of expressions: floors kept on outside material, and honest scoring."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from evals.expressions import judge, main, read_expressions, reference

ROWS = [
    {"text": "花了三万八", "kind": "amount", "gold": ["38000"], "tier": "core"},
    {"text": "2月30号", "kind": "date", "gold": None, "tier": "core", "ref": "2025-08-01"},
    {"text": "3到5万元", "kind": "amount_range", "gold": {"low": "30000", "high": "50000"}},
    {"text": "上周", "kind": "date_range", "gold": {"start": "2025-07-21", "end": "2025-07-28"}},
    {"text": "百分之八十", "kind": "percent", "gold": "80", "tier": "core"},
    {"text": "五个工作日", "kind": "duration", "gold": {"workday": 5}, "tier": "core"},
]


def _write(folder: Path, rows: list[dict[str, object]]) -> Path:
    path = folder / "expressions_zh.jsonl"
    lines = [json.dumps({"ref": "2025-08-01", **row}, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.shared
def test_every_floor_is_kept_on_the_outside_material(shared: Path) -> None:
    assert main(["--dir", str(shared / "outside")]) == 0


def test_right_rows_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _write(tmp_path, ROWS)
    assert {o.result for o in read_expressions(path)} == {"right"}
    assert main(["--dir", str(tmp_path)]) == 0
    assert "100.0%" in capsys.readouterr().out


def test_a_wrong_reading_fails_and_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path, [{**ROWS[0], "gold": ["30008"]}])
    assert main(["--dir", str(tmp_path), "--misses"]) == 1
    shown = capsys.readouterr().out
    assert "wrong" in shown
    assert "花了三万八" in shown


def test_nothing_found_is_unread_not_wrong() -> None:
    row = {"text": "x", "tier": "core"}
    assert judge("amount", row, [1], [], False).result == "unread"
    assert judge("amount", row, [1], [2], True).result == "wrong"
    assert judge("amount", row, [], [], False).result == "right"


def test_without_the_material_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--dir", str(tmp_path / "absent")]) == 0
    assert "absent" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2017-03-22T00:00:00", date(2017, 3, 22)),
        ("partial:2019-5", date(2019, 5, 1)),
        ('partial:{"year": 2021, "month": 5}', date(2021, 5, 1)),
        ("test day", date(2021, 6, 14)),
    ],
)
def test_the_reference_day_of_a_row(written: str, day: date) -> None:
    assert reference({"ref": written}) == day
