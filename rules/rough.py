"""A bill said as a range (两三万): the results of its two ends as one. Computes nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from rules.money import plain, short_yuan
from rules.outcome import Cause, Reason, Reimbursement, Scenario, Span, Step
from rules.texts import say

T = TypeVar("T")


def between(
    first: Reimbursement, last: Reimbursement, low: Decimal, high: Decimal
) -> Reimbursement:
    """``first`` for the cost ``low`` and ``last`` for ``high``, the same case otherwise."""
    why = Cause(
        parameter="total_cost",
        readings=(plain(low), plain(high)),
        unit="yuan",
        why=say("cause.total_cost"),
    )
    differs = first.fund_pays != last.fund_pays or first.self_pays != last.self_pays
    return first.model_copy(
        update={
            "fund_pays": _from_to(first.fund_pays, last.fund_pays),
            "self_pays": _from_to(first.self_pays, last.self_pays),
            "ratio": _from_to(first.ratio, last.ratio),
            "steps": (*_end(first, "low"), *_end(last, "high")),
            "causes": (*((why,) if differs else ()), *_of_both(first.causes, last.causes)),
            "assumptions": _of_both(first.assumptions, last.assumptions),
            "scenarios": tuple(map(_scenario, first.scenarios, last.scenarios)),
            "missing": _of_both(first.missing, last.missing),
            "notes": (_note(low, high), *_of_both(first.notes, last.notes)),
            "passages": _of_both(first.passages, last.passages),
            "conflicts": _of_both(first.conflicts, last.conflicts),
        }
    )


def _note(low: Decimal, high: Decimal) -> Reason:
    text = say("note.rough_range", low=short_yuan(low), high=short_yuan(high))
    return Reason(text=text, kind="rough")


def _end(outcome: Reimbursement, end: str) -> Iterable[Step]:
    """The working of the lowest or the highest combination, whole."""
    for step in outcome.steps:
        if step.variant in (None, end):
            yield step.model_copy(update={"variant": end})


def _scenario(first: Scenario, last: Scenario) -> Scenario:
    return first.model_copy(
        update={
            "fund_pays": _from_to(first.fund_pays, last.fund_pays),
            "self_pays": _from_to(first.self_pays, last.self_pays),
            "ratio": _from_to(first.ratio, last.ratio),
        }
    )


def _from_to(first: Span | None, last: Span | None) -> Span | None:
    if first is None or last is None:
        return None
    return Span(low=min(first.low, last.low), high=max(first.high, last.high))


def _of_both(first: Iterable[T], last: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *last)))
