"""The packs as loaded: ``load_packs()`` reads ``packs/*.toml`` once and checks them.

All faults of all files are reported at once with file, line and what was expected
(:class:`rules.errors.InvalidData`). Keys of a pack that a cell does not repeat (``passage``,
``checked`` and the dating) are inherited by the cell, so that every number carries its source.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rules.cells import CutCell
from rules.errors import Fault, InvalidData
from rules.facts import CareType, InsuranceType, PersonStatus, Region
from rules.outcome import Settlement
from rules.pack import Cut, Pack, PackFile
from rules.packs_lines import fault_of, line_of, syntax_fault
from rules.texts import say, values_of

DIRECTORY = Path(__file__).with_name("packs")
_DATING = ("since", "stated_for", "undated", "seen")
_LISTS = (
    *("deductible", "ratio", "bonus", "brackets", "categories", "fixed"),
    *("visit_cap", "annual_cap", "limits", "rows"),
)


class Packs:
    """All pack files; look-ups by region code. Immutable."""

    def __init__(self, files: dict[str, PackFile]) -> None:
        self.files = files
        self._by_region = {file.region: file for file in files.values() if file.region}

    @cached_property
    def all(self) -> tuple[Pack, ...]:
        return tuple(pack for file in self.files.values() for pack in file.pack)

    @cached_property
    def reference(self) -> Pack:
        """The pack of no region, source 000: the only one with brackets and category ratios."""
        return self.files["reference"].pack[0]

    @cached_property
    def rural(self) -> Pack:
        """新农合 with no region, inpatient."""
        return self.files["rural"].pack[0]

    @cached_property
    def national(self) -> PackFile:
        return self.files["national"]

    def chain(self, region: Region | None) -> tuple[PackFile, ...]:
        """The region's own file, then its province's; rules, Reimbursement 1."""
        if region is None:
            return ()
        codes = dict.fromkeys((region.code, region.code[:2]))
        return tuple(self._by_region[code] for code in codes if code in self._by_region)

    def own(
        self,
        region: Region | None,
        insurance: InsuranceType,
        care: CareType,
        status: PersonStatus | None,
        rural: bool,
        provincial: bool,
    ) -> tuple[Pack, ...]:
        """The packs of that insurance and care: the city's, else the province's.

        Several when they differ by person status and it is not known. 省本级 goes first if said.
        """
        levels = [
            [
                pack
                for pack in file.pack
                if pack.insurance in (None, insurance)
                and care in pack.care
                and (status is None or pack.status in (None, status))
                and (rural or not pack.rural)
                and (provincial or not pack.provincial)
            ]
            for file in self.chain(region)
        ]
        special = [pack for packs in levels for pack in packs if pack.provincial]
        return tuple(special or next((packs for packs in levels if packs), []))

    def cut(
        self,
        region: Region | None,
        insurance: InsuranceType | None,
        care: CareType,
        inside: bool,
        returned: bool = False,
    ) -> Cut | None:
        """The region's own cut for that care, None where it has none.

        ``inside``: care in its province; ``returned``: there, of who filed for another one.
        """
        for file in self.chain(region):
            for cut in file.cut:
                if (
                    (cut.care is None or care in cut.care)
                    and (cut.insurance is None or cut.insurance == insurance)
                    and cut.returned == returned
                    and (cut.inside_province or returned or not inside)
                ):
                    return cut
        return None

    def settlement(self, filing: str) -> Settlement:
        return next(row.way for row in self.national.settlement if filing in row.filing)


def cut_row(cut: Cut, facts: dict[str, Any]) -> CutCell:
    """The first row whose conditions hold; every filing has one (checked at load)."""
    return next(
        row
        for row in cut.rows
        if all(facts.get(fact) in allowed for fact, allowed in row.conditions)
    )


@cache
def load_packs(directory: Path = DIRECTORY) -> Packs:
    """All packs of ``directory``, checked. Raises :class:`InvalidData` with every fault."""
    faults: list[Fault] = []
    files: dict[str, PackFile] = {}
    for path in sorted(directory.glob("*.toml")):
        file = _read(path, faults)
        if file is not None:
            files[path.stem] = file
    faults.extend(_across(directory, files))
    if faults:
        raise InvalidData(faults)
    return Packs(files)


def _read(path: Path, faults: list[Fault]) -> PackFile | None:
    text = path.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        faults.append(syntax_fault(path, error))
        return None
    checked = raw.pop("checked", None)
    for block in (*raw.get("pack", ()), *raw.get("cut", ())):
        if isinstance(block, dict):
            _inherit(block, checked)
    try:
        file = PackFile.model_validate(raw)
    except ValidationError as error:
        faults.extend(fault_of(path, text, item) for item in error.errors())
        return None
    faults.extend(_within(path, text, file))
    return file


def _inherit(block: dict[str, Any], checked: object) -> None:
    """Hand the block's passage, dating and day of checking down to its cells."""
    source = {key: block[key] for key in ("passage", "checked") if key in block}
    source.setdefault("checked", checked)
    dating = {key: block.pop(key) for key in _DATING if key in block}
    block.pop("checked", None)
    if "rows" in block:
        block.pop("passage", None)
    tables = [block]
    outside = block.get("outside")
    if isinstance(outside, dict):
        tables.append(outside)
        _inherit(outside, source["checked"])
    for table in tables:
        for cell in (c for key in _LISTS for c in _cells(table.get(key))):
            for key, value in source.items():
                cell.setdefault(key, value)
            if not any(key in cell for key in _DATING):
                cell.update(dating)
    if isinstance(outside, dict):
        outside.pop("passage", None)


def _cells(value: object) -> list[dict[str, Any]]:
    return [cell for cell in value if isinstance(cell, dict)] if isinstance(value, list) else []


def _within(path: Path, text: str, file: PackFile) -> Iterator[Fault]:
    """Faults that need more than one key of a file."""
    for number, pack in enumerate(file.pack):
        tops = [bracket.up_to for bracket in pack.brackets if bracket.up_to is not None]
        if tops != sorted(set(tops)):
            line = line_of(text, ("pack", number, "brackets"))
            yield Fault(path.name, line, say("faults.brackets", pack=pack.id), say("faults.rising"))
        for name in ("deductible", "ratio", "annual_cap", "visit_cap", "fixed"):
            for place, cell in enumerate(getattr(pack, name)):
                if cell.age_to is not None and (cell.age_from or 0) > cell.age_to:
                    line = line_of(text, ("pack", number, name, place))
                    yield Fault(
                        path.name, line, say("faults.ages", pack=pack.id), say("faults.age_order")
                    )
    for number, cut in enumerate(file.cut):
        known = {filing for row in cut.rows for filing in row.filing or values_of("filing_type")}
        lacking = [filing for filing in values_of("filing_type") if filing not in known]
        if lacking:
            line = line_of(text, ("cut", number, "rows"))
            yield Fault(path.name, line, say("faults.filings", cut=cut.label), "、".join(lacking))


def _across(directory: Path, files: dict[str, PackFile]) -> Iterator[Fault]:
    """Faults between files: the general ones must be there, ids and keys are unique."""
    for name in ("reference", "rural", "national"):
        if name not in files and not (directory / f"{name}.toml").exists():
            yield Fault(f"{name}.toml", 1, say("faults.no_file"), name)
    seen: dict[object, str] = {}
    for stem, file in files.items():
        keys: list[object] = [("region", file.region)] if file.region else []
        for pack in file.pack:
            keys.append(("id", pack.id))
            flags = (pack.status, pack.rural, pack.provincial)
            keys.extend((file.region, pack.insurance, care, *flags) for care in pack.care)
        for key in keys:
            if key in seen:
                yield Fault(f"{stem}.toml", 1, say("faults.twice", name=key), seen[key])
            seen.setdefault(key, f"{stem}.toml")
