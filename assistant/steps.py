"""The step of a calculation that a question about a figure means (为什么要减600块)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.data import read_toml
from assistant.slots import percents
from assistant.slots.money import candidates
from assistant.text import figures
from rules.outcome import Step


def step_asked(sentence: str, steps: Iterable[Step]) -> tuple[str, Step] | None:
    """The first figure of ``sentence``, as written, that a step has, and that step."""
    written = [(a.surface, a.value) for a in candidates(sentence)]
    written += [(p.surface, p.value) for p in percents(sentence)]
    plain = [(surface, f"{value.normalize():f}") for surface, value in written if value is not None]
    held = [(step, figures(step.text)) for step in steps]
    return next(((s, step) for s, value in plain for step, own in held if value in own), None)


def meaning_of(step: Step) -> str:
    """The question what a step's name means: the last words in its brackets."""
    name = re.split("[（，）]", step.text.rstrip("）"))[-1]
    question: str = read_toml("replies.toml")["amount"]["meaning_of"]
    return question.format(name=name)
