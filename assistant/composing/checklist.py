"""A list of papers: one line a paper or group of alternatives, then what some need besides."""

from __future__ import annotations

from assistant.composing.citations import CitationBook
from assistant.composing.part import Part, options, say
from assistant.types import MaterialItemView, MaterialsView, ReasonView
from rules.materials import together
from rules.outcome import MaterialItem, Materials

SURE = 0.92


def answer(checklist: Materials, book: CitationBook) -> Part:
    """The list, numbered, then where to hand it in and what can replace what."""
    groups = _groups(checklist.items)
    always = [_line(group, book) for group in groups if not group[0].extra]
    extras = _extras([group for group in groups if group[0].extra], book)
    blocks = [say("materials", _lead(checklist, always), title=checklist.title, count=len(always))]
    blocks.append("\n".join(f"{n}. {line}" for n, line in enumerate(always, 1)))
    if extras:
        if always:
            blocks.append(say("materials", "cases" if checklist.joined else "extras"))
        blocks.append("\n".join(f"- {line}" for line in extras))
    blocks += [
        f"{n.text} {book.section(n.passage, n.text) if n.passage else ''}".strip()
        for n in checklist.notes
    ]
    return Part(
        route="materials",
        text="\n\n".join(b for b in blocks if b),
        confidence=SURE,
        materials=checklist,
        suggestions=tuple(options("suggest", "after_materials")),
        sections=checklist.passages,
    )


def beside(checklist: Materials) -> Part:
    """The list as an object beside a passage that tells it in words."""
    return Part("materials", "", SURE, materials=checklist)


def united(checklists: list[Materials], book: CitationBook) -> MaterialsView | None:
    """The one list of the answer: the union when several were told."""
    found = list({one.scenario: one for one in checklists}.values())
    if not found:
        return None
    return view(found[0] if len(found) == 1 else together(found), book)


def _lead(checklist: Materials, always: list[str]) -> str:
    """Which sentence opens the list; papers that only some need are not counted."""
    if not checklist.items:
        return "lead_none"
    if not always:
        return "lead_cases"
    if checklist.joined:
        return "lead_joined"
    return "lead_one" if len(always) == 1 else "lead"


def _groups(items: tuple[MaterialItem, ...]) -> list[list[MaterialItem]]:
    """Items that are alternatives together, the others alone; in order of first naming."""
    groups: dict[object, list[MaterialItem]] = {}
    for n, item in enumerate(items):
        groups.setdefault(item.one_of or n, []).append(item)
    return list(groups.values())


def _extras(groups: list[list[MaterialItem]], book: CitationBook) -> list[str]:
    """A line a case: ``住院的：A、B —— 任选一样；C``."""
    by_case: dict[str, list[str]] = {}
    for group in groups:
        by_case.setdefault(group[0].condition or "", []).append(_line(group, book))
    return [f"{case}：{'；'.join(lines)}" if case else lines[0] for case, lines in by_case.items()]


def _line(group: list[MaterialItem], book: CitationBook) -> str:
    """``A、B —— 任选一样``; a condition that differs from the first one's stands at its paper."""
    by_condition: dict[str | None, list[MaterialItem]] = {}
    for item in group:
        by_condition.setdefault(item.condition, []).append(item)
    first, *others = by_condition
    names = "、".join(item.name for item in by_condition[first])
    remarks = [group[0].copies] if group[0].copies else []
    if first and not group[0].extra:
        remarks.insert(0, first)
    if len(by_condition[first]) > 1:
        which = "any_one" if group[0].one_of == "identity" else "any_of"
        remarks.insert(0, say("materials", which))
    line = f"{names} —— {'，'.join(remarks)}" if remarks else names
    for condition in others:
        case = (condition or "").removeprefix(f"{first}，")
        instead = "、".join(item.name for item in by_condition[condition])
        line += say("materials", "instead", names=instead, condition=case)
    passages = dict.fromkeys(item.passage for item in group)
    return f"{line} {''.join(book.section(p, line) for p in passages)}"


def view(checklist: Materials, book: CitationBook) -> MaterialsView:
    """The list as the contract's object, passages turned into markers."""
    return MaterialsView(
        scenario=checklist.scenario,
        title=checklist.title,
        items=[
            MaterialItemView(
                name=i.name,
                one_of=i.one_of,
                copies=i.copies,
                condition=i.condition,
                marker=book.first(i.passage, i.name),
            )
            for i in checklist.items
        ],
        notes=[
            ReasonView(text=n.text, marker=book.first(n.passage, n.text)) for n in checklist.notes
        ],
    )
