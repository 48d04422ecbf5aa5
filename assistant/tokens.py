"""The encoder's tokens: every character, and every known pair of neighbours beside it.

Pairs overlap (备案表 is 备, 备案, 案, 案表, 表), which no standard tokenizer model does; but it
can be written with standard parts alone: a normaliser marks each known pair ``ab`` by a private-use
character after the ``a``, and every character is a token. :meth:`PairTokens.tokenizer` writes that
form, so that the model folder loads anywhere without code of ours; :meth:`PairTokens.ids` reads the
same tokens from two tables, a hundred times faster than thousands of replacements.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = 0
"""Id of every character without a vector."""
_FIRST_MARK = 0xF0000
_SPACE = re.compile(r"\s+")
_MARKED = re.compile(r"(.)\(\?=(.)\)", re.DOTALL)


@dataclass(frozen=True)
class PairTokens:
    """Ids of characters and of pairs; 0 is the unknown character."""

    letters: dict[str, int]
    pairs: dict[str, int]

    @classmethod
    def of(cls, texts: Iterable[str], count: int) -> PairTokens:
        """All letters and digits of ``texts``, and the ``count`` pairs of Chinese characters that
        the most texts have."""
        clean = [cleaned(t) for t in texts]
        letters = sorted({c for t in clean for c in t if c.isalnum()})
        found = Counter(
            a + b for t in clean for a, b in set(pairwise(t)) if _chinese(a) and _chinese(b)
        )
        ranked = sorted(found, key=lambda pair: (-found[pair], pair))[:count]
        numbers = {t: n for n, t in enumerate([*letters, *ranked], start=1)}
        return cls({c: numbers[c] for c in letters}, {p: numbers[p] for p in ranked})

    @classmethod
    def read(cls, path: Path) -> PairTokens | None:
        """The tokens of a ``tokenizer.json`` that :meth:`tokenizer` wrote; None for any other."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        vocabulary: dict[str, int] = raw["model"].get("vocab") or {}
        steps = (raw.get("normalizer") or {}).get("normalizers") or []
        kinds = [s["type"] for s in steps]
        if raw["model"].get("type") != "WordLevel" or kinds[:3] != ["NFKC", "Lowercase", "Replace"]:
            return None
        pairs: dict[str, int] = {}
        for step in steps[3:]:
            pattern = step.get("pattern", {}).get("Regex", "")
            match = _MARKED.fullmatch(pattern)
            if match is None or not step["content"].startswith(match[1]):
                return None
            pairs[match[1] + match[2]] = vocabulary[step["content"][1:]]
        marks = set(pairs.values())
        letters = {t: n for t, n in vocabulary.items() if n not in marks and len(t) == 1}
        return cls(letters, pairs)

    @property
    def size(self) -> int:
        return 1 + len(self.letters) + len(self.pairs)

    def ids(self, text: str) -> list[int]:
        """The ids of ``text``, each pair before its second character."""
        found: list[int] = []
        before = ""
        for letter in cleaned(text):
            pair = self.pairs.get(before + letter)
            if pair is not None:
                found.append(pair)
            found.append(self.letters.get(letter, UNKNOWN))
            before = letter
        return found

    def tokenizer(self) -> Tokenizer:
        """The same tokens in the standard form."""
        from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

        marks = {p: chr(_FIRST_MARK + n) for n, p in enumerate(self.pairs)}
        vocabulary = {"[UNK]": UNKNOWN, **self.letters}
        vocabulary |= {marks[p]: n for p, n in self.pairs.items()}
        tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.Sequence(
            [
                normalizers.NFKC(),
                normalizers.Lowercase(),
                normalizers.Replace(Regex(r"\s+"), ""),
                *(
                    normalizers.Replace(Regex(f"{p[0]}(?={p[1]})"), p[0] + mark)
                    for p, mark in marks.items()
                ),
            ]
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
        return tokenizer


def cleaned(text: str) -> str:
    """NFKC, lower case, no white space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).lower())


def _chinese(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"
