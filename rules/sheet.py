"""A sheet of arithmetic: each operation computes and, when recording, writes one checkable line.

Every line is ``operands = result（note）`` with enough decimals to be recomputed exactly; only the
last rounding is written with ≈. Notes come from ``texts.toml``.
"""

from __future__ import annotations

from decimal import Decimal

from rules.branch import Known
from rules.cells import Sourced
from rules.money import HUNDRED, at_cents, percent, ratio, share, short_yuan, to_cents, yuan
from rules.outcome import Step
from rules.texts import say
from rules.words import describe


class Sheet:
    """``record`` False: computes only. ``known``: the facts that tell which cell was taken."""

    def __init__(self, record: bool = False, known: Known | None = None) -> None:
        self.steps: list[Step] | None = [] if record else None
        self._known = known or {}

    def _write(
        self, text: str, result: Decimal, note: str, cell: Sourced | None, **values: object
    ) -> None:
        if self.steps is None:
            return
        shown = {k: short_yuan(v) if isinstance(v, Decimal) else v for k, v in values.items()}
        words = say(f"step.{note}", what=describe(cell, self._known), **shown)
        passage = cell.passage if cell is not None else None
        self.steps.append(Step(text=f"{text}（{words}）", result=f"{result:f}", passage=passage))

    def minus(
        self, a: Decimal, b: Decimal, note: str, cell: Sourced | None = None, **values: object
    ) -> Decimal:
        """Yuan less yuan."""
        c = a - b
        if self.steps is not None:
            text = f"{yuan(a)} − {yuan(b)} = {yuan(c)}"
            self._write(text, at_cents(c), note, cell, **values)
        return c

    def plus(self, amounts: list[Decimal], note: str) -> Decimal:
        """The sum of several amounts, yuan."""
        total = sum(amounts, Decimal(0))
        if self.steps is not None and len(amounts) > 1:
            text = f"{' + '.join(map(yuan, amounts))} = {yuan(total)}"
            self._write(text, at_cents(total), note, None)
        return total

    def times(
        self, amount: Decimal, rate: Decimal, note: str, cell: Sourced | None, **values: object
    ) -> Decimal:
        """Yuan times per cent."""
        result = amount * share(rate)
        if self.steps is not None:
            text = f"{yuan(amount)} × {percent(rate)} = {yuan(result)}"
            self._write(text, at_cents(result), note, cell, **values)
        return result

    def least(
        self, a: Decimal, b: Decimal, note: str, cell: Sourced | None = None, **values: object
    ) -> Decimal:
        """The smaller of two amounts, yuan."""
        result = min(a, b)
        if self.steps is not None:
            text = f"min({yuan(a)}, {yuan(b)}) = {yuan(result)}"
            self._write(text, at_cents(result), note, cell, **values)
        return result

    def rate_plus(self, a: Decimal, b: Decimal, note: str, cell: Sourced | None) -> Decimal:
        """Per cent plus percentage points."""
        result = a + b
        if self.steps is not None:
            text = f"{percent(a)} + {percent(b)} = {percent(result)}"
            self._write(text, ratio(result), note, cell)
        return result

    def rate_minus(self, a: Decimal, points: Decimal, note: str, cell: Sourced | None) -> Decimal:
        """Per cent less percentage points, never below 0."""
        taken = min(a, points)
        result = a - taken
        if self.steps is not None:
            text = f"{percent(a)} − {percent(taken)} = {percent(result)}"
            self._write(text, ratio(result), note, cell, points=percent(points)[:-1])
        return result

    def rate_times(self, a: Decimal, factor: Decimal, note: str, cell: Sourced | None) -> Decimal:
        """Per cent times what is left of 100% after ``factor`` per cent."""
        kept = HUNDRED - factor
        result = a * share(kept)
        if self.steps is not None:
            text = f"{percent(a)} × {percent(kept)} = {percent(result)}"
            self._write(text, ratio(result), note, cell, points=percent(factor))
        return result

    def rounded(self, amount: Decimal) -> Decimal:
        """Half up to 分; written only where it changes the value."""
        result = to_cents(amount)
        if self.steps is not None and result != amount:
            self._write(f"{yuan(amount)} ≈ {yuan(result)}", result, "rounded", None)
        return result
