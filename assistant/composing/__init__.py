"""Composing: evidence in, one :class:`~assistant.types.Answer` out. No clock, no search."""

from __future__ import annotations

from dataclasses import replace

from assistant.composing.checklist import united
from assistant.composing.citations import CitationBook
from assistant.composing.edges import asked_as, question_for, quick_replies
from assistant.composing.once import once
from assistant.composing.part import Part, say
from assistant.composing.procedure import retells
from assistant.data import read_toml
from assistant.types import Answer, ConflictView
from corpus import Corpus, Section
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
    ordered = _fresh([p for p in parts if p.head] + [p for p in parts if not p.head], book.corpus)
    missing = list(dict.fromkeys(f for p in ordered for f in p.missing))
    blocks = [p.text for p in ordered if p.text]
    asked: str | None = None
    if any(p.route in _ASKED_AFTER for p in ordered):
        asked = next((f for f in missing if f not in unknown and question_for(f)), None)
        if asked:
            blocks.append(str(question_for(asked_as(asked, facts))))
    elif any(p.route == "clarify" for p in ordered):
        asked = missing[0] if missing else None
    if english:
        blocks.append(say("english", "pointer"))
    replies = quick_replies(asked_as(asked, facts)) if asked else ()
    suggestions = [*replies, *(s for p in ordered for s in p.suggestions)]
    listed = united([p.materials for p in ordered if p.materials], book)
    conflicts: dict[str, ConflictView] = {c.topic: c for p in ordered for c in p.conflicts}
    answer = Answer(
        question=question,
        routes=list(dict.fromkeys(r for p in ordered for r in (p.route, *p.also))),
        text=once("\n\n".join(blocks)),
        citations=book.citations,
        reimbursement=next((p.reimbursement for p in ordered if p.reimbursement), None),
        validity=next((p.validity for p in ordered if p.validity), None),
        materials=listed,
        facts=facts,
        missing=missing,
        conflicts=list(conflicts.values()),
        suggestions=list(dict.fromkeys(suggestions))[:4],
        confidence=min((p.confidence for p in ordered), default=0.0),
    )
    return answer, asked


def _fresh(parts: list[Part], corpus: Corpus) -> list[Part]:
    """The parts without those that would say again what an earlier one says.

    A passage for everybody that retells a region's own one goes; a list of papers that a passage
    told in words stays as an object alone.
    """
    fresh: list[Part] = []
    told: list[Section] = []
    for part in parts:
        sections = [corpus.section(s) for s in part.sections]
        if part.route == "procedure" and sections and any(retells(sections[0], t) for t in told):
            continue
        told_as = (part.route, part.sections[:1])
        alike = [n for n, p in enumerate(fresh) if (p.route, p.sections[:1]) == told_as]
        same = alike if part.disputed else []
        if same:
            fresh[same[0]] = part
            continue
        if part.route == "materials" and sections and sections[0] in told:
            part = replace(part, text="")
        fresh.append(part)
        told += sections if part.route == "procedure" else []
    return fresh


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
            "text": once("\n\n".join(blocks)),
            "citations": book.citations,
            "conflicts": list(conflicts.values()),
            "confidence": min(a.confidence for a in told),
        }
    )


def _called(name: str) -> str:
    return str(read_toml("replies.toml")["person"].get(name, name))
