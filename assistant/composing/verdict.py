"""A verdict on one filing or stay, and the days on which a new filing can be used."""

from __future__ import annotations

from datetime import date

from assistant.composing.citations import CitationBook
from assistant.composing.conflicts import told, views
from assistant.composing.facts import summary
from assistant.composing.part import Part, fold, options, say
from assistant.text import chinese_date
from assistant.types import ReasonView, ValidityView
from corpus import Corpus
from rules.facts import Facts
from rules.outcome import ReviewWindow, Validity
from rules.periods import written_period

SURE, OPEN = 0.95, 0.88
NOTICE_IN_FORCE = date(2023, 1, 1)
"""医保发〔2022〕22号; care before that day is judged by what the region ruled then."""
FILED_AS_IT_IS = {"not_needed": "after_not_needed", "deemed_filed": "after_not_needed"}
"""Verdicts after which nobody need file again, and what is offered then."""
TELLS_HOW = ("can_file_late", "manual_only", "file_first")
"""Verdicts whose reasons are a procedure as well."""


def answer(verdict: Validity, facts: Facts, corpus: Corpus, book: CitationBook) -> Part:
    """The verdict first, its reasons, then what it was judged from and where sources differ."""
    first, *others = verdict.reasons
    blocks = [
        f"**{first.text.rstrip('。')}。** {_markers(first.text, first.passage, book)}".strip()
    ]
    blocks += [f"{r.text} {_markers(r.text, r.passage, book)}".strip() for r in others]
    day = facts.discharged_on or facts.admitted_on
    if day is not None and day < NOTICE_IN_FORCE:
        blocks.insert(0, book.resolve(say("validity", "before_notice")))
    if said := summary(facts, without=frozenset({"total_cost"})):
        blocks.append(say("validity", "basis", facts=said))
    conflicts = views(verdict.conflicts, corpus, book)
    blocks.append(fold("more", [told(conflicts)] if conflicts else []))
    return Part(
        route="validity",
        also=("procedure",) if verdict.status in TELLS_HOW else (),
        text="\n\n".join(b for b in blocks if b),
        brief=blocks[0],
        conflicts=conflicts,
        confidence=OPEN if verdict.status == "depends" else SURE,
        validity=view(verdict, book),
        missing=verdict.missing,
        suggestions=tuple(options("suggest", FILED_AS_IT_IS.get(verdict.status, "after_verdict"))),
        sections=verdict.passages,
    )


def window(found: ReviewWindow, book: CitationBook) -> Part:
    """The first and the last day on which a filing handed in can be used."""
    name = "window_day" if found.earliest == found.latest else "window"
    submitted = written_period(found.submitted, found.submitted_by or found.submitted)
    submitted, earliest = submitted.replace(" ", ""), chinese_date(found.earliest)
    latest = chinese_date(found.latest)
    blocks = [say("validity", name, submitted=submitted, earliest=earliest, latest=latest)]
    blocks += [f"{r.text} {_markers(r.text, r.passage, book)}".strip() for r in found.reasons]
    return Part(
        route="procedure",
        text="\n\n".join(blocks),
        confidence=OPEN,
        suggestions=tuple(options("suggest", "after_verdict")),
        sections=tuple(r.passage for r in found.reasons if r.passage),
    )


def _markers(text: str, passage: str | None, book: CitationBook) -> str:
    return book.section(passage, text) if passage else ""


def view(verdict: Validity, book: CitationBook) -> ValidityView:
    """The verdict as the contract's object, passages turned into markers."""
    return ValidityView(
        status=verdict.status,
        settlement=verdict.settlement,
        valid_from=verdict.valid_from,
        certain_until=verdict.certain_until,
        possible_until=verdict.possible_until,
        reasons=[
            ReasonView(text=r.text, marker=book.first(r.passage, r.text)) for r in verdict.reasons
        ],
    )
