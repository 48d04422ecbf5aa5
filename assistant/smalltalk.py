"""Messages that ask nothing: pleasantries in any combination, and what nobody can read.

Knows only the words of ``data/chat.toml``; what is answered is not its business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.data import read_toml

LONGEST, FEW = 60, 3
"""Characters beyond which a message is more than pleasantries; kinds of them that spell nothing."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTERS = re.compile(r"[A-Za-zÀ-ɏЀ-ӿ\u0600-\u06ff\u3040-\u30ff\uac00-\ud7af]")
_WORD = re.compile(r"[a-z]+")
_UNSPEAKABLE = re.compile(
    r"^[^aeiouy]+$|q(?![iu])|[^aeiouy]{4}|[^aeiouy]{3}$|^(?!sch|str|scr|thr)[^aeiouy]{3}"
)


def bare(text: str) -> str:
    """``text`` without blanks, punctuation and signs."""
    return re.sub(r"[\W_]+", "", text)


@dataclass(frozen=True)
class Pleasantries:
    """``kinds``: reply names with their phrases, the weightier the later; ``fillers``: particles
    and names that stand between them and say nothing."""

    kinds: tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]
    fillers: tuple[re.Pattern[str], ...]

    @classmethod
    def load(cls) -> Pleasantries:
        data = read_toml("chat.toml")
        kinds = tuple((c["reply"], _compile(c["cues"])) for c in data["chat"])
        return cls(kinds, _compile(data["fillers"]))

    def reply(self, text: str) -> str | None:
        """The weightiest of the pleasantries when ``text`` is nothing else; None otherwise."""
        said = bare(text)
        if not said or said.isdigit() or len(said) > LONGEST:
            return None
        reached = {0: -1}
        for at in range(len(said)):
            if at not in reached:
                continue
            for end, weight in self._next(said, at):
                reached[end] = max(reached.get(end, -1), reached[at], weight)
        weight = reached.get(len(said), -1)
        return self.kinds[weight][0] if weight >= 0 else None

    def _next(self, said: str, at: int) -> list[tuple[int, int]]:
        """(end, weight) of every phrase that begins at ``at``; a filler weighs -1."""
        groups = [(-1, self.fillers), *((n, cues) for n, (_, cues) in enumerate(self.kinds))]
        found = ((m, n) for n, cues in groups for c in cues if (m := c.match(said, at)))
        return [(m.end(), n) for m, n in found if m.end() > at]


def _compile(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p, re.IGNORECASE) for p in patterns)


def readable(text: str) -> bool:
    """False for nothing, digits, few characters over and over, letters that spell no words."""
    said = bare(text)
    kinds = len(set(said.lower()))
    if not said or said.isdigit() or (len(said) > 2 and kinds <= FEW and 3 * kinds <= len(said)):
        return False
    if _HAN.search(said):
        return True
    letters = "".join(_LETTERS.findall(said))
    if letters == said and said.isascii():
        words = _WORD.findall(text.lower())
        strange = sum(_UNSPEAKABLE.search(w) is not None for w in words)
        return len(words) > 1 and 2 * strange < len(words) if len(said) > 4 else not strange
    return len(letters) >= 2 and 2 * len(letters) >= len(said)


def is_foreign(text: str) -> bool:
    return len(_HAN.findall(text)) < 0.2 * len(_LETTERS.findall(text))
