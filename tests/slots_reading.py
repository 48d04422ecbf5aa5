"""Reads a message and compares what was understood with a line like ``age=71 -total_cost``.

The cases stand in ``cases/slots/*.tsv``: one a line, columns parted by a tab, ``#`` a remark.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.slots import Reading, read
from rules.facts import CostItems, Facts, Region
from rules.regions import find_region

TODAY = date(2025, 8, 1)
_CASES = Path(__file__).parent / "cases" / "slots"


def cases(name: str) -> list[tuple[str, ...]]:
    """The rows of ``cases/slots/<name>.tsv``."""
    lines = (_CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


def plain(reading: Reading) -> dict[str, str]:
    """Facts as plain text: regions by name, parts of the cost as ``items.excluded``."""
    found: dict[str, str] = {}
    for fact, value in reading.facts.items():
        if isinstance(value, CostItems):
            parts = value.model_dump().items()
            found.update({f"items.{k}": f"{v.normalize():f}" for k, v in parts if v is not None})
        elif isinstance(value, Region):
            found[fact] = value.name
        elif fact in ("total_cost", "deductible", "paid_this_year"):
            found[fact] = f"{value.normalize():f}"  # type: ignore[attr-defined]
        else:
            found[fact] = str(value)
    return found


def differences(
    text: str,
    wanted: str,
    *,
    today: date = TODAY,
    known: Facts | None = None,
    expecting: str | None = None,
) -> list[str]:
    """What differs from ``wanted``.

    ``fact=value`` must hold, ``-fact`` must be unsaid, ``?kind`` must be among the open points;
    ``!``: nothing but what is named may be said.
    """
    reading = read(text, today, known=known, expecting=expecting)
    got = plain(reading)
    kinds = {u.kind for u in reading.unclear}
    wrong: list[str] = []
    named: set[str] = set()
    for token in wanted.split():
        if token == "!":
            continue
        if token.startswith("-"):
            named.add(token[1:])
            if token[1:] in got:
                wrong.append(f"{token[1:]} is {got[token[1:]]}, should be unsaid")
        elif token.startswith("?"):
            if token[1:] not in kinds:
                wrong.append(f"no open point {token[1:]}, only {sorted(kinds)}")
        else:
            fact, _, value = token.partition("=")
            named.add(fact)
            if got.get(fact) != value:
                wrong.append(f"{fact} is {got.get(fact)}, should be {value}")
    if "!" in wanted.split():
        wrong += [f"{f} is {v}, should be unsaid" for f, v in got.items() if f not in named]
    return wrong


def facts(**values: object) -> Facts:
    """Facts of an open case; regions by name."""
    named = {
        k: find_region(v) if k.endswith("_region") and isinstance(v, str) else v
        for k, v in values.items()
    }
    return Facts.model_validate(named)
