"""The tab 报销测算: the case as a form, the amount, the bill as a picture, filings side by side."""

from __future__ import annotations

from datetime import date

from assistant.composing.citations import CitationBook
from assistant.composing.reimbursement import answer
from assistant.web.cases import CaseTab, Told
from assistant.web.form import FactForm
from assistant.web.pictures import filings_html, waterfall_html
from assistant.web.texts import page_texts, say
from corpus import load_corpus
from rules.facts import Facts
from rules.reimburse import reimburse
from rules.texts import fact_name
from rules.texts import say as rule_says
from rules.waterfall import bill_parts
from rules.whatif import effects, filing_table

MOST_EFFECTS = 3


def build_bill() -> CaseTab:
    """The form and the place of its result."""
    fields = page_texts()["bill"]["fields"]
    return CaseTab.build(
        title=say("bill.title"),
        lead=say("bill.lead"),
        go=say("bill.go"),
        empty=say("bill.empty"),
        form=lambda: FactForm(fields["main"], fields["more"]),
        tell=tell,
    )


def tell(facts: Facts, today: date) -> Told | None:
    """The amount for ``facts``; None where nothing of a bill is known.

    Raises :class:`rules.errors.InputError`.
    """
    if facts.total_cost is None and facts.insured_region is None:
        return None
    outcome = reimburse(facts, today)
    corpus = load_corpus()
    book = CitationBook(corpus)
    part = answer(outcome, facts, corpus, book)
    filings = filing_table(facts, today)
    parts = bill_parts(facts, today)
    waterfall = waterfall_html(facts, parts, reference=outcome.reference)
    return Told(
        text=part.text,
        conflicts=part.conflicts,
        citations=book.citations,
        figures=[waterfall, filings_html(filings, facts, reference=outcome.reference)],
        sharpen=_sharpen(facts, today),
    )


def _sharpen(facts: Facts, today: date) -> list[str]:
    """What to say next, the largest effect first, in the rules' own words."""
    lines = []
    for effect in effects(facts, today)[:MOST_EFFECTS]:
        name = fact_name(effect.fact)
        if not effect.removes:
            lines.append(rule_says("door.needed_other", fact=name))
            continue
        unit = "yuan" if effect.unit == "yuan" else "point"
        amount = rule_says(f"door.{unit}", amount=f"{effect.removes:,.2f}".removesuffix(".00"))
        lines.append(rule_says("door.needed", fact=name, amount=amount))
    return lines
