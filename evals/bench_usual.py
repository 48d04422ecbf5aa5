"""The usual recipe, as a baseline for speed: Chroma and BM25Retriever in an EnsembleRetriever.

Its encoder has the shape of a small Chinese BGE (4 layers of 512, 8 heads) with random weights:
it costs what such a model costs and knows nothing, so only speed is compared, never quality. A
question passes through it; the vectors of the documents are a fixed projection of ours, which
spares minutes of encoding and leaves the store as much structure as a trained model would.

``python -m evals.bench_usual FOLDER QUESTION`` opens a kept one and searches once: its cold start.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

DIM, LAYERS, HEADS, INNER, VOCABULARY = 512, 4, 8, 2048, 21128
SHOWN = 8
_BATCH = 4000
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def make_model(folder: Path) -> None:
    """Write a sentence-transformers folder of that shape: random weights, one token a character."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer
    from transformers.utils.logging import disable_progress_bar

    letters = [*map(chr, range(33, 127)), *map(chr, range(0x4E00, 0x9FA6))]
    words = [*_SPECIAL, *letters][:VOCABULARY]
    tokens = BertTokenizer(vocab={word: n for n, word in enumerate(words)})
    shape = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=DIM,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
    )
    disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(0)
    bert = folder / "bert"
    BertModel(shape).save_pretrained(bert)
    tokens.save_pretrained(bert)
    modules = [Transformer(str(bert)), Pooling(DIM, pooling_mode="cls"), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))


class Shape(Embeddings):
    """Questions through the model; documents by projection (see the module)."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model: Any = SentenceTransformer(str(folder / "model"), device="cpu")

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self._model.encode(text, show_progress_bar=False).tolist()
        return row

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        from assistant.encoder import open_encoder

        ours = open_encoder().encode(texts)
        turned = ours @ np.random.default_rng(0).standard_normal((ours.shape[1], DIM))
        rows: list[list[float]] = (turned / np.linalg.norm(turned, axis=1, keepdims=True)).tolist()
        return rows


class Usual:
    """The recipe over texts kept in ``folder`` beside the model made by :func:`make_model`."""

    def __init__(self, folder: Path, name: str, texts: Sequence[str] = ()) -> None:
        """Fills the store called ``name`` when there are ``texts``, else opens it."""
        import jieba
        from langchain_chroma import Chroma

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            from langchain_classic.retrievers import EnsembleRetriever
            from langchain_community.retrievers import BM25Retriever

        jieba.setLogLevel("ERROR")
        store = Chroma(name, Shape(folder), persist_directory=str(folder / "chroma"))
        if texts:
            for start in range(0, len(texts), _BATCH):
                store.add_texts(list(texts[start : start + _BATCH]))
        pages = [Document(page_content=t) for t in store.get(include=["documents"])["documents"]]
        words = BM25Retriever.from_documents(pages, preprocess_func=jieba.lcut, k=SHOWN)
        vectors = store.as_retriever(search_kwargs={"k": SHOWN})
        self._both = EnsembleRetriever(retrievers=[words, vectors], weights=[0.5, 0.5])

    def search(self, question: str) -> list[Document]:
        found: list[Document] = self._both.invoke(question)
        return found


if __name__ == "__main__":
    import assistant.settings  # noqa: F401  (telemetry of the libraries off)

    print(Usual(Path(sys.argv[1]), sys.argv[2]).search(sys.argv[3])[0].page_content)
