"""Ask a system every item of a set: in order, resumable, with a progress bar.

Knows how to run, not what to measure (that is expect, grounding, scores).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from evals.items import Item
from evals.library import Library
from evals.results import LINES, Result, canonical, judge, read_results, write_results
from evals.systems import System


def run_items(
    system: System,
    items: Sequence[Item],
    folder: Path,
    *,
    library: Library | None = None,
    twice: bool = False,
    resume: bool = False,
    tick: Callable[[], None] = lambda: None,
) -> list[Result]:
    """Results of all ``items``, written to ``folder/results.jsonl`` line by line as they come.

    With ``resume``, items already answered by this system whose question and expectations are
    unchanged are kept. ``tick`` is called after each item.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = {r.id: r for r in read_results(folder)} if resume else {}
    done = {
        item.id: kept[item.id]
        for item in items
        if item.id in kept
        and kept[item.id].fingerprint == item.fingerprint
        and kept[item.id].system == system.name
    }
    write_results(folder, done.values())
    with (folder / LINES).open("a", encoding="utf-8") as out:
        for item in items:
            if item.id not in done:
                done[item.id] = run_item(system, item, library, twice=twice)
                out.write(done[item.id].model_dump_json() + "\n")
                out.flush()
            tick()
    results = [done[item.id] for item in items]
    write_results(folder, results)
    return results


def run_item(system: System, item: Item, library: Library | None, *, twice: bool = False) -> Result:
    """Ask one item once, or twice in two conversations, and judge the last answer."""
    answers, wall = _converse(system, item)
    same = None
    if twice:
        again, _ = _converse(system, item)
        same = [canonical(a) for a in answers] == [canonical(a) for a in again]
    return judge(
        item,
        answers[-1],
        library if system.on_corpus else None,
        same=same,
        wall_ms=round(wall, 3),
        earlier=[str(answer.get("text") or "") for answer in answers[:-1]],
        system=system.name,
    )


def _converse(system: System, item: Item) -> tuple[list[dict[str, Any]], float]:
    """The answers to all turns and the milliseconds the last one took."""
    conversation = system.begin(item.today)
    answers: list[dict[str, Any]] = []
    wall = 0.0
    for turn in item.turns:
        start = time.perf_counter()
        answer = conversation(turn)
        wall = (time.perf_counter() - start) * 1000
        answers.append(json.loads(json.dumps(answer, ensure_ascii=False, default=str)))
    return answers, wall
