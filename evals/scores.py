"""From results to figures. Pure: the same results and items give the same scores.

Rates are fractions 0..1, or None when nothing was there to count: never not-a-number.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from evals.calibration import calibration
from evals.items import Item
from evals.normal import normal, number, same
from evals.results import Result
from evals.texts import text

Pair = tuple[Item, Result]


def rate(good: int, of: int) -> float | None:
    """``good / of`` to four places; None of nothing."""
    return round(good / of, 4) if of else None


def summary(items: Sequence[Item], results: Sequence[Result]) -> dict[str, Any]:
    """All scores of one system, JSON-ready."""
    pairs = list(zip(items, results, strict=True))
    return {
        "system": results[0].system if results else "",
        **_counts(pairs),
        "by_tag": by_tag(pairs),
        "broken": dict(Counter(key for r in results for key in set(r.broken)).most_common()),
        "faults": dict(Counter(kind for r in results for kind in r.fault_kinds).most_common()),
        "routing": routing(pairs),
        "facts": facts(pairs),
        "retrieval": retrieval(pairs),
        "citations": citations(pairs),
        "conflicts": _share(pairs, lambda i: i.expect.conflicts_min > 0, _without("conflicts")),
        "amounts": _share(pairs, lambda i: bool(i.expect.reimbursement), _without("reimbursement")),
        "withheld": _share(pairs, _no_amount, _without("reimbursement")),
        "verdicts": _share(pairs, lambda i: i.expect.given("validity"), _without("validity")),
        "lead": _share(pairs, lambda i: bool(i.lead), _without("lead")),
        "refusals": refusals(pairs),
        "noise": noise(pairs),
        "calibration": calibration([(confidence(r), r.passed) for r in results]),
        "latency_ms": latency([r.wall_ms for r in results]),
        "determinism": _share(
            pairs, lambda i: True, lambda r: bool(r.same), asked=lambda r: r.same is not None
        ),
    }


def _counts(pairs: Sequence[Pair]) -> dict[str, Any]:
    passed = sum(result.passed for _, result in pairs)
    points = Counter(result.points for _, result in pairs)
    return {
        "items": len(pairs),
        "passed": passed,
        "accuracy": rate(passed, len(pairs)),
        "right": points[1],
        "silent": points[0],
        "wrong": points[-1],
        "points": points[1] - points[-1],
        "unsupported": sum(bool(result.faults) for _, result in pairs),
    }


def by_tag(pairs: Sequence[Pair]) -> dict[str, dict[str, Any]]:
    """The counts of every tag, the most frequent first."""
    held: dict[str, list[Pair]] = defaultdict(list)
    for item, result in pairs:
        for tag in item.tags:
            held[tag].append((item, result))
    order = sorted(held, key=lambda tag: (-len(held[tag]), tag))
    return {tag: _counts(held[tag]) for tag in order}


def _no_amount(item: Item) -> bool:
    return item.expect.given("reimbursement") and item.expect.reimbursement is None


def _without(key: str) -> Callable[[Result], bool]:
    return lambda result: key not in result.broken


def _share(
    pairs: Iterable[Pair],
    concerns: Callable[[Item], bool],
    good: Callable[[Result], bool],
    asked: Callable[[Result], bool] = lambda result: True,
) -> dict[str, Any]:
    held = [result for item, result in pairs if concerns(item) and asked(result)]
    right = sum(good(result) for result in held)
    return {"items": len(held), "right": right, "rate": rate(right, len(held))}


def routing(pairs: Sequence[Pair]) -> dict[str, dict[str, int]]:
    """Confusion: expected route → the route taken (itself when among them, else the first)."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for item, result in pairs:
        actual = list(result.answer.get("routes") or [])
        for route in item.expect.routes:
            table[route][route if route in actual else (actual or ["-"])[0]] += 1
    return {route: dict(sorted(table[route].items())) for route in sorted(table)}


def facts(pairs: Sequence[Pair]) -> dict[str, dict[str, Any]]:
    """Per fact: right, wrong (another value) and unread (null though one was said)."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for item, result in pairs:
        actual = result.answer.get("facts") or {}
        for name, value in item.expect.facts.items():
            got = actual.get(name)
            verdict = "right" if same(value, got) else "unread" if got is None else "wrong"
            table[name][verdict] += 1
    return {
        name: {key: count[key] for key in ("right", "wrong", "unread")}
        | {"rate": rate(count["right"], count.total())}
        for name, count in sorted(table.items())
    }


def retrieval(pairs: Sequence[Pair]) -> dict[str, Any]:
    """hit@1, hit@3 and MRR of the cited passages, over items that name their sections."""
    ranks = []
    for item, result in pairs:
        if item.sections:
            cited = [c.get("passage") for c in result.answer.get("citations") or []]
            found = [n for n, passage in enumerate(cited, start=1) if passage in item.sections]
            ranks.append(found[0] if found else math.inf)
    return {
        "items": len(ranks),
        "hit@1": rate(sum(r <= 1 for r in ranks), len(ranks)),
        "hit@3": rate(sum(r <= 3 for r in ranks), len(ranks)),
        "mrr": round(sum(1 / r for r in ranks) / len(ranks), 4) if ranks else None,
    }


def citations(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Answers whose quotes, sources and figures all hold, over answers with citations."""
    cited = [(i, r) for i, r in pairs if r.answer.get("citations")]

    def clean(*kinds: str) -> float | None:
        return rate(sum(not set(kinds) & set(r.fault_kinds) for _, r in cited), len(cited))

    return {
        "items": len(cited),
        "quote_word_for_word": clean("quote", "passage"),
        "figures_supported": clean("figure"),
        "source_matches": clean("source"),
        "right_source": _share(pairs, lambda i: bool(i.expect.cites), _without("cites")),
    }


def refusals(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Declining: recall on what must be declined, false refusals on what must be answered;
    honesty: 未载明 said on items tagged ``unanswerable``, and said in vain on the others."""

    def declined(result: Result) -> bool:
        return "decline" in (result.answer.get("routes") or [])

    honest = normal(text("run.not_stated"))

    def silent(result: Result) -> bool:
        return normal(str(result.answer.get("text") or ""))[:80].find(honest) >= 0

    def due(item: Item) -> bool:
        return "decline" in item.expect.routes

    def plain(item: Item) -> bool:
        said = [honest in normal(part) for group in item.expect.all_of for part in group]
        return bool(item.expect.all_of) and not due(item) and not any(said)

    return {
        "recall": _share(pairs, due, declined),
        "false_refusals": _share(pairs, lambda i: bool(i.expect.routes) and not due(i), declined),
        "honest": _share(pairs, lambda i: "unanswerable" in i.tags, silent),
        "false_silence": _share(pairs, lambda i: plain(i) and "unanswerable" not in i.tags, silent),
    }


class _Twins(NamedTuple):
    clean: Result | None = None
    noisy: Result | None = None


def noise(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Clean and noisy twins: accuracy of each, the drop, and how many give the same outcome."""
    found: dict[str, dict[str, Result]] = defaultdict(dict)
    for item, result in pairs:
        for side in ("clean", "noisy"):
            if item.pair and side in item.tags:
                found[item.pair][side] = result
    twins = [_Twins(t["clean"], t["noisy"]) for t in found.values() if len(t) == 2]
    clean = rate(sum(bool(t.clean and t.clean.passed) for t in twins), len(twins))
    noisy = rate(sum(bool(t.noisy and t.noisy.passed) for t in twins), len(twins))
    alike = sum(_outcome(t.clean) == _outcome(t.noisy) for t in twins)
    drop = round(clean - noisy, 4) if clean is not None and noisy is not None else None
    return {
        "pairs": len(twins),
        "clean": clean,
        "noisy": noisy,
        "drop": drop,
        "same_outcome": rate(alike, len(twins)),
    }


def _outcome(result: Result | None) -> tuple[Any, ...]:
    answer: Mapping[str, Any] = result.answer if result else {}
    cited = sorted({str(c.get("passage")) for c in answer.get("citations") or []})
    share = (answer.get("reimbursement") or {}).get("fund_pays")
    verdict = (answer.get("validity") or {}).get("status")
    papers = [i.get("name") for i in (answer.get("materials") or {}).get("items") or []]
    return answer.get("routes"), share, verdict, papers, cited


def confidence(result: Result) -> float | None:
    """The answer's own confidence, when it gives one between 0 and 1."""
    value = number(result.answer.get("confidence"))
    return float(value) if value is not None and 0 <= value <= 1 else None


def latency(values: Sequence[float]) -> dict[str, float | None]:
    """p50, p95, p99 (nearest rank) and the longest, milliseconds."""
    ordered = sorted(values)

    def rank(share: float) -> float | None:
        return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None

    return {"p50": rank(0.5), "p95": rank(0.95), "p99": rank(0.99), "max": rank(1.0)}
