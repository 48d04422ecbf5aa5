"""Coverage-guided fuzzing (atheris) of everything that takes a stranger's text or bytes apart.

``python -m evals.fuzz_parsers [libFuzzer options] FOLDER``, started by ``python -m evals fuzz``:
libFuzzer ends the process itself. The first byte of an input picks the parser; a fault, or ten
seconds without an answer, stops the run and leaves the input behind.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from typing import Protocol

import atheris
from pydantic import BaseModel, ValidationError

with atheris.instrument_imports(include=["assistant", "rules"], enable_loader_override=False):
    from assistant import slots
    from assistant.api.body import BadBody, checked_json
    from assistant.api.models import (
        AskRequest,
        FeedbackRequest,
        MaterialsRequest,
        SearchRequest,
        sentence,
    )
    from assistant.api.openai import ChatRequest, in_pieces
    from assistant.english import to_chinese
    from assistant.people import cases_in, is_contrast, names_only, person_named
    from assistant.privacy import mask
    from assistant.routing import questions_in, without_unknown
    from assistant.slots.numerals import folded, numbers
    from assistant.slots.placenames import places_in
    from rules.facts import Facts
    from rules.regions import candidates, find_region, scan

_TODAY = date(2025, 8, 1)
_KNOWN = (Facts(), Facts(insurance_type="employee", age=71, filing_type="none"))
_EXPECTED = (None, "total_cost", "filed_on", "insured_region", "facility_level", "age")
_BODIES: tuple[type[BaseModel], ...] = (
    AskRequest,
    SearchRequest,
    MaterialsRequest,
    FeedbackRequest,
    ChatRequest,
)


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def _within(found: Iterable[_Spanned], text: str) -> None:
    for one in found:
        assert 0 <= one.start <= one.end <= len(text), one


def facts(text: str) -> None:
    """Slot reading, with nothing known and with something, expecting each kind of reply."""
    pick = len(text)
    reading = slots.read(
        text, _TODAY, known=_KNOWN[pick % 2], expecting=_EXPECTED[pick % len(_EXPECTED)]
    )
    _within((*reading.mentions, *reading.unclear), text)


def numerals(text: str) -> None:
    """Numbers, money, shares, lengths of time, ranges."""
    assert len(folded(text)) == len(text)
    for read in (numbers, slots.amounts, slots.percents, slots.durations, slots.ranges):
        _within(read(text), text)


def days(text: str) -> None:
    """Dates, at both ends of the calendar, too."""
    for today in (_TODAY, date(1990, 1, 1), date(2100, 12, 31)):
        _within(found := slots.dates(text, today), text)
        assert all(d.first is None or d.last is None or d.first <= d.last for d in found)


def places(text: str) -> None:
    """Regions in a text, and a text as a region."""
    _within(places_in(text), text)
    _within(scan(text), text)
    assert find_region(text) is None or not candidates(text) or find_region(text)


def clean(text: str) -> None:
    """Every clean character has its place in the original, in order."""
    made = slots.normalise(text)
    assert len(made.text) == len(made.starts) == len(made.ends)
    assert all(0 <= a <= b <= len(text) for a, b in zip(made.starts, made.ends, strict=True))
    assert all(a <= b for a, b in pairwise(made.starts))


def people(text: str) -> None:
    """Whose case it is, and several people's cases apart."""
    person_named(text, "", ("小张",))
    names_only(text)
    is_contrast(text)
    cases_in(text, _TODAY, ("小张",))


def parts(text: str) -> None:
    """Questions of a message, pieces of an answer."""
    assert all(part for part in questions_in(text))
    without_unknown(text)
    assert "".join(in_pieces(text)) == text
    to_chinese(text)


def privacy(text: str) -> None:
    """Masked once is masked for good."""
    once = mask(text)
    assert mask(once) == once


def bodies(data: bytes) -> None:
    """A request's body: a value, or an error that can be told."""
    try:
        value = checked_json(data)
    except BadBody as bad:
        assert 400 <= bad.status < 500
        return
    for model in _BODIES:
        try:
            model.model_validate(value)
        except ValidationError as error:
            assert sentence(list(error.errors()))


TEXTS: tuple[Callable[[str], None], ...] = (
    facts, numerals, days, places, clean, people, parts, privacy,
)  # fmt: skip


def one_input(data: bytes) -> None:
    """What libFuzzer calls."""
    pick, rest = (data[0] if data else 0) % (len(TEXTS) + 1), data[1:]
    if pick == len(TEXTS):
        bodies(rest)
    else:
        TEXTS[pick](rest.decode("utf-8", "ignore"))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
