"""The facts of one person's case: the input of every rule, and the ``facts`` of every answer.

Money is ``Decimal`` yuan, dates are ``datetime.date``, ages are years, counts are whole numbers.
A fact that was not said is ``None``; nothing is defaulted here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

InsuranceType = Literal["employee", "resident"]
PersonStatus = Literal["working", "retired"]
CareType = Literal["inpatient", "outpatient", "chronic_outpatient", "maternity"]
FacilityLevel = Literal["village", "township", "community", "unrated", "level1", "level2", "level3"]
FacilityKind = Literal["county", "county_tcm", "top_level3", "ordinary"]
FilingType = Literal[
    "retiree_resettled",
    "long_term_resident",
    "posted_worker",
    "referral",
    "emergency",
    "temporary",
    "none",
]
FilingChannel = Literal["online", "telephone", "window"]
Stay = Literal["not_admitted", "in_hospital", "discharged"]
MaternityKind = Literal["natural", "assisted", "induction", "abortion", "caesarean"]

LONG_TERM_FILINGS: frozenset[str] = frozenset(
    {"retiree_resettled", "long_term_resident", "posted_worker"}
)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Region(_Frozen):
    """A province, prefecture or directly administered county.

    ``code``: GB/T 2260 without trailing zeros (``52`` 贵州省, ``5205`` 毕节市, ``429004`` 仙桃市; a
    municipality is its own province: ``11`` 北京市). ``name``, ``province``: full official names.
    """

    code: str
    name: str
    province: str

    @property
    def is_province(self) -> bool:
        """True for a whole province or a municipality."""
        return len(self.code) == 2


class CostItems(_Frozen):
    """Parts of the total cost, yuan. ``excluded`` (丙类, 自费, 目录外) is never reimbursed."""

    class_b: Decimal | None = None
    high_price_drug: Decimal | None = None
    special_exam: Decimal | None = None
    excluded: Decimal | None = None


class Facts(_Frozen):
    """Everything known of one case. Names and values follow the contract; ``None`` = not said."""

    insured_region: Region | None = None
    treatment_region: Region | None = None
    same_province: bool | None = None
    """Said or derived: care inside the insured province (True), outside (False: 跨省, 外地 …)."""
    insurance_type: InsuranceType | None = None
    person_status: PersonStatus | None = None
    age: int | None = None
    care_type: CareType | None = None
    facility_level: FacilityLevel | None = None
    fee_class: Literal[1, 2, 3] | None = None
    filed_region: Region | None = None
    filing_type: FilingType | None = None
    """``none`` = nothing was filed. ``None`` with ``filed_on`` set = filed, kind not said."""
    total_cost: Decimal | None = None
    items: CostItems = CostItems()
    deductible: Decimal | None = None
    filed_on: date | None = None
    cancelled_on: date | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None
    admission_count: int | None = None
    paid_this_year: Decimal | None = None
    # Facts beyond the contract's list.
    rough_cost: Decimal | None = None
    """The cost was said roughly: it lies between ``total_cost`` and this (the same: about that)."""
    filed: bool | None = None
    """True when the person said that something was filed, whatever kind and day."""
    treatment_county: str | None = None
    """The county named, official name, where the region is its city (义乌市 of 金华市)."""
    filed_county: str | None = None
    filed_late: bool | None = None
    """True when the person said that the filing came after the admission, days or not."""
    filed_after_stay: bool | None = None
    """True when the person said that the filing came after the discharge, days or not."""
    cancelled: bool | None = None
    """True when the person said that the filing was cancelled, its day or not."""
    filing_channel: FilingChannel | None = None
    filed_by: date | None = None
    """Last day it can have been when only a period was said (6月份备的); ``filed_on`` is its first.
    The same for the three below."""
    cancelled_by: date | None = None
    admitted_by: date | None = None
    discharged_by: date | None = None
    stay: Stay | None = None
    self_paid: bool | None = None
    """The bill was paid out of pocket already."""
    emergency: bool | None = None
    maternity_kind: MaternityKind | None = None
    facility_kind: FacilityKind | None = None
    rural_scheme: bool | None = None
    """新农合 was said (only the rural packs ask for it; otherwise it is ``resident``)."""
    provincial_scheme: bool | None = None
    """省本级 was said."""
    family_doctor: bool | None = None
    disease: str | None = None
    further_diseases: int | None = None
    multiple_filings: bool | None = None
    """Files in several places at once (no letter of commitment then)."""
