"""A list of papers: one line a paper, alternatives on one line, the condition beside it."""

from __future__ import annotations

from itertools import groupby

from assistant.composing.citations import CitationBook
from assistant.composing.part import Part, options, say
from assistant.types import MaterialItemView, MaterialsView, ReasonView
from rules.outcome import MaterialItem, Materials

SURE = 0.92


def answer(checklist: Materials, book: CitationBook) -> Part:
    """The list, numbered, then where to hand it in and what can replace what."""
    lines = [_line(group, book) for group in _groups(checklist.items)]
    name = "lead_none" if not lines else "lead_one" if len(lines) == 1 else "lead"
    blocks = [say("materials", name, title=checklist.title, count=len(lines))]
    blocks.append("\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)))
    blocks += [
        f"{n.text} {book.section(n.passage, n.text) if n.passage else ''}".strip()
        for n in checklist.notes
    ]
    return Part(
        route="materials",
        text="\n\n".join(b for b in blocks if b),
        confidence=SURE,
        materials=view(checklist, book),
        suggestions=tuple(options("suggest", "after_materials")),
        sections=checklist.passages,
    )


def beside(checklist: Materials, book: CitationBook) -> Part:
    """The list as an object beside a passage that tells it in words."""
    return Part("materials", "", SURE, materials=view(checklist, book))


def _groups(items: tuple[MaterialItem, ...]) -> list[list[MaterialItem]]:
    """Items that are alternatives under the same condition together, the others alone."""

    def key(pair: tuple[int, MaterialItem]) -> tuple[object, ...]:
        n, item = pair
        return (item.one_of, item.condition) if item.one_of else (n,)

    return [[item for _, item in group] for _, group in groupby(enumerate(items), key)]


def _line(group: list[MaterialItem], book: CitationBook) -> str:
    names = "、".join(f"{i.name}（{i.copies}）" if i.copies else i.name for i in group)
    if len(group) > 1:
        which = "any_one" if group[0].one_of == "identity" else "any_of"
        names = f"{names} —— {say('materials', which)}"
    if group[0].condition:
        names = f"{group[0].condition}：{names}"
    passages = dict.fromkeys(i.passage for i in group)
    return f"{names} {''.join(book.section(p, names) for p in passages)}"


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
