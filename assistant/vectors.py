"""The LangChain vector store behind the dense leg: the home of chromadb and langchain-chroma.

Embedded Chroma by default (a folder of the index), a Chroma server by address, or any other
LangChain ``VectorStore`` by the dotted name of a function. Vectors that are known already are
handed over, not computed again. Does not rank: it answers which texts lie nearest.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from assistant.encoder import Encoder, Matrix

if TYPE_CHECKING:
    from langchain_core.vectorstores import VectorStore

_BATCH = 2000
_SEARCH_SECONDS, _FILL_SECONDS = 2.0, 60.0
"""That a Chroma server may take to answer."""
# Cosine space; wide beams, since a missed neighbour costs an answer and a wider one microseconds.
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 256, "max_neighbors": 32}


class StoreError(Exception):
    """The vector store cannot be reached or read; the message says which and why."""


@dataclass(frozen=True)
class Place:
    """Where the vectors live. ``factory`` (``module:function``) wins over ``host`` over ``folder``.

    The function is given an ``Embeddings`` and a collection name and returns a ``VectorStore`` with
     ``add_texts``, ``get_by_ids``, ``delete`` and ``similarity_search_by_vector``.
    """

    folder: Path
    name: str
    host: str | None = None
    port: int = 8000
    factory: str = ""

    @property
    def embedded(self) -> bool:
        return not self.factory and self.host is None

    def __str__(self) -> str:
        return self.factory or (f"{self.host}:{self.port}" if self.host else str(self.folder))


@dataclass(frozen=True)
class Rows:
    """What a store is to hold: one id, text, scope and vector a row, ids distinct."""

    ids: Sequence[str]
    texts: Sequence[str]
    scopes: Sequence[str]
    vectors: Matrix


def open_store(place: Place, encoder: Encoder) -> VectorStore:
    """The store at ``place``, to search in for as long as the process lives."""
    with _faults(place):
        return _open(place, _Known(encoder), _SEARCH_SECONDS)[0]


def complete(store: VectorStore, place: Place, ids: Sequence[str]) -> bool:
    """Whether the store holds the first and the last of ``ids`` (the last is written last)."""
    ends = list(dict.fromkeys((ids[0], ids[-1]))) if ids else []
    with _faults(place):
        return len(store.get_by_ids(ends)) == len(ends)


def nearest(
    store: VectorStore,
    place: Place,
    vector: Sequence[float],
    count: int,
    scopes: Sequence[str] | None,
) -> list[str]:
    """Ids of the ``count`` texts nearest to ``vector``, of these scopes (None: of any)."""
    only = {} if scopes is None else {"filter": {"scope": {"$in": list(scopes)}}}
    with _faults(place):
        found = store.similarity_search_by_vector(list(vector), k=count, **only)
    return [d.id for d in found if d.id is not None]


def fill(place: Place, encoder: Encoder, rows: Rows, gone: Sequence[str] = ()) -> None:
    """Make the store hold ``rows``: take ``gone`` out, add in order what it lacks."""
    known = _Known(encoder)
    with _faults(place):
        store, close = _open(place, known, _FILL_SECONDS)
        try:
            for part in _parts(len(gone)):
                store.delete(list(gone[part]))
            for part in _parts(len(rows.ids)):
                have = {d.id for d in store.get_by_ids(list(rows.ids[part]))}
                new = [i for i in range(part.start, part.stop) if rows.ids[i] not in have]
                known.vectors = {rows.texts[i]: rows.vectors[i].tolist() for i in new}
                if new:
                    store.add_texts(
                        [rows.texts[i] for i in new],
                        metadatas=[{"scope": rows.scopes[i]} for i in new],
                        ids=[rows.ids[i] for i in new],
                    )
        finally:
            close()


def renew(
    place: Place, encoder: Encoder, rows: Rows, previous: Path | None, gone: Sequence[str]
) -> None:
    """Fill a new embedded store from a copy of the ``previous`` one where there is a sound one."""
    if previous is not None and previous.is_dir():
        shutil.copytree(previous, place.folder)
        try:
            return fill(place, encoder, rows, gone)
        except StoreError:
            shutil.rmtree(place.folder)
    fill(place, encoder, rows)


class _Known(Embeddings):
    """Hands out vectors computed before; anything else goes to the encoder."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.vectors: dict[str, list[float]] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if all(text in self.vectors for text in texts):
            return [self.vectors[text] for text in texts]
        return self._encoder.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._encoder.embed_query(text)


def _parts(size: int) -> Iterator[slice]:
    for start in range(0, size, _BATCH):
        yield slice(start, min(start + _BATCH, size))


@contextmanager
def _faults(place: Place) -> Iterator[None]:
    """Chroma's own errors, refused and broken connections as one :class:`StoreError`."""
    from chromadb.errors import ChromaError
    from httpx import HTTPError

    try:
        yield
    except (ChromaError, HTTPError, OSError, ValueError) as error:
        raise StoreError(f"vector store {place}: {error}") from error


def _open(
    place: Place, embeddings: Embeddings, seconds: float
) -> tuple[VectorStore, Callable[[], None]]:
    if place.factory:
        module, _, name = place.factory.partition(":")
        make: Callable[[Embeddings, str], VectorStore] = getattr(
            importlib.import_module(module), name
        )
        return make(embeddings, place.name), lambda: None
    return _chroma(place, embeddings, seconds)


def _client(place: Place, settings: Any, seconds: float) -> Any:
    """A server that takes connections and says nothing is given up after ``seconds``: Chroma's own
    client would wait for ever, and has no setting for it."""
    import chromadb
    import httpx

    address = f"http://{place.host}:{place.port}/api/v2/heartbeat"
    httpx.get(address, timeout=seconds).raise_for_status()
    client: Any = chromadb.HttpClient(host=str(place.host), port=place.port, settings=settings)
    client._server._session.timeout = seconds
    return client


def _chroma(
    place: Place, embeddings: Embeddings, seconds: float
) -> tuple[VectorStore, Callable[[], None]]:
    import chromadb
    from chromadb.config import Settings
    from langchain_chroma import Chroma

    settings = Settings(anonymized_telemetry=False)
    client: Any
    if place.host is not None:
        client = _client(place, settings, seconds)
    else:
        client = chromadb.PersistentClient(str(place.folder), settings=settings)
    store = Chroma(
        client=client,
        collection_name=place.name,
        embedding_function=embeddings,
        collection_configuration={"hnsw": _HNSW},  # type: ignore[arg-type]
    )
    return store, client.close
