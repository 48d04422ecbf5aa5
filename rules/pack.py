"""What a pack file can say, as frozen values: numbers with their conditions and their source.

A *pack* holds one region + insurance + care (+ person status). A *cell* is one number (or several
*readings* of it) with conditions: of a parameter, the first cell whose conditions all hold counts.
Percentages are 0..100, money is yuan. A *cut* is what a filing takes from the ratio.
Nothing here computes.
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

CutMethod = Literal["points", "factor", "prepay"]
Item = Literal["class_b", "high_price_drug", "special_exam"]
ITEMS: tuple[Item, ...] = ("class_b", "high_price_drug", "special_exam")
"""The parts of a bill with ratios of their own, in the order in which a deductible reaches them."""

LEVEL_GROUPS = {"level1_and_below": ("village", "township", "community", "unrated", "level1")}
"""Rules, notes to the packs: what "level1 and below" covers."""


def _many(value: object) -> object:
    """One value or a list of them, as a tuple."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _levels(value: object) -> object:
    names = _many(value)
    assert isinstance(names, tuple)
    return tuple(level for name in names for level in LEVEL_GROUPS.get(name, (name,)))


Percent = Annotated[Decimal, Field(ge=0, le=100)]
Yuan = Annotated[Decimal, Field(ge=0)]
Filings = Annotated[tuple[FilingType, ...], BeforeValidator(_many)]
Cares = Annotated[tuple[CareType, ...], BeforeValidator(_many)]
Methods = Annotated[tuple[CutMethod, ...], BeforeValidator(_many), Field(min_length=1)]
Percents = Annotated[tuple[Percent, ...], BeforeValidator(_many), Field(min_length=1)]
Yuans = Annotated[tuple[Yuan, ...], BeforeValidator(_many), Field(min_length=1)]


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


class Note(Strict):
    """A sentence shown with the result: a caveat, or a number that is stated but not computed."""

    text: str = Field(min_length=1)
    passage: str = Field(min_length=1)


class Outside(Strict):
    """Method *table*: deductibles and ratios that replace the pack's outside the province."""

    deductible: tuple[MoneyCell, ...] = ()
    ratio: tuple[RatioCell, ...] = Field(min_length=1)


class Pack(Strict):
    """One region + insurance + care (+ person status). ``insurance`` None: whichever it is."""

    id: str = Field(min_length=1)
    label: str = Field(min_length=1)
    insurance: InsuranceType | None = None
    care: Cares
    status: PersonStatus | None = None
    rural: bool = False
    """Only for who says 新农合."""
    provincial: bool = False
    """Only for who says 省本级."""
    deductible: tuple[MoneyCell, ...] = ()
    deductible_per: Literal["admission", "visit", "year"] = "admission"
    ratio: tuple[RatioCell, ...] = ()
    bonus: tuple[BonusCell, ...] = ()
    brackets: tuple[Bracket, ...] = ()
    categories: tuple[Category, ...] = ()
    fixed: tuple[MoneyCell, ...] = ()
    visit_cap: tuple[MoneyCell, ...] = ()
    annual_cap: tuple[MoneyCell, ...] = ()
    limits: tuple[Limit, ...] = ()
    outside: Outside | None = None
    caveat: str | None = None
    """Why the numbers may not be this region's; shown with every result."""
    notes: tuple[Note, ...] = ()
    conflicts: tuple[str, ...] = ()
    passage: str = Field(min_length=1)

    @model_validator(mode="after")
    def _one_formula(self) -> Pack:
        if sum(map(bool, (self.ratio, self.brackets, self.fixed))) > 1:
            raise ValueError("at most one of ratio, brackets, fixed")
        if self.brackets and (
            self.brackets[-1].up_to is not None
            or any(part.up_to is None for part in self.brackets[:-1])
        ):
            raise ValueError("every bracket but the last has up_to")
        return self

    @property
    def spoken(self) -> str:
        """The label inside a sentence: 毕节居民住院."""
        return self.label.replace(" · ", "")

    @property
    def has_numbers(self) -> bool:
        """False where the documents state no ratio and no fixed amount at all."""
        return bool(self.ratio or self.brackets or self.fixed)


class CutCell(Cell):
    """What one kind of filing takes off, in the cut's unit. ``note``: said wherever it counts."""

    percent: Percents
    note: str | None = None


class Cut(Strict):
    """What filings take off; several ``methods`` are several readings of one text."""

    label: str
    methods: Methods
    care: Cares | None = None
    insurance: InsuranceType | None = None
    inside_province: bool = False
    """Holds in other cities of the province as well (江苏)."""
    rows: tuple[CutCell, ...] = Field(min_length=1)
    notes: tuple[Note, ...] = ()


class Settlement(Strict):
    """How a filing is settled outside the province, and where the sources disagree about it."""

    filing: Filings
    way: Literal["direct", "manual"]
    conflicts: tuple[str, ...] = ()


class PackFile(Strict):
    """One file. ``region`` None: of no region (reference, rural scheme, national rows)."""

    name: str
    region: str | None = None
    owner: str = Field(min_length=1)
    review_by: date
    pack: tuple[Pack, ...] = ()
    cut: tuple[Cut, ...] = ()
    settlement: tuple[Settlement, ...] = ()
    inside_conflicts: tuple[str, ...] = ()
    """Where the sources disagree about care inside the province."""
