"""Filing validity: the case file, the arithmetic of months, a place's own length, bad input."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import situation
from rules.dates import add_months, written
from rules.errors import InputError, InvalidData
from rules.facts import Facts
from rules.regions import find_region
from rules.validity import validity
from rules.validity_data import OwnRules, own_rules, region_rules, texts

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "validity.toml").read_text(encoding="utf-8")
)["case"]
TODAY = date(2025, 8, 1)
DATES = st.dates(min_value=date(2004, 1, 1), max_value=date(2090, 12, 31))
REGIONS = {"insured_region", "treatment_region", "filed_region"}


def facts_of(said: dict[str, Any]) -> Facts:
    """Facts of a case file: regions by name."""
    values = dict(said)
    for key in REGIONS & values.keys():
        region = find_region(values[key])
        assert region is not None, values[key]
        values[key] = region
    return Facts(**values)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_the_law(case: dict[str, Any]) -> None:
    verdict = validity(facts_of(case["facts"]), case.get("today", TODAY))
    expect = dict(case["expect"])
    said = "".join(reason.text for reason in verdict.reasons)
    for text in expect.pop("says", []):
        assert text in said
    for passage in expect.pop("cites", []):
        assert passage in verdict.passages
    for name in expect.pop("null", []):
        assert getattr(verdict, name) is None
    for name in ("missing", "conflicts"):
        if name in expect:
            assert list(getattr(verdict, name)) == expect.pop(name)
    assert {name: getattr(verdict, name) for name in expect} == expect


def test_every_verdict_and_every_text_is_reached() -> None:
    """The case file leaves no block of validity.toml untold (own lengths have their own test)."""
    told = "".join(
        reason.text
        for case in CASES
        for reason in validity(facts_of(case["facts"]), case.get("today", TODAY)).reasons
    )
    blocks = {n: c.why[0].text for n, c in texts().case.items() if not n.startswith("own_")}
    silent = [n for n, text in blocks.items() if text.split("：")[0].split("{")[0] not in told]
    assert silent == []


def test_reasons_are_complete_sentences() -> None:
    for case in CASES:
        for reason in validity(facts_of(case["facts"]), case.get("today", TODAY)).reasons:
            assert "{" not in reason.text and "@" not in (reason.passage or "")
            assert reason.text.endswith(("。", "”"))
            assert reason.passage


def test_a_place_with_its_own_length_replaces_floor_and_usual(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = OwnRules(
        code="5205", name="毕节", checked=TODAY, months={"temporary": 9}, months_passage="x"
    )
    monkeypatch.setattr(situation, "own_rules", lambda region, day: own)
    said: dict[str, Any] = {"filing_type": "temporary", "filed_on": date(2025, 1, 10)}
    last, after = date(2025, 10, 10), date(2025, 10, 11)
    inside = validity(Facts(**said, admitted_on=last), TODAY)
    outside = validity(Facts(**said, admitted_on=after), TODAY)
    assert (inside.status, inside.settlement) == ("valid", "direct")
    assert (outside.status, outside.settlement) == ("expired", "manual")
    assert inside.certain_until == inside.possible_until == last
    referral = Facts(filing_type="referral", filed_on=date(2025, 1, 10), admitted_on=after)
    assert validity(referral, TODAY).status == "depends"


def test_own_rules_city_before_province_and_by_day() -> None:
    nanjing = find_region("南京")
    assert own_rules(nanjing, date(2022, 12, 31)) is None
    rules = own_rules(nanjing, date(2023, 1, 1))
    assert rules is not None and rules.code == "32"
    assert own_rules(None, TODAY) is None


def test_unknown_keys_of_a_regions_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "regions.toml"
    path.write_text('[[region]]\ncode = "32"\nname = "江苏"\nwrong = 1\n', encoding="utf-8")
    with pytest.raises(InvalidData) as caught:
        region_rules(path)
    faults = caught.value.faults
    assert {f.path for f in faults} == {"regions.toml"}
    assert len(faults) == 2  # the unknown key and the missing day of checking


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"filed_on": date(2025, 8, 2)}, "filed_on"),
        ({"admitted_on": date(2025, 7, 2), "discharged_on": date(2025, 7, 1)}, "discharged_on"),
        ({"filed_on": date(2025, 7, 2), "cancelled_on": date(2025, 7, 1)}, "cancelled_on"),
        ({"age": 200}, "age"),
    ],
)
def test_impossible_facts_name_the_field(said: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        validity(Facts(**said), TODAY)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 6, 30), 12, date(2026, 6, 30)),
        (date(9999, 8, 1), 6, date.max),
    ],
)
def test_months_of_the_civil_code(day: date, months: int, last: date) -> None:
    assert add_months(day, months) == last


@given(DATES, st.integers(0, 36))
def test_months_keep_the_day_or_take_the_last_one(day: date, months: int) -> None:
    last = add_months(day, months)
    assert (last.year * 12 + last.month) - (day.year * 12 + day.month) == months
    if last.day != day.day:
        assert last.day < day.day
        assert add_months(last.replace(day=1), 1).toordinal() - 1 == last.toordinal()


@given(DATES, DATES, st.integers(0, 36))
def test_later_start_never_ends_earlier(first: date, second: date, months: int) -> None:
    early, late = sorted((first, second))
    assert add_months(early, months) <= add_months(late, months)


@given(DATES, st.integers(0, 500), st.sampled_from(["temporary", "referral", None]))
def test_a_window_only_ever_gets_worse(filed: date, days: int, kind: Any) -> None:
    """valid, then depends, then expired; never back."""
    order = ["valid", "depends", "expired"]
    today = date(2099, 1, 1)
    steps = [
        order.index(
            validity(Facts(filing_type=kind, filed_on=filed, admitted_on=day), today).status
        )
        for day in (filed, date.fromordinal(filed.toordinal() + days))
    ]
    assert steps[0] == 0
    assert steps == sorted(steps)


def test_days_are_written_for_people() -> None:
    assert written(date(2025, 7, 1)) == "2025 年 7 月 1 日"
