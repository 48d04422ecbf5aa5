"""The lists of papers as data: ``checklists/*.toml``, checked, groups spelled out, read once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field, model_validator

from rules.data_file import Strict, read_file
from rules.errors import Fault, InvalidData
from rules.facts import Facts, Region

DIRECTORY = Path(__file__).with_name("checklists")


class Item(Strict):
    """One paper, or with ``group`` all papers of that group; its own keys go before the group's.

    ``one_of``: alternatives share it. ``not_for_several``: not allowed when several places are
    filed. ``same_as``: counts as that paper where lists are joined. ``extra``: needed only by those
    whom the condition names. ``of``: the circumstance (an injury, drugs bought outside) whose
    paper it is; once that is known, what follows the condition's first comma is left of it.
    """

    name: str = ""
    group: str | None = None
    one_of: str | None = None
    copies: str | None = None
    condition: str | None = None
    passage: str | None = None
    not_for_several: bool = False
    same_as: str | None = None
    extra: bool = False
    of: str | None = None


class Note(Strict):
    """``of``: the circumstance it is about."""

    text: str
    passage: str
    of: str | None = None


class Group(Strict):
    items: tuple[Item, ...]


class Checklist(Strict):
    """``everywhere``: of a place's file, yet asked for by name by anybody."""

    scenario: str
    passage: str
    items: tuple[Item, ...]
    notes: tuple[Note, ...] = ()
    conflicts: tuple[str, ...] = ()
    everywhere: bool = False


class Place(Strict):
    """Whose own lists a file holds, and from which day of care on."""

    code: str
    name: str
    since: date = date.min
    checked: date


class ChecklistFile(Strict):
    """``union_notes``: the place's own notes where its lists are joined, by union."""

    place: Place | None = None
    group: dict[str, Group] = Field(default_factory=dict)
    checklist: tuple[Checklist, ...]
    union_notes: dict[str, tuple[Note, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _groups_known(self) -> ChecklistFile:
        used = {item.group for c in self.checklist for item in c.items if item.group}
        if lacking := sorted(used - self.group.keys()):
            raise ValueError(f"groups that are not defined: {', '.join(lacking)}")
        return self


class Scenario(Strict):
    """``case``: how its papers are marked where several lists are joined (转诊的). ``of``: the
    circumstance that it is for."""

    id: str
    title: str
    case: str
    of: str | None = None


class Refinement(Strict):
    """To which member a case leads: every fact named has one of the values."""

    to: str
    filing_type: tuple[str, ...] | None = None
    care_type: tuple[str, ...] | None = None
    emergency: tuple[bool, ...] | None = None

    def holds(self, facts: Facts) -> bool:
        named = {"filing_type": self.filing_type, "care_type": self.care_type}
        if self.emergency is not None and facts.emergency not in self.emergency:
            return False
        return all(values is None or getattr(facts, n) in values for n, values in named.items())


class Union(Strict):
    id: str
    title: str
    passage: str
    members: tuple[str, ...]
    refine: tuple[Refinement, ...]
    notes: tuple[Note, ...]


class ScenarioFile(Strict):
    union: tuple[Union, ...]
    scenario: tuple[Scenario, ...]
    text: dict[str, str]


class Checklists:
    """All lists: everybody's by scenario, and each place's own. Immutable."""

    def __init__(self, names: ScenarioFile, files: dict[str, ChecklistFile]) -> None:
        self.unions = {union.id: union for union in names.union}
        self.scenarios = {scenario.id: scenario for scenario in names.scenario}
        self.text = names.text
        self.files = files
        self._general: dict[str, Checklist] = {}
        self._own: dict[str, tuple[Place, dict[str, Checklist]]] = {}
        for file in files.values():
            lists = {c.scenario: c for c in file.checklist}
            if file.place is None:
                self._general |= lists
            else:
                self._own[file.place.code] = (file.place, lists)
                self._general |= {s: c for s, c in lists.items() if c.everywhere}

    def union_notes(self, union: Union, place: Place | None) -> tuple[Note, ...]:
        """The place's own notes on a union, else everybody's."""
        for file in self.files.values():
            if place is not None and file.place == place and union.id in file.union_notes:
                return file.union_notes[union.id]
        return union.notes

    def find(
        self, scenario: str, region: Region | None, day: date | None
    ) -> tuple[Checklist, Place | None]:
        """The place's own list in force on ``day``, city before province, else everybody's."""
        for code in dict.fromkeys((region.code, region.code[:2])) if region else ():
            place, lists = self._own.get(code, (None, {}))
            if place and scenario in lists and (day is None or place.since <= day):
                return lists[scenario], None if lists[scenario].everywhere else place
        return self._general[scenario], None


@lru_cache(maxsize=4)
def load_checklists(directory: Path = DIRECTORY) -> Checklists:
    """All lists of ``directory``. Raises :class:`InvalidData` with every fault of every file."""
    faults: list[Fault] = []
    files: dict[str, ChecklistFile] = {}
    for path in sorted(directory.glob("*.toml")):
        if path.stem == "scenarios":
            continue
        try:
            files[path.stem] = _spelled(read_file(path, ChecklistFile))
        except InvalidData as error:
            faults.extend(error.faults)
    if faults:
        raise InvalidData(faults)
    names = read_file(directory / "scenarios.toml", ScenarioFile)
    lists = Checklists(names, files)
    used = {c.scenario for file in files.values() for c in file.checklist}
    if stray := sorted(used ^ lists.scenarios.keys()):
        raise InvalidData(
            Fault("scenarios.toml", 1, name, "[[scenario]] + [[checklist]]") for name in stray
        )
    return lists


def _spelled(file: ChecklistFile) -> ChecklistFile:
    """The file with every group replaced by its papers and every paper given its passage."""
    lists = []
    for checklist in file.checklist:
        items = []
        for item in checklist.items:
            for paper in file.group[item.group].items if item.group else (item,):
                own = item.model_dump(exclude_defaults=True, exclude={"group", "name"})
                paper = paper.model_copy(update=own)
                items.append(
                    paper.model_copy(update={"passage": paper.passage or checklist.passage})
                )
        lists.append(checklist.model_copy(update={"items": tuple(items)}))
    return file.model_copy(update={"checklist": tuple(lists)})


def references() -> Iterator[tuple[str, str]]:
    """(where it stands, section id) of every passage named, for the link check."""
    lists = load_checklists()
    for union in lists.unions.values():
        where = f"scenarios.toml {union.id}"
        yield where, union.passage
        yield from ((where, note.passage) for note in union.notes)
    for stem, file in lists.files.items():
        for name, notes in file.union_notes.items():
            yield from ((f"{stem}.toml union_notes.{name}", note.passage) for note in notes)
        for checklist in file.checklist:
            where = f"{stem}.toml {checklist.scenario}"
            yield from ((where, i.passage) for i in checklist.items if i.passage)
            yield from ((where, note.passage) for note in checklist.notes)


def conflict_references() -> Iterator[tuple[str, str]]:
    """(where it stands, conflict id) of every disputed point named, for the link check."""
    for stem, file in load_checklists().files.items():
        for checklist in file.checklist:
            yield from ((f"{stem}.toml {checklist.scenario}", c) for c in checklist.conflicts)
