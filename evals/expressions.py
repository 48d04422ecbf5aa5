"""``python -m evals expressions``: how well amounts, dates, ranges, durations and places are read.

Measured on material that nobody here wrote (``../shared/outside`` beside the repository), with its
own gold values. A row is right, unread (nothing found) or wrong; wrong is the costly one. Floors
and texts: ``data/expressions.toml``. Does not tune anything.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from assistant.slots import amounts, dates, durations, normalise, percents, ranges
from assistant.slots.counts import age_facts
from assistant.slots.dates import onwards
from assistant.slots.numerals import numbers
from evals.texts import DATA
from rules.regions import candidates, scan

Row = dict[str, Any]
OUTSIDE = Path(__file__).resolve().parents[2] / "shared" / "outside"
_TEST_DAY = date(2021, 6, 14)


@dataclass(frozen=True)
class Outcome:
    """One row read: ``result`` is right, unread or wrong."""

    suite: str
    tier: str
    result: str
    text: str
    gold: str
    read: str


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads((DATA / "expressions.toml").read_text(encoding="utf-8"))


def judge(suite: str, row: Row, gold: object, read: object, found: bool) -> Outcome:
    """The outcome of one row: equal is right, nothing found where something was is unread."""
    result = "right" if gold == read else "wrong" if found else "unread"
    return Outcome(suite, row.get("tier", "core"), result, row["text"], str(gold), str(read))


def _list(gold: object) -> list[Any]:
    return gold if isinstance(gold, list) else [gold]


def _decimals(values: Sequence[object]) -> list[Decimal]:
    return [Decimal(str(v)).normalize() for v in values if v is not None]


def reference(row: Row) -> date:
    """The day relative dates of the row count from; a partial one is filled with firsts."""
    written = str(row.get("ref", ""))
    if written.startswith("partial:"):
        rest = written.removeprefix("partial:")
        if rest.startswith("{"):
            parts = json.loads(rest)
            return date(
                parts.get("year", _TEST_DAY.year), parts.get("month", 1), parts.get("day", 1)
            )
        numbers_ = [int(p) for p in rest.split("-")[:3]]
        return date(*(numbers_ + [1] * (3 - len(numbers_))))
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return _TEST_DAY


def first_day(written: str) -> date:
    """2013, 2013-05 or 2013-05-07 as its first day."""
    parts = [int(p) for p in written.split("-")]
    return date(*(parts + [1] * (3 - len(parts))))


def _amount(row: Row, text: str) -> Outcome:
    read = _decimals([a.value for a in amounts(text) if a.currency == "CNY"])
    return judge("amount", row, _decimals(_list(row["gold"])), read, bool(read))


def _number(row: Row, text: str) -> Outcome:
    read = _decimals([n.value for n in numbers(text)])
    return judge("number", row, _decimals(_list(row["gold"])), read, bool(read))


def _wrapped(row: Row, text: str) -> Outcome:
    read = _decimals([a.value for a in amounts("医疗费" + text)])
    suite = "amount in a sentence"
    return judge(suite, row, _decimals(_list(row["gold"])), read, bool(read))


def _percent(row: Row, text: str) -> Outcome:
    read = _decimals([round(p.value, 8) for p in percents(text)])
    return judge("percent", row, _decimals(_list(row["gold"])), read, bool(read))


def _range(row: Row, text: str) -> Outcome:
    gold = [None if (v := row["gold"][k]) is None else Decimal(v) for k in ("low", "high")]
    read = [[s.low, s.high] for s in ranges(text)]
    return judge(row["kind"], row, [gold], read, bool(read))


def _amount_span(row: Row, text: str) -> Outcome:
    foreign_too = [a.surface for a in amounts(text)]
    spans = [s.surface for s in ranges(text) if s.high is not None and s.surface in row["gold"]]
    read = spans or foreign_too
    return judge("amount_span", row, row["gold"], read, bool(read))


def _date(row: Row, text: str) -> Outcome:
    read = [d.first for d in dates(text, reference(row)) if d.first is not None]
    if row["gold"] is None or row["gold"] == []:
        suite = "impossible date" if row["gold"] is None else "date"
        return judge(suite, row, [], read, bool(read))
    wanted = [first_day(g) for g in _list(row["gold"])]
    if "defensible" in row.get("note", ""):
        # Without a year the source takes the next one, we the nearest past: both are right.
        spans = dates(text, reference(row))
        read = [
            d for s in spans for d in (onwards(s, reference(row)).first,) if d in wanted
        ] or read
    hit = next((g for g in wanted if read[:1] == [g]), wanted[0])
    return judge("date", row, [hit], read[:1], bool(read))


def _date_range(row: Row, text: str) -> Outcome:
    spans = [d for d in dates(text, reference(row)) if d.first is not None]
    read = (spans[0].first, spans[0].last) if spans else None
    fits = read is not None and any(_fits(g, *read) for g in _list(row["gold"]))
    return judge("date_range", row, True if fits else row["gold"], fits or read, bool(spans))


def _fits(gold: dict[str, str], first: date | None, last: date | None) -> bool:
    """The end or the day before it (half-open sources); an open side is not looked at."""
    end = first_day(gold["end"]) if "end" in gold else None
    start_fits = "start" not in gold or first == first_day(gold["start"])
    end_fits = end is None or last in (end, end - timedelta(days=1))
    return start_fits and end_fits


def _date_span(row: Row, text: str) -> Outcome:
    read = [d.surface for d in dates(text, _TEST_DAY)]
    return judge("date_span", row, row["gold"], read, bool(read))


def _duration(row: Row, text: str) -> Outcome:
    read = [{k: float(v) for k, v in d.parts.items()} for d in durations(text)]
    gold = [{k: float(v) for k, v in g.items()} for g in _list(row["gold"])]
    return judge("duration", row, gold, read, bool(read))


def _age(row: Row, text: str) -> Outcome:
    read = [str(m.value) for m in age_facts(text)[0]]
    gold = [row["gold"]["value"] if row["gold"]["unit"] == "Year" else "0"]
    return judge("age", row, gold, read, bool(read))


_KINDS: dict[str, Callable[[Row, str], Outcome]] = {
    "amount": _amount, "number": _number, "percent": _percent, "amount_range": _range,
    "number_range": _range, "amount_span": _amount_span, "date": _date, "date_range": _date_range,
    "date_span": _date_span, "duration": _duration, "age": _age,
}  # fmt: skip


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def read_expressions(path: Path) -> Iterator[Outcome]:
    """Every row of an expressions file, judged."""
    for row in _rows(path):
        text = normalise(row["text"]).text
        yield _KINDS[row["kind"]](row, text)
        if row.get("wrap_ok"):
            yield _wrapped(row, text)


def read_regions(path: Path) -> Iterator[Outcome]:
    """Full and short names: the very region, or, for a shared name, one of several candidates."""
    for row in _rows(path):
        for suite, name in (("region name", row["name"]), ("region short name", row["short"])):
            for one in filter(None, (name or "").split("/")):
                read = [r.name for r in candidates(one)]
                hit = row["name"] in read
                row_ = {"text": one, "tier": "core"}
                yield judge(suite, row_, True if hit else row["name"], hit or read, bool(read))


def read_mentions(path: Path) -> Iterator[Outcome]:
    """Addresses and renamed places: the prefecture of today."""
    for row in _rows(path):
        suite = "region renamed" if row["kind"] == "renamed" else "region in an address"
        read = [m.region.name for m in scan(row["text"]) if m.region]
        gold = row["city"] or row["province"]
        yield judge(suite, {**row, "tier": "core"}, [gold], read[:1], bool(read))


_FILES: tuple[tuple[str, Callable[[Path], Iterator[Outcome]]], ...] = (
    ("expressions_zh.jsonl", read_expressions),
    ("regions_cn.jsonl", read_regions),
    ("region_mentions_zh.jsonl", read_mentions),
)


def report(outcomes: Sequence[Outcome], *, misses: bool, extra: bool) -> tuple[list[str], bool]:
    """Lines of the table, and whether every floor was kept."""
    data = _texts()
    texts, floors = data["texts"], data["floors"]
    counts = Counter((o.suite, o.tier, o.result) for o in outcomes)
    lines = [texts["head"].format(**texts["columns"])]
    kept = True
    for suite, tier in dict.fromkeys((o.suite, o.tier) for o in outcomes):
        right, unread, wrong = (counts[suite, tier, r] for r in ("right", "unread", "wrong"))
        share = right / (right + unread + wrong)
        floor = floors.get(suite) if tier == "core" else None
        verdict = ""
        if floor:
            fine = share >= floor["right"] and wrong <= floor["wrong"]
            verdict = texts["fine"] if fine else texts["below"].format(**floor)
            kept = kept and fine
        line = {"suite": suite, "tier": tier, "rows": right + unread + wrong, "right": right}
        line |= {"unread": unread, "wrong": wrong, "share": f"{share:.1%}", "verdict": verdict}
        lines.append(texts["head"].format(**line).rstrip())
    shown = [o for o in outcomes if o.result != "right" and (extra or o.tier == "core")]
    for o in shown if misses else ():
        values = {
            "outcome": o.result,
            "suite": o.suite,
            "text": o.text,
            "gold": o.gold,
            "read": o.read,
        }
        lines.append(texts["miss"].format(**values))
    return lines, kept


def main(argv: Sequence[str]) -> int:
    """Measure; 0 when every floor is kept or the material is not there, 1 when one is not."""
    parser = argparse.ArgumentParser(prog="python -m evals expressions", description=__doc__)
    parser.add_argument("--dir", type=Path, default=OUTSIDE, help="folder of the outside suites")
    parser.add_argument("--misses", action="store_true", help="show every core row not right")
    parser.add_argument("--extra", action="store_true", help="with --misses: the extra rows, too")
    options = parser.parse_args(argv)
    texts = _texts()["texts"]
    present = [
        (options.dir / name, read) for name, read in _FILES if (options.dir / name).is_file()
    ]
    if not present:
        print(texts["missing"].format(path=options.dir), file=sys.stderr)
        return 0
    started = time.perf_counter()
    outcomes = [o for path, read in present for o in read(path)]
    each = 1000 * (time.perf_counter() - started) / max(1, len(outcomes))
    lines, kept = report(outcomes, misses=options.misses, extra=options.extra)
    print(*lines, texts["speed"].format(rows=len(outcomes), each=each), sep="\n")
    return 0 if kept else 1
