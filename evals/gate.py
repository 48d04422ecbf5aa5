"""The floor that only rises: ``baseline.json`` against what the sets give now.

Per file the number of passed items may not fall and the shares of unsupported and wrong answers may
not rise; a failing item must be listed as a known failure, and must leave the list as soon as it
passes. Of held-out files only the counts are kept, never the ids: they are not for tuning.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evals.results import Result
from evals.texts import text

Sets = Mapping[str, Sequence[Result]]
"""Results by the name of the question file."""
BASELINE = Path(__file__).parent / "baseline.json"


class Floor(BaseModel):
    """What one file gave: items, passed ones, answers with unsupported parts, wrong answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    items: int
    passed: int
    unsupported: int
    wrong: int


class Baseline(BaseModel):
    """``sets``: floors by file name. ``known_failures``: ids that may still fail."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sets: dict[str, Floor] = {}
    known_failures: list[str] = []


def read_baseline(path: Path = BASELINE) -> Baseline:
    """The baseline in ``path``; an empty one when there is none yet."""
    if not path.is_file():
        return Baseline()
    return Baseline.model_validate_json(path.read_text(encoding="utf-8"))


def write_baseline(baseline: Baseline, path: Path = BASELINE) -> None:
    """Write ``baseline`` so that differences read line by line."""
    body = json.dumps(baseline.model_dump(mode="json"), ensure_ascii=False, indent=1)
    path.write_text(body + "\n", encoding="utf-8")


def floor_of(results: Sequence[Result]) -> Floor:
    """The counts of one file's results."""
    return Floor(
        items=len(results),
        passed=sum(r.passed for r in results),
        unsupported=sum(bool(r.faults) for r in results),
        wrong=sum(r.points < 0 for r in results),
    )


def gate(
    baseline: Baseline,
    open_sets: Sets,
    held_out: Sets,
) -> list[str]:
    """Everything that fell below ``baseline``; empty when the gate opens."""
    sets = {**open_sets, **held_out}
    return [
        *_floors(baseline, sets),
        *(text("gate.new_set", name=name) for name in sets if name not in baseline.sets),
        *_failures(set(baseline.known_failures), open_sets),
    ]


def _floors(baseline: Baseline, sets: Sets) -> Iterator[str]:
    for name, floor in baseline.sets.items():
        if name not in sets:
            yield text("gate.no_set", name=name)
            continue
        now = floor_of(sets[name])
        if now.items < floor.items:
            yield text("gate.fewer", name=name, now=now.items, then=floor.items)
        if now.passed < floor.passed:
            yield text("gate.lower", name=name, now=now.passed, then=floor.passed)
        for key in ("unsupported", "wrong"):
            more, before = getattr(now, key), getattr(floor, key)
            if more * floor.items > before * now.items:
                yield text(f"gate.{key}", name=name, now=more, then=before)


def _failures(known: set[str], open_sets: Sets) -> Iterator[str]:
    seen = set()
    for result in (r for results in open_sets.values() for r in results):
        seen.add(result.id)
        if not result.passed and result.id not in known:
            yield text("gate.regression", id=result.id, why="；".join(result.why))
        if result.passed and result.id in known:
            yield text("gate.now_passes", id=result.id)
    for id in sorted(known - seen):
        yield text("gate.unknown_id", id=id)


def raised(
    old: Baseline, open_sets: Sets, held_out: Sets, accept: Sequence[str] = ()
) -> tuple[Baseline, list[str]]:
    """The baseline that these results set, and why it may not be written (empty: it may).

    A floor never sinks. A failing item of a set that has a floor already joins the known failures
    only when it is named in ``accept``; those of a new set join at once.
    """
    sets = {**open_sets, **held_out}
    failing = [(name, r) for name, results in open_sets.items() for r in results if not r.passed]
    new = Baseline(
        sets={name: floor_of(sets[name]) for name in sorted(sets)},
        known_failures=sorted(r.id for _, r in failing),
    )
    allowed = {*old.known_failures, *accept}
    allowed |= {r.id for name, r in failing if name not in old.sets}
    refused = list(_floors(old, sets))
    refused += [
        text("gate.regression", id=r.id, why="；".join(r.why))
        for _, r in failing
        if r.id not in allowed
    ]
    return new, refused
