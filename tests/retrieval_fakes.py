"""A toy encoder and a corpus of a few sections: fakes that compute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore, VectorStore

from assistant.encoder import Encoder, Matrix, unit
from corpus.load import Corpus
from corpus.model import Authority, Document, Section


class ToyEncoder(Encoder):
    """Counts of a text's characters, hashed into 251 places; remembers what it was asked."""

    dim = 251

    def __init__(self, fingerprint: str = "toy") -> None:
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.encoded += texts
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text:
                row[ord(letter) % self.dim] += 1
        return unit(rows)


_IN_MEMORY: dict[str, InMemoryVectorStore] = {}


def in_memory(embedding: Embeddings, name: str) -> VectorStore:
    """Another LangChain store, kept as long as the process lives; filters as ours asks."""
    return _IN_MEMORY.setdefault(name, InMemoryVectorStore(embedding))


def document(id: str, authority: Authority = "national", region: str | None = None) -> Document:
    return Document(
        id=id,
        title=id,
        source=id,
        publisher="某局",
        published=date(2022, 1, 1),
        checked=date(2026, 1, 1),
        authority=authority,
        region=region,
        in_force_from=None,
        in_force_to=None,
        note=None,
        path=f"{id}.md",
    )


def section(
    id: str,
    title: str,
    text: str,
    questions: tuple[str, ...] = (),
    *,
    document: str = "general",
    region: str | None = None,
    insurance: str | None = None,
    care: tuple[str, ...] = (),
    topics: tuple[str, ...] = ("filing",),
    since: date | None = None,
    until: date | None = None,
) -> Section:
    return Section(
        id=id,
        title=title,
        text=text,
        documents=(document,),
        questions=questions,
        evidence="text",
        topics=topics,
        region=region,
        insurance=insurance,  # type: ignore[arg-type]
        care=care,
        in_force_from=since,
        in_force_to=until,
        follow_up=(),
        path="x.md",
        line=1,
    )


def corpus(*sections: Section) -> Corpus:
    documents = (
        document("general", "media"),
        document("state", "national"),
        document("province", "local", "32"),
        document("city", "local", "3205"),
        document("other", "local", "4409"),
    )
    return Corpus(documents=documents, sections=sections, conflicts=(), fingerprint="toy")
