"""Every text the code asks for is there, and every text that is there is asked for."""

from __future__ import annotations

import re
import tomllib
import typing
from pathlib import Path

from rules import facts
from rules.texts import label, values_of

_RULES = Path(__file__).parents[1] / "rules"
_TABLES = (
    *("input", "reason", "assume", "step", "words", "cause", "note", "stale", "show", "door"),
    *("faults", "unit"),
)
_BUILT = {
    "show": {"per_", "points", "factor", "prepay"},
    "unit": {""},
    "note": {"own_cut_"},
}
"""Keys put together at run time: by prefix."""


def _asked() -> set[str]:
    """Every ``table.name`` in the code; names handed on to a helper count by themselves."""
    source = "\n".join(path.read_text("utf-8") for path in _RULES.glob("*.py"))
    tables = "|".join(_TABLES)
    whole = set(re.findall(rf'"((?:{tables})\.\w+)"', source))
    words = set(re.findall(r'"(\w+)"', source))
    started = set(re.findall(rf'f"({tables})\.\{{', source))
    return whole | {f"{table}.{word}" for table in started for word in words}


def test_texts_and_code_agree() -> None:
    data = tomllib.loads((_RULES / "texts.toml").read_text("utf-8"))
    there = {f"{table}.{name}" for table in _TABLES for name in data[table]}
    asked = _asked()
    literal = {key for key in asked if key.split(".")[1] in data[key.split(".")[0]]}
    unused = {
        key
        for key in there - literal
        if not any(key.split(".")[1].startswith(p) for p in _BUILT.get(key.split(".")[0], ()))
    }
    assert unused == set()
    source = "\n".join(path.read_text("utf-8") for path in _RULES.glob("*.py"))
    exact = set(re.findall(rf'say\(\s*"((?:{"|".join(_TABLES)})\.\w+)"', source))
    assert exact - there == set()


def test_every_value_of_the_facts_has_a_label() -> None:
    for fact, kind in (
        ("insurance_type", facts.InsuranceType),
        ("person_status", facts.PersonStatus),
        ("care_type", facts.CareType),
        ("facility_level", facts.FacilityLevel),
        ("filing_type", facts.FilingType),
        ("maternity_kind", facts.MaternityKind),
        ("stay", facts.Stay),
    ):
        assert set(values_of(fact)) == set(typing.get_args(kind))
        assert all(label(fact, value) for value in values_of(fact))
