"""Which contradiction of the sources a question touches: hearsay, two numbers, a false premise.

Every conflict is known by its topic, by what each side says and by questions people ask about it
(``corpus/questions/conflicts.jsonl``); the nearest of these texts decides. Says which conflict and
how near, nothing of what is answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from assistant.data import read_toml
from assistant.encoder import Encoder
from assistant.lexical import Lexical
from assistant.places import covers
from assistant.questions import Question, disputed_questions
from corpus import Conflict, Corpus

DENSE = 0.6
"""Share of the cosine against the words shared."""
TOUCHED, DOUBTED, HEARD = 0.42, 0.38, 0.33
"""From here on a conflict is told: of any question, of one that asks whether, of hearsay."""
BESIDE = 0.5
"""From here on it is told although a passage of another subject surely answers a question that
puts nothing to the test."""
LOST, AHEAD = 0.26, 0.04
"""A claim passed on that no passage answers: told from here on when so far ahead of the next."""
NEARLY, ALONE = 0.37, 0.1
"""Where no passage answers it is told from here on when so far ahead of the next, claim or not."""


@dataclass(frozen=True)
class Dispute:
    conflict: Conflict
    score: float


class Disputes:
    """All conflicts of a corpus, to be asked which one a question touches."""

    def __init__(self, corpus: Corpus, encoder: Encoder, asked: Sequence[Question]) -> None:
        self._conflicts = sorted(corpus.conflicts, key=lambda c: c.id)
        questions: dict[str, list[str]] = {}
        for q in asked:
            questions.setdefault(q.voice, []).append(q.question)
        texts = [
            [c.topic, *(s.text for s in c.statements), *questions.get(c.id, ())]
            for c in self._conflicts
        ]
        self._encoder = encoder
        self._starts = np.cumsum([0, *map(len, texts[:-1])])
        self._vectors = encoder.encode([text for own in texts for text in own])
        self._words = Lexical.build(text for own in texts for text in own)
        self._regions = {
            c.id: frozenset(corpus.section(s).region for s in c.sections) for c in self._conflicts
        }

    @classmethod
    def load(cls, corpus: Corpus, encoder: Encoder) -> Disputes:
        return cls(corpus, encoder, disputed_questions())

    def nearest(self, question: str) -> tuple[Dispute, ...]:
        """The three nearest conflicts, by nearness, 0..1."""
        cosines = np.vecdot(self._vectors, self._encoder.encode([question])[0])
        ideal = max(self._words.ideal(question), 1e-9)
        scores = DENSE * cosines + (1 - DENSE) * self._words.scores(question) / ideal
        best = np.maximum.reduceat(scores, self._starts)
        return tuple(
            Dispute(self._conflicts[n], round(float(best[n]), 6))
            for n in np.argsort(-best, kind="stable")[:3]
        )

    def touched(
        self,
        question: str,
        section: str | None,
        *,
        first: str | None = None,
        regions: frozenset[str] = frozenset(),
        lost: bool = False,
    ) -> Conflict | None:
        """The conflict the question touches, or None.

        ``section``: the passage that surely answers the question; a conflict of its own goes before
        a nearer one of another subject, which must be very near. ``first``: the passage found
        first; of conflicts about as near the one with it. ``regions``: codes of those the person
        is insured in or names; what sources say of another place is nothing to them.
        ``lost``: no passage answers.
        """
        least = HEARD if hearsay(question) else DOUBTED
        least = least if doubts(question) else TOUCHED
        beside = TOUCHED if doubts(question) else BESIDE
        nearest = [d for d in self.nearest(question) if self._concerns(d.conflict, regions)]
        near = [d for d in nearest if d.score >= least]
        lead = nearest[0].score - nearest[1].score if len(nearest) > 1 else 0.0
        claimed = lead >= AHEAD and nearest[0].score >= LOST and _heard(question, "claim")
        if lost and (claimed or (lead >= ALONE and nearest[0].score >= NEARLY)):
            return nearest[0].conflict
        own = [d for d in near if section in d.conflict.sections]
        if own:
            return own[0].conflict
        if not near or (section is not None and near[0].score < beside):
            return None
        close = [d for d in near if near[0].score - d.score < AHEAD]
        return next((d for d in close if first in d.conflict.sections), near[0]).conflict

    def _concerns(self, conflict: Conflict, regions: frozenset[str]) -> bool:
        """The conflict is about everybody, or about a place among ``regions``."""
        places = self._regions[conflict.id]
        return any(
            place is None or any(covers(place, r) or covers(r, place) for r in regions)
            for place in places
        )


def doubts(question: str) -> bool:
    """The words tell of hearsay, compare two figures or ask whether something is so."""
    return hearsay(question) or _heard(question, "doubt")


def hearsay(question: str) -> bool:
    """The words tell what others say or write."""
    return _heard(question, "hearsay")


def _heard(question: str, name: str) -> bool:
    return re.search(_pattern(name), question) is not None


@cache
def _pattern(name: str) -> str:
    return "|".join(read_toml("scope.toml")[name])
