"""A procedural answer from one or more sections: lead first, then conditions, then what next."""

from __future__ import annotations

import re
from datetime import date

from assistant.composing.citations import CitationBook
from assistant.composing.conflicts import AT_MOST, relevant, told, view
from assistant.composing.facts import short_name
from assistant.composing.part import Part, fold, options, say
from assistant.text import chinese_date, plain
from corpus import Conflict, Corpus, Section
from rules.facts import Facts

FOLD_AFTER = 350
"""Characters shown before the rest folds."""

IN_FORCE: dict[date | None, str] = {
    date(2023, 1, 1): "before-2023",
    date(2027, 1, 1): "law-in-force",
}
"""The section that says when clauses of that first day begin to hold."""
LIST_MARKS = ("1.", "- ")
LEFT_TO_REGION = frozenset({"validity", "ratio", "region_rule"})
"""Topics on which a region may rule otherwise than the general text."""


def answer(
    sections: tuple[Section, ...],
    question: str,
    facts: Facts,
    confidence: float,
    corpus: Corpus,
    book: CitationBook,
    on: date,
    dispute: Conflict | None = None,
    general: bool = False,
) -> Part:
    """``sections``: the one that answers first, then those that add to it (may be none).

    ``general``: the place named has no rule of its own here. ``on``: the day asked about; a clause
    not in force on it says so first. ``dispute``: the contradiction the question is about; told
    right after the answer's first line.
    """
    main, *others = sections
    blocks = [_block(b, main, book) for b in _blocks(main.text)]
    left = general or LEFT_TO_REGION & set(main.topics)
    if facts.insured_region and main.region is None and left:
        region = short_name(facts.insured_region)
        blocks.insert(1, say("silent", "general", region=region))
    if timely := _out_of_force(main, on):
        blocks.insert(
            0, f"{timely} {book.section(IN_FORCE.get(main.in_force_from, main.id), timely)}"
        )
    for other in others:
        blocks.append(_block(other.lead, other, book))
    beside = relevant(corpus, [s.id for s in sections], question)
    found = list(dict.fromkeys(([dispute] if dispute else []) + beside))[:AT_MOST]
    conflicts = tuple(view(c, corpus, book) for c in found)
    if dispute:
        listed = (n for n, b in enumerate(blocks[1:], 1) if not b.lstrip().startswith(LIST_MARKS))
        blocks.insert(next(listed, len(blocks)), told(conflicts[:1]))
    if rest := conflicts[1:] if dispute else conflicts:
        blocks.append(told(rest))
    return Part(
        route="procedure",
        text=_fold(blocks),
        confidence=confidence,
        conflicts=conflicts,
        suggestions=_suggestions(main, corpus),
        sections=tuple(s.id for s in sections),
    )


def _out_of_force(section: Section, on: date) -> str:
    """Said before a clause that does not hold on the day asked about; else empty."""
    since, until = section.in_force_from, section.in_force_to
    if since is not None and on < since:
        return say("silent", "not_yet", since=chinese_date(since))
    if until is not None and until < on:
        return say("silent", "no_more", until=chinese_date(until))
    return ""


def silent(
    question: str, near: Section | None, facts: Facts, confidence: float, book: CitationBook
) -> Part:
    """Nothing found that answers: said so, with whom to ask and in which words."""
    region = facts.insured_region
    who = short_name(region) if region else say("name", "unnamed_region")
    lead = say("silent", "lead_region", region=who) if region else say("silent", "lead")
    asked = re.sub(r"[。！？!?\s]+$", "", plain(question))[-60:] + "？"
    blocks = [lead]
    blocks.append(book.resolve(say("silent", "ask", who=who, question=asked)))
    if near is not None and near.lead.rstrip().endswith("。"):
        blocks.append(say("silent", "near", lead=_block(near.lead, near, book)))
    return Part(
        route="procedure",
        text="\n\n".join(blocks),
        confidence=confidence,
        suggestions=tuple(options("suggest", "after_silent")),
    )


def _blocks(text: str) -> list[str]:
    """Paragraphs and lists; a list stays with the line that announces it."""
    joined: list[str] = []
    for block in (b for b in text.split("\n\n") if b.strip()):
        if joined and joined[-1].rstrip().endswith(("：", ":")):
            joined[-1] = f"{joined[-1]}\n\n{block}"
        else:
            joined.append(block)
    return joined


def _block(block: str, section: Section, book: CitationBook) -> str:
    """The block with the section's markers at its end (after each item of a list once)."""
    return f"{block.rstrip()} {book.section(section.id, block)}"


def _fold(blocks: list[str]) -> str:
    """Blocks up to the limit in sight, the rest folded; nothing is cut."""
    shown: list[str] = []
    length = 0
    for i, block in enumerate(blocks):
        length += len(plain(block))
        if shown and length > FOLD_AFTER and len(plain("".join(blocks[i:]))) > 80:
            return "\n\n".join([*shown, fold("more", blocks[i:])])
        shown.append(block)
    return "\n\n".join(shown)


def _suggestions(section: Section, corpus: Corpus) -> tuple[str, ...]:
    following = [corpus.section(s).questions[0] for s in section.follow_up]
    return tuple(following[:4]) or tuple(options("suggest", "after_materials"))
