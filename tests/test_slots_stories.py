"""Whole messages as people type or dictate them: worried relatives, old people, clerks."""

from __future__ import annotations

import pytest

from assistant.slots import read
from tests.slots_reading import TODAY, cases, differences, plain


@pytest.mark.parametrize(("text", "wanted"), cases("stories"))
def test_stories(text: str, wanted: str) -> None:
    assert differences(text, wanted) == []


@pytest.mark.parametrize(("clean", "noisy"), cases("twins"))
def test_the_noisy_twin_says_the_same(clean: str, noisy: str) -> None:
    assert plain(read(noisy, TODAY)) == plain(read(clean, TODAY))
    assert plain(read(clean, TODAY))


def test_an_empty_message_says_nothing() -> None:
    reading = read("", TODAY)
    assert (reading.mentions, reading.unclear, dict(reading.facts)) == ((), (), {})


def test_spans_point_into_the_message_as_typed() -> None:
    text = "我媽義保😀在畢節，花了３w８，７月１２號住的院"
    said = {m.fact: text[m.start : m.end] for m in read(text, TODAY).mentions}
    assert said["total_cost"] == "３w８"
    assert said["admitted_on"] == "７月１２號"
    assert said["insured_region"] == "畢節"
