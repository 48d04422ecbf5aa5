"""The packs as data: every value with its source, all faults at once, a region in ten lines."""

from __future__ import annotations

import re
import shutil
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from rules_cases import CASES, STEMS, TODAY, facts_of
from rules_steps import recompute

from rules.cells import Sourced
from rules.errors import InvalidData
from rules.links import conflict_links, passage_links
from rules.pack import PackFile
from rules.packs import DIRECTORY, Packs, load_packs
from rules.reimburse import reimburse
from rules.stale import dated

_DOCUMENTS = Path(__file__).parents[1] / "corpus"

_README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
_NEW_REGION = _README.split("```toml\n", 1)[1].split("```", 1)[0]
"""The pack that README shows, read from there."""


def _cells(packs: Packs) -> list[tuple[str, Sourced]]:
    return [
        (stem, cell)
        for stem, file in packs.files.items()
        for cell in dated(file)
        if isinstance(cell, Sourced)
    ]


def test_every_value_has_section_dating_and_day_of_checking() -> None:
    cells = _cells(load_packs())
    written = sum(
        len(re.findall(r"\b(?:yuan|percent|points|not_covered) = ", path.read_text("utf-8")))
        for path in DIRECTORY.glob("*.toml")
    )
    assert len(cells) == written
    for stem, cell in cells:
        assert re.fullmatch(r"[a-z0-9-]+", cell.passage), stem
        assert cell.checked is not None
        assert [cell.since, cell.stated_for, cell.undated or None].count(None) == 2
        assert not cell.undated or cell.seen is not None, (stem, cell.passage)


def test_every_file_has_an_owner_and_a_day_of_review() -> None:
    for stem, file in load_packs().files.items():
        assert file.owner, stem
        assert all(file.review_by > cell.checked for s, cell in _cells(load_packs()) if s == stem)


def test_the_dates_of_the_documents() -> None:
    """Rules, Dates: what begins when, and what is stated for which year."""
    stated = {(stem, cell.stated_for) for stem, cell in _cells(load_packs()) if cell.stated_for}
    assert stated == {("bijie", 2025), ("karamay", 2025), ("xianning", 2025)}
    since = {
        (c.passage, str(c.since)) for s, c in _cells(load_packs()) if c.since if s != "national"
    }
    assert since == {
        ("weinan-employee-inpatient", "2023-01-01"),
        ("weinan-employee-outpatient", "2023-01-01"),
        ("weinan-cut", "2023-01-01"),
        ("weinan-resident-inpatient", "2020-01-01"),
        ("weinan-resident-outpatient", "2020-01-01"),
        ("xianyang-resident-cross-province", "2025-01-01"),
        ("jiangsu-cut", "2023-01-01"),
        ("jiangsu-longterm-ratio", "2023-01-01"),
        ("jiangsu-emergency-ratio", "2023-01-01"),
    }


def test_every_section_and_conflict_named_is_in_the_corpus() -> None:
    sections = {
        name
        for path in (_DOCUMENTS / "documents").rglob("*.md")
        for name in re.findall(r"^## .*\{#([a-z0-9-]+)\}", path.read_text("utf-8"), re.MULTILINE)
    }
    conflicts = tomllib.loads((_DOCUMENTS / "conflicts.toml").read_text("utf-8"))["conflict"]
    named = {conflict["id"] for conflict in conflicts}
    assert [link for link in passage_links() if link[1] not in sections] == []
    assert [link for link in conflict_links() if link[1] not in named] == []


def test_figures_of_a_pack_stand_in_its_section() -> None:
    """Every number of a pack is in the text of the section it cites."""
    texts = {}
    for path in (_DOCUMENTS / "documents").rglob("*.md"):
        for block in re.split(r"^## ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            found = re.search(r"\{#([a-z0-9-]+)\}", block)
            if found:
                text = re.sub(r"```toml.*?```", "", block, flags=re.DOTALL)
                texts[found.group(1)] = text.replace(",", "").replace("，", "")
    for stem, cell in _cells(load_packs()):
        if stem == "national":
            continue
        numbers: list[Decimal] = [
            number
            for key in ("yuan", "percent", "points", "up_to")
            for number in _many(getattr(cell, key, None))
            if number
        ]
        for number in numbers:
            plain = f"{number.normalize():f}"
            myriad = f"{(number / 10000).normalize():f} 万"
            text = texts[cell.passage]
            assert re.search(rf"(?<![\d.]){plain}(?![\d.])", text) or myriad in text, (
                stem,
                cell.passage,
                plain,
            )


def _many(value: object) -> tuple[Decimal, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, Decimal) else ()


def test_a_region_is_added_with_one_file(tmp_path: Path) -> None:
    packs = load_packs(_copy(tmp_path, "yichang", _NEW_REGION))
    said = {"insured_region": "宜昌", "treatment_region": "北京", "insurance_type": "employee"}
    said |= {"care_type": "inpatient", "facility_level": "level3", "filing_type": "referral"}
    facts = facts_of(said | {"total_cost": "11000"})
    result = reimburse(facts, TODAY, packs)
    assert result.fund_pays is not None
    assert (result.fund_pays.low, result.fund_pays.high) == (Decimal("7400"), Decimal("7900"))
    assert result.pack == "yichang/employee/inpatient"
    recompute(result)


def _copy(tmp_path: Path, stem: str, text: str) -> Path:
    directory = tmp_path / "packs"
    shutil.copytree(DIRECTORY, directory)
    (directory / f"{stem}.toml").write_text(text, encoding="utf-8")
    return directory


_FAULTS = (
    ("percent = 84", "percent = 184", "percent", 'ratio = [{ level = "level3", percent = 184 }]'),
    ("yuan = 1000", "yuan = -1", "yuan", "yuan = -1"),
    ('care = "inpatient"', 'care = "bed"', "care", 'care = "bed"'),
    ("since = 2024-01-01", "sinse = 2024-01-01", "sinse", "sinse"),
    ('label = "宜昌', 'lable = "宜昌', "lable", 'lable = "宜昌'),
    ('insurance = "employee"', 'insurence = "employee"', "insurence", "insurence"),
    ('owner = "某某"', "", "owner", ""),
    ('level = "level3", yuan', 'levels = "level3", yuan', "levels", "levels"),
    ("since = 2024-01-01", "since = 2024-01-01\nstated_for = 2024", "exactly one", ""),
    ('region = "4205"', 'region = "5205"', "5205", ""),
    ('id = "yichang/employee/inpatient"', 'id = "bijie/resident/inpatient"', "bijie", ""),
    ("percent = 84 }]", "percent = 84 ", "TOML", ""),
    ("percent = 84 }]", "percent = 84, age_from = 70, age_to = 60 }]", "年龄", "ratio = ["),
)


@pytest.mark.parametrize(("old", "new", "words", "line"), _FAULTS, ids=[f[1] for f in _FAULTS])
def test_a_fault_names_file_line_and_what_was_expected(
    tmp_path: Path, old: str, new: str, words: str, line: str
) -> None:
    assert old in _NEW_REGION
    text = _NEW_REGION.replace(old, new)
    with pytest.raises(InvalidData) as caught:
        load_packs(_copy(tmp_path, "yichang", text))
    mine = [fault for fault in caught.value.faults if fault.path == "yichang.toml"]
    assert mine and all(fault.expected for fault in mine)
    assert any(words in f"{fault.message} {fault.expected}" for fault in mine), mine
    if line:
        lines = text.splitlines()
        assert any(line in lines[fault.line - 1] for fault in mine), [f.line for f in mine]


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    directory = _copy(tmp_path, "yichang", _NEW_REGION.replace("percent = 84", "percent = 184"))
    henan = directory / "henan.toml"
    henan.write_text(henan.read_text("utf-8").replace("yuan = 400", "yuan = -400"), "utf-8")
    (directory / "rural.toml").unlink()
    with pytest.raises(InvalidData) as caught:
        load_packs(directory)
    assert {fault.path for fault in caught.value.faults} == {
        *("yichang.toml", "henan.toml", "rural.toml")
    }


def test_a_cut_names_every_filing(tmp_path: Path) -> None:
    text = (DIRECTORY / "jiangsu.toml").read_text("utf-8")
    lacking = text.replace('filing = ["temporary", "none"]', 'filing = "temporary"')
    with pytest.raises(InvalidData, match="none"):
        load_packs(_copy(tmp_path, "jiangsu", lacking))


def test_brackets_rise(tmp_path: Path) -> None:
    text = (DIRECTORY / "reference.toml").read_text("utf-8").replace("up_to = 5000", "up_to = 2000")
    with pytest.raises(InvalidData, match="分段"):
        load_packs(_copy(tmp_path, "reference", text))


def test_both_sides_of_every_date_have_a_case() -> None:
    """House: every dated value has a case on both sides of its date."""
    for stem, cell in _cells(load_packs()):
        start = cell.since or (cell.stated_for and f"{cell.stated_for}-01-01")
        if not start or stem == "national":
            continue
        text = (CASES / f"{stem}.toml").read_text("utf-8")
        assert str(start) in text, (stem, start)
        assert f"{int(str(start)[:4]) - 1}-12-31" in text, (stem, start)


def test_packs_are_read_only_once() -> None:
    assert load_packs() is load_packs()
    assert set(load_packs().files) == set(STEMS)


def test_every_pack_file_is_a_file_of_the_model() -> None:
    assert all(isinstance(file, PackFile) for file in load_packs().files.values())
