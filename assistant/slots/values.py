"""What reading a message yields: small frozen values with their place in the text. No logic.

``start``/``end`` of mentions count characters of the message as it was typed; those of numbers,
amounts and dates count characters of the text they were read from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

FactValue = object
"""A value of :class:`rules.facts.Facts`: text, number, ``Decimal`` yuan, ``date`` or ``Region``."""

UnclearKind = Literal[
    "amount_role", "amount_range", "malformed_number", "age_range", "impossible_date",
    "day_missing", "date_role", "shared_region", "region_role", "facility_level", "several_values",
]  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A number as written. ``value`` is the exact or leading value, None for a malformed one.

    ``low``/``high`` differ from ``value`` for vague numbers (八千多: 8000, 8000..9000; 四五千:
    None, 4000..5000).
    """

    start: int
    end: int
    surface: str
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    vague: bool = False


@dataclass(frozen=True)
class Amount:
    """Money, yuan unless ``currency`` says otherwise. ``explicit``: a currency word was there."""

    start: int
    end: int
    surface: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    vague: bool = False
    explicit: bool = True
    currency: str = "CNY"


@dataclass(frozen=True)
class Percent:
    """A share in per cent: 百分之八十 is 80, 三成半 is 35."""

    start: int
    end: int
    surface: str
    value: Decimal


@dataclass(frozen=True)
class Duration:
    """A length of time; ``parts`` maps year, month, day, workday, hour, minute, second."""

    start: int
    end: int
    surface: str
    parts: Mapping[str, Decimal]


@dataclass(frozen=True)
class Span:
    """A range of numbers or money, an open end is None."""

    start: int
    end: int
    surface: str
    low: Decimal | None
    high: Decimal | None


Grain = Literal["day", "week", "month", "quarter", "half", "year", "season"]


@dataclass(frozen=True)
class DateSpan:
    """Days ``first``..``last`` (inclusive); both None for a date that does not exist.

    ``yearless``: the text names no year and the nearest past one was taken; ``monthless``: no month
    either (15号). ``approximate``: 三个月前, 前几天, 年底 and the like. ``plural``: a period from
    one date to another. ``named``: the library's name of a day that moves from year to year (春节).
    ``slack``: days from the first to the last that a day told roughly can have been (6月15号左右).
    """

    start: int
    end: int
    surface: str
    first: date | None
    last: date | None
    grain: Grain = "day"
    yearless: bool = False
    monthless: bool = False
    approximate: bool = False
    plural: bool = False
    named: str = ""
    slack: tuple[int, int] | None = None

    @property
    def impossible(self) -> bool:
        return self.first is None


@dataclass(frozen=True)
class Mention:
    """One fact said in the message, with the words that said it."""

    fact: str
    value: FactValue
    start: int
    end: int
    surface: str
    approximate: bool = False


@dataclass(frozen=True)
class Unclear:
    """Something that may be several things and was not guessed; ``candidates`` are the readings.

    ``fact`` is the fact it would fill, where that is known.
    """

    kind: UnclearKind
    surface: str
    start: int
    end: int
    candidates: tuple[FactValue, ...] = ()
    fact: str | None = None


@dataclass(frozen=True)
class Reading:
    """All that one message says. ``facts`` is the patch: fact name to value (``items`` a
    :class:`rules.facts.CostItems` of the parts said); a value of None takes a fact back. ``flags``:
    see ``data/slots/flags.toml``.
    """

    mentions: tuple[Mention, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    flags: frozenset[str] = frozenset()
    amounts: tuple[Amount, ...] = ()
    dates: tuple[DateSpan, ...] = ()
