"""How fast passages are found: ours beside the usual recipe, by size; what one document costs.

``python -m evals.bench_search FOLDER SIZE build|search`` measures one size in a process of its own
and prints JSON: memory is that of the process alone.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from assistant.encoder import Encoder, Matrix, open_encoder
from assistant.index import Options, open_index
from assistant.questions import training_questions
from assistant.retrieval import STYLE, Retriever, SearchContext, passages_of
from assistant.settings import ROOT, Settings
from evals.bench_passages import asked, enlarged, race
from evals.bench_usual import Usual

CONTEXT = SearchContext(on=date(2025, 8, 1))
ADDED = 3


def opened(size: int, folder: Path) -> Retriever:
    """The assistant's own search over ``size`` sections, its index under ``folder``."""
    return Retriever.load(Settings(index_dir=folder), enlarged(size))


def texts_of(size: int) -> list[str]:
    """The same sections as the usual recipe is given them."""
    return [f"{s.title}\n{s.text}" for s in enlarged(size).sections]


def _search(retriever: Retriever, question: str) -> None:
    retriever.search(question, CONTEXT)


def compared(size: int, folder: Path, usual: Path | None, questions: int) -> dict[str, Any]:
    """Ours, and beside it the usual recipe when its model lies at ``usual``, at one size."""
    began = time.perf_counter()
    retriever = opened(size, folder / f"ours-{size}")
    figures: dict[str, Any] = {"passages": size, "index_s": _since(began)}
    runners: list[Callable[[str], object]] = [partial(_search, retriever)]
    if usual is not None:
        began = time.perf_counter()
        runners.append(Usual(usual, f"usual-{size}", texts_of(size)).search)
        figures["usual_index_s"] = _since(began)
    ours, *others = race(runners, asked(questions))
    figures["ours"] = ours.figures()
    for other in others:
        figures["usual"] = other.figures()
        figures["times_faster"] = round(other.p50_ms / ours.p50_ms, 1)
        figures["times_less_cpu"] = round(other.cpu_ms / ours.cpu_ms, 1)
    return figures


class Counting(Encoder):
    """The shipped encoder; remembers every text that it was asked to encode."""

    def __init__(self) -> None:
        self._encoder = open_encoder()
        self.fingerprint, self.dim = self._encoder.fingerprint, self._encoder.dim
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.texts += texts
        return self._encoder.encode(texts)


def added(size: int, folder: Path) -> dict[str, Any]:
    """A document of a few sections joins ``size`` others: what is encoded, and how long it takes.

    ``own``: texts, titles and questions of the new sections; ``encoded``: of all that was encoded,
    of those and of others.
    """
    corpus, encoder = enlarged(size + ADDED), Counting()
    known = {s.id for s in corpus.sections}
    passages = passages_of(corpus.sections, training_questions(known=known))
    new = [replace(p, questions=(p.title,)) for p in passages[size : size + ADDED]]
    old = [*passages[:size], *passages[size + ADDED :]]
    open_index(old, encoder, Options(folder), STYLE)
    whole, encoder.texts = len(encoder.texts), []
    began = time.perf_counter()
    open_index([*old, *new], encoder, Options(folder), STYLE)
    own = {t for p in new for t in (p.words, p.title, *map(STYLE.rewrite, p.questions))}
    return {
        "passages": size,
        "sections_added": ADDED,
        "encoded_at_first": whole,
        "encoded_of_the_new": sum(t in own for t in encoder.texts),
        "encoded_of_others": sum(t not in own for t in encoder.texts),
        "seconds": _since(began),
    }


def large(sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Ours alone, each size built and searched in processes of their own."""
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            built, searched = (_apart(folder, size, step) for step in ("build", "search"))
            disk = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file())
            found.append({**built, **searched, "disk_mb": round(disk / 2**20, 1)})
    return found


def _apart(folder: str, size: int, step: str) -> dict[str, Any]:
    words = [sys.executable, "-m", "evals.bench_search", folder, str(size), step]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    figures: dict[str, Any] = json.loads(said.splitlines()[-1])
    return figures


def one(folder: Path, size: int, step: str, questions: int = 150) -> dict[str, Any]:
    """Times and memory of one step, of this process."""
    sections = enlarged(size).sections
    before, began = memory_mb(), time.perf_counter()
    retriever = opened(len(sections), folder)
    took = _since(began)
    if step == "build":
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"passages": size, "index_s": took, "index_peak_mb": round(peak, 1)}
    question = asked(1)[0]
    began = time.perf_counter()
    _search(retriever, question)
    first = (time.perf_counter() - began) * 1000
    figures: dict[str, Any] = {
        "open_s": took,
        "first_ms": round(first, 1),
        "by_image": retriever.index.by_image,
        "memory_mb": memory_mb(),
        "memory_of_index_mb": round(memory_mb() - before, 1),
    }
    for name, image in (("image", True), ("store", False)):  # what is shipped, and the other way
        retriever.index.by_image = image
        (spread,) = race([partial(_search, retriever)], asked(questions))
        figures[name] = spread.figures()
    return {**figures, "ours": figures["image" if figures["by_image"] else "store"]}


def memory_mb() -> float:
    """Resident memory of this process."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return round(next(int(x.split()[1]) for x in lines if x.startswith("VmRSS")) / 1024, 1)


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 2)


if __name__ == "__main__":
    print(json.dumps(one(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
