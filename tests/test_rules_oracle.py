"""Random cases in bulk against a second implementation written apart (``rules_oracle.py``)."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rules_cases import TODAY
from rules_oracle import FILINGS, LEVELS, oracle
from rules_steps import recompute

from rules.facts import CostItems, Facts, Region
from rules.regions import find_region
from rules.reimburse import reimburse

_INSURED = (
    *("毕节", "克拉玛依", "张家口", "江西", "南昌", "九江", "咸宁", "河南", "洛阳", "茂名", "北京"),
    *("内蒙古", "包头", "江苏", "南京", "渭南", "咸阳", "太原"),
)
_TREATED = ("武汉", "上海", "南昌", "苏州", "西安", "南京", "北京", "洛阳", "咸阳")


def _region(name: str) -> Region:
    region = find_region(name)
    assert region is not None
    return region


def _maybe(rng: random.Random, values: tuple[Any, ...], chance: float) -> Any:
    return rng.choice(values) if rng.random() < chance else None


def random_facts(rng: random.Random) -> Facts:
    """Facts as people give them: half of the choosing facts missing, costs round or odd."""
    total = Decimal(rng.choice((50, 100, 800, 1300, 3000, 9999, 25000, 120000, 600000)))
    total += Decimal(rng.randrange(0, 10000)) / 100
    parts = {}
    if rng.random() < 0.4:
        for name in ("excluded", "class_b", "high_price_drug", "special_exam"):
            if rng.random() < 0.5:
                parts[name] = (total * rng.randrange(0, 25) / 100).quantize(Decimal("0.01"))
    insured = _maybe(rng, _INSURED, 0.85)
    treated = _maybe(rng, _TREATED, 0.5)
    day = _maybe(rng, (2019, 2020, 2022, 2023, 2024, 2025, 2026), 0.3)
    return Facts(
        insured_region=_region(insured) if insured else None,
        treatment_region=_region(treated) if treated else None,
        same_province=_maybe(rng, (True, False), 0.15),
        insurance_type=_maybe(rng, ("employee", "resident"), 0.7),
        person_status=None,
        care_type=_maybe(
            rng,
            ("inpatient",) * 4 + ("outpatient",) * 4 + ("maternity", "chronic_outpatient"),
            0.85,
        ),
        facility_level=_maybe(rng, LEVELS, 0.6),
        facility_kind=_maybe(rng, ("county_tcm", "top_level3"), 0.1),
        fee_class=_maybe(rng, (1, 2, 3), 0.3),
        filing_type=_maybe(rng, FILINGS, 0.5),
        total_cost=total,
        items=CostItems(**parts),
        deductible=_maybe(rng, (Decimal(300), Decimal(1500)), 0.2),
        admitted_on=date(day, rng.choice((1, 12)), rng.choice((1, 31))) if day else None,
        admission_count=_maybe(rng, (1, 2, 3), 0.2),
        paid_this_year=_maybe(rng, (Decimal(0), Decimal(100), Decimal(1900), Decimal(99000)), 0.3),
        maternity_kind=None,
        family_doctor=_maybe(rng, (True, False), 0.3),
        rural_scheme=_maybe(rng, (True,), 0.08),
        provincial_scheme=_maybe(rng, (True,), 0.15),
    )


def _with_person(facts: Facts, rng: random.Random) -> Facts:
    """Ages, statuses and births only where they fit the rest."""
    changes: dict[str, Any] = {"age": _maybe(rng, (30, 69, 70, 74, 75, 88), 0.3)}
    if facts.insurance_type == "employee":
        changes["person_status"] = _maybe(rng, ("working", "retired"), 0.5)
    if facts.care_type == "maternity":
        kinds = ("natural", "assisted", "induction", "abortion", "caesarean")
        changes["maternity_kind"] = _maybe(rng, kinds, 0.7)
    if facts.rural_scheme:
        changes["insurance_type"] = "resident"
        changes["person_status"] = None
    return facts.model_copy(update=changes)


@pytest.mark.parametrize("seed", range(12))
def test_random_cases_agree(seed: int) -> None:
    rng = random.Random(seed)
    with_amount = 0
    for _ in range(60):
        facts = _with_person(random_facts(rng), rng)
        result = reimburse(facts, TODAY)
        expected = oracle(facts, TODAY)
        found = result.fund_pays and (result.fund_pays.low, result.fund_pays.high)
        assert found == expected, facts.model_dump(exclude_none=True)
        if expected is not None:
            with_amount += 1
            recompute(result)
    assert with_amount > 20
