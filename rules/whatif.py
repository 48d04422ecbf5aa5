"""What would change the result: every filing side by side, the missing facts by effect."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from rules.case import Case
from rules.check import check_input
from rules.facts import Facts
from rules.outcome import Scenario
from rules.packs import Packs, load_packs
from rules.reimburse import filing_scenarios, reimburse
from rules.spread import Spread, points_of


class Effect(NamedTuple):
    """``removes``: by how much knowing ``fact`` narrows the range, on average over its values.

    ``unit``: ``yuan``, or ``point`` (percentage points of the ratio) where no cost is known. 0: the
    fact changes the result another way (another pack, an assumption, the way of settling).
    """

    fact: str
    removes: Decimal
    unit: Literal["yuan", "point"]


def filing_table(facts: Facts, today: date, packs: Packs | None = None) -> tuple[Scenario, ...]:
    """The same bill with each kind of filing: fund, person, ratio and way of settling.

    Care whose place is not known is taken to be in another province; inside the insured province
    the table is empty where the filing makes no difference. Raises
    :class:`rules.errors.InputError`.
    """
    check_input(facts, today)
    return filing_scenarios(Case.of(facts, today), packs or load_packs())


def effects(facts: Facts, today: date, packs: Packs | None = None) -> tuple[Effect, ...]:
    """The missing facts with what each would remove, largest first (the insured region ahead)."""
    packs = packs or load_packs()
    order = reimburse(facts, today, packs).missing
    spread = Spread(points_of(Case.of(facts, today), packs))
    unit: Literal["yuan", "point"] = "point" if facts.total_cost is None else "yuan"
    return tuple(Effect(fact, spread.removes(fact), unit) for fact in order)


def sharpen(facts: Facts, today: date, packs: Packs | None = None) -> tuple[str, ...]:
    """The names of the missing facts, the one that would sharpen or change most first."""
    return tuple(effect.fact for effect in effects(facts, today, packs))
