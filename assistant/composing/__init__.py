"""Composing: evidence in, one :class:`~assistant.types.Answer` out. No clock, no search."""

from __future__ import annotations

from assistant.composing.citations import CitationBook
from assistant.composing.edges import question_for, quick_replies
from assistant.composing.part import Part, say
from assistant.types import Answer, ConflictView
from rules.facts import Facts

__all__ = ["CitationBook", "Part", "compose"]

_ASKED_AFTER = ("reimbursement", "validity")


def compose(
    parts: list[Part], question: str, facts: Facts, book: CitationBook, *, english: bool = False
) -> tuple[Answer, str | None]:
    """The answer, and the fact it asks for (None when it asks nothing)."""
    ordered = [p for p in parts if p.head] + [p for p in parts if not p.head]
    missing = list(dict.fromkeys(f for p in ordered for f in p.missing))
    blocks = [p.text for p in ordered if p.text]
    asked: str | None = None
    if any(p.route in _ASKED_AFTER for p in ordered):
        asked = next((f for f in missing if question_for(f)), None)
        if asked:
            blocks.append(str(question_for(asked)))
    elif any(p.route == "clarify" for p in ordered):
        asked = missing[0] if missing else None
    if english:
        blocks.append(say("english", "pointer"))
    replies = quick_replies(asked) if asked else ()
    suggestions = [*replies, *(s for p in ordered for s in p.suggestions)]
    conflicts: dict[str, ConflictView] = {c.topic: c for p in ordered for c in p.conflicts}
    answer = Answer(
        question=question,
        routes=list(dict.fromkeys(r for p in ordered for r in (p.route, *p.also))),
        text="\n\n".join(blocks),
        citations=book.citations,
        reimbursement=next((p.reimbursement for p in ordered if p.reimbursement), None),
        validity=next((p.validity for p in ordered if p.validity), None),
        materials=next((p.materials for p in ordered if p.materials), None),
        facts=facts,
        missing=missing,
        conflicts=list(conflicts.values()),
        suggestions=list(dict.fromkeys(suggestions))[:4],
        confidence=min((p.confidence for p in ordered), default=0.0),
    )
    return answer, asked
