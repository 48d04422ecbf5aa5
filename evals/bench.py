"""``python -m evals bench``: how fast rules, search, answers and starts are, beside baselines.

Every figure has its baseline from the same run, on the same busy or quiet machine. Times are
printed and kept in ``results/bench.json``, never judged: the exit code is 0 once all is measured.
``--large`` measures search alone at sizes that take minutes to index, into ``bench-large.json``.
Either writes ``bench.md`` and its picture anew.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.settings import ROOT, Settings
from evals import bench_page, bench_search, bench_start
from evals.bench_passages import Watch, asked, race
from evals.bench_usual import Usual, make_model
from evals.items import load_sets, own_files
from evals.service import keep
from rules.bench import timings

OUT = Path(__file__).parent / "results"
SIZES = (300, 1_000, 3_000, 10_000)
BESIDE = (300, 10_000)
"""Sizes at which the usual recipe is measured, too."""
LARGE = (10_000, 30_000, 100_000)


def main(argv: Sequence[str]) -> int:
    """Exit code 0: measured."""
    parser = argparse.ArgumentParser(prog="python -m evals bench", description=__doc__)
    parser.add_argument("--large", action="store_true", help="search at 100,000 passages; minutes")
    parser.add_argument("--questions", type=int, default=60, help="for each size of the search")
    parser.add_argument("--rounds", type=int, default=3, help="of each start")
    parser.add_argument("--items", type=int, help="for the answers: only the first N")
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR")
    options = parser.parse_args(argv)
    if options.large:
        keep(options.out / "bench-large.json", "bench", {"search": bench_search.large(LARGE)})
    else:
        figures = measured(SIZES, BESIDE, options.questions, options.rounds, options.items)
        keep(options.out / "bench.json", "bench", figures)
    print(bench_page.write(options.out))
    return 0


def measured(
    sizes: Sequence[int],
    beside: Sequence[int],
    questions: int,
    rounds: int,
    items: int | None = None,
) -> dict[str, Any]:
    """All figures but the large ones. The starts come first, in processes of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index, usual = folder / "index", folder / "usual"
        usual.mkdir()
        make_model(usual)
        corpus = bench_search.texts_of(min(beside))
        recipe = Usual(usual, "start", corpus)
        figures: dict[str, Any] = {
            "commands": bench_start.commands(index, usual, "start", rounds),
            "pages": bench_start.pages(index, rounds),
            "rules": rules(),
            "answers": answers(index, recipe, questions, items),
            "search": [
                bench_search.compared(n, folder, usual if n in beside else None, questions)
                for n in sizes
            ],
            "added": bench_search.added(max(beside), folder / "added"),
        }
    return figures


def rules() -> list[dict[str, Any]]:
    """Processor time, the fastest of several runs; loading beside parsing the same files alone,
    the rest beside a thousand bare decimal products."""
    parse = min(_cpu_ms(_parse) for _ in range(3))
    plain = min(_cpu_ms(_products) for _ in range(20))
    return [
        {
            "name": t.name,
            "ms": round(t.best, 3),
            "target_ms": t.target,
            "beside_ms": round(parse if t.name == "load" else plain, 3),
        }
        for t in timings()
    ]


def _parse() -> None:
    for path in (ROOT / "rules" / "packs").rglob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def _products() -> None:
    for n in range(1000):
        Decimal(n) * Decimal("0.55")


def _cpu_ms(call: Callable[[], None]) -> float:
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000


def answers(index: Path, recipe: Usual, questions: int, limit: int | None) -> dict[str, Any]:
    """Every turn of the open question sets, each item a conversation of its own; beside it the
    search of the usual recipe, which is the least it needs before a model writes."""
    assistant, watch = Assistant.load(Settings(index_dir=index)), Watch()
    items = load_sets(own_files(held_out=False))[:limit]
    for item in items:
        for turn in item.turns:
            watch.time(partial(assistant.ask, turn, item.id, item.today))
    (beside,) = race([recipe.search], asked(questions // 2))
    return {"items": len(items), "ours": watch.spread.figures(), "usual_search": beside.figures()}
