"""What the rules answer: frozen values that carry their evidence.

``passage`` is the id of a corpus section; the caller turns it into a citation. Money is ``Decimal``
yuan with two places. All Chinese text comes from ``rules/texts.toml`` and the packs.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

Settlement = Literal["direct", "manual", "depends"]
ValidityStatus = Literal[
    "valid",
    "expired",
    "depends",
    "late",
    "can_file_late",
    "file_first",
    "manual_only",
    "not_needed",
    "deemed_filed",
    "wrong_region",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Frozen):
    """Lowest and highest value over all combinations of readings (equal when exact)."""

    low: Decimal
    high: Decimal

    @property
    def exact(self) -> bool:
        return self.low == self.high


class Step(_Frozen):
    """One operation with its operands, checkable with a pocket calculator.

    ``text`` like ``20,600.00 − 600.00 = 20,000.00（起付线）``; ``result`` the plain decimal.
    ``variant`` names the reading the step belongs to (``low``/``high``/None for both).
    """

    text: str
    result: str
    passage: str | None = None
    variant: Literal["low", "high"] | None = None


class Cause(_Frozen):
    """Why the result is a range: one parameter with several readings."""

    parameter: str
    readings: tuple[str, ...]
    unit: str | None = None
    why: str
    passage: str | None = None


class Assumption(_Frozen):
    parameter: str
    value: str
    text: str
    passage: str | None = None


class Scenario(_Frozen):
    """The same case with one fact set to ``value``. Amounts are None with a ``reason``."""

    fact: str
    value: str
    label: str
    fund_pays: Span | None = None
    self_pays: Span | None = None
    ratio: Span | None = None
    prepaid: Span | None = None
    settlement: Settlement | None = None
    reason: str | None = None


class Reimbursement(_Frozen):
    """The fund's share of one bill. ``ratio`` is the payment ratio(s) applied, 0..1.

    ``prepaid``: the share of the cost that is paid first and not reimbursed, 0..1, where a region
    cuts so. ``stated_ratio``: the ratio before any cut, told where no cost is known.
    ``reason`` is set exactly when no amount is given. ``reference``: the pack of no named region
    was used. ``missing``: facts that would sharpen the result, largest effect first.
    ``passages``: every section the result rests on, most important first. ``notes``: caveats and
    notes of the pack that the answer must show.
    """

    pack: str | None
    pack_label: str | None = None
    reference: bool = False
    settlement: Settlement | None
    fund_pays: Span | None
    self_pays: Span | None
    ratio: Span | None
    prepaid: Span | None = None
    stated_ratio: Span | None = None
    reason: str | None = None
    steps: tuple[Step, ...] = ()
    causes: tuple[Cause, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[Reason, ...] = ()
    passages: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    """Ids of corpus conflicts that bear on the result."""


class Reason(_Frozen):
    """A sentence for the reader. ``kind``: ``caveat`` doubts the figures, ``reference`` says that
    the place has none of its own, ``left_out`` what no amount holds, ``own_cut`` what the region
    itself says of care away, ``inside`` of care elsewhere in its province, ``rough`` that the cost
    was said roughly; else a plain note."""

    text: str
    passage: str | None = None
    kind: Literal["note", "caveat", "reference", "left_out", "own_cut", "inside", "rough"] = "note"


class Validity(_Frozen):
    """The verdict on one filing or stay; dates inclusive."""

    status: ValidityStatus
    settlement: Settlement | None
    valid_from: date | None = None
    certain_until: date | None = None
    possible_until: date | None = None
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


class MaterialItem(_Frozen):
    """One paper under its official name; ``one_of``: items of one group are alternatives.

    ``extra``: needed only by those whom ``condition`` names. ``same_as``: counts as that paper
    where lists are joined.
    """

    name: str
    one_of: str | None = None
    copies: str | None = None
    condition: str | None = None
    passage: str
    extra: bool = False
    same_as: str | None = None


class Materials(_Frozen):
    """``joined``: the union of several lists, each paper's case named."""

    scenario: str
    title: str
    items: tuple[MaterialItem, ...]
    notes: tuple[Reason, ...] = ()
    passages: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    joined: bool = False


class ReviewWindow(_Frozen):
    """When a filing handed in on ``submitted``, or until ``submitted_by``, can be used.

    ``calendar_known`` False: weekdays only.
    """

    submitted: date
    submitted_by: date | None = None
    earliest: date
    latest: date
    calendar_known: bool
    reasons: tuple[Reason, ...] = ()


Reimbursement.model_rebuild()
