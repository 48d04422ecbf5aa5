"""Recompute printed steps from their strings alone, as a person with a pocket calculator would."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from rules.outcome import Reimbursement, Step

_NOTE = re.compile(r"（.*）$")
_LEAST = re.compile(r"min\(([^()]+), ([^()]+)\)$")


def _number(text: str) -> Decimal:
    """``20,600.00`` or ``77.4%``."""
    plain = text.strip().replace(",", "")
    return Decimal(plain[:-1]) / 100 if plain.endswith("%") else Decimal(plain)


def value(text: str) -> Decimal:
    """The value of the left-hand side."""
    least = _LEAST.match(text)
    if least:
        return min(map(_number, least.groups()))
    if "×" in text:
        left, right = text.split("×")
        return _number(left) * _number(right)
    if "−" in text:
        left, right = text.split("−")
        return _number(left) - _number(right)
    return sum(map(_number, text.split(" + ")), Decimal(0))


def check_step(step: Step) -> None:
    """One line: its operands give its result, and ``result`` is that number."""
    text = _NOTE.sub("", step.text)
    if "≈" in text:
        left, right = text.split("≈")
        assert _number(left).quantize(Decimal("0.01"), ROUND_HALF_UP) == _number(right), step
    else:
        left, right = text.split("=")
        assert value(left.strip()) == _number(right), step
    assert Decimal(step.result) == _number(right), step


def recompute(result: Reimbursement) -> None:
    """Every line is right, and the last line of each variant is the fund's share."""
    assert result.fund_pays is not None
    for step in result.steps:
        check_step(step)
    for variant, amount in (("low", result.fund_pays.low), ("high", result.fund_pays.high)):
        lines = [step for step in result.steps if step.variant in (None, variant)]
        assert lines, "no steps"
        assert Decimal(lines[-1].result) == amount, (variant, lines[-1].text)
