"""Places: which one is insured, which one treats, which one was filed for."""

from __future__ import annotations

import pytest

from assistant.slots import read
from tests.slots_reading import TODAY, cases, differences, facts


@pytest.mark.parametrize(("text", "wanted"), cases("places"))
def test_roles(text: str, wanted: str) -> None:
    assert differences(text, wanted) == []


class TestTheOpenCase:
    insured = facts(insured_region="毕节市")
    both = facts(insured_region="毕节市", treatment_region="深圳市")

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("北京", "treatment_region=北京市"),
            ("城市错了，是河南商丘", "insured_region=商丘市"),
            ("那茂名呢", "insured_region=茂名市"),
            ("那要是在广州住院呢", "treatment_region=广州市 -insured_region"),
        ],
    )
    def test_a_bare_place(self, text: str, wanted: str) -> None:
        assert differences(text, wanted, known=self.insured) == []

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("不是深圳，是东莞", "treatment_region=东莞市 -insured_region"),
            ("不是毕节是遵义", "insured_region=遵义市 -treatment_region"),
            ("参保地不是毕节，是安顺", "insured_region=安顺市 -treatment_region"),
            ("不是深圳，是本市住的", "treatment_region=毕节市 same_province=True"),
        ],
    )
    def test_what_was_taken_back_gives_its_role(self, text: str, wanted: str) -> None:
        assert differences(text, wanted, known=self.both) == []

    @pytest.mark.parametrize("fact", ["insured_region", "treatment_region", "filed_region"])
    def test_a_bare_place_fills_what_was_asked(self, fact: str) -> None:
        assert differences("徐州", f"{fact}=徐州市 !", expecting=fact) == []
        assert differences("江苏徐州的", f"{fact}=徐州市 !", expecting=fact) == []
        assert differences("我在徐州", f"{fact}=徐州市 !", expecting=fact) == []

    def test_the_known_province_settles_a_shared_name(self) -> None:
        known = facts(insured_region="南京市")
        assert differences("在鼓楼区住院", "treatment_region=南京市", known=known) == []


def test_a_shared_name_keeps_its_candidates() -> None:
    reading = read("鼓楼区住院", TODAY)
    assert len(reading.unclear[0].candidates) > 1
