"""Which papers: one checklist a case, or the union of several with each paper's case named.

``materials(facts, scenario, today)`` picks the list; the papers themselves stand in
``checklists/*.toml``. Says nothing of validity or amounts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TypeVar

from rules.checklist import Checklist, Checklists, Item, Place, load_checklists
from rules.errors import InputError
from rules.facts import Facts
from rules.outcome import MaterialItem, Materials, Reason

T = TypeVar("T")
_FILED_KINDS = frozenset(
    {"retiree_resettled", "long_term_resident", "posted_worker", "referral", "temporary"}
)


def scenarios() -> tuple[tuple[str, str], ...]:
    """(id, Chinese title) of every list there is, the joined ones first."""
    lists = load_checklists()
    joined = tuple((union.id, union.title) for union in lists.unions.values())
    return joined + tuple((scenario.id, scenario.title) for scenario in lists.scenarios.values())


def scenario_by_passage() -> dict[str, str]:
    """Section of the corpus that tells a list in words → the scenario of that list.

    A section that tells several lists of one union stands for the union.
    """
    lists = load_checklists()
    found = {union.passage: union.id for union in lists.unions.values()}
    several = {member: union.id for union in lists.unions.values() for member in union.members}
    for file in sorted(lists.files.values(), key=lambda f: f.place is not None):
        for checklist in file.checklist:
            before = found.setdefault(checklist.passage, checklist.scenario)
            if before in lists.scenarios and before != checklist.scenario:
                found[checklist.passage] = several[before]
    return found


def materials(
    facts: Facts,
    scenario: str | None = None,
    today: date | None = None,
    of: Collection[str] = (),
) -> Materials:
    """The papers for a scenario, refined by the facts; without one, for what the facts speak of.

    ``filing`` and ``manual`` become the list of one kind when the facts name it, else the union.
    The insured region's own list goes first. ``of``: circumstances told (``injury``); when there
    are some, their papers are everybody's and those of others are left out. Raises
    :class:`InputError` for an unknown scenario.
    """
    lists = load_checklists()
    wanted = scenario or _scenario_of(facts)
    if wanted in lists.unions:
        union = lists.unions[wanted]
        wanted = next((r.to for r in union.refine if r.holds(facts)), wanted)
    if wanted in lists.unions:
        return _union(lists, wanted, facts, today, of)
    if wanted not in lists.scenarios:
        known = "、".join(name for name, _ in scenarios())
        text = lists.text["unknown_scenario"].format(scenario=wanted, known=known)
        raise InputError("scenario", text)
    return _single(lists, wanted, facts, today, of)[0]


def together(found: Sequence[Materials]) -> Materials:
    """The union of several lists, each paper's condition naming its list.

    The ``scenario`` of the result joins their ids with ``+``.
    """
    lists = load_checklists()
    cases = [lists.text["of_list"].format(title=one.title) for one in found]
    return Materials(
        scenario="+".join(one.scenario for one in found),
        title="、".join(one.title for one in found),
        items=_joined(lists, found, cases),
        notes=_once(note for one in found for note in one.notes),
        passages=_once(passage for one in found for passage in one.passages),
        conflicts=_once(conflict for one in found for conflict in one.conflicts),
        joined=True,
    )


def _single(
    lists: Checklists, name: str, facts: Facts, today: date | None, of: Collection[str]
) -> tuple[Materials, Place | None]:
    """One list for the insured region, and the place when the list is its own."""
    day = facts.discharged_on or facts.admitted_on or today
    checklist, place = lists.find(name, facts.insured_region, day)
    items = tuple(_item(item, of) for item in _allowed(checklist, facts, of))
    told = [note for note in checklist.notes if _concerns(note.of, of)]
    notes = tuple(Reason(text=note.text, passage=note.passage) for note in told)
    cited = [*(item.passage for item in items), *(note.passage for note in told)]
    listed = Materials(
        scenario=name,
        title=_title(lists, lists.scenarios[name].title, place),
        items=items,
        notes=notes,
        passages=_once([checklist.passage, *cited]),
        conflicts=checklist.conflicts,
    )
    return listed, place


def _union(
    lists: Checklists, name: str, facts: Facts, today: date | None, of: Collection[str]
) -> Materials:
    """A named union: its own title and notes; everybody's common papers cite its passage."""
    union = lists.unions[name]
    named = [m for m in union.members if _concerns(lists.scenarios[m].of, of)]
    found = [_single(lists, member, facts, today, of) for member in named]
    members, place = [one for one, _ in found], next((p for _, p in found if p), None)
    cases = [lists.scenarios[member].case for member in named]
    items = _joined(lists, members, cases, None if place else union.passage)
    notes = lists.union_notes(union, place)
    return Materials(
        scenario=name,
        title=_title(lists, union.title, place),
        items=items,
        notes=tuple(Reason(text=n.text, passage=n.passage) for n in notes),
        passages=_once([*(item.passage for item in items), *(note.passage for note in notes)]),
        conflicts=_once(conflict for one in members for conflict in one.conflicts),
        joined=True,
    )


def _scenario_of(facts: Facts) -> str:
    """What the facts speak of when nothing was asked for by name."""
    paid = facts.self_paid or facts.stay == "discharged" or facts.discharged_on is not None
    if facts.filing_type in _FILED_KINDS:
        return "filing"
    if paid and (facts.filing_type in ("none", "emergency") or facts.self_paid):
        return "manual"
    if facts.care_type == "chronic_outpatient":
        return "chronic_recognition"
    return "filing"


def _title(lists: Checklists, title: str, place: Place | None) -> str:
    if place is None:
        return title
    return lists.text["of_place"].format(title=title, place=place.name)


def _allowed(checklist: Checklist, facts: Facts, of: Collection[str]) -> list[Item]:
    """The papers that count for this case: no letter of commitment for several places (江苏)."""
    several = facts.multiple_filings is True
    asked = [item for item in checklist.items if _concerns(item.of, of)]
    return [item for item in asked if not (several and item.not_for_several)]


def _concerns(circumstance: str | None, told: Collection[str]) -> bool:
    """Everybody's, of a circumstance that was told, or nothing was told of any."""
    return circumstance is None or not told or circumstance in told


def _item(item: Item, of: Collection[str]) -> MaterialItem:
    kept = item.model_dump(exclude={"group", "not_for_several", "passage", "of"})
    if item.of in of:
        rest = (item.condition or "").partition("，")[2]
        kept |= {"extra": False, "condition": rest or None}
    return MaterialItem(**kept, passage=item.passage or "")


def _joined(
    lists: Checklists, found: Sequence[Materials], cases: Sequence[str], passage: str | None = None
) -> tuple[MaterialItem, ...]:
    """Papers common to all, each list's own under its case, then what some of several lists need.

    Groups stay apart. ``passage``: where common papers of a list's own passage are cited instead.
    """
    pairs = [(one, case) for one, case in zip(found, cases, strict=True) if one.items]
    named = [{_key(item) for item in one.items} for one, _ in pairs]
    common = set.intersection(*named) if named else set()
    needed = Counter((i.name, i.condition) for one, _ in pairs for i in one.items if i.extra)
    joined: list[MaterialItem] = []
    shared: dict[tuple[str, str | None], MaterialItem] = {}
    for one, _ in pairs[:1]:
        for item in (item for item in one.items if _key(item) in common):
            cited = passage if passage and item.passage == one.passages[0] else item.passage
            if item.extra:
                shared[item.name, item.condition] = item
            else:
                joined.append(item.model_copy(update={"passage": cited}))
    for one, case in pairs:
        for item in one.items:
            if _key(item) in common:
                continue
            if item.extra and item.passage in {o.passages[0] for o, _ in pairs if o is not one}:
                continue  # another of the lists tells it
            if item.extra and needed[item.name, item.condition] > 1:
                shared.setdefault((item.name, item.condition), item)
                continue
            condition = case
            if item.condition:
                condition = lists.text["both"].format(case=case, condition=item.condition)
            group = f"{item.one_of}_{one.scenario}" if item.one_of else None
            update = {"condition": condition, "one_of": group, "extra": True}
            joined.append(item.model_copy(update=update))
    return (*joined, *shared.values())


def _key(item: MaterialItem) -> str:
    return item.same_as or item.name


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
