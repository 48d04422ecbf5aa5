"""Which contradiction of the sources a question touches: hearsay, two numbers, a false premise.

Every conflict is known by its topic, by what each side says and by questions people ask about it
(``corpus/questions/conflicts.jsonl``); the nearest of these texts decides. Says which conflict and
how near, nothing of what is answered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assistant.data import read_toml
from assistant.encoder import Encoder
from assistant.lexical import Lexical
from assistant.questions import FOLDER
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


@dataclass(frozen=True)
class Dispute:
    conflict: Conflict
    score: float


class Disputes:
    """All conflicts of a corpus, to be asked which one a question touches."""

    def __init__(self, corpus: Corpus, encoder: Encoder, asked: Sequence[tuple[str, str]]) -> None:
        known = {c.id for c in corpus.conflicts}
        texts: list[tuple[str, str]] = [(c.id, c.topic) for c in corpus.conflicts]
        texts += [(c.id, s.text) for c in corpus.conflicts for s in c.statements]
        texts += [(c, q) for c, q in asked if c in known]
        self._corpus = corpus
        self._encoder = encoder
        self._owners = [owner for owner, _ in texts]
        self._vectors = encoder.encode([text for _, text in texts])
        self._words = Lexical.build(text for _, text in texts)

    @classmethod
    def load(cls, corpus: Corpus, encoder: Encoder) -> Disputes:
        return cls(corpus, encoder, read_asked())

    def nearest(self, question: str, *, leave_out: str | None = None) -> tuple[Dispute, ...]:
        """Conflicts by nearness, 0..1; ``leave_out``: a known text not to be compared with."""
        cosines = self._vectors @ self._encoder.encode([question])[0]
        ideal = max(self._words.ideal(question), 1e-9)
        scores = DENSE * cosines + (1 - DENSE) * self._words.scores(question) / ideal
        best: dict[str, float] = {}
        for owner, score, cosine in zip(self._owners, scores.tolist(), cosines, strict=True):
            if leave_out is not None and cosine > 0.9999:
                continue
            best[owner] = max(best.get(owner, 0.0), float(np.float32(score)))
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(Dispute(self._corpus.conflict(c), round(s, 6)) for c, s in ranked[:3])

    def touched(self, question: str, section: str | None, *, lost: bool = False) -> Conflict | None:
        """The conflict the question touches, or None.

        ``section``: the passage that surely answers the question; a conflict of its own goes before
        a nearer one of another subject, which must be very near. ``lost``: no passage answers.
        """
        least = HEARD if _heard(question, "hearsay") else DOUBTED
        least = least if doubts(question) else TOUCHED
        beside = TOUCHED if doubts(question) else BESIDE
        nearest = self.nearest(question)
        near = [d for d in nearest if d.score >= least]
        clear = len(nearest) > 1 and nearest[0].score - nearest[1].score >= AHEAD
        if lost and clear and nearest[0].score >= LOST and _heard(question, "claim"):
            return nearest[0].conflict
        own = [d for d in near if section in d.conflict.sections]
        if own:
            return own[0].conflict
        if not near or (section is not None and near[0].score < beside):
            return None
        return near[0].conflict


def doubts(question: str) -> bool:
    """The words tell of hearsay, compare two figures or ask whether something is so."""
    return _heard(question, "hearsay") or _heard(question, "doubt")


def _heard(question: str, name: str) -> bool:
    return re.search(_pattern(name), question) is not None


@cache
def _pattern(name: str) -> str:
    return "|".join(read_toml("scope.toml")[name])


def read_asked(path: Path = FOLDER / "conflicts.jsonl") -> list[tuple[str, str]]:
    """(conflict, question) of every line; none when there is no such file."""
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(row["conflict"], row["question"]) for row in rows]
