"""A *plan*: one reading of every number that an amount needs, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from rules.cells import Bracket, Item, Sourced
from rules.pack import CutMethod


class Value(NamedTuple):
    """One number (yuan or per cent) and the cell it comes from; None: not from a document."""

    amount: Decimal
    cell: Sourced | None


class Share(NamedTuple):
    """A category's ratio in one reading: paid at it (fixed) or joining the ordinary cost."""

    item: Item
    value: Value
    joins: bool


class Premise(NamedTuple):
    """An assumption not yet put into words: ``text`` is the key of its template."""

    parameter: str
    value: str
    text: str
    passage: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One reading of everything. ``readings``: the parameters that have several, as chosen here."""

    deductible: Value | None
    ratio: Value | None
    bonus: Value | None
    brackets: tuple[Bracket, ...]
    fixed: Value | None
    method: CutMethod | None
    cut: Value | None
    shares: tuple[Share, ...]
    visit_cap: Value | None
    annual_cap: Value | None
    splits: bool
    """The pack has category ratios, so the bill's categories leave the ordinary cost."""
    readings: dict[str, str]

    @property
    def numbers(self) -> tuple[object, ...]:
        """All that decides the amount: plans with the same numbers give the same amount."""
        values = (self.deductible, self.ratio, self.bonus, self.fixed, self.cut)
        caps = (self.visit_cap, self.annual_cap)
        return (
            *(value and value.amount for value in (*values, *caps)),
            *(self.method, id(self.brackets), self.splits),
            tuple((share.item, share.value.amount, share.joins) for share in self.shares),
        )

    @property
    def cells(self) -> Iterator[Sourced]:
        """The cells it rests on, most important first."""
        shares = (share.value for share in self.shares)
        values = (self.ratio, self.fixed, self.deductible, self.bonus, self.cut)
        yield from self.brackets
        for value in (*values, *shares, self.visit_cap, self.annual_cap):
            if value is not None and value.cell is not None:
                yield value.cell
