"""Insurance, care, hospital, filing, stay: from everyday words to facts."""

from __future__ import annotations

import pytest

from tests.slots_reading import cases, differences, facts


@pytest.mark.parametrize(("text", "wanted"), cases("words"))
def test_words(text: str, wanted: str) -> None:
    assert differences(text, wanted) == []


class TestTheOpenCase:
    def test_nothing_filed_after_an_emergency_is_the_emergency_filing(self) -> None:
        known = facts(emergency=True)
        assert differences("没备案", "filing_type=emergency filed=False", known=known) == []

    def test_an_emergency_after_nothing_filed_is_the_emergency_filing(self) -> None:
        known = facts(filing_type="none", filed=False)
        assert differences("是急诊进去的", "filing_type=emergency", known=known) == []

    def test_an_emergency_does_not_undo_a_filing(self) -> None:
        known = facts(filing_type="temporary", filed=True)
        assert differences("是急诊", "emergency=True -filing_type", known=known) == []

    def test_an_emergency_asked_as_what_if_takes_the_place_of_a_filing(self) -> None:
        known = facts(filing_type="referral")
        wanted = "emergency=True filing_type=emergency"
        assert differences("那要是急诊进去的呢", wanted, known=known) == []

    def test_a_count_said_before_may_be_changed_without_naming_the_stay(self) -> None:
        known = facts(admission_count=1)
        assert differences("要是第二次呢", "admission_count=2", known=known) == []

    def test_an_emergency_taken_back_opens_the_filing(self) -> None:
        known = facts(filing_type="emergency", emergency=True)
        assert differences("不是急诊", "filing_type=None emergency=False", known=known) == []
        known = facts(filing_type="emergency", emergency=True, filed=False)
        assert differences("不是急诊", "filing_type=none emergency=False", known=known) == []

    def test_a_referral_taken_back_opens_the_filing(self) -> None:
        known = facts(filing_type="referral")
        assert differences("没有转诊", "filing_type=None", known=known) == []
