"""Nothing is said twice and nothing is announced that does not come, whatever is asked."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from assistant.composing.once import CLOSE, OPEN, announces, once
from assistant.pipeline import Assistant
from assistant.text import plain
from evals.items import load_sets, own_files

LISTED = re.compile(r"^\s*(?:[-*]|\d+\.)\s", re.MULTILINE)
FOLD = f"{OPEN}<summary>细</summary>"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("甲说的话。\n\n乙说的话。\n\n甲说的话。", "甲说的话。\n\n乙说的话。"),
        ("甲说的话。[1]\n\n甲说的话。 [2] 又说一句。", "甲说的话。[1]\n\n又说一句。"),
        ("**甲。** [1]\n\n**甲。** [2]", "**甲。** [1]"),
        ("要带：\n\n- 证件\n- 发票\n\n要带：\n\n- 证件\n- 发票", "要带：\n\n- 证件\n- 发票"),
        ("分三种：", ""),
        ("先说一句。\n\n分三种： [1]", "先说一句。"),
        (f"{FOLD}\n\n分三种：\n\n{CLOSE}\n\n后一句。", "后一句。"),
        (f"{FOLD}\n\n甲。\n\n{CLOSE}\n\n甲。", "甲。"),
        ("可以这样问：“几天？”别忘了卡。", "可以这样问：“几天？”别忘了卡。"),
        ("1. 同一步\n2. 另一步\n\n别的：\n\n1. 同一步\n2. 第三步", None),
        ("", ""),
    ],
)
def test_what_is_repeated_goes(text: str, left: str | None) -> None:
    assert once(text) == (text if left is None else left)
    assert once(once(text)) == once(text)


@pytest.mark.parametrize("path", own_files(held_out=False), ids=lambda p: p.stem)
def test_no_answer_repeats_itself_or_breaks_off(path: Path, assistant: Assistant) -> None:
    bad: list[str] = []
    for item in load_sets([path]):
        thread = f"once-{item.id}"
        for turn in item.turns:
            answer = assistant.ask(turn, thread=thread, today=item.today)
            bad += [f"{item.id}: {fault}" for fault in faults(answer.text)]
            topics = Counter(c.topic for c in answer.conflicts)
            bad += [f"{item.id}: {t}" for t, count in topics.items() if count > 1]
    assert not bad


def faults(text: str) -> list[str]:
    """Sentences outside lists said twice, announcements and folds without anything."""
    blocks = text.split("\n\n")
    ends = [*blocks[1:], CLOSE]
    empty = [b for b, n in zip(blocks, ends, strict=True) if announces(b) and n.startswith(CLOSE)]
    empty += [b for b, n in zip(blocks, ends, strict=True) if b.startswith(OPEN) and n == CLOSE]
    told = [b for b in blocks if not LISTED.search(b) and not b.startswith(OPEN)]
    said = Counter(s for b in told for s in re.findall(r"[^。！？!?]{8,}[。！？]", plain(b)))
    return [*empty, *(s for s, count in said.items() if count > 1)]
