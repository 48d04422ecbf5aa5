"""Answers to facts given as such: the rules' result in the same words as in a conversation."""

from __future__ import annotations

from datetime import date

from assistant.api.texts import say
from assistant.composing import (
    CitationBook,
    Part,
    checklist,
    compose,
    edges,
    reimbursement,
    verdict,
)
from assistant.types import Answer
from corpus import Corpus
from rules.errors import InputError
from rules.facts import Facts
from rules.materials import materials
from rules.reimburse import reimburse
from rules.validity import validity


class Forms:
    """The three calculators as doors; what cannot be comes back as a ``clarify`` answer."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def reimbursement(self, facts: Facts, today: date) -> Answer:
        """What the fund pays of a bill."""
        book = CitationBook(self._corpus)
        try:
            part = reimbursement.answer(reimburse(facts, today), facts, self._corpus, book)
        except InputError as error:
            part = edges.clarify("bad_input", message=str(error))
        return _whole(part, "reimbursement", facts, book)

    def validity(self, facts: Facts, today: date) -> Answer:
        """Whether a filing holds."""
        book = CitationBook(self._corpus)
        try:
            part = verdict.answer(validity(facts, today), facts, self._corpus, book)
        except InputError as error:
            part = edges.clarify("bad_input", message=str(error))
        return _whole(part, "validity", facts, book)

    def materials(self, facts: Facts, scenario: str | None, today: date) -> Answer:
        """Which papers."""
        book = CitationBook(self._corpus)
        try:
            part = checklist.answer(materials(facts, scenario, today), book)
        except InputError as error:
            part = edges.clarify("bad_input", message=str(error))
        return _whole(part, "materials", facts, book)


def _whole(part: Part, name: str, facts: Facts, book: CitationBook) -> Answer:
    return compose([part], say("case", name), facts, book)[0]
