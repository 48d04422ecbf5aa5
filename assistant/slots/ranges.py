"""Ranges of money: 3万到5万, 四五千块, 十几块, 3.04块以上, 不到5000元."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from assistant.slots.money import TO, candidates
from assistant.slots.values import Amount, Span

_LEAST_AFTER = re.compile(r"\s?(?:及|或)?(?:以上|往上|起步|开外)")
_MOST_AFTER = re.compile(r"\s?(?:及|或)?(?:以下|以内|之内|不到)")
_LEAST_BEFORE = re.compile(r"(?:超过了?|大于|多于|高于|不低于|至少|≥|>=?|> =)\s?[是有要]?\s?$")
_MOST_BEFORE = re.compile(
    r"(?:不到|不超过|小于|低于|少于|至多|最多|不足|≤|<=?|< =)\s?[是有要]?\s?$"
)


def ranges(text: str) -> tuple[Span, ...]:
    """Every range of yuan in ``text``; an open end is None."""
    spans = []
    for amount in joined(text, [a for a in candidates(text) if a.currency == "CNY"]):
        bound = None if amount.value is None else _bound(text, amount)
        if bound:
            spans.append(bound)
        elif amount.vague:
            surface = text[amount.start : amount.end]
            spans.append(Span(amount.start, amount.end, surface, amount.low, amount.high))
    return tuple(spans)


def joined(text: str, found: list[Amount]) -> list[Amount]:
    """``found`` with 3万到5万 as one vague amount from 3万 to 5万."""
    out: list[Amount] = []
    for amount in found:
        last = out[-1] if out else None
        if last and last.low is not None and amount.high is not None:
            gap = TO.fullmatch(text, last.end, amount.start)
            if gap and last.low < amount.high and last.value is not None:
                out[-1] = replace(
                    last,
                    end=amount.end,
                    surface=text[last.start : amount.end],
                    value=None,
                    high=amount.high,
                    vague=True,
                    explicit=amount.explicit,
                )
                continue
        out.append(amount)
    return out


def _bound(text: str, one: Amount) -> Span | None:
    low_high: tuple[Decimal | None, Decimal | None]
    for pattern in (_LEAST_AFTER, _MOST_AFTER):
        after = pattern.match(text, one.end)
        if after:
            low_high = (one.value, None) if pattern is _LEAST_AFTER else (None, one.value)
            return Span(one.start, after.end(), text[one.start : after.end()], *low_high)
    for pattern in (_LEAST_BEFORE, _MOST_BEFORE):
        before = pattern.search(text, max(0, one.start - 8), one.start)
        if before:
            low_high = (one.value, None) if pattern is _LEAST_BEFORE else (None, one.value)
            return Span(before.start(), one.end, text[before.start() : one.end], *low_high)
    return None
