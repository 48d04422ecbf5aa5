"""The tab 备案有效期: the filing and the stay as a form, the verdict, both on a line of time."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from assistant.composing.citations import CitationBook
from assistant.composing.verdict import answer
from assistant.text import chinese_date
from assistant.web.cases import CaseTab, Told
from assistant.web.form import FactForm
from assistant.web.render import render
from assistant.web.texts import page_texts, say
from assistant.web.timeline import timeline_html
from corpus import load_corpus
from rules.calendar import review_window
from rules.facts import Facts
from rules.validity import validity


def build_validity() -> CaseTab:
    """The form and the place of its result."""
    fields = page_texts()["validity"]["fields"]
    return CaseTab.build(
        title=say("validity.title"),
        lead=say("validity.lead"),
        go=say("validity.go"),
        empty=say("validity.empty"),
        form=lambda: FactForm(fields["main"], fields["more"]),
        tell=tell,
    )


def tell(facts: Facts, today: date) -> Told | None:
    """The verdict on ``facts``; None where nothing of a filing or a stay is known.

    Raises :class:`rules.errors.InputError`.
    """
    told = (facts.filing_type, facts.filed, facts.filed_on, facts.admitted_on, facts.stay)
    both = facts.insured_region is not None and facts.treatment_region is not None
    if all(fact is None for fact in told) and not both:
        return None
    verdict = validity(facts, today)
    corpus = load_corpus()
    book = CitationBook(corpus)
    part = answer(verdict, facts, corpus, book)
    return Told(
        text=part.text,
        conflicts=part.conflicts,
        citations=book.citations,
        figures=[timeline_html(verdict, facts, today)],
        after=windows_html(facts, today),
    )


def windows_html(facts: Facts, today: date) -> Markup:
    """The first and last day on which a filing works, by the way it is handed in."""
    submitted = facts.filed_on or today
    names = page_texts()["validity"]["channels"]
    region = facts.insured_region
    rows = [
        (names["online"], review_window(submitted, "online", region)),
        (names["window"], review_window(submitted, "window", region)),
        (names["telephone"], review_window(submitted, "telephone", region)),
    ]
    lead = (
        say("validity.window_filed", day=chinese_date(submitted))
        if facts.filed_on
        else say("validity.window_today")
    )
    known = all(window.calendar_known for _, window in rows)
    return render("windows.html", rows=rows, lead=lead, weekdays=not known)
