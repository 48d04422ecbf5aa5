"""One self-contained HTML file with pictures and filters; JSON and CSV beside it.

The page is ``data/report.html`` with the run's data put in as JSON: it draws its pictures itself,
loads nothing from anywhere and shows every text as text.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.items import Item
from evals.results import Result
from evals.scores import confidence
from evals.texts import DATA, table

PLACE = "__DATA__"
_CSV = (
    *("id", "tags", "today", "turns", "passed", "points", "why", "faults"),
    *("routes", "confidence", "wall_ms", "text"),
)


def write_report(
    folder: Path,
    items: Sequence[Item],
    results: Sequence[Result],
    summary: dict[str, Any],
    others: Sequence[dict[str, Any]] = (),
) -> Path:
    """Write ``report.html``, ``summary.json``, ``results.csv``; returns the page's path.

    ``others``: summaries of further systems over the same items.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "summary": summary,
        "systems": [summary, *others],
        "labels": {**table("scores"), **table("table")},
        "rows": [_row(i, r) for i, r in zip(items, results, strict=True)],
    }
    page = (DATA / "report.html").read_text(encoding="utf-8")
    path = folder / "report.html"
    path.write_text(page.replace(PLACE, embedded(data)), encoding="utf-8")
    body = json.dumps([summary, *others], ensure_ascii=False, indent=1)
    (folder / "summary.json").write_text(body + "\n", encoding="utf-8")
    _write_csv(folder / "results.csv", items, results)
    return path


def embedded(data: Any) -> str:
    """``data`` as JSON that cannot end the script element it stands in."""
    body = json.dumps(data, ensure_ascii=False, default=str)
    return body.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _row(item: Item, result: Result) -> dict[str, Any]:
    asked = item.model_dump(mode="json", include={"id", "turns", "today", "tags", "note"})
    expect = item.expect.model_dump(mode="json", exclude_unset=True)
    said = result.model_dump(mode="json", exclude={"id", "fingerprint", "system", "answer"})
    kept = result.answer if not result.passed or result.faults else _short(result.answer)
    return {**asked, "expect": expect, **said, "answer": kept}


def _short(answer: dict[str, Any]) -> dict[str, Any]:
    """Of an answer that passed, what a reader may still want to see."""
    return {key: answer.get(key) for key in ("routes", "text", "confidence")}


def _write_csv(path: Path, items: Sequence[Item], results: Sequence[Result]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_CSV)
        for item, result in zip(items, results, strict=True):
            answer = result.answer
            writer.writerow(
                [
                    item.id,
                    " ".join(item.tags),
                    item.today or "",
                    "\n".join(item.turns),
                    result.passed,
                    result.points,
                    "\n".join(result.why),
                    "\n".join(result.faults),
                    " ".join(answer.get("routes") or []),
                    confidence(result),
                    result.wall_ms,
                    answer.get("text") or "",
                ]
            )
