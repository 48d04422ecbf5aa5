"""Stub for now."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np


def jieba_bm25(texts: Sequence[str]) -> Callable[[str], list[int]]:
    """Ranks texts for a question by BM25 over jieba's words (``cut_for_search``)."""
    import bm25s
    import jieba

    def words(text: str) -> list[str]:
        return [w for w in jieba.lcut_for_search(text) if w.strip()]

    model = bm25s.BM25(method="lucene")
    model.index([words(t) for t in texts], show_progress=False)

    def rank(question: str) -> list[int]:
        found: list[int] = np.argsort(-model.get_scores(words(question)), kind="stable").tolist()
        return found

    return rank


def ablate(paths: Sequence[Path]) -> int:
    return 0
