"""Which papers: one checklist a case, or the union of several with each paper's case named.

``materials(facts, scenario, today)`` picks the list; the papers themselves stand in
``checklists/*.toml``. Says nothing of validity or amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rules.checklist import Checklist, Checklists, Item, Place, load_checklists
from rules.errors import InputError
from rules.facts import Facts
from rules.outcome import MaterialItem, Materials, Reason

_FILED_KINDS = frozenset(
    {"retiree_resettled", "long_term_resident", "posted_worker", "referral", "temporary"}
)


def scenarios() -> tuple[tuple[str, str], ...]:
    """(id, Chinese title) of every list there is, the joined ones first."""
    lists = load_checklists()
    joined = tuple((union.id, union.title) for union in lists.unions.values())
    return joined + tuple((scenario.id, scenario.title) for scenario in lists.scenarios.values())


def scenario_by_passage() -> dict[str, str]:
    """Section of the corpus that tells a list in words → the scenario of that list."""
    lists = load_checklists()
    general = [c for f in lists.files.values() if f.place is None for c in f.checklist]
    joined = {union.passage: union.id for union in lists.unions.values()}
    return joined | {checklist.passage: checklist.scenario for checklist in general}


def materials(facts: Facts, scenario: str | None = None, today: date | None = None) -> Materials:
    """The papers for a scenario, refined by the facts; without one, for what the facts speak of.

    ``filing`` and ``manual`` become the list of one kind when the facts name it, else the union.
    The insured region's own list goes first. Raises :class:`InputError` for an unknown scenario.
    """
    lists = load_checklists()
    wanted = scenario or _scenario_of(facts)
    if wanted in lists.unions:
        union = lists.unions[wanted]
        wanted = next((r.to for r in union.refine if r.holds(facts)), wanted)
    if wanted in lists.unions:
        return _union(lists, wanted, facts, today)
    if wanted not in lists.scenarios:
        known = "、".join(name for name, _ in scenarios())
        text = lists.text["unknown_scenario"].format(scenario=wanted, known=known)
        raise InputError("scenario", text)
    checklist, place = lists.find(wanted, facts.insured_region, _day(facts, today))
    return Materials(
        scenario=wanted,
        title=_title(lists, lists.scenarios[wanted].title, place),
        items=tuple(_item(item) for item in _allowed(checklist, facts)),
        notes=_notes([checklist]),
        passages=_passages(checklist.passage, [checklist]),
        conflicts=checklist.conflicts,
    )


def combined(facts: Facts, wanted: Sequence[str], today: date | None = None) -> Materials:
    """The union of several scenarios, each paper's condition naming its list.

    The ``scenario`` of the result joins their ids with ``+``.
    """
    lists = load_checklists()
    checklists, place = _found(lists, wanted, facts, today)
    titles = {name: lists.scenarios[name].title for name in wanted}
    cases = {name: lists.text["of_list"].format(title=title) for name, title in titles.items()}
    return Materials(
        scenario="+".join(wanted),
        title=_title(lists, "、".join(titles.values()), place),
        items=_joined(lists, checklists, facts, cases, None),
        notes=_notes(checklists),
        passages=_passages(checklists[0].passage, checklists),
        conflicts=_conflicts(checklists),
    )


def _union(lists: Checklists, name: str, facts: Facts, today: date | None) -> Materials:
    """A named union: its own title and notes; everybody's common papers cite its passage."""
    union = lists.unions[name]
    checklists, place = _found(lists, union.members, facts, today)
    cases = {member: lists.scenarios[member].case for member in union.members}
    items = _joined(lists, checklists, facts, cases, None if place else union.passage)
    notes = lists.union_notes(union, place)
    passages = [*(item.passage for item in items), *(note.passage for note in notes)]
    return Materials(
        scenario=name,
        title=_title(lists, union.title, place),
        items=items,
        notes=tuple(Reason(text=n.text, passage=n.passage) for n in notes),
        passages=tuple(dict.fromkeys(passages)),
        conflicts=_conflicts(checklists),
    )


def _found(
    lists: Checklists, wanted: Sequence[str], facts: Facts, today: date | None
) -> tuple[list[Checklist], Place | None]:
    """The lists for the insured region, and the place when any of them is its own."""
    found = [lists.find(name, facts.insured_region, _day(facts, today)) for name in wanted]
    return [c for c, _ in found], next((place for _, place in found if place), None)


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


def _day(facts: Facts, today: date | None) -> date | None:
    return facts.discharged_on or facts.admitted_on or today


def _title(lists: Checklists, title: str, place: Place | None) -> str:
    if place is None:
        return title
    return lists.text["of_place"].format(title=title, place=place.name)


def _allowed(checklist: Checklist, facts: Facts) -> list[Item]:
    """The papers that count for this case: no letter of commitment for several places (江苏)."""
    several = facts.multiple_filings is True
    return [item for item in checklist.items if not (several and item.not_for_several)]


def _item(item: Item) -> MaterialItem:
    return MaterialItem(
        name=item.name,
        one_of=item.one_of,
        copies=item.copies,
        condition=item.condition,
        passage=item.passage or "",
    )


def _joined(
    lists: Checklists,
    checklists: list[Checklist],
    facts: Facts,
    cases: dict[str, str],
    passage: str | None,
) -> tuple[MaterialItem, ...]:
    """Papers common to all, then each list's own under its case; groups stay apart.

    ``passage``: where the common papers without a source of their own are cited instead.
    """
    papers = [(c, _allowed(c, facts)) for c in checklists if c.items]
    named = [{_key(item) for item in items} for _, items in papers]
    common = set.intersection(*named) if named else set()
    joined: list[MaterialItem] = []
    for first, items in papers[:1]:
        for item in items:
            if _key(item) in common:
                cited = passage if passage and item.passage == first.passage else item.passage
                joined.append(_item(item.model_copy(update={"passage": cited})))
    for checklist, items in papers:
        case = cases[checklist.scenario]
        for item in items:
            if _key(item) in common:
                continue
            condition = case
            if item.condition:
                condition = lists.text["both"].format(case=case, condition=item.condition)
            group = f"{item.one_of}_{checklist.scenario}" if item.one_of else None
            joined.append(_item(item.model_copy(update={"condition": condition, "one_of": group})))
    return tuple(joined)


def _key(item: Item) -> str:
    return item.same_as or item.name


def _notes(checklists: list[Checklist]) -> tuple[Reason, ...]:
    notes = [Reason(text=n.text, passage=n.passage) for c in checklists for n in c.notes]
    return tuple(dict.fromkeys(notes))


def _conflicts(checklists: list[Checklist]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for checklist in checklists for c in checklist.conflicts))


def _passages(first: str, checklists: list[Checklist]) -> tuple[str, ...]:
    """Every section the list rests on, the list's own first."""
    items = [item.passage for c in checklists for item in c.items if item.passage]
    notes = [note.passage for c in checklists for note in c.notes]
    return tuple(dict.fromkeys((first, *items, *notes)))
