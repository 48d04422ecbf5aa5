"""What a message is read against: today, the open case, and the question asked back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.facts import Facts

DATE_FACTS = ("filed_on", "cancelled_on", "admitted_on", "discharged_on")
MONEY_FACTS = (
    "total_cost",
    "items.excluded",
    "items.class_b",
    "items.high_price_drug",
    "items.special_exam",
    "deductible",
    "paid_this_year",
)


@dataclass(frozen=True)
class Setting:
    """The turn in which a message is said.

    ``begun``: the stay has begun or ended; ``planned``: it is to come. ``amends``: the message
    corrects what was said, or asks what if. ``expecting``: the fact asked for last. ``to_file``:
    the day of a filing that it names is still to come. ``late``: the filing came after the
    admission. ``unfiled``: the message says that nothing was filed; ``not_filed``: the places of
    its words for that, which give no day a filing.
    """

    today: date
    known: Facts
    begun: bool
    planned: bool
    amends: bool
    expecting: str | None
    to_file: bool = False
    late: bool = False
    unfiled: bool = False
    not_filed: tuple[tuple[int, int], ...] = ()

    @property
    def known_days(self) -> dict[str, date]:
        """The days of the open case by event."""
        return {r: day for r in DATE_FACTS if (day := getattr(self.known, r)) is not None}
