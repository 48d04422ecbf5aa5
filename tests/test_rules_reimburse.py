"""Reimbursement case by case: one file a pack, both sides of every date, bracket, cap and age."""

from __future__ import annotations

from typing import Any

import pytest
from rules_cases import STEMS, TODAY, cases, facts_of, span
from rules_steps import recompute

from rules.outcome import Reimbursement
from rules.reimburse import reimburse

_ALL = list(cases())


@pytest.mark.parametrize("case", [case for _, case in _ALL], ids=[name for name, _ in _ALL])
def test_case(case: dict[str, Any]) -> None:
    facts = facts_of(case["facts"])
    result = reimburse(facts, case.get("today", TODAY))
    assert {"fund", "reason"} & set(case)
    if "reason" in case:
        assert result.fund_pays is None and result.self_pays is None
        assert case["reason"] in (result.reason or "")
    if "fund" in case:
        assert result.reason is None
        assert result.fund_pays is not None, result.reason
        assert (result.fund_pays.low, result.fund_pays.high) == span(case["fund"])
        if facts.total_cost is not None:
            recompute(result)
    _expected(result, case)


def _expected(result: Reimbursement, case: dict[str, Any]) -> None:
    if "settlement" in case:
        assert (result.settlement or "none") == case["settlement"]
    if "pack" in case:
        assert result.pack == case["pack"]
    if "reference" in case:
        assert result.reference is case["reference"]
    if "ratio" in case:
        assert result.ratio is not None
        assert (result.ratio.low, result.ratio.high) == span(case["ratio"])
    causes = {cause.parameter for cause in result.causes}
    assert set(case.get("causes", ())) <= causes
    assert not set(case.get("causes_not", ())) & causes
    assumed = {assumption.parameter for assumption in result.assumptions}
    assert set(case.get("assumes", ())) <= assumed
    assert not set(case.get("assumes_not", ())) & assumed
    assert set(case.get("missing", ())) <= set(result.missing)
    notes = "\n".join(note.text for note in result.notes)
    for words in case.get("notes", ()):
        assert words in notes
    lines = {f"{line.fact}={line.value}": line for line in result.scenarios}
    for key, fund in case.get("scenarios", {}).items():
        line = lines[key]
        if fund:
            assert line.fund_pays is not None
            assert (line.fund_pays.low, line.fund_pays.high) == span(fund)
        else:
            assert line.fund_pays is None and line.reason


def test_every_pack_has_its_case_file() -> None:
    names = {name.split(":")[0] for name, _ in _ALL}
    assert names == set(STEMS)
