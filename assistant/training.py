"""Makes the shipped encoder from the text in the repository: ``python -m assistant.training``.

A table of one vector a token (single characters and the pairs that matter), started from a latent
semantic analysis of the corpus and its questions, then trained so that a question lies near the
section that answers it and near the other questions of that section. On the CPU, one thread, fixed
seed: the same machine makes the same bytes. Saved as a ``StaticEmbedding`` + ``Normalize`` folder
that ``SentenceTransformer(path)`` loads without any flag.

The home of torch. Does not choose settings: they were chosen by cross-validation, which
``python -m evals retrieval --ablate`` repeats.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.encoder import Matrix, StaticEncoder
from assistant.indexing import Passage, Style, write_vectors
from assistant.questions import NEAR, Question
from assistant.tokens import UNKNOWN, PairTokens

_CLASSES = "sentence_transformers.sentence_transformer.modules"


@dataclass(frozen=True)
class Recipe:
    """Every choice of the training."""

    dim: int = 256
    pairs: int = 5000
    """Character pairs with a vector of their own."""
    epochs: int = 8
    rate: float = 0.003
    batch: int = 256
    temperature: float = 0.07
    copies: int = 2
    """Noisy copies of each question an epoch."""
    drop: float = 0.3
    """Share of the tokens of a copy that are left out."""
    seed: int = 7


RECIPE = Recipe()


@dataclass(frozen=True)
class Example:
    """A passage and the questions it answers."""

    text: str
    questions: tuple[str, ...]


class Trained(StaticEncoder):
    """A fresh encoder that still knows its tokens, to be saved."""

    def __init__(self, pairs: PairTokens, table: Matrix) -> None:
        digest = hashlib.sha256(table.tobytes()).hexdigest()
        super().__init__(pairs.ids, table, f"trained-{digest[:24]}")
        self.pairs = pairs


def train(examples: Sequence[Example], recipe: Recipe = RECIPE) -> Trained:
    """An encoder for ``examples``; the same examples and recipe give the same vectors."""
    texts = [t for e in examples for t in (e.text, *e.questions)]
    tokens = PairTokens.of(texts, recipe.pairs)
    ids = [tokens.ids(t) for t in texts]
    table = _start(ids, tokens.size, recipe)
    if recipe.epochs and any(e.questions for e in examples):
        table = _fit(table, examples, ids, recipe)
    return Trained(tokens, table)


def examples_of(
    passages: Sequence[Passage], style: Style, questions: Sequence[Question] = ()
) -> list[Example]:
    """What the encoder learns from: the questions as they will be searched for.

    Those of ``questions`` that no section answers are learned by kind: an example without text
    for each; so are those that touch a conflict. Near misses (see
    :data:`assistant.questions.NEAR`) are no kind: each lies beside another section.
    """
    kinds: dict[str, list[str]] = {}
    for q in questions:
        if q.section is None and not q.voice.startswith(NEAR):
            kinds.setdefault(q.voice, []).append(style.rewrite(q.question))
    return [
        *(Example(p.words, tuple(map(style.rewrite, p.questions))) for p in passages),
        *(Example("", tuple(asked)) for asked in kinds.values()),
    ]


def save(encoder: Trained, folder: Path) -> None:
    """Write ``encoder`` as a sentence-transformers folder, replacing what is there."""
    from safetensors.numpy import save_file

    shutil.rmtree(folder, ignore_errors=True)
    module = folder / "0_StaticEmbedding"
    (folder / "1_Normalize").mkdir(parents=True)
    module.mkdir()
    encoder.pairs.tokenizer().save(str(module / "tokenizer.json"), pretty=False)
    save_file({"embedding.weight": encoder.table}, str(module / "model.safetensors"))
    (module / "model.safetensors").chmod(0o644)
    modules = [
        {"idx": n, "name": str(n), "path": f"{n}_{name}", "type": f"{_CLASSES}.{name}"}
        for n, name in enumerate(("StaticEmbedding", "Normalize"))
    ]
    _write(folder / "modules.json", modules)
    _write(
        folder / "config_sentence_transformers.json",
        {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"},
    )
    _write(folder / "1_Normalize" / "config.json", {})


def _start(ids: Sequence[Sequence[int]], size: int, recipe: Recipe) -> Matrix:
    """Token vectors of a latent semantic analysis, scaled by inverse document frequency."""
    from scipy.sparse import csr_array
    from sklearn.utils.extmath import randomized_svd

    rows = np.repeat(np.arange(len(ids)), [len(i) for i in ids])
    columns = np.concatenate([np.asarray(i, dtype=np.int64) for i in ids])
    counts = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(ids), size))
    counts.sum_duplicates()
    present = np.bincount(counts.indices, minlength=size)
    idf = np.log((1 + len(ids)) / (1 + present)) + 1
    idf[UNKNOWN] = 0.0
    counts.data = 1 + np.log(counts.data)
    weighted = counts.multiply(idf[None, :]).tocsr()
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted = weighted.multiply(1 / np.maximum(norms, 1e-9)[:, None]).tocsr()
    dim = min(recipe.dim, min(weighted.shape) - 1)
    _, _, components = randomized_svd(weighted, dim, n_iter=4, random_state=recipe.seed)
    table = np.zeros((size, recipe.dim), dtype=np.float32)
    table[:, :dim] = (components * idf).T
    return table


def _fit(
    table: Matrix, examples: Sequence[Example], ids: Sequence[Sequence[int]], recipe: Recipe
) -> Matrix:
    """Pull each question to its passage and to a sister question, away from the batch's others."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    passages, questions = _groups(examples, ids)
    bag: Any = torch.nn.EmbeddingBag.from_pretrained(
        torch.from_numpy(table.copy()), freeze=False, mode="mean", padding_idx=UNKNOWN
    )
    optimiser = torch.optim.Adam(bag.parameters(), lr=recipe.rate)
    rows = [(p, q) for p, own in enumerate(questions) for q in range(len(own))]
    steps = recipe.epochs * (1 + recipe.copies) * -(-len(rows) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=recipe.rate, total_steps=steps, pct_start=0.1
    )

    def encode(bags: list[Sequence[int]]) -> Any:
        flat = torch.tensor([i for b in bags for i in b], dtype=torch.long)
        lengths = torch.tensor([0, *(len(b) for b in bags[:-1])])
        return torch.nn.functional.normalize(bag(flat, lengths.cumsum(0)), dim=1)

    def noisy(tokens: Sequence[int]) -> Sequence[int]:
        return [t for t in tokens if chance.random() >= recipe.drop] or tokens

    for _ in range(recipe.epochs):
        for copy in range(1 + recipe.copies):
            chance.shuffle(rows)
            for begin in range(0, len(rows), recipe.batch):
                batch = rows[begin : begin + recipe.batch]
                owners = torch.tensor([p for p, _ in batch])
                asked = [questions[p][q] for p, q in batch]
                asked = [noisy(a) for a in asked] if copy else asked
                sisters = [chance.choice(questions[p]) for p, _ in batch]
                query = encode(asked)
                loss = sum(
                    _contrast(query, encode(other), owners, recipe.temperature)
                    for other in ([passages[p] for p, _ in batch], sisters)
                )
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
    torch.set_num_threads(threads)
    weights: Matrix = bag.weight.detach().numpy().astype(np.float32)
    return weights


def _contrast(query: Any, other: Any, owners: Any, temperature: float) -> Any:
    """Cross-entropy of picking one's own partner, both ways; the same passage's others are out."""
    import torch

    scores = query @ other.T / temperature
    same = owners[:, None] == owners[None, :]
    same.fill_diagonal_(False)
    scores = scores.masked_fill(same, -1e4)
    target = torch.arange(len(owners))
    loss = torch.nn.functional.cross_entropy
    return (loss(scores, target) + loss(scores.T, target)) / 2


def _groups(
    examples: Sequence[Example], ids: Sequence[Sequence[int]]
) -> tuple[list[Sequence[int]], list[list[Sequence[int]]]]:
    passages: list[Sequence[int]] = []
    questions: list[list[Sequence[int]]] = []
    row = 0
    for e in examples:
        passages.append(ids[row] or [UNKNOWN])
        questions.append([i or [UNKNOWN] for i in ids[row + 1 : row + 1 + len(e.questions)]])
        row += 1 + len(e.questions)
    return passages, questions


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Train on the corpus, ship the encoder, then fit and ship the confidence of the search."""
    from assistant.calibrating import fit, folded
    from assistant.confidence import FILE
    from assistant.encoder import SHIPPED
    from assistant.questions import (
        disputed_questions,
        training_questions,
        unanswerable_questions,
    )
    from assistant.retrieval import STYLE, passages_of, unheld_of
    from corpus.load import load_corpus

    parser = argparse.ArgumentParser(prog="python -m assistant.training", description=__doc__)
    parser.add_argument("--encoder-only", action="store_true", help="leave the confidence as it is")
    options = parser.parse_args(argv)
    corpus = load_corpus()
    known = (s.id for s in corpus.sections)
    questions = (*training_questions(known=known), *unanswerable_questions())
    passages = passages_of(corpus.sections, questions)
    begun = time.perf_counter()
    disputed = disputed_questions()
    save(train(examples_of(passages, STYLE, (*questions, *disputed))), SHIPPED)
    write_vectors([*passages, *unheld_of(questions)], StaticEncoder.open(SHIPPED), STYLE)
    print(f"{SHIPPED}: {len(questions)} questions, {time.perf_counter() - begun:.1f} s", flush=True)
    if not options.encoder_only:
        fit(folded(corpus, questions, disputed)).save()
        print(f"{FILE}: {time.perf_counter() - begun:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
