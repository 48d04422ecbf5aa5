"""Running, resuming, scoring, comparing, the gate and the report, with a system that computes."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from evals_fakes import Stub, answer

from evals import commands
from evals.__main__ import main
from evals.compare import compare, sign_test
from evals.gate import Baseline, Floor, gate, raised
from evals.items import Item, SetError, load_sets
from evals.report import embedded, write_report
from evals.results import LINES, Result, judge, read_results
from evals.runner import run_items
from evals.scores import latency, summary
from evals.systems import UnknownSystem, make_system


def item(id: str, expect: dict[str, Any] | None = None, **more: Any) -> Item:
    return Item.model_validate({"id": id, "turns": ["问"], "expect": expect or {}, **more})


def echo(said: list[str], today: date | None) -> dict[str, Any]:
    return {"routes": ["procedure"], "text": f"{'/'.join(said)} {today}", "confidence": 0.5}


def result(id: str, passed: bool, points: int | None = None, text: str = "") -> Result:
    points = (1 if passed else 0) if points is None else points
    return Result(id=id, passed=passed, why=[], answer={"text": text}, points=points)


def test_a_conversation_keeps_its_turns_and_its_day(tmp_path: Path) -> None:
    asked = item("a", {"all_of": [["一/二"]]}, turns=["一", "二"], today="2025-06-01")
    (got,) = run_items(Stub(echo), [asked], tmp_path)
    assert got.passed
    assert got.answer["text"] == "一/二 2025-06-01"
    assert got.earlier == ["一 2025-06-01"]
    line = json.loads((tmp_path / LINES).read_text(encoding="utf-8"))
    assert list(line)[:4] == ["id", "passed", "why", "answer"]


def test_an_interrupted_run_resumes(tmp_path: Path) -> None:
    items = [item(name, {"all_of": [["问"]]}) for name in "abc"]
    run_items(Stub(echo), items[:2], tmp_path)
    with (tmp_path / LINES).open("a", encoding="utf-8") as out:
        out.write('{"id": "c", "pass')
    again = Stub(echo)
    results = run_items(again, items, tmp_path, resume=True)
    assert again.asked == 1
    assert [r.id for r in results] == ["a", "b", "c"] == [r.id for r in read_results(tmp_path)]


def test_a_changed_question_is_asked_again(tmp_path: Path) -> None:
    run_items(Stub(echo), [item("a")], tmp_path)
    again = Stub(echo)
    (got,) = run_items(again, [item("a", {"all_of": [["没有"]]})], tmp_path, resume=True)
    assert again.asked == 1
    assert not got.passed


def test_two_runs_that_differ_are_seen(tmp_path: Path) -> None:
    count = iter(range(100))

    def unsteady(said: list[str], today: date | None) -> dict[str, Any]:
        return {"text": f"{said} {next(count)}", "elapsed_ms": next(count)}

    (steady,) = run_items(Stub(echo), [item("a")], tmp_path, twice=True)
    (moving,) = run_items(Stub(unsteady), [item("a")], tmp_path, twice=True)
    assert (steady.same, moving.same) == (True, False)


def test_a_refused_question_fails_with_its_reason() -> None:
    got = judge(item("a"), {"error": "503"}, None)
    assert not got.passed
    assert "503" in got.why[0]


def test_scores() -> None:
    due = {"routes": ["decline"]}
    items = [
        item("1", {"routes": ["procedure"], "all_of": [["备案"]]}, tags=["t"]),
        item("2", due, tags=["t"]),
        item("3", due, tags=["u"]),
        item("4", {"routes": ["validity"], "facts": {"age": 71}}, tags=["u"], sections=["s"]),
        item("5", {"all_of": [["好"]]}, pair="p", tags=["clean"]),
        item("6", {"all_of": [["好"]]}, pair="p", tags=["noisy"]),
        item("7", {"reimbursement": {"low": "1.00", "high": "1.00"}}),
    ]
    paid = {"fund_pays": {"low": "2.00", "high": "2.00"}}
    answers: list[dict[str, Any]] = [
        {"routes": ["decline"], "text": "", "confidence": 0.95},
        {"routes": ["decline"], "text": "", "confidence": 0.95},
        {"routes": ["chat"], "text": "", "confidence": 0.15},
        {"routes": ["validity"], "facts": {"age": 17}, "citations": [{}, {"passage": "s"}]},
        {"text": "好"},
        {"text": "坏"},
        {"reimbursement": paid},
    ]
    results = [
        judge(i, a, None, wall_ms=n) for n, (i, a) in enumerate(zip(items, answers, strict=True), 1)
    ]
    got = summary(items, results)
    assert (got["items"], got["passed"], got["wrong"], got["silent"]) == (7, 2, 1, 4)
    assert got["points"] == 1
    assert got["by_tag"]["t"]["passed"] == 1
    assert got["routing"]["decline"] == {"chat": 1, "decline": 1}
    assert got["routing"]["procedure"] == {"decline": 1}
    assert got["facts"]["age"] == {"right": 0, "wrong": 1, "unread": 0, "rate": 0.0}
    assert (got["retrieval"]["hit@1"], got["retrieval"]["mrr"]) == (0.0, 0.5)
    assert got["refusals"]["recall"]["rate"] == 0.5
    assert got["refusals"]["false_refusals"]["right"] == 1
    assert got["noise"] == {
        "pairs": 1, "clean": 1.0, "noisy": 0.0, "drop": 1.0, "same_outcome": 1.0,
    }  # fmt: skip
    assert got["amounts"]["rate"] == 0.0
    assert got["conflicts"]["rate"] is None
    assert got["latency_ms"] == {"p50": 4, "p95": 7, "p99": 7, "max": 7}
    top = got["calibration"]["bins"][-1]
    assert (top["from"], top["items"], top["accuracy"]) == (0.9, 2, 0.5)
    assert got["calibration"]["ece"] == pytest.approx((0.45 * 2 + 0.15) / 3, abs=1e-4)
    json.dumps(got, allow_nan=False)


def test_scores_of_nothing_are_none_not_nan() -> None:
    got = summary([], [])
    assert got["accuracy"] is None
    json.dumps(got, allow_nan=False)
    assert latency([]) == {"p50": None, "p95": None, "p99": None, "max": None}


def test_compare_and_its_sign_test() -> None:
    before = {"a": (False, 0), "b": (True, 1), "c": (False, -1), "d": (True, 1), "z": (True, 1)}
    after = {"a": (True, 1), "b": (False, 0), "c": (False, 0), "d": (True, 1), "y": (True, 1)}
    first = [result(id, *held) for id, held in before.items()]
    second = [result(id, *held, text="新" * (id == "d")) for id, held in after.items()]
    found = compare(first, second)
    assert (found.better, found.worse, found.changed) == (("a", "c"), ("b",), ("d",))
    assert (found.only_first, found.only_second, found.same) == (("z",), ("y",), 0)
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 5) == 1.0
    assert sign_test(10, 0) == pytest.approx(2 / 1024)
    assert sign_test(9, 1) == sign_test(1, 9) == pytest.approx(22 / 1024)


BASE = Baseline(
    sets={"s.jsonl": Floor(items=2, passed=1, unsupported=0, wrong=0)}, known_failures=["b"]
)


@pytest.mark.parametrize(
    ("results", "faults"),
    [
        ([result("a", True), result("b", False)], 0),
        ([result("a", True), result("b", True)], 1),  # must leave the list
        ([result("a", False), result("b", False)], 2),  # floor and regression
        ([result("a", False), result("b", True)], 2),  # regression, and b must leave
        ([result("a", True), result("b", False, -1)], 1),  # now wrong instead of silent
        ([result("a", True)], 2),  # an item and a known failure are gone
        ([result("a", True), result("b", False), result("c", True)], 0),
    ],
)
def test_gate(results: list[Result], faults: int) -> None:
    assert len(gate(BASE, {"s.jsonl": results}, {})) == faults


def test_gate_names_a_set_that_came_or_went() -> None:
    assert len(gate(BASE, {}, {"heldout-s.jsonl": [result("h", False)]})) == 3


def test_the_baseline_only_rises() -> None:
    good = [result("a", True), result("b", True)]
    new, refused = raised(BASE, {"s.jsonl": good}, {"heldout-s.jsonl": [result("h", False)]})
    assert not refused
    assert new.known_failures == []
    assert new.sets["heldout-s.jsonl"].passed == 0
    assert gate(new, {"s.jsonl": good}, {"heldout-s.jsonl": [result("h", False)]}) == []
    bad = [result("a", False), result("b", True)]
    assert raised(BASE, {"s.jsonl": bad}, {})[1]
    assert not raised(BASE, {"s.jsonl": bad}, {}, accept=["a"])[1]
    assert raised(BASE, {"s.jsonl": [result("a", False), result("b", False)]}, {}, accept=["a"])[1]


def test_the_report_is_one_file_that_runs_nothing_of_the_answers(tmp_path: Path) -> None:
    nasty = "</script><script>alert(1)</script>\u2028<img src=x onerror=alert(1)>"
    asked = item("a", {"all_of": [["没有"]]}, turns=[nasty], tags=["t"])
    got = judge(asked, answer(text=nasty), None)
    page = write_report(tmp_path, [asked], [got], summary([asked], [got])).read_text("utf-8")
    assert "</script><script>alert" not in page
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", page)
    body = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert body
    (row,) = json.loads(body[1])["rows"]
    assert row["turns"] == [nasty]
    assert row["answer"]["citations"]
    assert json.loads((tmp_path / "summary.json").read_text("utf-8"))[0]["items"] == 1
    assert "a" in (tmp_path / "results.csv").read_text("utf-8-sig")


def test_embedded_json_is_the_same_data() -> None:
    data = {"a": "<>&\u2028\u2029</"}
    assert json.loads(embedded(data)) == data


def test_all_faults_of_a_set_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    lines = [
        '{"id": "a", "turns": ["x"]}',
        "{",
        '{"id": "a", "turns": []}',
        '{"id": "a", "turns": ["x"], "expect": {"al_of": []}}',
        '{"id": "a", "turns": ["y"]}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SetError) as caught:
        load_sets([path, tmp_path / "none.jsonl"])
    places = [fault.split("：")[0] for fault in caught.value.faults]
    assert places == [f"{path}:2", f"{path}:3", f"{path}:4", f"{path}:5", "找不到文件"]


def test_run_report_and_compare_as_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.jsonl"
    rows = [{"id": n, "turns": ["问"], "tags": ["t"], "expect": {"all_of": [[n]]}} for n in "问x"]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    monkeypatch.setattr(commands, "make_system", lambda word: Stub(echo))
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    assert main(["run", str(path), "--out", one, "--twice", "--system", "a", "--system", "b"]) == 0
    assert main(["run", str(path), "--out", two, "--limit", "1"]) == 0
    shown = capsys.readouterr().out
    assert "50.0%" in shown
    assert "2/2" in shown
    assert (tmp_path / "one" / "b" / LINES).is_file()
    assert main(["report", one]) == 0
    assert main(["compare", one, two]) == 0
    assert main(["compare", one, str(tmp_path / "nowhere")]) == 2


def test_held_out_files_are_not_run_by_hand(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from evals.items import QUESTIONS

    path = QUESTIONS / "heldout-none.jsonl"
    assert main(["run", str(path), "--out", str(tmp_path)]) == 2
    assert "--held-out" in capsys.readouterr().err
    other = tmp_path / "heldout-foreign.jsonl"
    other.write_text("", encoding="utf-8")
    assert main(["run", str(other), "--out", str(tmp_path)]) == 2
    assert "--held-out" not in capsys.readouterr().err


def test_an_unknown_system_lists_the_known_ones() -> None:
    with pytest.raises(UnknownSystem, match=r"bm25.*decline"):
        make_system("gpt")
