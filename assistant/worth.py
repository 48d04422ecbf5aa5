"""Which evidence is worth telling, beside what a message told and what is told already."""

from __future__ import annotations

from assistant import evidence as ev
from assistant.composing.procedure import asks_detail
from assistant.gathering import SURE
from assistant.routing import Wish, asks
from assistant.slots import Reading


def only_tells(found: ev.Evidence, wish: Wish, reading: Reading) -> bool:
    """Facts told without a question (我爸在郑州住着院呢), on which no passage says anything."""
    silent = isinstance(found, ev.Found) and not found.answers
    asked = asks(wish.sentence) or asks_detail(wish.sentence)
    return silent and bool(reading.facts) and not asked


def is_told(found: ev.Evidence, told: set[str]) -> bool:
    """A further question whose answer stands in the answer to an earlier one."""
    match found:
        case ev.Found(_, result, None):
            return result.answerable and result.hits[0].section.id in told
        case _:
            return False


def told_in_full(found: ev.Evidence) -> tuple[str, ...]:
    """Sections that a verdict leaves nothing of for a further question: those on an emergency."""
    match found:
        case ev.Judged(verdict) if verdict.status == "deemed_filed":
            return verdict.passages
        case _:
            return ()


def is_touched(found: ev.Evidence, noted: set[str]) -> bool:
    """A question that a note of a list answers, and no passage is sure to say more."""
    match found:
        case ev.Found(_, result, None) if result.answerable:
            return result.hits[0].section.id in noted and result.confidence < SURE
        case _:
            return False


def helps(found: ev.Evidence, told: set[str]) -> bool:
    """Worth saying beside an emergency: an answer, not a question back or silence."""
    match found:
        case ev.Found(_, result):
            new = result.answerable and result.hits[0].section.id not in told
            return new and result.confidence >= SURE
        case ev.Unknown() | ev.Refused():
            return False
        case _:
            return True
