"""The index on disk: built once, keyed by content, opened in milliseconds, mended when damaged.

``<folder>/<key>/`` holds, for one set of passages and one encoder,

* ``chroma/``: the vectors of every passage and of every question it is known to answer, in Chroma
  (elsewhere when a Chroma server or another LangChain store is configured);
* ``vectors.npy``, ``starts.npy``, ``ids.npy``: the memory image of the same vectors. Measured on
  two cores: importing Chroma costs 0.9 s, a query 1.0-2.9 ms at 2,000 vectors, and its graph finds
  73-98% of the true neighbours; the image is exact and takes 0.04 ms (0.2 ms at 10,000). So the
  image answers up to :data:`IMAGE_LIMIT` vectors, and Chroma above or wherever a server is set;
* ``lexical/``: BM25 over passages with their questions;
* ``manifest.json``: digests. What does not agree with them is built again.

A build happens in a folder of its own and is renamed into place under a lock: two processes that
start at once end up with one index, and neither ever sees half of one. Vectors of texts that an
earlier index of the same encoder holds are taken over, so a new document costs its own sections.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from assistant.encoder import Encoder, Matrix
from assistant.lexical import Lexical, Scores
from assistant.vectors import (
    Place,
    Rows,
    StoreError,
    complete,
    fill,
    nearest,
    open_store,
    renew,
)

if TYPE_CHECKING:
    from langchain_core.vectorstores import VectorStore

FORMAT = 1
IMAGE_LIMIT = 50_000
"""Vectors up to which the exact memory image is searched rather than the store."""
_KEPT = 3
_log = logging.getLogger(__name__)

Positions: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Passage:
    """A text to be found, and questions that it is known to answer."""

    id: str
    text: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """Where the index lies and which store holds its vectors (see :class:`Place`)."""

    folder: Path
    host: str | None = None
    port: int = 8000
    factory: str = ""
    image_limit: int = IMAGE_LIMIT


@dataclass
class Index:
    """An opened index; every array of scores has one value a passage, in this order."""

    passages: tuple[Passage, ...]
    encoder: Encoder
    lexical: Lexical
    vectors: Matrix
    starts: Positions
    """Row of ``vectors`` where each passage begins: its text, then its questions; plus the end."""
    place: Place
    by_image: bool

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
        fill(self.place, self.encoder, Rows(ids, _texts(self.passages), self.vectors))
        return open_store(self.place, self.encoder)

    def near(self, vector: Matrix, count: int) -> Positions:
        """Passages that own the ``count`` vectors nearest to ``vector`` (shape ``(dim,)``)."""
        count = min(count, len(self.vectors))
        if not count or not vector.any():
            return np.empty(0, dtype=np.int64)
        if self.by_image:
            rows = np.argpartition(-(self.vectors @ vector), count - 1)[:count]
            return np.unique(np.searchsorted(self.starts, rows, side="right") - 1)
        found = nearest(self.store, self.place, vector.tolist(), count)
        return np.unique(np.array([self._owners[i] for i in found], dtype=np.int64))

    def similarity(self, vector: Matrix, passages: Positions) -> tuple[Scores, Scores]:
        """Cosine of ``vector`` with each passage's text, and with its nearest question.

        A passage without questions has its text's cosine twice.
        """
        starts = self.starts[passages]
        lengths = self.starts[passages + 1] - starts
        if not len(passages):
            return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.float32)
        offsets = np.cumsum(lengths) - lengths
        rows = np.repeat(starts - offsets, lengths) + np.arange(lengths.sum())
        cosines = self.vectors[rows] @ vector
        own = cosines[offsets].copy()
        cosines[offsets] = np.where(lengths > 1, -1.0, own)
        return own, np.maximum.reduceat(cosines, offsets)

    @cached_property
    def _owners(self) -> dict[str, int]:
        owners = np.repeat(np.arange(len(self.passages)), np.diff(self.starts)).tolist()
        return dict(zip(vector_ids(self.passages), owners, strict=True))


def open_index(passages: Sequence[Passage], encoder: Encoder, options: Options) -> Index:
    """The index of ``passages`` by ``encoder``: opened when it is there and sound, else built.

    Raises :class:`StoreError` when a configured store cannot be reached, ``OSError`` when the
    folder cannot be written.
    """
    passages = tuple(replace(p, questions=tuple(dict.fromkeys(p.questions))) for p in passages)
    key = index_key(passages, encoder)
    home = options.folder / key
    embedded = not options.factory and options.host is None
    name = "passages" if embedded else f"yidi-{key}"
    place = Place(home / "chroma", name, options.host, options.port, options.factory)
    if _sound(home):
        return _read(home, passages, encoder, place, options)
    options.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(options.folder / ".lock"):
        if not _sound(home):
            _build(home, passages, encoder, place)
    return _read(home, passages, encoder, place, options)


def index_key(passages: Sequence[Passage], encoder: Encoder) -> str:
    """Changes with the format, the encoder, and any id, text or question."""
    digest = hashlib.sha256(f"{FORMAT}\0{encoder.fingerprint}".encode())
    for p in passages:
        digest.update("\0".join(("\1", p.id, p.text, *p.questions)).encode(errors="replace"))
    return digest.hexdigest()[:24]


def vector_ids(passages: Sequence[Passage]) -> list[str]:
    """One id a vector: 12 hex digits of the passage's id, then 20 of the text's digest."""
    return [
        _hash(p.id)[:12] + _hash(text)[:20] for p in passages for text in (p.text, *p.questions)
    ]


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
        starts=np.load(home / "starts.npy"),
        place=place,
        by_image=place.embedded and small,
    )


def _sound(home: Path) -> bool:
    """Whether every file is there and agrees with the manifest."""
    try:
        manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
        files: dict[str, str] = manifest["files"]
        return bool(files) and all(_digest(home / n) == d for n, d in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _build(home: Path, passages: tuple[Passage, ...], encoder: Encoder, place: Place) -> None:
    ids, texts = vector_ids(passages), _texts(passages)
    previous = _previous(home.parent, encoder)
    _log.info("building the index: %d passages, %d vectors", len(passages), len(texts))
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=home.parent))
    try:
        old_ids, old_vectors = _load_previous(previous)
        vectors = _encode(ids, texts, encoder, old_ids, old_vectors)
        rows = Rows(ids, texts, vectors)
        if place.embedded:
            wanted = set(ids)
            gone = [i for i in old_ids if i not in wanted]
            here = replace(place, folder=work / "chroma")
            renew(here, encoder, rows, previous and previous / "chroma", gone)
        else:
            fill(place, encoder, rows)
        lengths = [1 + len(p.questions) for p in passages]
        np.save(work / "vectors.npy", vectors)
        np.save(work / "starts.npy", np.cumsum([0, *lengths], dtype=np.int64))
        np.save(work / "ids.npy", np.array(ids, dtype="S32"))
        Lexical.build("\n".join((p.text, *p.questions)) for p in passages).save(work / "lexical")
        _write_manifest(work, encoder)
        if home.exists():
            shutil.rmtree(home)
        work.rename(home)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _sweep(home)


def _encode(
    ids: list[str], texts: list[str], encoder: Encoder, old_ids: list[str], old: Matrix
) -> Matrix:
    """Vectors of ``texts``; those an earlier index holds are copied, the others encoded."""
    have = {i[12:]: row for row, i in enumerate(old_ids)}
    taken = [have.get(i[12:], -1) for i in ids]
    fresh = [n for n, row in enumerate(taken) if row < 0]
    vectors = np.zeros((len(ids), encoder.dim), dtype=np.float32)
    if len(fresh) < len(ids):
        vectors[:] = old[taken]
    if fresh:
        vectors[fresh] = encoder.encode([texts[n] for n in fresh])
    return vectors


def _previous(folder: Path, encoder: Encoder) -> Path | None:
    """The newest sound index of the same encoder."""
    for home in _homes(folder):
        try:
            manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if manifest.get("encoder") == encoder.fingerprint and _sound(home):
            return home
    return None


def _load_previous(home: Path | None) -> tuple[list[str], Matrix]:
    if home is None:
        return [], np.zeros((0, 0), dtype=np.float32)
    ids = [i.decode() for i in np.load(home / "ids.npy")]
    return ids, np.load(home / "vectors.npy", mmap_mode="r")


def _write_manifest(work: Path, encoder: Encoder) -> None:
    files = [p for p in sorted(work.rglob("*")) if p.suffix in (".npy", ".json")]
    names = {str(p.relative_to(work)): _digest(p) for p in files}
    manifest = {"format": FORMAT, "encoder": encoder.fingerprint, "files": names}
    (work / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _homes(folder: Path) -> list[Path]:
    """Index folders, newest first."""
    found = [p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)


def _sweep(home: Path) -> None:
    """Remove all but the newest few indexes, and what crashed builds left (the lock is ours)."""
    for old in _homes(home.parent)[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    for left in home.parent.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)


def _texts(passages: Sequence[Passage]) -> list[str]:
    return [text for p in passages for text in (p.text, *p.questions)]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
