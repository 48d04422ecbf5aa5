"""What the command line prints: the table by tag, systems side by side, the other scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.texts import table, text

_COLUMNS = ("items", "passed", "accuracy", "points", "wrong", "silent", "unsupported")
_PLAIN = ("amounts", "withheld", "verdicts", "conflicts", "lead")
SHOWN_TAGS = 24
_NESTED = {
    "citations": ("quote_word_for_word", "figures_supported", "source_matches", "right_source"),
    "refusals": ("recall", "false_refusals", "honest", "false_silence"),
    "noise": ("clean", "noisy", "drop", "same_outcome"),
    "retrieval": ("hit@1", "hit@3", "mrr"),
    "latency": ("p50", "p95", "p99"),
}


def print_summary(console: Console, summary: Mapping[str, Any]) -> None:
    """The table by tag of one system, then its other scores."""
    shown = Table(title=text("table.title", system=summary["system"], items=summary["items"]))
    shown.add_column(text("table.tag"))
    for name in _COLUMNS:
        shown.add_column(text(f"table.{name}"), justify="right")
    tags = summary["by_tag"]
    for tag, counts in list(tags.items())[:SHOWN_TAGS]:
        shown.add_row(tag, *(_cell(name, counts[name]) for name in _COLUMNS))
    if len(tags) > SHOWN_TAGS:
        shown.caption = text("table.more_tags", count=len(tags) - SHOWN_TAGS)
    shown.add_section()
    shown.add_row(text("table.all"), *(_cell(name, summary[name]) for name in _COLUMNS))
    console.print(shown)
    scores = Table(text("table.score"), text("table.value"))
    for label, value in score_lines(summary):
        scores.add_row(label, value)
    console.print(scores)


def print_side_by_side(console: Console, summaries: Sequence[Mapping[str, Any]]) -> None:
    """One row a system, over the same items."""
    shown = Table(text("table.system"))
    for name in (*_COLUMNS, "p50", "p95"):
        shown.add_column(text(f"table.{name}"), justify="right")
    for summary in summaries:
        times = (_number(summary["latency_ms"][name]) for name in ("p50", "p95"))
        shown.add_row(summary["system"], *(_cell(n, summary[n]) for n in _COLUMNS), *times)
    console.print(shown)


def score_lines(summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(label, value) of every score that has something to count."""
    labels = table("scores")
    flat: dict[str, Any] = {key: summary[key] for key in _PLAIN}
    for name, keys in _NESTED.items():
        group = summary["latency_ms" if name == "latency" else name]
        flat |= {f"{name}_{key}": group[key] for key in keys}
    flat |= {key: summary["calibration"][key] for key in ("ece", "brier")}
    flat["determinism"] = summary["determinism"]
    for key, value in flat.items():
        if isinstance(value, Mapping):
            if value["items"]:
                yield labels[key], f"{_number(value['rate'])}（{value['right']}/{value['items']}）"
        elif value is not None:
            yield labels[key], _number(value)


def _cell(name: str, value: Any) -> str:
    if name == "accuracy":
        return "-" if value is None else f"{value:.1%}"
    return str(value)


def _number(value: Any) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
