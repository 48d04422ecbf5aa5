"""Several bills of one person: each computed after those before it in its year.

Which stay of the year it is, and what the fund paid before, follow from the bills themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.facts import Facts
from rules.money import ZERO
from rules.outcome import Reimbursement, Span
from rules.packs import Packs
from rules.reimburse import reimburse


@dataclass(frozen=True)
class Bill:
    """``facts`` with what the bills before it tell, and its ``outcome``."""

    facts: Facts
    outcome: Reimbursement


def reimburse_each(
    bills: Sequence[Facts], today: date, packs: Packs | None = None
) -> tuple[Bill, ...]:
    """Every bill in the order told. Raises :class:`rules.errors.InputError`."""
    done: dict[int, Bill] = {}
    for at in _in_time(bills):
        facts = bills[at]
        earlier = [bill for bill in done.values() if _same_account(bill.facts, facts, today)]
        after = facts.model_copy(update=_told_by(earlier, facts))
        done[at] = Bill(after, reimburse(after, today, packs))
    return tuple(done[at] for at in range(len(bills)))


def sum_of(spans: Sequence[Span | None]) -> Span | None:
    """All together; None where one of them is not known."""
    known = [span for span in spans if span is not None]
    if len(known) < len(spans):
        return None
    return Span(low=sum((s.low for s in known), ZERO), high=sum((s.high for s in known), ZERO))


def _in_time(bills: Sequence[Facts]) -> list[int]:
    """By their days where each has one, else in the order told."""
    days = [_day(facts) for facts in bills]
    told = [day for day in days if day is not None]
    order = list(range(len(bills)))
    return sorted(order, key=lambda at: told[at]) if len(told) == len(bills) else order


def _day(facts: Facts) -> date | None:
    return facts.discharged_on or facts.admitted_on


def _same_account(one: Facts, other: Facts, today: date) -> bool:
    """The same kind of care in the same year, on one annual deductible and cap."""
    years = {(_day(facts) or today).year for facts in (one, other)}
    return one.care_type == other.care_type and len(years) == 1


def _told_by(earlier: Sequence[Bill], facts: Facts) -> dict[str, object]:
    """The number of the stay and what was paid in the year before it, where none was said."""
    told: dict[str, object] = {}
    if facts.care_type == "inpatient" and facts.admission_count is None and earlier:
        told["admission_count"] = 1 + max(
            len(earlier), *(bill.facts.admission_count or 1 for bill in earlier)
        )
    paid = _paid(earlier)
    if facts.paid_this_year is None and paid > ZERO:
        told["paid_this_year"] = paid
    return told


def _paid(earlier: Sequence[Bill]) -> Decimal:
    """What the fund paid at least; a bill said to come after others holds theirs already."""
    before = max((bill.facts.paid_this_year or ZERO for bill in earlier), default=ZERO)
    last = earlier[-1].outcome.fund_pays if earlier else None
    return before + (last.low if last else ZERO)
