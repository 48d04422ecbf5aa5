"""Conversations: whose case is meant, what a correction changes, what is left unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.people import cases_in
from assistant.pipeline import Assistant
from evals.expect import check
from evals.items import Item, load_sets
from tests.slots_reading import TODAY

CASES = load_sets([Path(__file__).parent / "cases" / "dialogues.jsonl"])


@pytest.mark.parametrize("item", CASES, ids=lambda item: str(item.id))
def test_a_conversation_holds(item: Item, assistant: Assistant) -> None:
    for turn in item.turns:
        answer = assistant.ask(turn, thread=item.id, today=item.today)
    assert [why.text for why in check(item, answer.model_dump(mode="json"))] == []


APART = [
    ("我爸三级住院1万,我妈二级住院8000,各报多少", ["爸爸", "妈妈"]),
    ("我是职工,我妈是居民,都住院花了2万,能报多少", ["自己", "妈妈"]),
    ("我妈在上海跟我弟住,长期备案,我爸要接她回南昌住院", []),
    ("我爸住院了,我妈在医院照顾他,没备案咋办", []),
    ("我妈72岁,茂名退休职工,住院1万,我们自己要掏多少", []),
]


@pytest.mark.parametrize(("text", "people"), APART)
def test_people_of_one_message(text: str, people: list[str]) -> None:
    assert [case.person for case in cases_in(text, TODAY)] == people
