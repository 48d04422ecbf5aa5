"""Finds references that lead nowhere: documents, sections and conflicts named but not there."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.errors import Fault
from corpus.load import Corpus
from corpus.messages import fault


def broken_links(corpus: Corpus) -> list[Fault]:
    """One fault for each ``also``, ``follow_up`` or reference of a conflict without a target."""
    return [*_of_sections(corpus), *_of_conflicts(corpus)]


def _of_sections(corpus: Corpus) -> Iterator[Fault]:
    documents = {document.id for document in corpus.documents}
    sections = {section.id for section in corpus.sections}
    for section in corpus.sections:
        for id in section.documents:
            if id not in documents:
                yield fault("unknown_document", section.path, section.line, id=id)
        for id in section.follow_up:
            if id not in sections:
                yield fault("unknown_section", section.path, section.line, id=id)


def _of_conflicts(corpus: Corpus) -> Iterator[Fault]:
    documents = {document.id for document in corpus.documents}
    sections = {section.id for section in corpus.sections}
    for conflict in corpus.conflicts:
        for id in dict.fromkeys(id for said in conflict.statements for id in said.documents):
            if id not in documents:
                yield fault("unknown_document", conflict.path, conflict.line, id=id)
        for id in conflict.sections:
            if id not in sections:
                yield fault("unknown_section", conflict.path, conflict.line, id=id)
