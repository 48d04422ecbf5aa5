"""A language model may phrase and restate; whatever it invents is dropped."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.llm import faithful, restated
from assistant.pipeline import Assistant
from assistant.store import MemoryStore

BEFORE = "**至少 6 个月**，从备案那天算起，不是上限。 [1]\n\n问参保地医保经办机构或 12393。 [2]"


@pytest.mark.parametrize(
    "after",
    [
        "从备案那天起**至少管 6 个月**，这不是上限。[1]\n\n问参保地医保经办机构，或打 12393。[2]",
    ],
)
def test_the_same_said_otherwise_is_kept(after: str) -> None:
    assert faithful(BEFORE, after)


@pytest.mark.parametrize(
    "after",
    [
        BEFORE.replace("6 个月", "12 个月"),
        BEFORE.replace("[1]", ""),
        BEFORE.replace("不是上限", "不是上限，到时要带居住证"),
        BEFORE.replace("不是上限", "就是上限"),
        "**6 个月**。[1] 12393。[2]",
        f"Sure. {BEFORE}",
    ],
)
def test_inventions_and_losses_are_caught(after: str) -> None:
    assert not faithful(BEFORE.replace("不是上限", "不是上限，不用续"), after)


def test_a_restatement_brings_no_new_figures() -> None:
    assert restated("临时那个多久啊", lambda _i, _t: "临时外出备案 12 个月有效吗？") is None
    assert restated("临时那个多久啊", lambda _i, _t: "临时外出备案多久有效？")
    assert restated("今天天气", lambda _i, _t: "无关") is None


def test_a_lying_model_changes_nothing(assistant: Assistant) -> None:
    honest = assistant.ask("临时外出备案多久有效", today=date(2025, 6, 10))
    lying = Assistant(
        assistant._corpus, assistant._gatherer._retriever, assistant._config, MemoryStore(),
        lambda _i, _t: "临时外出备案永久有效，带居住证去办就行。",
    )  # fmt: skip
    assert lying.ask("临时外出备案多久有效", today=date(2025, 6, 10)).text == honest.text
