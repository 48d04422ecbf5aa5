"""What a pack file can say: packs, cuts and ways of settling, each made of :mod:`rules.cells`.

A *pack* holds one region + insurance + care (+ person status). A *cut* is what a filing takes from
the ratio. Nothing here computes.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from rules.cells import (
    BonusCell,
    Bracket,
    Cares,
    Category,
    CutCell,
    Filings,
    Limit,
    MoneyCell,
    RatioCell,
    Strict,
    many,
)
from rules.facts import InsuranceType, PersonStatus

CutMethod = Literal["points", "factor", "prepay"]
Methods = Annotated[tuple[CutMethod, ...], BeforeValidator(many), Field(min_length=1)]


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


class Cut(Strict):
    """What filings take off; several ``methods`` are several readings of one text."""

    label: str
    methods: Methods
    care: Cares | None = None
    insurance: InsuranceType | None = None
    inside_province: bool = False
    """Holds in other cities of the province as well (江苏)."""
    returned: bool = False
    """Only for who filed long-term for another province and is treated back at home (江西)."""
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
