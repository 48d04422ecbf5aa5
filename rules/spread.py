"""Every combination computed once: the *points* from which ranges, causes and scenarios are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.branch import Branch, branches
from rules.case import Case
from rules.formula import Result, fund_share, ordinary_ratios
from rules.money import ZERO, ratio
from rules.outcome import Span
from rules.packs import Packs
from rules.plan import Plan, Premise, plans_of
from rules.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Point:
    """One branch in one reading. Without a plan: ``reason`` says why there is no number.

    ``fund`` is None where no cost is known; ``ratios`` None for fixed amounts.
    """

    branch: Branch
    plan: Plan | None = None
    fund: Decimal | None = None
    ratios: tuple[Decimal, Decimal] | None = None
    premises: tuple[Premise, ...] = ()
    reason: str | None = None

    def value_of(self, name: str) -> object:
        """The value of an open fact or of a parameter with readings; None where it plays no part."""
        if name in self.branch.tags:
            return self.branch.tags[name]
        return self.plan.readings.get(name) if self.plan is not None else None

    @property
    def size(self) -> tuple[Decimal, Decimal]:
        """What is compared: the fund's share, or the ratios where there is no cost."""
        if self.fund is not None:
            return self.fund, self.fund
        return self.ratios or (ZERO, ZERO)


def points_of(case: Case, packs: Packs) -> list[Point]:
    """All points of a case, those without a number included, in a fixed order."""
    found: list[Point] = []
    memo: dict[tuple[object, ...], Result] = {}
    silent = Sheet()
    paid = case.facts.paid_this_year or ZERO
    for branch in branches(case, packs):
        options = plans_of(case, branch)
        if options.reason is not None:
            found.append(Point(branch, reason=options.reason))
        for plan in options.plans:
            if case.bill is None:
                ratios = ordinary_ratios(plan)
                fund = plan.fixed.amount if plan.fixed is not None else None
                found.append(Point(branch, plan, fund, ratios, options.premises))
                continue
            key = plan.numbers
            result = memo.get(key)
            if result is None:
                result = memo[key] = fund_share(case.bill, plan, paid, silent)
            found.append(Point(branch, plan, result.fund, result.ratios, options.premises))
    return found


def numbered(points: Iterable[Point]) -> list[Point]:
    return [point for point in points if point.plan is not None]


def fund_span(points: Iterable[Point]) -> Span | None:
    """Lowest and highest fund's share, None where there is none."""
    funds = [point.fund for point in points if point.fund is not None]
    return Span(low=min(funds), high=max(funds)) if funds else None


def self_span(fund: Span | None, total: Decimal | None) -> Span | None:
    """The person's share: the total less the fund's."""
    if fund is None or total is None:
        return None
    return Span(low=total - fund.high, high=total - fund.low)


def ratio_span(points: Sequence[Point]) -> Span | None:
    """Lowest and highest ordinary ratio applied, 0..1; where none was, those that would be."""
    plans = [point.plan for point in points if point.plan is not None]
    ratios = [point.ratios for point in points if point.ratios is not None]
    ratios = ratios or [pair for plan in plans if (pair := ordinary_ratios(plan)) is not None]
    if not ratios:
        return None
    return Span(low=ratio(min(low for low, _ in ratios)), high=ratio(max(hi for _, hi in ratios)))


def width(points: Iterable[Point]) -> Decimal:
    """How far the lowest and the highest of the points lie apart."""
    sizes = [point.size for point in points]
    if not sizes:
        return ZERO
    return max(high for _, high in sizes) - min(low for low, _ in sizes)


def groups(points: Iterable[Point], name: str) -> dict[object, list[Point]]:
    """The points by their value of ``name``, those without one left out; in order of appearance."""
    found: dict[object, list[Point]] = {}
    for point in points:
        value = point.value_of(name)
        if value is not None:
            found.setdefault(value, []).append(point)
    return found


def removes(points: list[Point], name: str) -> Decimal:
    """By how much knowing ``name`` narrows the range, on average over its values."""
    split = groups(points, name)
    if len(split) < 2:
        return ZERO
    average = sum((width(group) for group in split.values()), ZERO) / len(split)
    return width(points) - average


def matters(points: list[Point], name: str) -> bool:
    """Whether the values of ``name`` give different results."""
    ends = {
        (min(point.size[0] for point in group), max(point.size[1] for point in group))
        for group in groups(points, name).values()
    }
    return len(ends) > 1


def readings(points: Iterable[Point], name: str) -> Iterator[object]:
    """The distinct values of ``name``, in order of appearance."""
    return iter(dict.fromkeys(v for p in points if (v := p.value_of(name)) is not None))
