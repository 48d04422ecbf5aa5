"""The words' files: valid as shipped, and every fault of a broken file is told at once."""

from __future__ import annotations

import re

import pytest

from assistant.data import read_toml
from assistant.slots import lexicon, normalise
from assistant.slots.cues import flags_of
from assistant.slots.datewords import date_words
from assistant.slots.faults import Checked, SlotDataError
from assistant.slots.money import amounts
from assistant.slots.rolewords import role_words
from rules.facts import Facts


def test_the_shipped_files_are_valid() -> None:
    assert lexicon.lexicon().forms
    assert date_words().fixed
    assert role_words("amount")
    assert role_words("date")
    assert normalise("").text == ""
    assert amounts("") == ()
    assert flags_of("") == frozenset()


def test_every_spoken_form_is_found_by_its_own_words() -> None:
    """A word that its own file cancels (by a look-around or a longer form) helps nobody."""
    silent = []
    for name in lexicon.FILES:
        for entry in read_toml(f"slots/{name}.toml")["form"]:
            for word in entry.get("says", []):
                wanted = set(entry["sets"].items())
                said = {i for h in lexicon.hits(word) for i in h.sets.items()}
                if not wanted <= said:
                    silent.append((word, sorted(wanted - said)))
    assert silent == []


def test_no_spoken_form_stands_twice_under_one_fact_with_two_values() -> None:
    seen: dict[tuple[str, str], object] = {}
    clashes = []
    for name in lexicon.FILES:
        for entry in read_toml(f"slots/{name}.toml")["form"]:
            for word in entry.get("says", []):
                for fact, value in entry["sets"].items():
                    if seen.setdefault((word, fact), value) != value:
                        clashes.append((word, fact))
    assert clashes == []


def test_all_faults_are_told_at_once_with_file_and_line() -> None:
    broken = {
        "form": [
            {"sets": {"insurance_type": "employees"}, "says": ["职工"]},
            {"sets": {"care_type": "inpatient"}, "say": ["住院"]},
            {"says": ["门诊"]},
            {"sets": {"stay": "discharged"}, "patterns": ["(出院"]},
            {"sets": {"stay": "discharged"}},
        ],
        "forms": [],
    }
    data = Checked("slots/words.toml", broken)
    data.keys("form", "negation")
    lexicon.compiled_forms(data)
    with pytest.raises(SlotDataError) as caught:
        data.raise_faults()
    told = caught.value.faults
    assert len(told) == 6
    assert all(re.match(r"assistant/data/slots/words\.toml:\d+: .+ → .+", f) for f in told)
    for word in ("employees", "'say'", "'sets'", "regular expression", "no words", "'forms'"):
        assert any(word in f for f in told)


def test_facts_of_a_file_are_facts_of_the_rules() -> None:
    for name in lexicon.FILES:
        for entry in read_toml(f"slots/{name}.toml")["form"]:
            Facts.model_validate(entry["sets"])
