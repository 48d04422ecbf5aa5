"""Which of the sections found are told: the first, and what stands as near beside it.

Chooses by nearness, subject and the diseases named; writes nothing.
"""

from __future__ import annotations

from assistant.evidence import LISTS, Turn, list_of
from assistant.retrieval import Hit
from assistant.slots import values_of
from corpus import Section

CLOSE = 0.9
"""Share of the first section's score from which the second is told, too."""


def telling(hits: list[Hit], turn: Turn) -> tuple[Section, ...]:
    """The first section, and the second when it is as near and of the same kind.

    When a disease was named, sections on chronic care go first, and two of them are told; of the
    lists of diseases only the one that the disease is on.
    """
    own = [h for h in hits if "chronic" in h.section.topics] if "disease" in turn.said else []
    right = lists_of(turn) if own else set()
    kept = [h for h in own if h.section.id in right or h.section.id not in LISTS]
    if kept:
        listed = any(h.section.id in LISTS for h in own[:2])
        leading = [h for h in kept if h.section.id in right] if listed else []
        return tuple(h.section for h in (*leading, *(h for h in kept if h not in leading)))[:2]
    first, *others = hits
    close = [
        h.section
        for h in others[:1]
        if h.score > CLOSE * first.score and set(h.section.topics) & set(first.section.topics)
    ]
    return (first.section, *close)


def diseases_of(turn: Turn) -> tuple[str, ...]:
    """The diseases that the message names, else the one of the case."""
    known = (turn.facts.disease,) if turn.facts.disease else ()
    return values_of("disease", turn.text) or known


def lists_of(turn: Turn) -> set[str]:
    """The lists that these diseases are on."""
    return {list_of(disease) for disease in diseases_of(turn)}
