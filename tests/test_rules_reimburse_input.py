"""Facts that cannot be: a Chinese sentence naming the field; never a number, never a traceback."""

from __future__ import annotations

from typing import Any

import pytest
from rules_cases import TODAY, facts_of

from rules.check import check_input
from rules.errors import InputError
from rules.reimburse import reimburse
from rules.validity import validity

_BAD: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"total_cost": "0"}, "total_cost", "总费用"),
    ({"total_cost": "0.004"}, "total_cost", "正数"),
    ({"total_cost": "-5"}, "total_cost", "正数"),
    ({"total_cost": "100000000.01"}, "total_cost", "不像是"),
    ({"total_cost": "1e30"}, "total_cost", "不像是"),
    ({"total_cost": "1000", "items": {"class_b": "-1"}}, "class_b", "乙类药"),
    ({"total_cost": "1000", "items": {"excluded": "1000.01"}}, "excluded", "总费用"),
    (
        {"total_cost": "1000", "items": {"class_b": "600", "special_exam": "500"}},
        "class_b",
        "1,100",
    ),
    ({"total_cost": "1000", "deductible": "-1"}, "deductible", "起付线"),
    ({"paid_this_year": "-0.01"}, "paid_this_year", "负数"),
    ({"paid_this_year": "1000000000"}, "paid_this_year", "不像是"),
    ({"age": 200}, "age", "200"),
    ({"age": -1}, "age", "年龄"),
    ({"admission_count": 0}, "admission_count", "第几次"),
    ({"further_diseases": -1}, "further_diseases", "几种病"),
    (
        {"admitted_on": "2025-05-02", "discharged_on": "2025-05-01"},
        "discharged_on",
        "2025-05-01",
    ),
    ({"filed_on": "2025-06-02"}, "filed_on", "2025-06-02"),
    ({"filed_on": "2025-05-02", "cancelled_on": "2025-05-01"}, "cancelled_on", "取消"),
)


@pytest.mark.parametrize(("said", "field", "words"), _BAD, ids=[str(said) for said, _, _ in _BAD])
def test_refused(said: dict[str, Any], field: str, words: str) -> None:
    facts = facts_of(said)
    for rule in (check_input, reimburse, validity):
        with pytest.raises(InputError) as caught:
            rule(facts, TODAY)
        assert caught.value.field == field
        assert words in caught.value.message
        assert caught.value.message.endswith("。")


@pytest.mark.parametrize(
    "said",
    [
        {"total_cost": "0.01"},
        {"total_cost": "100000000"},
        {"total_cost": "1000", "items": {"class_b": "600", "special_exam": "400"}},
        {"total_cost": "1000", "items": {"excluded": "1000"}},
        {"age": 0},
        {"age": 120},
        {"filed_on": "2025-06-01"},
        {"admitted_on": "2025-05-01", "discharged_on": "2025-05-01"},
        {"admitted_on": "2025-12-01"},
        {"deductible": "0"},
    ],
    ids=str,
)
def test_the_edges_are_allowed(said: dict[str, Any]) -> None:
    check_input(facts_of(said), TODAY)
