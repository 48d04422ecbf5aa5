"""The index on disk: built once, keyed by content, opened in milliseconds, mended when damaged.

``<folder>/<key>/`` holds, for one set of passages and one encoder,

* ``chroma/``: one vector a passage, in Chroma (elsewhere when a Chroma server or another LangChain
  store is configured). It is the centre of the passage's text, title and known questions: one
  vector for each question, and the nearest of them, ranked worse and costs more;
* ``vectors.npy``, ``ids.npy``: the memory image of the same vectors. Measured on two cores:
  importing Chroma costs 0.9 s, a query 1.0-2.9 ms at 2,000 vectors, and its graph finds 73-98% of
  the true neighbours of random vectors; the image is exact and takes 0.04 ms (0.2 ms at 10,000).
  So the image answers up to :data:`IMAGE_LIMIT` passages; Chroma above, or where a server is set.
  While that server does not answer the image does, as well and slower;
* ``lexical/``: BM25 over texts and titles (with the questions it ranked worse in the sum);
* ``manifest.json``: digests. What does not agree with them is built again.

A build happens in a folder of its own and is renamed into place under a lock: two processes that
start at once end up with one index, and neither ever sees half of one. Vectors of texts that an
earlier index of the same encoder holds are taken over, so a new document costs its own sections.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from assistant.encoder import Encoder, Matrix
from assistant.indexing import (
    PLAIN,
    Passage,
    Style,
    build,
    centres,
    index_key,
    matched,
    rows_of,
    sound,
    vector_ids,
)
from assistant.lexical import Lexical, Scores
from assistant.vectors import Place, StoreError, complete, fill, nearest, open_store

if TYPE_CHECKING:
    from langchain_core.vectorstores import VectorStore

_log = logging.getLogger(__name__)
IMAGE_LIMIT = 200_000
"""Passages up to which the exact memory image is searched rather than the store."""

Positions: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Options:
    """Where the index lies and which store holds its vectors (see :class:`Place`)."""

    folder: Path
    host: str | None = None
    port: int = 8000
    factory: str = ""
    image_limit: int = IMAGE_LIMIT
    stored: bool = True
    """False: the image alone, for vectors that are only ever compared all at once."""


@dataclass
class Rest:
    """A while in which something that failed is not tried again."""

    seconds: float = 5.0
    until: float = 0.0

    def begin(self) -> None:
        self.until = time.monotonic() + self.seconds

    def over(self) -> bool:
        return time.monotonic() >= self.until


@dataclass
class Index:
    """An opened index; every array of scores has one value a passage, in this order."""

    passages: tuple[Passage, ...]
    encoder: Encoder
    lexical: Lexical
    vectors: Matrix
    """Shape ``(len(passages), dim)``, unit rows."""
    place: Place
    by_image: bool
    _rest: Rest = field(default_factory=Rest)
    """After the store could not be asked."""

    @cached_property
    def store(self) -> VectorStore:
        """The LangChain store with the same vectors, opened (and mended) when first asked for."""
        ids = vector_ids(self.passages)
        try:
            store = open_store(self.place, self.encoder)
            if complete(store, self.place, ids):
                return store
        except StoreError:
            if not self.place.embedded:
                raise
            shutil.rmtree(self.place.folder, ignore_errors=True)
        fill(self.place, self.encoder, rows_of(self.passages, self.vectors))
        return open_store(self.place, self.encoder)

    def near(self, vector: Matrix, count: int, scopes: Collection[str] | None = None) -> Positions:
        """The ``count`` passages of these scopes (None: of any) nearest to ``vector``, unordered.

        ``vector`` has shape ``(dim,)``. None for the zero vector: nothing is known of such a text.
        """
        if not len(self.passages) or not vector.any():
            return np.empty(0, dtype=np.int64)
        if self.by_image:
            return self._imaged(vector, count, scopes)
        found = self._stored(vector, count, scopes) if self._rest.over() else None
        if found is None:
            return self._imaged(vector, count, scopes)
        known = (self._positions[i] for i in found if i in self._positions)
        positions = np.fromiter(known, dtype=np.int64)
        among = self.within(scopes)
        return (positions if among is None else positions[among[positions]])[:count]

    def _imaged(self, vector: Matrix, count: int, scopes: Collection[str] | None) -> Positions:
        return best(np.vecdot(self.vectors, vector), count, self.within(scopes))

    def _stored(
        self, vector: Matrix, count: int, scopes: Collection[str] | None
    ) -> list[str] | None:
        """Ids that the store finds; None when it cannot be asked now: the image has them, too."""
        wanted = None if scopes is None else sorted(scopes)
        try:
            if self.place.factory:  # each store has filters of its own: take more, leave out later
                return nearest(self.store, self.place, vector.tolist(), 4 * count, None)
            return nearest(self.store, self.place, vector.tolist(), count, wanted)
        except StoreError as error:
            _log.warning("%s; the image on disk answers", error)
            self._rest.begin()
            vars(self).pop("store", None)  # opened, and mended, again when it is back
            return None

    def similarity(self, vector: Matrix, positions: Positions) -> Scores:
        """Cosine of ``vector`` with the passages at ``positions``."""
        cosines: Scores = np.vecdot(self.vectors[positions], vector)
        return cosines

    def within(self, scopes: Collection[str] | None) -> Mask | None:
        """Which passages have one of ``scopes``; None: all."""
        if scopes is None:
            return None
        names, numbers = self._scopes
        return np.array([name in scopes for name in names], dtype=bool)[numbers]

    @cached_property
    def _scopes(self) -> tuple[list[str], Positions]:
        names = sorted({p.scope for p in self.passages})
        number = {name: n for n, name in enumerate(names)}
        return names, np.array([number[p.scope] for p in self.passages], dtype=np.int64)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {i: n for n, i in enumerate(vector_ids(self.passages))}


def in_memory(
    passages: Sequence[Passage],
    encoder: Encoder,
    style: Style = PLAIN,
    *,
    kind: type[Index] = Index,
    lexical: Callable[[Passage], str] = matched,
) -> Index:
    """An index that never touches the disk: for folds of a training, and for measuring variants."""
    return kind(
        passages=tuple(passages),
        encoder=encoder,
        lexical=Lexical.build(lexical(p) for p in passages),
        vectors=centres(passages, encoder, style),
        place=Place(Path("nowhere"), "nowhere"),
        by_image=True,
    )


def best(scores: Scores, count: int, among: Mask | None = None) -> Positions:
    """Positions of the ``count`` highest scores, unordered, only ``among`` those marked."""
    if among is not None:
        scores = np.where(among, scores, np.float32(-np.inf))
        count = min(count, int(among.sum()))
    count = min(count, len(scores))
    if not count:
        return np.empty(0, dtype=np.int64)
    return np.argpartition(-scores, count - 1)[:count]


def open_index(
    passages: Sequence[Passage], encoder: Encoder, options: Options, style: Style = PLAIN
) -> Index:
    """The index of ``passages`` by ``encoder``: opened when it is there and sound, else built.

    Raises :class:`StoreError` when a configured store cannot be reached, ``OSError`` when the
    folder cannot be written.
    """
    passages = tuple(passages)
    key = index_key(passages, encoder, style)
    home = options.folder / key
    embedded = not options.factory and options.host is None
    name = "passages" if embedded else f"yidi-{key}"
    place = Place(home / "chroma", name, options.host, options.port, options.factory)
    target = place if options.stored else None
    if sound(home):
        return _read(home, passages, encoder, place, options)
    options.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(options.folder / ".lock"):
        if not sound(home):
            build(home, passages, encoder, style, target)
    return _read(home, passages, encoder, place, options)


def _read(
    home: Path, passages: tuple[Passage, ...], encoder: Encoder, place: Place, options: Options
) -> Index:
    vectors: Matrix = np.load(home / "vectors.npy", mmap_mode="r")
    small = len(vectors) <= options.image_limit
    return Index(
        passages=passages,
        encoder=encoder,
        lexical=Lexical.open(home / "lexical", mapped=not small),
        vectors=np.array(vectors) if small else vectors,
        place=place,
        by_image=place.embedded and small,
    )
