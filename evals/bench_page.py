"""The measured speeds as a page: ``bench.md`` from the JSON beside it, with one picture."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

from evals.texts import DATA

Line: TypeAlias = tuple[str, str, list[tuple[float, float]]]
"""Label, colour, points (passages, milliseconds)."""
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _FOOT = 640, 340, 56, 96, 40, 40
_COLOURS = ("#0369a1", "#0ea5e9", "#b45309")


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The texts and targets of the page."""
    return tomllib.loads((DATA / "bench.toml").read_text(encoding="utf-8"))


def write(folder: Path) -> str:
    """Write ``bench.md`` and its picture from what is measured in ``folder``; returns the page."""
    kept = [_read(folder / name) for name in ("bench.json", "bench-large.json")]
    page = render(*kept)
    (folder / "bench.md").write_text(page, encoding="utf-8")
    rows = [row for run in kept if run for row in run["bench"]["search"]]
    (folder / words()["targets"]["growth"]).write_text(picture(_lines(rows)), encoding="utf-8")
    return page


def _read(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return run


def render(small: Mapping[str, Any] | None, large: Mapping[str, Any] | None) -> str:
    """The page; either run may be missing."""
    own = words()
    parts = [own["page"]["title"], own["page"]["clock"]]
    if small:
        parts += [_made(small), *_small(small["bench"])]
    if large:
        parts += [own["large"]["title"], _made(large), *_large(large["bench"]["search"])]
    parts.append(f"![{own['picture']['alt']}]({own['targets']['growth']})")
    return "\n\n".join(parts) + "\n"


def _small(figures: Mapping[str, Any]) -> list[str]:
    own, targets = words(), words()["targets"]
    rules, search, answers, starts = (own[k] for k in ("rules", "search", "answers", "starts"))
    of_rules = [
        rules["row"].format(**r, beside=rules["load" if r["name"] == "load" else "other"])
        for r in figures["rules"]
    ]
    of_search = [
        search["row" if "usual" in row else "alone"].format(**row) for row in figures["search"]
    ]
    of_answers = [
        answers["ours"].format(items=figures["answers"]["items"], **figures["answers"]["ours"]),
        answers["usual"].format(**figures["answers"]["usual_search"]),
    ]
    of_starts = [
        starts["command"].format(**figures["commands"]),
        starts["first"].format(**figures["commands"]),
        starts["page"].format(**figures["pages"]),
    ]
    return [
        rules["title"],
        _table(rules["head"], of_rules),
        search["title"],
        _table(search["head"].format(**targets), of_search),
        search["added"].format(**figures["added"]),
        answers["title"],
        _table(answers["head"], of_answers),
        starts["title"],
        _table(starts["head"], of_starts),
    ]


def _large(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    own, targets = words()["large"], words()["targets"]
    speeds = [
        own["row"].format(**r, where=own["image" if r["by_image"] else "store"]) for r in rows
    ]
    return [
        own["note"],
        _table(own["head"], speeds),
        own["target"].format(**rows[-1], **targets),
        _table(own["costs_head"], [own["costs"].format(**r) for r in rows]),
    ]


def _made(run: Mapping[str, Any]) -> str:
    line: str = words()["page"]["made"].format(load=run["load_average_after"], **run)
    return line


def _table(head: str, rows: Sequence[str]) -> str:
    return "\n".join([head, "|---" * (head.count("|") - 1) + "|", *rows])


def _lines(rows: Sequence[Mapping[str, Any]]) -> list[Line]:
    """One point a size for each line; where two runs have a size, the later (large) one."""
    lines = []
    for (who, share), colour in zip(
        (("ours", "p50"), ("ours", "p95"), ("usual", "p50")), _COLOURS, strict=True
    ):
        points = {r["passages"]: r[who][f"{share}_ms"] for r in rows if who in r}
        if points:
            lines.append((words()["picture"][f"{who}_{share}"], colour, sorted(points.items())))
    return lines


def picture(lines: Sequence[Line]) -> str:
    """The lines over logarithmic axes, as an SVG that needs nothing beside it."""
    points = [p for _, _, points in lines for p in points]
    x = _axis([p[0] for p in points], _LEFT, _WIDTH - _RIGHT)
    y = _axis([p[1] for p in points], _HEIGHT - _FOOT, _TOP)
    drawn = [
        f'<text x="{_LEFT}" y="20" font-size="14">{escape(words()["picture"]["title"])}</text>'
    ]
    for tick in x.ticks:
        drawn.append(f'<path d="M{x(tick):.1f} {_TOP}V{_HEIGHT - _FOOT}" stroke="#e5e7eb"/>')
        label = f"{tick:,.0f}"
        drawn.append(
            f'<text x="{x(tick):.1f}" y="{_HEIGHT - 18}" text-anchor="middle">{label}</text>'
        )
    for tick in y.ticks:
        drawn.append(f'<path d="M{_LEFT} {y(tick):.1f}H{_WIDTH - _RIGHT}" stroke="#e5e7eb"/>')
        drawn.append(
            f'<text x="{_LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
    labels: list[float] = []
    for label, colour, own in lines:
        path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in own)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [
            f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3" fill="{colour}"/>' for a, b in own
        ]
        across, down = x(own[-1][0]) + 8, y(own[-1][1]) + 4
        while any(abs(down - other) < 14 for other in labels):
            down -= 2
        labels.append(down)
        drawn.append(
            f'<text x="{across:.1f}" y="{down:.1f}" fill="{colour}">{escape(label)}</text>'
        )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="12">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
    )
    return "\n".join([head, *drawn, "</svg>"]) + "\n"


class _axis:
    """A logarithmic scale from whole powers of ten to places on the picture."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        low = math.floor(math.log10(min(values, default=1.0)))
        high = max(low + 1, math.ceil(math.log10(max(values, default=10.0))))
        self.ticks = [10.0**n for n in range(low, high + 1)]
        self._low, self._span, self._start, self._length = low, high - low, start, end - start

    def __call__(self, value: float) -> float:
        return self._start + self._length * (math.log10(value) - self._low) / self._span
