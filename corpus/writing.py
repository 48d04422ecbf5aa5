"""Checks how sections are written against ``format.toml``: length, questions, evidence told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from corpus.errors import Fault
from corpus.layout import layout
from corpus.load import Corpus
from corpus.messages import fault
from corpus.model import Section

_NOT_TEXT = re.compile(r"[\s*>`]|^\s*(?:-|\d+\.)\s", re.MULTILINE)
_URL = re.compile(r"https?://|www\.", re.IGNORECASE)
_NOT_WORD = re.compile(r"\W+")


def writing_faults(corpus: Corpus) -> list[Fault]:
    """Every departure from the writing rules; unusual lengths are warnings."""
    faults = [found for section in corpus.sections for found in _of_section(section)]
    return [*faults, *_questions_twice(corpus)]


def length(text: str) -> int:
    """Characters a reader reads: white space, list and emphasis marks are not counted."""
    return len(_NOT_TEXT.sub("", text))


def _of_section(section: Section) -> Iterator[Fault]:
    rules = layout()
    count, asked = length(section.text), len(section.questions)

    def found(code: str, **values: object) -> Fault:
        return fault(code, section.path, section.line, id=section.id, **values)

    if count < rules.least:
        yield found("too_short", count=count, least=rules.least)
    elif count < rules.usual_least:
        yield found("shorter_than_usual", count=count, least=rules.usual_least)
    if count > rules.most:
        yield found("too_long", count=count, most=rules.most)
    elif count > rules.usual_most:
        yield found("longer_than_usual", count=count, most=rules.usual_most)
    if asked < rules.least_questions:
        yield found("too_few_questions", count=asked, least=rules.least_questions)
    if len(section.documents) > rules.most_documents:
        yield found("too_many_documents", count=len(section.documents), most=rules.most_documents)
    phrases = rules.evidence.get(section.evidence, ())
    if phrases and not any(phrase in section.text for phrase in phrases):
        yield found("evidence_not_said", evidence=section.evidence, phrases="、".join(phrases))
    if _URL.search(section.text):
        yield found("bare_url")


def _questions_twice(corpus: Corpus) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for section in corpus.sections:
        for question in section.questions:
            key = _NOT_WORD.sub("", unicodedata.normalize("NFKC", question)).lower()
            if key in seen:
                yield fault(
                    "question_twice",
                    section.path,
                    section.line,
                    question=question,
                    other=seen[key],
                )
            seen.setdefault(key, section.id)
