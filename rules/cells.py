"""The numbers of a pack file as frozen values: each with its conditions, source and dating.

A *cell* is one number, or several *readings* of it, with conditions: of a parameter, the first cell
whose conditions all hold counts. Percentages are 0..100, money is yuan. Nothing here computes.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rules.facts import (
    CareType,
    FacilityKind,
    FacilityLevel,
    FilingType,
    InsuranceType,
    MaternityKind,
    PersonStatus,
)

Item = Literal["class_b", "high_price_drug", "special_exam"]
ITEMS: tuple[Item, ...] = ("class_b", "high_price_drug", "special_exam")
"""The parts of a bill with ratios of their own, in the order in which a deductible reaches them."""

LEVEL_GROUPS = {"level1_and_below": ("village", "township", "community", "unrated", "level1")}
"""Rules, notes to the packs: what "level1 and below" covers."""


def many(value: object) -> object:
    """One value or a list of them, as a tuple."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _levels(value: object) -> object:
    names = many(value)
    assert isinstance(names, tuple)
    return tuple(level for name in names for level in LEVEL_GROUPS.get(name, (name,)))


Percent = Annotated[Decimal, Field(ge=0, le=100)]
Yuan = Annotated[Decimal, Field(ge=0)]
Filings = Annotated[tuple[FilingType, ...], BeforeValidator(many)]
Cares = Annotated[tuple[CareType, ...], BeforeValidator(many)]
Percents = Annotated[tuple[Percent, ...], BeforeValidator(many), Field(min_length=1)]
Yuans = Annotated[tuple[Yuan, ...], BeforeValidator(many), Field(min_length=1)]


class Strict(BaseModel):
    """Frozen; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Strict):
    """A value's source and the time it speaks of: exactly one of the three ways of dating."""

    passage: str = Field(min_length=1)
    checked: date
    since: date | None = None
    """In force from this day, by the document itself."""
    stated_for: int | None = None
    """The document says this year and no other."""
    undated: bool = False
    """The document carries no date; ``seen`` is the year in which it was read."""
    seen: int | None = None

    @model_validator(mode="after")
    def _dated(self) -> Sourced:
        ways = (self.since is not None, self.stated_for is not None, self.undated)
        if sum(ways) != 1:
            raise ValueError("exactly one of since, stated_for, undated")
        return self

    def covers(self, day: date) -> bool:
        """Rules, Dates: no number for care before the stated start or year."""
        if self.since is not None:
            return day >= self.since
        return self.stated_for is None or day.year >= self.stated_for

    def confirmed(self, day: date) -> bool:
        """False where the value is used past its stated year or has no date at all."""
        return not self.undated and (self.stated_for is None or day.year <= self.stated_for)


class Cell(Sourced):
    """Conditions under which a number holds; one that is not given holds always."""

    level: Annotated[tuple[FacilityLevel, ...], BeforeValidator(_levels)] | None = None
    kind: FacilityKind | None = None
    fee_class: Literal[1, 2, 3] | None = None
    status: PersonStatus | None = None
    age_from: int | None = None
    age_to: int | None = None
    admission: Literal["first", "later"] | None = None
    filing: Filings | None = None
    maternity: MaternityKind | None = None
    family_doctor: bool | None = None
    insurance: InsuranceType | None = None
    care: Cares | None = None

    @cached_property
    def conditions(self) -> tuple[tuple[str, Container[Any]], ...]:
        """Fact names with the values they may have here."""
        simple: Iterable[tuple[str, object]] = (
            ("facility_kind", self.kind),
            ("fee_class", self.fee_class),
            ("person_status", self.status),
            ("admission", self.admission),
            ("maternity_kind", self.maternity),
            ("family_doctor", self.family_doctor),
            ("insurance_type", self.insurance),
        )
        found: list[tuple[str, Container[Any]]] = [
            (fact, (value,)) for fact, value in simple if value is not None
        ]
        for fact, values in (
            ("facility_level", self.level),
            ("filing_type", self.filing),
            ("care_type", self.care),
        ):
            if values is not None:
                found.append((fact, values))
        if self.age_from is not None or self.age_to is not None:
            end = None if self.age_to is None else self.age_to + 1
            found.append(("age", Ages(self.age_from or 0, end)))
        return tuple(found)


class Ages(Container[int]):
    """From ``first`` (included) to ``end`` (not included; None: no end)."""

    def __init__(self, first: int, end: int | None) -> None:
        self.first = first
        self.end = end

    def __contains__(self, age: object) -> bool:
        return isinstance(age, int) and self.first <= age and (self.end is None or age < self.end)


class MoneyCell(Cell):
    """A deductible, a cap or a fixed amount."""

    yuan: Yuans


class RatioCell(Cell):
    """A payment ratio; ``not_covered``: the document says that this is not paid at all."""

    percent: Percents = ()
    not_covered: bool = False

    @model_validator(mode="after")
    def _one(self) -> RatioCell:
        if bool(self.percent) == self.not_covered:
            raise ValueError("exactly one of percent, not_covered")
        return self

    @property
    def readings(self) -> tuple[Decimal, ...]:
        return self.percent or (Decimal(0),)


class BonusCell(Cell):
    """Percentage points added to the ratio (渭南: retired +2)."""

    points: Percent


class Bracket(Sourced):
    """A ratio for the part of the ordinary cost up to ``up_to`` (None: without end)."""

    up_to: Yuan | None = None
    percent: Percent


class Category(Sourced):
    """The ratio of one category; both readings (fixed, included) are always computed."""

    item: Item
    percent: Percent
    conflicts: tuple[str, ...] = ()


class Limit(Sourced):
    """A disease's annual limit; a further disease adds one of ``further``. A note, no amount."""

    disease: str
    names: tuple[str, ...] = ()
    yuan: Yuan
    further: Yuans


class CutCell(Cell):
    """What one kind of filing takes off, in the cut's unit. ``note``: said wherever it counts."""

    percent: Percents
    note: str | None = None
