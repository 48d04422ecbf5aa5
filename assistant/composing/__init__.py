"""Composing: evidence in, one :class:`~assistant.types.Answer` out. No clock, no search."""

from __future__ import annotations

from assistant.composing.citations import CitationBook
from assistant.composing.edges import question_for, quick_replies
from assistant.composing.part import Part, say
from assistant.data import read_toml
from assistant.types import Answer, ConflictView
from rules.facts import Facts

__all__ = ["CitationBook", "Part", "compose", "together"]

_ASKED_AFTER = ("reimbursement", "validity")


def compose(
    parts: list[Part],
    question: str,
    facts: Facts,
    book: CitationBook,
    *,
    english: bool = False,
    unknown: tuple[str, ...] = (),
) -> tuple[Answer, str | None]:
    """The answer, and the fact it asks for (None when it asks nothing), none of ``unknown``."""
    ordered = [p for p in parts if p.head] + [p for p in parts if not p.head]
    missing = list(dict.fromkeys(f for p in ordered for f in p.missing))
    blocks = [p.text for p in ordered if p.text]
    asked: str | None = None
    if any(p.route in _ASKED_AFTER for p in ordered):
        asked = next((f for f in missing if f not in unknown and question_for(f)), None)
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


def together(answers: list[tuple[str, Answer]], question: str, book: CitationBook) -> Answer:
    """One answer of the answers about several people, each headed by whom it is about.

    Facts and results are those of the person spoken of last.
    """
    last = answers[-1][1]
    told = [answer for _, answer in answers]
    blocks = [f"{say('person', 'head', who=_called(name))}\n\n{a.text}" for name, a in answers]
    conflicts = {c.topic: c for a in told for c in a.conflicts}
    return last.model_copy(
        update={
            "question": question,
            "routes": list(dict.fromkeys(r for a in told for r in a.routes)),
            "text": "\n\n".join(blocks),
            "citations": book.citations,
            "conflicts": list(conflicts.values()),
            "confidence": min(a.confidence for a in told),
        }
    )


def _called(name: str) -> str:
    return str(read_toml("replies.toml")["person"].get(name, name))
