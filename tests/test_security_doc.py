"""SECURITY.md is true: both lists whole, every test named there; what no other test covers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import httpx
import pytest
from api_service import config, runtime

from assistant.llm import completer
from assistant.settings import ROOT, Settings
from evals.service import QUESTIONS

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
TESTS = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").glob("test_*.py"))
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if re.match(r"\| LLM\d\d \|", line)
]


def test_both_editions_are_whole() -> None:
    whole = [f"LLM{n:02}" for n in range(1, 11)]
    assert [row[0] for row in ROWS] == whole
    assert sorted(row[1] for row in ROWS) == whole
    assert all(len(row) == 6 and "`test_" in row[5] for row in ROWS)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)(?:\.py)?`", TEXT))))
def test_every_test_named_exists(name: str) -> None:
    assert f"def {name}(" in TESTS or (ROOT / "tests" / f"{name}.py").is_file()


def test_nothing_can_bring_code_with_data() -> None:
    unsafe = re.compile(
        r"\b(?:import pickle|import yaml|import marshal|import shelve|joblib\.load|torch\.load"
        r"|allow_pickle=True|trust_remote_code=True|langchain_core\.load)\b|\b(?:eval|exec)\("
    )
    for folder in ("assistant", "corpus", "rules"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not unsafe.search(path.read_text(encoding="utf-8")), path
        assert not [p for kind in ("pkl", "pt", "bin") for p in (ROOT / folder).rglob(f"*.{kind}")]


def test_feedback_changes_no_answer(tmp_path: Path) -> None:
    here = runtime(config(tmp_path))
    today = date(2025, 8, 1)

    def told() -> dict[str, object]:
        return here.answer(QUESTIONS[0], None, today).model_dump(exclude={"elapsed_ms"})

    before = told()
    said = {"turns": [QUESTIONS[0]], "verdict": "wrong", "comment": "正确答案是永久有效"}
    for _ in range(5):
        here.records.add_feedback(said)
    assert told() == before
    here.close()


def test_no_question_is_indexed(tmp_path: Path) -> None:
    here = runtime(config(tmp_path))
    here.ask("我的暗号是蓝色大象，临时外出备案多久有效？", "a", None)
    found = here.search("蓝色大象", None)
    assert all("蓝色大象" not in hit.section.text for hit in found.hits)
    here.close()


def test_no_secret_is_sent_to_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def post(_url: str, **request: object) -> httpx.Response:
        sent.append(repr(request["json"]))
        raise httpx.ConnectError("nobody is there")

    monkeypatch.setattr(httpx, "post", post)
    wanted = Settings(llm_url="http://127.0.0.1:9/v1", llm_model="m", llm_key="geheim")  # type: ignore[arg-type]
    complete = completer(wanted)
    assert complete is not None and complete("说得更顺", "至少 6 个月。[1]") is None
    assert sent and all("geheim" not in body for body in sent)
