"""Every combination computed once: the *points* from which ranges, causes and what-ifs are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rules.branch import ORDER, Branch
from rules.case import Case
from rules.formula import Result, fund_share, ordinary_ratios
from rules.money import ZERO, ratio
from rules.outcome import Span
from rules.packs import Packs
from rules.plan import Plan, Premise
from rules.readings import plans_of
from rules.sheet import Sheet
from rules.unfold import branches


@dataclass(frozen=True, slots=True)
class Point:
    """One branch in one reading. Without a plan: ``reason`` says why there is no number.

    ``fund`` is None where no cost is known; ``ratios`` None where no ratio was applied.
    """

    branch: Branch
    plan: Plan | None = None
    fund: Decimal | None = None
    ratios: tuple[Decimal, Decimal] | None = None
    premises: tuple[Premise, ...] = ()
    reason: str | None = None

    def values_of(self, name: str) -> tuple[object, ...]:
        """The values of an open fact or the reading of a parameter; none where it has no part."""
        if name in self.branch.tags:
            return self.branch.tags[name]
        reading = self.plan.readings.get(name) if self.plan is not None else None
        return () if reading is None else (reading,)

    @property
    def size(self) -> tuple[Decimal, Decimal]:
        """What is compared: the fund's share; without a cost the ratios, or the fixed amount."""
        if self.fund is not None:
            return self.fund, self.fund
        if self.ratios is None and self.plan is not None and self.plan.fixed is not None:
            return self.plan.fixed.amount, self.plan.fixed.amount
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
                found.append(Point(branch, plan, None, ratios, options.premises))
                continue
            key = plan.numbers
            result = memo.get(key)
            if result is None:
                result = memo[key] = fund_share(case.bill, plan, paid, silent)
            found.append(Point(branch, plan, result.fund, result.ratios, options.premises))
    return found


Rivals = tuple[object, ...]


class Spread:
    """The points of one case and what can be read from them."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = points
        self.counted = [point for point in points if point.plan is not None]
        self.open_facts = tuple(
            fact for fact in ORDER if any(fact in point.branch.tags for point in points)
        )
        self._groups: dict[str, dict[object, list[Point]]] = {}

    def groups(self, name: str) -> dict[object, list[Point]]:
        """The numbered points by their value of ``name``, in order of appearance."""
        if name not in self._groups:
            self._groups[name] = group(self.counted, name)
        return self._groups[name]

    def readings(self, name: str) -> dict[object, list[Point]]:
        """The readings of a parameter that give different results with all else alike.

        Two kinds of care with a cut each are no two readings of one cut.
        """
        alike: dict[Rivals, list[Point]] = {}
        for point in self.counted:
            alike.setdefault(_all_else(name, point), []).append(point)
        found: dict[object, list[Point]] = {}
        for points in alike.values():
            groups = group(points, name)
            if len({ends(members) for members in groups.values()}) > 1:
                for value, members in groups.items():
                    found.setdefault(value, []).extend(members)
        return found

    def removes(self, name: str) -> Decimal:
        """By how much knowing ``name`` narrows the range, on average over its values."""
        groups = self.groups(name)
        if len(groups) < 2:
            return ZERO
        known = group(self.counted, name, with_others=True)
        return width(self.counted) - sum(map(width, known.values()), ZERO) / len(known)

    def matters(self, name: str) -> bool:
        """Whether the values of ``name`` give different results."""
        return len({ends(points) for points in self.groups(name).values()}) > 1


def _all_else(name: str, point: Point) -> Rivals:
    """The pack and the open facts of a point; the filing is what the cut hangs on."""
    pack, tags = point.branch.pack, point.branch.tags
    apart = (fact for fact in tags.items() if (name, fact[0]) != ("filing_cut", "filing_type"))
    return pack.id if pack else None, *apart


def group(
    points: Sequence[Point], name: str, with_others: bool = False
) -> dict[object, list[Point]]:
    """Points by their values of ``name``; one that stands for several values is in each group.

    ``with_others``: the points that ``name`` does not touch belong to every value, unless the value
    itself rules them out (a person status is an employee's, 三特 is a level3 hospital).
    """
    found: dict[object, list[Point]] = {}
    for point in points:
        for value in point.values_of(name):
            found.setdefault(value, []).append(point)
    if not with_others:
        return found
    others = [p for p in points if not p.values_of(name) and not _ruled_out(name, p)]
    return {value: [*members, *others] for value, members in found.items()}


def _ruled_out(name: str, point: Point) -> bool:
    """Whether any value of ``name`` contradicts the point."""
    if name == "person_status":
        return point.branch.insurance == "resident"
    level = point.branch.known.get("facility_level", "level3")
    return name == "facility_kind" and level != "level3"


def ends(points: Iterable[Point]) -> tuple[Decimal, Decimal]:
    """The lowest and the highest size of some points (at least one)."""
    sizes = [point.size for point in points]
    return min(low for low, _ in sizes), max(high for _, high in sizes)


def width(points: Iterable[Point]) -> Decimal:
    """How far the lowest and the highest of the points lie apart."""
    low, high = ends(points)
    return high - low


def fund_span(points: Iterable[Point]) -> Span | None:
    """Lowest and highest fund's share, None where there is none."""
    funds = [point.fund for point in points if point.fund is not None]
    return Span(low=min(funds), high=max(funds)) if funds else None


def self_span(fund: Span | None, total: Decimal | None) -> Span | None:
    """The person's share: the total less the fund's."""
    if fund is None or total is None:
        return None
    return Span(low=total - fund.high, high=total - fund.low)


def prepaid_span(points: Sequence[Point]) -> Span | None:
    """The share of the cost that is paid first, 0..1; None where no cut works so."""
    shares = [
        point.plan.cut.amount if point.plan.method == "prepay" and point.plan.cut else ZERO
        for point in points
        if point.plan is not None
    ]
    if not any(shares):
        return None
    return Span(low=ratio(min(shares)), high=ratio(max(shares)))


def stated_span(points: Sequence[Point]) -> Span | None:
    """Lowest and highest ordinary ratio before any cut, 0..1."""
    plans = [replace(point.plan, cut=None) for point in points if point.plan is not None]
    ratios = [pair for plan in plans if (pair := ordinary_ratios(plan)) is not None]
    if not ratios:
        return None
    return Span(low=ratio(min(low for low, _ in ratios)), high=ratio(max(hi for _, hi in ratios)))


def ratio_span(points: Sequence[Point]) -> Span | None:
    """Lowest and highest ordinary ratio applied, 0..1; where none was, those that would be."""
    ratios = [point.ratios for point in points if point.ratios is not None]
    if not ratios:
        plans = [point.plan for point in points if point.plan is not None]
        ratios = [pair for plan in plans if (pair := ordinary_ratios(plan)) is not None]
    if not ratios:
        return None
    return Span(low=ratio(min(low for low, _ in ratios)), high=ratio(max(hi for _, hi in ratios)))
