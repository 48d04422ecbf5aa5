"""What the corpus holds, by passage id: the text against which citations are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from corpus.load import load_corpus


@dataclass(frozen=True)
class Passage:
    """One citable text; ``sources``: what question sets call its documents."""

    text: str
    sources: frozenset[str]


Library = Mapping[str, Passage]


@lru_cache(maxsize=1)
def library() -> Library:
    """All sections and conflict statements of the project's corpus."""
    corpus = load_corpus()
    source = {document.id: document.source for document in corpus.documents}

    def sources(ids: tuple[str, ...]) -> frozenset[str]:
        return frozenset(source[one] for one in ids)

    held = {
        section.id: Passage(f"{section.title}\n{section.text}", sources(section.documents))
        for section in corpus.sections
    }
    for conflict in corpus.conflicts:
        for statement in conflict.statements:
            held[statement.id] = Passage(statement.text, sources(statement.documents))
    return held
