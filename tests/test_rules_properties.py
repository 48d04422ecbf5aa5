"""What holds for every case: shares add up, ranges contain what they promise, caps hold."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from rules_cases import TODAY
from test_rules_oracle import _with_person, random_facts

from rules.case import Case
from rules.cells import RatioCell
from rules.facts import CostItems, Facts
from rules.outcome import Reimbursement, Span
from rules.packs import Packs, load_packs
from rules.reimburse import reimburse
from rules.whatif import filing_table, sharpen

_NOT_RANGES = {"insured_region", "total_cost", "admission_count"}
_TYPES: dict[str, Any] = {"fee_class": int, "family_doctor": lambda value: value == "true"}

cases = st.integers(0, 10**9).map(lambda seed: _case(seed))
money = st.decimals(Decimal("0.01"), Decimal(900000), places=2)


def _case(seed: int) -> Facts:
    rng = random.Random(seed)
    return _with_person(random_facts(rng), rng)


def _inside(inner: Span | None, outer: Span | None) -> bool:
    if inner is None:
        return True
    return outer is not None and outer.low <= inner.low and inner.high <= outer.high


@given(cases)
@settings(max_examples=150, deadline=None)
def test_shares_add_up_and_stay_within_the_cost(facts: Facts) -> None:
    result = reimburse(facts, TODAY)
    cost = facts.total_cost or Decimal(0)
    lines = [(result.fund_pays, result.self_pays)]
    lines += [(line.fund_pays, line.self_pays) for line in result.scenarios]
    for fund, own in lines:
        assert (fund is None) == (own is None)
        if fund is not None and own is not None:
            assert 0 <= fund.low <= fund.high <= cost - (facts.items.excluded or 0)
            assert fund.low + own.high == fund.high + own.low == cost


@given(cases)
@settings(max_examples=150, deadline=None)
def test_an_amount_or_a_reason_never_both(facts: Facts) -> None:
    result = reimburse(facts, TODAY)
    assert (result.fund_pays is None) == (result.reason is not None)
    for line in result.scenarios:
        assert (line.fund_pays is None) == (line.reason is not None)


@given(cases, money)
@settings(max_examples=150, deadline=None)
def test_more_cost_never_pays_less(facts: Facts, more: Decimal) -> None:
    less = reimburse(facts, TODAY)
    dearer = reimburse(
        facts.model_copy(update={"total_cost": (facts.total_cost or Decimal(0)) + more}), TODAY
    )
    if less.fund_pays is not None:
        assert dearer.fund_pays is not None
        assert dearer.fund_pays.low >= less.fund_pays.low
        assert dearer.fund_pays.high >= less.fund_pays.high


@given(cases)
@settings(max_examples=150, deadline=None)
def test_a_missing_fact_once_known_lies_inside_its_range(facts: Facts) -> None:
    result = reimburse(facts, TODAY)
    place = Case.of(facts, TODAY).place
    if place == "maybe" and facts.insurance_type is None:
        return  # rules: insurance then has the employee's cap, assumed, until it is cross-province
    for line in result.scenarios:
        if line.fact not in result.missing or line.fact in _NOT_RANGES or line.value == "ordinary":
            continue
        value = _value(line.fact, line.value)
        known = reimburse(facts.model_copy(update={line.fact: value}), TODAY)
        if line.fund_pays is not None:
            assert known.fund_pays == line.fund_pays, line
        assert _inside(line.fund_pays, result.fund_pays)


def _value(fact: str, text: str) -> Any:
    if fact == "age":  # the last of a band: nobody of that age is taken to work still
        return int(text.split("-")[-1].rstrip("+"))
    return _TYPES.get(fact, str)(text)


@given(cases, st.integers(0, 100))
@settings(max_examples=100, deadline=None)
def test_adding_a_reading_never_narrows(facts: Facts, percent: int) -> None:
    before = reimburse(facts, TODAY)
    after = reimburse(facts, TODAY, _with_reading(load_packs(), Decimal(percent)))
    assert _inside(before.fund_pays, after.fund_pays)
    assert _inside(before.ratio, after.ratio)


def _with_reading(packs: Packs, percent: Decimal) -> Packs:
    """The packs with one more reading in every ratio cell."""

    def more(cell: RatioCell) -> RatioCell:
        readings = (*cell.percent, percent) if cell.percent else ()
        return cell.model_copy(update={"percent": readings})

    files = {}
    for stem, file in packs.files.items():
        changed = tuple(
            pack.model_copy(update={"ratio": tuple(map(more, pack.ratio))}) for pack in file.pack
        )
        files[stem] = file.model_copy(update={"pack": changed})
    return Packs(files)


@given(cases)
@settings(max_examples=100, deadline=None)
def test_annual_caps_hold(facts: Facts) -> None:
    result = reimburse(facts, TODAY)
    packs = {pack.id: pack for pack in load_packs().all}
    used = [packs[name] for name in (result.pack or "").split("+") if name]
    caps = [max(cell.yuan) for pack in used for cell in pack.annual_cap]
    if result.fund_pays is not None and used and all(pack.annual_cap for pack in used):
        if "reference" in {pack.id for pack in used}:
            return  # chronic outpatient care has no general cap
        assert result.fund_pays.high <= max(caps)


@given(cases)
@settings(max_examples=60, deadline=None)
def test_the_same_facts_give_the_same_result(facts: Facts) -> None:
    first: Reimbursement = reimburse(facts, TODAY)
    assert first.model_dump_json() == reimburse(facts, TODAY).model_dump_json()


@given(cases)
@settings(max_examples=60, deadline=None)
def test_every_number_names_its_section(facts: Facts) -> None:
    result = reimburse(facts, TODAY)
    if result.fund_pays is not None:
        assert result.passages
    cited = {step.passage for step in result.steps if step.passage}
    assert cited <= set(result.passages)


@given(cases)
@settings(max_examples=60, deadline=None)
def test_the_table_of_filings_is_what_each_filing_gives(facts: Facts) -> None:
    away = facts.model_copy(
        update={"same_province": False, "treatment_region": None, "filing_type": None}
    )
    for line in filing_table(away, TODAY):
        one = reimburse(away.model_copy(update={"filing_type": line.value}), TODAY)
        assert (line.fund_pays, line.settlement) == (one.fund_pays, one.settlement)


@given(cases)
@settings(max_examples=60, deadline=None)
def test_what_would_sharpen_are_the_missing_facts(facts: Facts) -> None:
    assert sharpen(facts, TODAY) == reimburse(facts, TODAY).missing


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), cases)
@settings(max_examples=60, deadline=None)
def test_any_day_gives_an_amount_or_names_the_days_covered(day: date, facts: Facts) -> None:
    result = reimburse(facts.model_copy(update={"admitted_on": day, "discharged_on": day}), TODAY)
    if result.reason is not None and str(day) in result.reason:
        assert any(year in result.reason for year in ("2020", "2023", "2025"))


@given(money, money)
@settings(max_examples=60, deadline=None)
def test_excluded_cost_is_never_reimbursed(total: Decimal, excluded: Decimal) -> None:
    if excluded > total:
        return
    items = CostItems(excluded=excluded)
    with_it = Facts(total_cost=total, items=items, care_type="inpatient")
    rest = total - excluded
    result = reimburse(with_it, TODAY)
    assert result.fund_pays is not None
    if rest > 0:
        without = reimburse(Facts(total_cost=rest, care_type="inpatient"), TODAY)
        assert result.fund_pays == without.fund_pays
    else:
        assert result.fund_pays.high == 0
