"""Finds references that lead nowhere: documents, sections and conflicts named but not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.errors import Fault
from corpus.messages import fault
from corpus.model import Conflict, Document, Section


def broken_links(
    documents: Sequence[Document], sections: Sequence[Section], conflicts: Sequence[Conflict]
) -> Iterator[Fault]:
    """One fault for each ``also``, ``follow_up``, ``instead`` or conflict's reference that leads
    nowhere."""
    known_documents = {document.id for document in documents}
    known_sections = {section.id for section in sections}
    items: tuple[Section | Conflict, ...] = (*sections, *conflicts)
    for item in items:
        cited, followed = _references(item)
        for id in cited:
            if id not in known_documents:
                yield fault("unknown_document", item.path, item.line, id=id)
        for id in followed:
            if id not in known_sections:
                yield fault("unknown_section", item.path, item.line, id=id)


def _references(item: Section | Conflict) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The documents and the sections that a section or a conflict names, each once."""
    if isinstance(item, Section):
        return item.documents, (*item.follow_up, *(other.section for other in item.instead))
    cited = dict.fromkeys(id for said in item.statements for id in said.documents)
    told = re.findall(r"\[\[([a-z0-9-]+)\]\]", item.answer)
    return tuple(cited), (*item.sections, *told)
