"""Knows what the documents say: :func:`load_corpus` gives every document, section and conflict."""

from __future__ import annotations

from corpus.errors import CorpusError, Fault, InvalidCorpus, UnknownId
from corpus.load import Corpus, load_corpus, read_corpus
from corpus.model import Conflict, Document, Instead, Section, Statement

__all__ = [
    "Conflict",
    "Corpus",
    "CorpusError",
    "Document",
    "Fault",
    "Instead",
    "InvalidCorpus",
    "Section",
    "Statement",
    "UnknownId",
    "load_corpus",
    "read_corpus",
]
