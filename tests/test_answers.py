"""Answers of the whole path: grounded, deterministic, a conversation that holds, never an error."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.pipeline import Assistant
from evals.expect import check
from evals.grounding import faults
from evals.items import load_sets, own_files
from evals.library import library

TODAY = date(2025, 6, 10)


@pytest.mark.parametrize("path", own_files(held_out=False), ids=lambda p: p.stem)
def test_every_figure_and_quote_is_supported(path: Path, assistant: Assistant) -> None:
    bad: list[str] = []
    for item in load_sets([path]):
        thread = f"grounded-{item.id}"
        for turn in item.turns:
            answer = assistant.ask(turn, thread=thread, today=item.today)
        said = [*item.turns, str(item.today)]
        found = faults(answer.model_dump(mode="json"), library(), said)
        bad += [f"{item.id}: {f.kind}: {f.text}" for f in found if f.kind != "misplaced"]
    assert not bad


def test_the_same_question_gives_the_same_answer(assistant: Assistant) -> None:
    turns = ["我1月10号办的临时外出备案", "7月12号住院还能用吗", "那要是转诊呢"]
    runs = [
        [
            assistant.ask(t, thread=name, today=TODAY).model_dump(exclude={"elapsed_ms"})
            for t in turns
        ]
        for name in ("a", "b")
    ]
    assert runs[0] == runs[1]


def test_another_conversation_knows_nothing(assistant: Assistant) -> None:
    assistant.ask("茂名居民医保，三级医院住院花了20600", thread="one", today=TODAY)
    other = assistant.ask("能报多少？", thread="two", today=TODAY)
    assert other.routes == ["clarify"]
    assert other.facts.total_cost is None


def test_a_side_question_keeps_the_open_case(assistant: Assistant) -> None:
    thread = "side"
    first = assistant.ask("毕节居民二级医院门诊380元能报多少", thread=thread, today=TODAY)
    assert first.reimbursement is not None and first.reimbursement.fund_pays is not None
    assert first.reimbursement.fund_pays.low == "228.00"
    side = assistant.ask("备案要带什么材料", thread=thread, today=TODAY)
    assert "materials" in side.routes
    again = assistant.ask("那乡镇卫生院呢", thread=thread, today=TODAY)
    assert again.reimbursement is not None and again.reimbursement.fund_pays is not None
    assert again.reimbursement.fund_pays.low == "323.00"


def test_start_again_forgets_everything(assistant: Assistant) -> None:
    assistant.ask("毕节居民二级医院门诊380元能报多少", thread="reset", today=TODAY)
    assistant.ask("下一个客户", thread="reset", today=TODAY)
    assert assistant.ask("能报多少", thread="reset", today=TODAY).routes == ["clarify"]


def test_personal_numbers_never_come_back(assistant: Assistant) -> None:
    text = "我叫王小明，身份证110101199003071234，手机13812345678，住院花了123456元能报多少"
    answer = assistant.ask(text, thread="private", today=TODAY)
    dumped = answer.model_dump_json()
    for secret in ("110101199003071234", "13812345678", "王小明"):
        assert secret not in dumped
    assert answer.facts.total_cost == 123456


def test_a_fresh_question_needs_no_thread(assistant: Assistant) -> None:
    answer = assistant.ask("临时外出备案多久有效", today=TODAY)
    assert answer.routes == ["procedure"]
    assert "6 个月" in answer.text
    assert answer.citations
    assert answer.conflicts


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00\x01", "\ud800", "😀" * 50, "a" * 100_000, "医保" * 50_000, "<b>x</b>",
     "' OR 1=1 --", "{{7*7}}", "%s%n", "\u202e反转", "1e400元能报多少", "报" * 3000, "NaN", "null"],
)  # fmt: skip
def test_anything_typed_gets_an_answer(text: str, assistant: Assistant) -> None:
    answer = assistant.ask(text, thread="odd", today=TODAY)
    assert answer.routes
    assert answer.text


def test_naughty_strings(assistant: Assistant, shared: Path) -> None:
    for line in (shared / "outside" / "naughty_strings.jsonl").read_text("utf-8").splitlines():
        assert assistant.ask(json.loads(line)["text"], today=TODAY).routes


def test_edges_of_the_subject(assistant: Assistant) -> None:
    broken: list[str] = []
    for item in load_sets([Path(__file__).parent / "cases" / "scope.jsonl"]):
        answer = assistant.ask(item.turns[0], today=item.today).model_dump(mode="json")
        broken += [f"{item.id} {item.turns[0]}: {why.text}" for why in check(item, answer)]
    assert not broken


def test_must_decline(assistant: Assistant, shared: Path) -> None:
    kept: list[str] = []
    for line in (shared / "outside" / "must_decline.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        routes = assistant.ask(row["text"], today=TODAY).routes
        if not set(routes) & {"decline", "chat", "clarify"}:
            kept.append(row["text"])
    assert not kept
