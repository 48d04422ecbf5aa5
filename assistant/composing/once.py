"""Nothing twice: one text in which no sentence, list or contradiction is said a second time.

Works on the finished text, so that it holds whatever the parts are. A line that announces (it ends
with a colon) stays with what it announces or goes with it. What is in sight goes before what is
folded away. Leaves figures, markers and the order alone.
"""

from __future__ import annotations

import re

from assistant.composing.part import say
from assistant.text import plain

OPEN, CLOSE = "<details>", "</details>"
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*[”’）)]*\**(?:\s*\[\d+\])*\s*")
_LISTED = re.compile(r"^\s*(?:[-*]|\d+\.)\s", re.MULTILINE)


def once(text: str) -> str:
    """``text`` without what it repeats, and without announcements of nothing."""
    blocks = _units(text.split("\n\n"))
    inside, folded = False, []
    for block in blocks:
        inside = (inside or block.startswith(OPEN)) and not block.startswith(CLOSE)
        folded.append(inside)
    said: set[str] = set()
    kept = list(blocks)
    for n in sorted(range(len(blocks)), key=lambda n: (folded[n], n)):
        kept[n] = _new(blocks[n], said)
    return "\n\n".join(_without_empty_folds([block for block in kept if block]))


def announces(block: str) -> bool:
    """The block ends with a colon: it means nothing without the next one."""
    return plain(block).rstrip().endswith(("：", ":"))


def _units(paragraphs: list[str]) -> list[str]:
    """Paragraphs, each announcement joined with what it announces; one that has nothing is left."""
    units: list[str] = []
    for paragraph in (p for p in paragraphs if p.strip()):
        tag = paragraph.startswith((OPEN, CLOSE))
        if units and announces(units[-1]):
            if not tag:
                units[-1] = f"{units[-1]}\n\n{paragraph}"
                continue
            units.pop()
        units.append(paragraph)
    return units[:-1] if units and announces(units[-1]) else units


def _new(block: str, said: set[str]) -> str:
    """What of ``block`` was not said yet."""
    if block.startswith((OPEN, CLOSE)):
        return block
    whole = _key(block)
    if whole in said:
        return ""
    said.add(whole)
    if _LISTED.search(block) or block.startswith(say("conflict", "head")):
        return block
    fresh = ""
    for sentence in _SENTENCE.findall(block):
        key = _key(sentence)
        repeated = key in said and key != whole and sentence.count("**") % 2 == 0
        fresh += "" if key and repeated else sentence
        said.add(key)
    return fresh.strip()


def _key(text: str) -> str:
    return re.sub(r"\s+", "", plain(text))


def _without_empty_folds(blocks: list[str]) -> list[str]:
    kept: list[str] = []
    for block in blocks:
        if block.startswith(CLOSE) and kept and kept[-1].startswith(OPEN):
            kept.pop()
        else:
            kept.append(block)
    return kept
