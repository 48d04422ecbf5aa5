"""``python -m evals retrieval``: how well the right passage is found.

Three doors: our own held-out questions (default); any passages and questions (``--corpus`` with
``--questions``), with a character-bigram BM25 beside ours; and the ablation behind every choice of
the search (``--ablate``). Ranks only: whether an answer reads well is measured by ``run``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.calibrating import context_of
from assistant.encoder import open_encoder
from assistant.index import Options, open_index
from assistant.indexing import Passage
from assistant.lexical import Lexical
from assistant.questions import FOLDER, Question, QuestionsError, read_questions, training_questions
from assistant.retrieval import STRANGE_SHARE, Retriever, fuse
from assistant.settings import settings
from corpus.load import Corpus, load_corpus


@dataclass(frozen=True)
class Scores:
    """Shares of questions with a right passage among the first n, and the mean of 1/rank."""

    count: int
    at_1: float
    at_3: float
    at_5: float
    at_10: float
    mrr_10: float

    @classmethod
    def of(cls, ranks: Iterable[int | None]) -> Scores:
        """``ranks``: from 1; None: not found at all."""
        found = [r if r is not None else 10**9 for r in ranks]
        n = max(len(found), 1)

        def within(k: int) -> float:
            return sum(r <= k for r in found) / n

        mrr = sum(1 / r for r in found if r <= 10) / n
        return cls(len(found), within(1), within(3), within(5), within(10), mrr)


def first_rank(order: Sequence[Any], wanted: Iterable[Any]) -> int | None:
    """Rank, from 1, of the first of ``order`` that is wanted."""
    right = set(wanted)
    return next((n for n, found in enumerate(order, start=1) if found in right), None)


def own_ranks(retriever: Retriever, corpus: Corpus, asked: Sequence[Question]) -> list[int | None]:
    """Rank of the right section of each question, by the assistant's own search."""
    ranks: list[int | None] = []
    for q in asked:
        assert q.section is not None
        query, context = context_of(q.question, corpus.section(q.section).region)
        hits = retriever.search(query, context, k=50).hits
        ranks.append(first_rank([h.section.id for h in hits], [q.section]))
    return ranks


def own_report(paths: Sequence[Path]) -> int:
    """Held-out questions by our search and by BM25 over jieba words; by voice, by novelty."""
    corpus = load_corpus()
    known = {s.id for s in corpus.sections}
    asked = [q for p in paths for q in read_questions(p, known) if q.section is not None]
    if not asked:
        print(f"no questions in {', '.join(map(str, paths))}", file=sys.stderr)
        return 2
    retriever = Retriever.load(settings(), corpus)
    trained = {q.section for q in training_questions()}
    ours = own_ranks(retriever, corpus, asked)
    print_scores("ours", Scores.of(ours), head=True)
    print_scores("BM25, jieba words", Scores.of(_jieba_ranks(corpus, asked)))
    groups: dict[str, list[int | None]] = {}
    for q, rank in zip(asked, ours, strict=True):
        groups.setdefault(f"voice {q.voice}", []).append(rank)
        novel = "" if q.section in trained else "not "
        groups.setdefault(f"section {novel}trained on", []).append(rank)
    for name, ranks in sorted(groups.items()):
        print_scores(f"  {name}", Scores.of(ranks))
    return 0


def neutral_report(corpus: Path, questions: Path) -> int:
    """Any passages and questions: our search beside BM25 over character bigrams."""
    passages = [Passage(str(p["pid"]), str(p["text"])) for p in _lines(corpus, "pid", "text")]
    asked = _lines(questions, "qid", "question", "positives")
    ids = [p.id for p in passages]
    bigrams = Lexical.build((p.text for p in passages), sizes=(2,))
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(passages, open_encoder(settings().encoder), Options(Path(folder)))

        def ours(question: str) -> list[str]:
            legs = fuse(index, question, question, None)
            scores = STRANGE_SHARE * legs.dense + (1 - STRANGE_SHARE) * legs.lexical
            return [ids[legs.found[n]] for n in np.argsort(-scores, kind="stable")[:10]]

        def baseline(question: str) -> list[str]:
            scores = bigrams.scores(question, (2,))
            return [ids[n] for n in np.argsort(-scores, kind="stable")[:10] if scores[n] > 0]

        for n, (name, rank) in enumerate((("ours", ours), ("BM25, character bigrams", baseline))):
            ranks = [first_rank(rank(q["question"]), map(str, q["positives"])) for q in asked]
            print_scores(name, Scores.of(ranks), head=n == 0)
    return 0


def print_scores(name: str, scores: Scores, *, head: bool = False) -> None:
    """One line of the table."""
    if head:
        print(f"{'':34}    n   hit@1  hit@3  hit@5  hit@10  MRR@10")
    print(
        f"{name:34} {scores.count:4d}   {scores.at_1:.3f}  {scores.at_3:.3f}  {scores.at_5:.3f}"
        f"   {scores.at_10:.3f}   {scores.mrr_10:.3f}"
    )


def _jieba_ranks(corpus: Corpus, asked: Sequence[Question]) -> list[int | None]:
    """The usual baseline: BM25 over jieba's words of title and text, no question expansion."""
    from evals.ablation import jieba_bm25

    rank: Callable[[str], list[int]] = jieba_bm25([f"{s.title}\n{s.text}" for s in corpus.sections])
    ids = [s.id for s in corpus.sections]
    return [first_rank([ids[n] for n in rank(q.question)], [q.section]) for q in asked]


def _lines(path: Path, *keys: str) -> list[dict[str, Any]]:
    """Objects of a JSON Lines file. Raises :class:`QuestionsError` naming every bad line."""
    rows: list[dict[str, Any]] = []
    faults: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict) and all(key in row for key in keys):
            rows.append(row)
        else:
            faults.append(f"{path}:{number}: expected an object with {', '.join(keys)}")
    if faults or not rows:
        raise QuestionsError("\n".join(faults) or f"{path}: no lines")
    return rows


def main(argv: Sequence[str] | None = None) -> int:
    """0: measured; 2: wrong use or bad data."""
    parser = argparse.ArgumentParser(prog="python -m evals retrieval", description=__doc__)
    parser.add_argument("--corpus", type=Path, help='passages: {"pid", "text"} a line')
    parser.add_argument(
        "--questions",
        type=Path,
        action="append",
        help='with --corpus {"qid", "question", "positives"} a line; alone our own format',
    )
    parser.add_argument(
        "--ablate", action="store_true", help="every choice of the search, measured"
    )
    parser.add_argument("--quick", action="store_true", help="--ablate on the held-out part only")
    options = parser.parse_args(argv)
    try:
        if options.corpus:
            if not options.questions or len(options.questions) != 1:
                parser.error("--corpus needs one --questions")
            return neutral_report(options.corpus, options.questions[0])
        paths = options.questions or [FOLDER / "heldout.jsonl"]
        if options.ablate:
            from evals.ablation import ablate

            return ablate(paths, quick=options.quick)
        return own_report(paths)
    except (QuestionsError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
