"""Several bills of one person in words: what they come to together, then each with its working."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from assistant.composing import reimbursement
from assistant.composing.citations import CitationBook
from assistant.composing.part import Part, say
from assistant.text import money, money_range
from assistant.types import MoneyRange, ReimbursementView, StepView
from corpus import Corpus
from rules.bills import Bill, sum_of
from rules.outcome import Reimbursement, Scenario, Span

T = TypeVar("T")
_FILING, _WHICH_STAY = "filing_type", "admission_count"


def answer(bills: Sequence[Bill], corpus: Corpus, book: CitationBook) -> Part:
    """One part for all ``bills``, in the order told."""
    outcomes = [_without_filings(b.outcome) for b in bills]
    parts = [
        reimbursement.answer(outcome, b.facts, corpus, book)
        for outcome, b in zip(outcomes, bills, strict=True)
    ]
    reasons = {b.outcome.reason for b in bills}
    if len(reasons) == 1 and None not in reasons:  # one thing stands in the way of all
        return parts[-1]
    fund = sum_of([b.outcome.fund_pays for b in bills])
    own = sum_of([b.outcome.self_pays for b in bills])
    blocks = [_total(bills, fund, own)]
    for number, (bill, part) in enumerate(zip(bills, parts, strict=True), 1):
        cost = money(bill.facts.total_cost) if bill.facts.total_cost is not None else ""
        blocks += [say("bills", "head", number=number, cost=cost), part.text]
    filings = _filings(bills)
    lines = reimbursement.scenario_lines(filings)
    blocks += [reimbursement.listed(say("bills", "scenarios"), lines)] if lines else []
    views = [p.reimbursement for p in parts if p.reimbursement is not None]
    whole = _view(views, bills, fund, own)
    told = [reimbursement.scenario_view(s) for s in filings]
    return replace(
        parts[-1],
        text="\n\n".join(b for b in blocks if b),
        brief=blocks[0] or parts[-1].brief,
        confidence=min(p.confidence for p in parts),
        reimbursement=whole.model_copy(update={"scenarios": told}),
        missing=tuple(dict.fromkeys(f for p in parts for f in p.missing if f != _WHICH_STAY)),
        conflicts=tuple(c for p in parts for c in p.conflicts),
        sections=tuple(dict.fromkeys(s for p in parts for s in p.sections)),
    )


def _without_filings(outcome: Reimbursement) -> Reimbursement:
    """What each kind of filing would change is told of all bills together."""
    kept = tuple(s for s in outcome.scenarios if s.fact != _FILING)
    return outcome.model_copy(update={"scenarios": kept})


def _filings(bills: Sequence[Bill]) -> tuple[Scenario, ...]:
    """What every kind of filing would make of all bills together."""
    by_bill = [{s.value: s for s in b.outcome.scenarios if s.fact == _FILING} for b in bills]
    found = []
    for value, first in by_bill[0].items():
        same = [scenarios[value] for scenarios in by_bill if value in scenarios]
        fund = sum_of([s.fund_pays for s in same])
        if len(same) == len(bills) and fund is not None:
            own = sum_of([s.self_pays for s in same])
            found.append(first.model_copy(update={"fund_pays": fund, "self_pays": own}))
    return tuple(found)


def _total(bills: Sequence[Bill], fund: Span | None, own: Span | None) -> str:
    if fund is None or own is None:
        return ""
    name = "total_reference" if any(b.outcome.reference for b in bills) else "total"
    return say("bills", name, count=len(bills), fund=_money(fund), self=_money(own))


def _view(
    views: Sequence[ReimbursementView], bills: Sequence[Bill], fund: Span | None, own: Span | None
) -> ReimbursementView:
    """All of them as one: their sums, their steps one after the other, and the adding up."""
    last = views[-1]
    steps = [step for view in views for step in view.steps]
    settlements = {view.settlement for view in views}
    return last.model_copy(
        update={
            "pack": "+".join(dict.fromkeys(v.pack for v in views if v.pack)) or None,
            "settlement": last.settlement if len(settlements) == 1 else "depends",
            "fund_pays": _range(fund),
            "self_pays": _range(own),
            "ratio": last.ratio if len({str(v.ratio) for v in views}) == 1 else None,
            "reason": next((v.reason for v in views if v.reason), None),
            "steps": [*steps, *_adding_up(bills, fund)],
            "causes": _each(v.causes for v in views),
            "assumptions": _each(v.assumptions for v in views),
            "notes": _each(v.notes for v in views),
        }
    )


def _adding_up(bills: Sequence[Bill], fund: Span | None) -> list[StepView]:
    """The last step, for the lowest and for the highest where they differ."""
    if fund is None:
        return []
    ends: tuple[Literal["low", "high"], ...] = ("low", "high")
    lines = []
    for end in ends:
        shares = [getattr(b.outcome.fund_pays, end) for b in bills]
        total = getattr(fund, end)
        text = say("bills", "sum", shares=" + ".join(map(money, shares)), total=money(total))
        variant = None if fund.exact else end
        lines.append(StepView(text=text, result=f"{total:.2f}", variant=variant))
    return lines[:1] if fund.exact else lines


def _each(lists: Iterable[list[T]]) -> list[T]:
    """What the lists hold, each once."""
    found: list[T] = []
    for one in (one for many in lists for one in many):
        found += [one] if one not in found else []
    return found


def _money(span: Span) -> str:
    return money_range(span.low, span.high)


def _range(span: Span | None) -> MoneyRange | None:
    return None if span is None else MoneyRange(low=f"{span.low:.2f}", high=f"{span.high:.2f}")
