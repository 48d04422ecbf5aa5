"""One line of ``results.jsonl``: what a system said and what was wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from evals.expect import Why, check
from evals.grounding import Fault, faults
from evals.items import Item
from evals.library import Library
from evals.texts import text

LINES = "results.jsonl"
GRAVE_FAULTS = ("quote", "figure", "source", "sum")


class Result(BaseModel):
    """The contract's four keys first (``id passed why answer``); the rest is for our own reports.

    ``passed``: all expectations hold. ``faults``: unsupported quotes, sources and figures, counted
    apart. ``points``: +1 passed, 0 too little said, −1 something wrong said. ``same``: the second
    run gave the same bytes (None: run once). ``wall_ms``: how long the last turn took.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    passed: bool
    why: list[str]
    answer: dict[str, Any]
    broken: list[str] = []
    faults: list[str] = []
    fault_kinds: list[str] = []
    points: int = 0
    same: bool | None = None
    wall_ms: float = 0.0
    earlier: list[str] = []
    fingerprint: str = ""
    system: str = ""


def judge(
    item: Item,
    answer: Mapping[str, Any],
    library: Library | None,
    **more: Any,
) -> Result:
    """Score one answer. ``library`` None: the system is not built on the corpus, no citation check.

    ``more``: the fields of the run itself (``same``, ``wall_ms``, ``earlier``, ``system``).
    """
    broken = check(item, answer)
    if answer.get("error"):
        broken.insert(0, Why("error", text("why.error", what=answer["error"])))
    unsupported: list[Fault] = []
    if library is not None:
        today = [item.today.isoformat()] if item.today else []
        unsupported = faults(answer, library, [*item.turns, *today])
    return Result(
        id=item.id,
        passed=not broken,
        why=[why.text for why in broken],
        answer=dict(answer),
        broken=[why.key for why in broken],
        faults=[fault.text for fault in unsupported],
        fault_kinds=[fault.kind for fault in unsupported],
        points=_points(broken, unsupported),
        fingerprint=item.fingerprint,
        **more,
    )


def _points(broken: Sequence[Why], unsupported: Sequence[Fault]) -> int:
    wrong = any(why.grave for why in broken)
    if wrong or any(fault.kind in GRAVE_FAULTS for fault in unsupported):
        return -1
    return 0 if broken else 1


def canonical(answer: Mapping[str, Any]) -> str:
    """The answer's bytes as they must repeat: everything but ``elapsed_ms``."""
    kept = {key: value for key, value in answer.items() if key != "elapsed_ms"}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def read_results(folder: Path) -> list[Result]:
    """The results in ``folder``, in order; a last line cut off by an interruption is left out."""
    path = folder / LINES
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    whole = lines[:-1]  # what follows the last line break was never finished
    return [Result.model_validate_json(line) for line in whole if line]


def write_results(folder: Path, results: Iterable[Result]) -> None:
    """Write all ``results`` at once, replacing the file only when all are written."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{LINES}.part"
    part.write_text("".join(f"{r.model_dump_json()}\n" for r in results), encoding="utf-8")
    part.replace(folder / LINES)
