"""Sentences as vectors: the home of numpy look-ups and of sentence-transformers.

The shipped encoder is a ``StaticEmbedding`` + ``Normalize`` folder that
``SentenceTransformer(path)`` loads as it is. A static model is a table look-up, so its vectors are
computed here from ``safetensors`` and numpy alone; importing
sentence-transformers takes seconds and is left to any other model (a hub name, a folder with a
transformer). Both ways give the same vectors; a test holds them to it.

Does not train (see :mod:`assistant.training`) and knows nothing of corpora or indexes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from assistant.tokens import PairTokens

Matrix: TypeAlias = npt.NDArray[np.float32]
"""float32, one row a text, rows of length 1 (or 0 for a text without any known token)."""

SHIPPED = Path(__file__).resolve().parent / "models" / "encoder"
_STATIC = ("StaticEmbedding", "Normalize")


class EncoderError(Exception):
    """The configured encoder cannot be loaded; the message names the folder or model."""


class Encoder(Embeddings):
    """Texts to unit vectors. ``fingerprint`` changes whenever the vectors may change."""

    fingerprint: str
    dim: int

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Shape ``(len(texts), dim)``; a text without any known token gives a zero row."""
        raise NotImplementedError

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [row.tolist() for row in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self.encode([text])[0].tolist()
        return row


class StaticEncoder(Encoder):
    """Mean of token vectors, normalised: the numpy reading of a StaticEmbedding folder."""

    def __init__(
        self, tokens: Callable[[str], Sequence[int]], table: Matrix, fingerprint: str
    ) -> None:
        self.tokens = tokens
        self.table = table
        self.fingerprint = fingerprint
        self.dim = int(table.shape[1])

    @classmethod
    def open(cls, folder: Path) -> StaticEncoder:
        """Raises :class:`EncoderError` when the folder is no StaticEmbedding + Normalize model."""
        from safetensors.numpy import load_file

        module = _static_module(folder)
        if module is None:
            raise EncoderError(f"{folder}: not a StaticEmbedding + Normalize model")
        weights, tokens = module / "model.safetensors", module / "tokenizer.json"
        for path in (weights, tokens):
            if not path.is_file():
                raise EncoderError(f"{path}: missing; `make encoder` makes the shipped one")
        digest = hashlib.sha256(weights.read_bytes() + tokens.read_bytes()).hexdigest()
        (table,) = load_file(str(weights)).values()
        pairs = PairTokens.read(tokens)
        read = pairs.ids if pairs is not None else _standard_tokens(tokens)
        return cls(read, table.astype(np.float32, copy=False), f"static-{digest[:24]}")

    def encode(self, texts: Sequence[str]) -> Matrix:
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(out, texts, strict=True):
            if ids := self.tokens(text):
                self.table[ids].mean(axis=0, out=row)
        return unit(out)


def _standard_tokens(path: Path) -> Callable[[str], Sequence[int]]:
    """The tokens of any other static model, by the ``tokenizers`` library."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return lambda text: tokenizer.encode(text, add_special_tokens=False).ids


class SentenceTransformerEncoder(Encoder):
    """Any other sentence-transformers model, by folder or hub name (imported only then)."""

    def __init__(self, name: str) -> None:
        """Raises :class:`EncoderError` when the model can be neither found nor read."""
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(name, device="cpu")
        except (OSError, ValueError) as error:
            raise EncoderError(f"encoder {name!r} cannot be loaded: {error}") from error
        self.dim = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = f"st-{hashlib.sha256(name.encode()).hexdigest()[:16]}-{self.dim}"

    def encode(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        raw = self._model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return unit(np.asarray(raw, dtype=np.float32))


def unit(rows: Matrix) -> Matrix:
    """Rows scaled to length 1; zero rows stay zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Matrix = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 1e-12)
    return scaled


@lru_cache(maxsize=4)
def open_encoder(name: str = "") -> Encoder:
    """The encoder called ``name``: a folder, a hub name, or the shipped one when empty.

    Raises :class:`EncoderError`.
    """
    folder = Path(name) if name else SHIPPED
    if not name or (folder.is_dir() and _static_module(folder) is not None):
        return StaticEncoder.open(folder)
    return SentenceTransformerEncoder(name)


def _static_module(folder: Path) -> Path | None:
    """Folder of the StaticEmbedding module, or None when the model is built of other modules."""
    listing = folder / "modules.json"
    if not listing.is_file():
        return None
    modules = json.loads(listing.read_text(encoding="utf-8"))
    kinds = tuple(str(m["type"]).rsplit(".", 1)[-1] for m in modules)
    return folder / str(modules[0]["path"]) if kinds == _STATIC else None
