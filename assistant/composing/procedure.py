"""A procedural answer from one or more sections: lead first, then conditions, then what next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.composing.citations import CitationBook
from assistant.composing.conflicts import AT_MOST, disputed, relevant, told, view
from assistant.composing.facts import short_name
from assistant.composing.part import Part, fold, options, say, titled
from assistant.data import read_toml
from assistant.text import chinese_date, figures, plain, retold, sentences
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
HOTLINES = frozenset({"12393", "12345", "12333"})
BOUND = frozenset({"validity", "ratio"})
"""Topics on which the country sets a bound and each place its own figure."""
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
    *,
    leads: bool = True,
    general: bool = False,
) -> Part:
    """``sections``: the one that answers first, then those that add to it (may be none).

    ``general``: the place named has no rule of its own here. ``on``: the day asked about; a clause
    not in force on it says so first. ``dispute``: the contradiction the question is about; told
    first when it ``leads``, else after the answer.
    """
    main, *others = sections
    others = [o for o in others if not retells(o, main)]
    unsaid = general and dispute is None and _hearsay_ratio(main, corpus)
    if unsaid or _kind(question).get("never"):
        return silent(question, [main], facts, confidence, book)
    beside = relevant(corpus, [main.id, *(other.id for other in others)], question)
    found = list(dict.fromkeys(([dispute] if dispute else []) + beside))[:AT_MOST]
    leading = dispute if leads else None
    asked = [] if leading is None else disputed(leading, view(leading, corpus, book), book)
    paragraphs = _paragraphs(main.text)
    opens_list = len(paragraphs) > 1 and paragraphs[1].startswith(LIST_MARKS)
    if asked and not opens_list:
        paragraphs[0] = _fresh(paragraphs[0], plain("".join(asked)))
        paragraphs = [p for p in paragraphs if p]
    blocks = [_block(paragraph, main, book) for paragraph in paragraphs]
    left = general or LEFT_TO_REGION & set(main.topics)
    if facts.insured_region and main.region is None and left:
        region = short_name(facts.insured_region)
        blocks[1:1] = [say("silent", "general", region=region)]
    if timely := _in_force(main, question, on, corpus):
        blocks.insert(
            0, f"{timely} {book.section(IN_FORCE.get(main.in_force_from, main.id), timely)}"
        )
    conflicts = tuple(view(c, corpus, book) for c in found)
    if asked:
        blocks = [*asked, *(b.replace("**", "") for b in blocks[:1]), *blocks[1:]]
    if rest := conflicts[1:] if leading else conflicts:
        blocks.append(told(rest))
    return Part(
        route="procedure",
        text="\n\n".join([_fold(blocks), *(_whole(other, book) for other in others)]),
        confidence=confidence,
        conflicts=conflicts,
        disputed=leading is not None,
        suggestions=_suggestions(main, corpus),
        sections=(main.id, *(other.id for other in others)),
    )


def _fresh(paragraph: str, before: str) -> str:
    """The sentences of ``paragraph`` that ``before`` does not say."""
    if retold(paragraph, before):
        return ""
    told = re.findall(r"[^。]+。?(?:\*\*)?", paragraph)
    balanced = (s for s in told if s.count("**") % 2 or not retold(s, before))
    return "".join(balanced).strip()


def retells(section: Section, own: Section) -> bool:
    """``section`` holds for everybody and tells what the region's ``own`` says, as an example."""
    return (
        section.region is None
        and own.region is not None
        and own.documents[0] in section.documents
        and set(section.topics) <= set(own.topics)
        and _told_figures(section) <= _told_figures(own)
    )


def _told_figures(section: Section) -> set[str]:
    return figures(" ".join(sentences(section.text))) - HOTLINES


def _hearsay_ratio(section: Section, corpus: Corpus) -> bool:
    """Figures that an article gives for no place: no answer to what one place pays."""
    lowly = corpus.document(section.documents[0]).authority not in ("national", "local")
    return lowly and section.region is None and "ratio" in section.topics


def listing(section: str, disease: str) -> str:
    """Whether ``disease`` is on the list, by the list's ``section``."""
    return say("procedure", section, disease=disease)


def _whole(section: Section, book: CitationBook) -> str:
    """A section that adds to the answer, behind its title."""
    return titled(section.title, [_block(p, section, book) for p in _paragraphs(section.text)])


def _asks_if_binding(question: str) -> bool:
    return re.search(read_toml("replies.toml")["silent"]["binding"], question) is not None


def _in_force(section: Section, question: str, on: date, corpus: Corpus) -> str:
    """Said before a clause that does not hold on the day asked about, or when that is asked."""
    since, until = section.in_force_from, section.in_force_to
    title = corpus.document(section.documents[0]).title
    what = title if title.startswith("《") else f"《{title}》"
    asked = "law" in section.topics and _asks_if_binding(question)
    if since is not None and on < since:
        told = "not_in_force" if asked else "not_yet"
        return say("silent", told, what=what, since=chinese_date(since))
    if since is not None and asked:
        return say("silent", "in_force", what=what, since=chinese_date(since))
    if until is not None and until < on:
        return say("silent", "no_more", what=what, until=chinese_date(until))
    return ""


def silent(
    question: str,
    near: Sequence[Section],
    facts: Facts,
    confidence: float,
    book: CitationBook,
    *,
    named: bool = True,
) -> Part:
    """Nothing found that answers: said so, with whom to ask and in which words.

    ``near``: what the documents hold nearby. Told is only what the country sets as a bound, where a
    place's own figure is asked for; else the first is ``named``, lest it be read as the answer.
    """
    region = facts.insured_region
    who = short_name(region) if region else say("name", "unnamed_region")
    kind = _kind(question)
    what = kind["what"].format(who=who) if region or "{who}" not in kind["what"] else kind["bare"]
    asked = re.sub(r"[\W_]+$", "", plain(question))[-60:] + "？"
    blocks, offered = [say("silent", "lead", what=what)], tuple[str, ...]()
    bound = next((s for s in near if region and _is_bound(s, book.corpus)), None)
    if bound is not None and kind["near"]:
        said = f"{bound.lead} {book.section(bound.id, bound.lead)}"
        blocks.append(say("silent", "bound", who=who, said=said))
    blocks.append(book.resolve(kind["ask"].format(who=who, question=asked)))
    if bound is None and named and near and kind["near"]:
        blocks.append(say("silent", "near", title=near[0].title))
        offered = near[0].questions[:1]
    return Part(
        route="procedure",
        text="\n\n".join(blocks),
        confidence=confidence,
        suggestions=(*offered, *options("suggest", "after_silent")),
    )


def _is_bound(section: Section, corpus: Corpus) -> bool:
    """A national rule within which each place sets a figure of its own."""
    national = corpus.document(section.documents[0]).authority == "national"
    official = national and section.evidence in ("text", "retold")
    return official and bool(BOUND & set(section.topics))


def asks_detail(question: str) -> bool:
    """A detail of one office (its telephone number), which no general passage answers."""
    return bool(_kind(question).get("detail"))


def _kind(question: str) -> dict[str, Any]:
    """What was asked for: a telephone number, an address, opening hours, or a rule."""
    kinds: list[dict[str, Any]] = read_toml("replies.toml")["silent"]["kind"]
    return next(k for k in kinds if re.search("|".join(k["cues"]), question))


def _paragraphs(text: str) -> list[str]:
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
