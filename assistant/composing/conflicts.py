"""Where the sources disagree on what was asked: shown with dates, with what prevails and why."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.composing.citations import CitationBook
from assistant.composing.part import say
from assistant.types import ConflictStatement, ConflictView
from corpus import Conflict, Corpus

AT_MOST = 2


def relevant(corpus: Corpus, section_ids: Iterable[str], question: str) -> list[Conflict]:
    """Conflicts of the sections told whose cues the question touches, each once."""
    found: dict[str, Conflict] = {}
    for section_id in section_ids:
        for conflict in corpus.conflicts_of(section_id):
            if not conflict.cues or any(cue in question for cue in conflict.cues):
                found.setdefault(conflict.id, conflict)
    return list(found.values())[:AT_MOST]


def view(conflict: Conflict, corpus: Corpus, book: CitationBook) -> ConflictView:
    """The conflict with markers for each side."""
    statements = [
        ConflictStatement(text=s.text, marker=book.statement(s.id, s.text, s.documents))
        for s in conflict.statements
    ]
    prevails = None if conflict.prevails is None else statements[conflict.prevails].marker
    return ConflictView(
        topic=conflict.topic, statements=statements, prevails=prevails, why=conflict.why
    )


def views(ids: Iterable[str], corpus: Corpus, book: CitationBook) -> tuple[ConflictView, ...]:
    """The conflicts that a rule's result names."""
    return tuple(view(corpus.conflict(i), corpus, book) for i in list(ids)[:AT_MOST])


def disputed(conflict: Conflict, shown: ConflictView, book: CitationBook) -> list[str]:
    """For who asks about the contradiction: what holds, in a sentence or two, then the sides."""
    marker = f"[{shown.prevails}]"
    if shown.prevails is None:
        marker = book.section(conflict.sections[0], conflict.answer)
    return [f"{book.resolve(conflict.answer)} {marker}", told([shown])]


def told(views: Iterable[ConflictView]) -> str:
    """The conflicts as one paragraph each."""
    return "\n\n".join(_one(v) for v in views)


def _one(conflict: ConflictView) -> str:
    sides = "；".join(f"{s.text.rstrip('。')} [{s.marker}]" for s in conflict.statements)
    if conflict.prevails is None:
        verdict = say("conflict", "open", why=conflict.why)
    else:
        verdict = say("conflict", "prevails", which=f"[{conflict.prevails}]", why=conflict.why)
    return f"{say('conflict', 'head')}{sides}。{verdict}"
