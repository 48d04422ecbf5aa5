"""Citations of one answer: markers in order of first use, one for each document relied on."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.text import best_sentence, figures, sentences
from assistant.types import Citation
from corpus import Corpus, Document, Section

_REFERENCE = re.compile(r"\s*\[\[([a-z0-9/-]+)\]\]")


class CitationBook:
    """Hands out markers while an answer is written. Not shared between answers."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._citations: list[Citation] = []
        self._known: dict[tuple[str, str, str], int] = {}

    @property
    def citations(self) -> list[Citation]:
        return list(self._citations)

    def section(self, section_id: str, said: str) -> str:
        """Markers for ``said``, which rests on the section; its best sentence is the quote."""
        section = self.corpus.section(section_id)
        return "".join(f"[{n}]" for n in self.numbers(section, said))

    def first(self, section_id: str | None, said: str) -> int | None:
        """The marker of the strongest document of a section, or None without a section."""
        if section_id is None:
            return None
        return self.numbers(self.corpus.section(section_id), said)[0]

    def numbers(self, section: Section, said: str) -> list[int]:
        """The markers of ``section``, one a document.

        A quote used before is used again when it holds all figures of ``said``.
        """
        wanted = figures(said)
        quote = next(
            (
                c.quote
                for c in self._citations
                if c.passage == section.id and wanted <= figures(c.quote)
            ),
            None,
        ) or best_sentence(_sentences(section.text), said)
        return [self._number(section.id, self.corpus.document(d), quote) for d in section.documents]

    def statement(self, statement_id: str, text: str, documents: tuple[str, ...]) -> int:
        """The marker of one side of a conflict: its own words are the quote."""
        markers = [self._number(statement_id, self.corpus.document(d), text) for d in documents]
        return markers[0]

    def resolve(self, text: str) -> str:
        """``text`` with every ``[[section-id]]`` turned into markers."""
        return _REFERENCE.sub(lambda m: self.section(m[1], text), text)

    def _number(self, passage: str, document: Document, quote: str) -> int:
        key = (passage, document.id, quote)
        if key not in self._known:
            marker = len(self._citations) + 1
            self._known[key] = marker
            self._citations.append(
                Citation(
                    marker=marker,
                    passage=passage,
                    document=document.id,
                    title=document.title,
                    publisher=document.publisher,
                    published=document.published,
                    authority=document.authority,
                    source=document.source,
                    quote=quote,
                )
            )
        return self._known[key]


@lru_cache(maxsize=2048)
def _sentences(text: str) -> tuple[str, ...]:
    """The sentences of a section, cited again and again."""
    return tuple(sentences(text))
