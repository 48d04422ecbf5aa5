"""What we compare ourselves with: recipes that need no rules and no conversation.

All see the same sections of the project's corpus. The three retrieval baselines show the three best
passages as they are; each message is answered by itself, as these recipes do.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

import numpy as np

from corpus.load import load_corpus
from corpus.model import Section
from evals.normal import normal
from evals.systems import Conversation
from evals.texts import text

SHOWN = 3
Rank = Callable[[str], Sequence[Section]]


class Baseline:
    """A system made of one function from a message to the sections worth showing."""

    on_corpus = True

    def __init__(self, name: str, rank: Rank, *, titles_only: bool = False) -> None:
        self.name = name
        self._rank = rank
        self._titles_only = titles_only
        self._documents = {document.id: document for document in load_corpus().documents}

    def begin(self, today: date | None) -> Conversation:
        return self._answer

    def _answer(self, message: str) -> dict[str, Any]:
        shown = list(self._rank(message))[:SHOWN]
        lines = [
            f"{section.title if self._titles_only else section.text}[{marker}]"
            for marker, section in enumerate(shown, start=1)
        ]
        return {
            "question": message,
            "routes": ["procedure"] if shown else ["decline"],
            "text": "\n\n".join(lines) or text("run.decline"),
            "citations": [self._cite(marker, s) for marker, s in enumerate(shown, start=1)],
            "facts": {},
            "missing": [],
            "conflicts": [],
            "confidence": 0.5,
        }

    def _cite(self, marker: int, section: Section) -> dict[str, Any]:
        document = self._documents[section.documents[0]]
        return {
            "marker": marker,
            "passage": section.id,
            "document": document.id,
            "title": document.title,
            "publisher": document.publisher,
            "published": document.published,
            "authority": document.authority,
            "source": document.source,
            "quote": section.title if self._titles_only else section.lead,
        }


def _content(section: Section) -> str:
    return f"{section.title}\n{section.text}"


def bm25() -> Baseline:
    """BM25 over words cut by jieba."""
    import bm25s
    import jieba

    jieba.setLogLevel("ERROR")
    sections = load_corpus().sections
    index = bm25s.BM25()
    index.index([jieba.lcut(_content(s)) for s in sections], show_progress=False)

    def rank(message: str) -> list[Section]:
        words = [jieba.lcut(message) or [""]]
        best, _ = index.retrieve(words, k=SHOWN, show_progress=False)
        return [sections[int(number)] for number in best[0]]

    return Baseline("bm25", rank)


def dense() -> Baseline:
    """Our encoder alone: cosine over whole sections."""
    from assistant.encoder import open_encoder

    encoder = open_encoder()
    sections = load_corpus().sections
    vectors = np.asarray(encoder.embed_documents([_content(s) for s in sections]))

    def rank(message: str) -> list[Section]:
        scores = vectors @ np.asarray(encoder.embed_query(message))
        return [sections[int(n)] for n in np.argsort(-scores, kind="stable")[:SHOWN]]

    return Baseline("dense", rank)


def langchain() -> Baseline:
    """The usual recipe: Chroma and BM25Retriever, joined by an EnsembleRetriever, half and half."""
    import assistant.settings  # noqa: F401  (telemetry of the libraries off)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
    import jieba
    from langchain_chroma import Chroma
    from langchain_core.documents import Document

    from assistant.encoder import open_encoder

    jieba.setLogLevel("ERROR")
    held = {section.id: section for section in load_corpus().sections}
    pages = [Document(page_content=_content(s), metadata={"id": s.id}) for s in held.values()]
    store = Chroma.from_documents(pages, open_encoder(), collection_name="evals-baseline")
    words = BM25Retriever.from_documents(pages, preprocess_func=jieba.lcut, k=SHOWN)
    vectors = store.as_retriever(search_kwargs={"k": SHOWN})
    both = EnsembleRetriever(retrievers=[words, vectors], weights=[0.5, 0.5])

    def rank(message: str) -> list[Section]:
        return [held[cast(str, page.metadata["id"])] for page in both.invoke(message)]

    return Baseline("langchain", rank)


def titles() -> Baseline:
    """Answers with the titles of the sections that share most character pairs with the question."""
    sections = load_corpus().sections
    pairs = [(_pairs(section.title), section) for section in sections]

    def rank(message: str) -> list[Section]:
        wanted = _pairs(message)
        scored = sorted(pairs, key=lambda entry: -len(entry[0] & wanted))
        return [section for _, section in scored]

    return Baseline("titles", rank, titles_only=True)


def decline() -> Baseline:
    """Declines whatever is asked: what accuracy is worth when silence counts as success."""
    return Baseline("decline", lambda message: [])


def _pairs(body: str) -> set[str]:
    kept = normal(body)
    return {a + b for a, b in itertools.pairwise(kept)}


BASELINES: dict[str, Callable[[], Baseline]] = {
    "bm25": bm25,
    "dense": dense,
    "langchain": langchain,
    "decline": decline,
    "titles": titles,
}
