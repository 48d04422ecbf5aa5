"""How an index is made and kept: encode, write, check, replace in one step, clear away.

Called under the lock of :func:`assistant.index.open_index`. Does not search.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.encoder import SHIPPED, Encoder, Matrix, unit
from assistant.lexical import Lexical
from assistant.vectors import Place, Rows, fill, renew

FORMAT = 4
VECTORS = SHIPPED.parent / "vectors.npz"
TEXT_WEIGHT = 3.0
TITLE_WEIGHT = 3.0
"""Weight of text and title in a passage's vector, against 1 for each question."""
_KEPT = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Passage:
    """A text to be found, its title, and questions that it is known to answer.

    ``scope``: a name by which whole groups of passages are left out of a search.
    """

    id: str
    text: str
    title: str = ""
    questions: tuple[str, ...] = ()
    scope: str = ""

    @property
    def words(self) -> str:
        """Title and text, as they are embedded."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True)
class Style:
    """How questions are written before they are encoded. ``name`` changes when ``rewrite`` does.

    Rewriting thousands of questions takes a second: it is done when an index is built, while the
    key is made of the questions as they stand.
    """

    name: str = ""
    rewrite: Callable[[str], str] = str


PLAIN = Style()


def index_key(passages: Sequence[Passage], encoder: Encoder, style: Style = PLAIN) -> str:
    """Changes with the format, the encoder, the style, and any id, text or question."""
    digest = hashlib.sha256(f"{FORMAT}\0{encoder.fingerprint}\0{style.name}".encode())
    for p in passages:
        digest.update("\0".join(("\1", p.id, _content(p))).encode(errors="replace"))
    return digest.hexdigest()[:24]


def vector_ids(passages: Sequence[Passage]) -> list[str]:
    """One id a vector: 12 hex digits of the passage's id, then 20 of its content's digest."""
    return [_hash(p.id)[:12] + _hash(_content(p))[:20] for p in passages]


def sound(home: Path) -> bool:
    """Whether every file is there and agrees with the manifest."""
    files = _manifest(home).get("files")
    if not isinstance(files, dict) or not files:
        return False
    try:
        return all(_digest(home / name) == digest for name, digest in files.items())
    except OSError:
        return False


def build(
    home: Path, passages: tuple[Passage, ...], encoder: Encoder, style: Style, place: Place | None
) -> None:
    """``place``: where the store of the vectors is to be; None: no store."""
    ids = vector_ids(passages)
    maker = _maker(encoder, style)
    previous = _previous(home.parent, maker)
    _log.info("building the index of %d passages", len(passages))
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=home.parent))
    try:
        old_ids, old_vectors = _load_previous(previous) if previous else read_vectors(maker)
        vectors = _vectors(passages, ids, encoder, style, old_ids, old_vectors)
        rows = rows_of(passages, vectors)
        if place is not None and place.embedded:
            wanted = set(ids)
            gone = [i for i in old_ids if i not in wanted] if previous else []
            here = replace(place, folder=work / "chroma")
            renew(here, encoder, rows, previous and previous / "chroma", gone)
        elif place is not None:
            fill(place, encoder, rows)
        np.save(work / "vectors.npy", vectors)
        np.save(work / "ids.npy", np.array(ids, dtype="S32"))
        Lexical.build(map(matched, passages)).save(work / "lexical")
        _write_manifest(work, maker)
        if home.exists():
            shutil.rmtree(home)
        work.rename(home)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _sweep(home)


def _vectors(
    passages: Sequence[Passage],
    ids: list[str],
    encoder: Encoder,
    style: Style,
    old_ids: list[str],
    old: Matrix,
) -> Matrix:
    """A vector a passage; those an earlier index holds are copied, the others encoded."""
    have = {i[12:]: row for row, i in enumerate(old_ids)}
    vectors = np.zeros((len(ids), encoder.dim), dtype=np.float32)
    fresh: list[int] = []
    for n, i in enumerate(ids):
        row = have.get(i[12:])
        if row is None:
            fresh.append(n)
        else:
            vectors[n] = old[row]
    if fresh:
        vectors[fresh] = centres([passages[n] for n in fresh], encoder, style)
    return vectors


def centres(passages: Sequence[Passage], encoder: Encoder, style: Style = PLAIN) -> Matrix:
    """The vector of each passage: the weighted centre of its text, title and questions."""
    if not passages:
        return np.zeros((0, encoder.dim), dtype=np.float32)
    texts: list[str] = []
    weights: list[float] = []
    starts: list[int] = []
    for p in passages:
        starts.append(len(texts))
        texts += [p.words, *([p.title] if p.title else []), *map(style.rewrite, p.questions)]
        weights += [TEXT_WEIGHT, *([TITLE_WEIGHT] if p.title else []), *(1.0 for _ in p.questions)]
    rows = encoder.encode(texts) * np.array(weights, dtype=np.float32)[:, None]
    sums: Matrix = np.add.reduceat(rows, starts)
    return unit(sums)


def write_vectors(passages: Sequence[Passage], encoder: Encoder, style: Style) -> None:
    """Ship the vectors of ``passages`` with the encoder: thousands of questions behind them need
    not be encoded again at the first start."""
    np.savez(
        VECTORS,
        maker=np.array(_maker(encoder, style)),
        ids=np.array(vector_ids(passages), dtype="S32"),
        vectors=centres(passages, encoder, style),
    )


def read_vectors(maker: str) -> tuple[list[str], Matrix]:
    """What is shipped, when the same encoder made it in the same style; else nothing."""
    if VECTORS.is_file():
        with np.load(VECTORS) as held:
            if str(held["maker"]) == maker:
                return [i.decode() for i in held["ids"]], held["vectors"]
    return [], np.zeros((0, 0), dtype=np.float32)


def _maker(encoder: Encoder, style: Style) -> str:
    return f"{encoder.fingerprint} {style.name}"


def matched(passage: Passage) -> str:
    """What BM25 sees of a passage: the title twice, the text once, no questions."""
    return f"{passage.title}\n{passage.words}"


def rows_of(passages: Sequence[Passage], vectors: Matrix) -> Rows:
    """What the vector store holds of ``passages``."""
    scopes = [p.scope for p in passages]
    return Rows(vector_ids(passages), [p.words for p in passages], scopes, vectors)


def _previous(folder: Path, maker: str) -> Path | None:
    """The newest sound index made by the same encoder in the same style."""
    for home in _homes(folder):
        if _manifest(home).get("maker") == maker and sound(home):
            return home
    return None


def _load_previous(home: Path) -> tuple[list[str], Matrix]:
    ids = [i.decode() for i in np.load(home / "ids.npy")]
    return ids, np.load(home / "vectors.npy", mmap_mode="r")


def _manifest(home: Path) -> dict[str, object]:
    """What the manifest says; nothing when there is none that can be read."""
    try:
        manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _write_manifest(work: Path, maker: str) -> None:
    files = [p for p in sorted(work.rglob("*")) if p.suffix in (".npy", ".json")]
    names = {str(p.relative_to(work)): _digest(p) for p in files}
    manifest = {"format": FORMAT, "maker": maker, "files": names}
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


def _content(passage: Passage) -> str:
    return "\0".join((passage.scope, passage.title, passage.text, *passage.questions))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
