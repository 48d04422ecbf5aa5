"""From the message as typed to clean text: simplified, NFKC, typos of the domain's words mended.

The only home of OpenCC. Every character of the clean text knows which characters of the original it
stands for, so that spans can be shown in the message as it was typed. What is a typo lives in
``assistant/data/slots/typos.toml``; ordinary language is never "corrected".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import product

from assistant.data import read_toml
from assistant.slots.faults import Checked

_HAN = r"[\u4e00-\u9fff%.\d]"
_SPELLED_OUT = re.compile(rf"(?<!{_HAN}){_HAN}(?:[ \u3000]{_HAN}){{2,}}(?!{_HAN})")
_LATIN = re.compile(r"[a-z]+(?:[ '\u2019]{1,2}[a-z]+)*")
_LOOKAROUND = re.compile(r"\(\?<?[!=][^)]*\)")
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}
_BLANKED = {"So", "No", "Zs", "Zl", "Zp"}


@dataclass(frozen=True)
class Normalised:
    """``text`` is the clean text; ``starts[i]:ends[i]`` the place of its i-th character in
    ``original``. ``mended``: (wrong, right) pairs that were put right, in reading order."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    mended: tuple[tuple[str, str], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in ``original`` of ``text[start:end]``."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return at, at
        return self.starts[start], max(self.ends[start:end])


@dataclass
class _Draft:
    """Text in the making, beside the place of every character in the original."""

    chars: list[str]
    starts: list[int]
    ends: list[int]

    @property
    def text(self) -> str:
        return "".join(self.chars)

    def replace(self, start: int, end: int, new: str) -> None:
        first, last = self.starts[start], max(self.ends[start:end])
        same = end - start == len(new)
        self.chars[start:end] = list(new)
        if not same:
            self.starts[start:end] = [first] * len(new)
            self.ends[start:end] = [last] * len(new)

    def delete(self, at: int) -> None:
        del self.chars[at], self.starts[at], self.ends[at]


@cache
def _converter() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional characters as simplified ones, character by character: same length."""
    if text.isascii():
        return text
    converter = _converter()
    whole: str = converter.convert(text)  # type: ignore[attr-defined]
    if len(whole) == len(text):
        return whole
    return "".join(c if len(c) == 1 else o for o in text for c in [converter.convert(o)])  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _Typos:
    wrong: re.Pattern[str]
    right: dict[str, str]
    pinyin: dict[str, str]
    longest: int


@cache
def _typos() -> _Typos:
    """The mending tables of ``typos.toml``: all its faults are raised at once."""
    data = Checked("slots/typos.toml", read_toml("slots/typos.toml"))
    data.keys("word", "pinyin")
    right: dict[str, str] = {}
    sources: set[str] = set()
    pinyin: dict[str, str] = {}
    for entry in data.tables("word", {"right", "wrong", "confused", "keep"}, {"right"}):
        word = entry["right"]
        kept = set(entry.get("keep", [])) | {word}
        spellings = list(entry.get("wrong", []))
        confused = entry.get("confused", {})
        options = [[c, *confused.get(c, "")] for c in word]
        spellings += ["".join(p) for p in product(*options)]
        for source in spellings:
            spelled = _LOOKAROUND.sub("", source)
            if spelled not in kept:
                right[spelled] = word
                sources.add(source)
    for entry in data.tables("pinyin", {"right", "spelled"}, {"right", "spelled"}):
        word = entry["right"]
        for spelled in entry["spelled"]:
            syllables = spelled.split()
            pinyin["".join(syllables)] = word
            if len(syllables) == 2 and len(word) == 2:
                mixed = {syllables[0] + word[1]: word, word[0] + syllables[1]: word}
                right.update(mixed)
                sources.update(mixed)
    longest_first = sorted(sources, key=lambda s: (-len(_LOOKAROUND.sub("", s)), s))
    pattern = data.pattern("word", 0, "|".join(longest_first) or "(?!)")
    data.raise_faults()
    return _Typos(pattern, right, pinyin, max(map(len, pinyin), default=0))


def normalise(text: str) -> Normalised:
    """Clean ``text``; never raises, whatever was typed."""
    draft = _characters(text)
    clean = simplified(draft.text)
    draft.chars = list(clean)
    _join_spelled_out(draft)
    mended = _mend_latin(draft) + _mend_words(draft)
    return Normalised(
        text,
        draft.text,
        tuple(draft.starts),
        tuple(draft.ends),
        tuple(w for _, w in sorted(mended)),
    )


def _characters(text: str) -> _Draft:
    draft = _Draft([], [], [])
    for at, char in enumerate(text):
        if char in "\n\r\t":
            folded = "\n" if char != "\t" else " "
        elif (category := unicodedata.category(char)) in _DROPPED:
            continue
        else:
            blank = category in _BLANKED or (category == "Sk" and not char.isascii())
            folded = " " if blank else unicodedata.normalize("NFKC", char).lower()
        for piece in folded:
            draft.chars.append(piece)
            draft.starts.append(at)
            draft.ends.append(at + 1)
    return draft


def _join_spelled_out(draft: _Draft) -> None:
    """ "一 百 五 十 块" is 一百五十块: single characters set apart are one word."""
    blanks = [
        m.start() + i
        for m in _SPELLED_OUT.finditer(draft.text)
        if not re.fullmatch(r"[\d. \u3000]+", m.group())
        for i, c in enumerate(m.group())
        if c.isspace()
    ]
    for at in reversed(blanks):
        draft.delete(at)


def _mend_latin(draft: _Draft) -> list[tuple[int, tuple[str, str]]]:
    """yibao, "yi bao", yibaobaoxiao: only runs made of known words from end to end."""
    mended = []
    for match in reversed(list(_LATIN.finditer(draft.text))):
        words = _segment(re.sub(r"[^a-z]", "", match.group()))
        if words:
            draft.replace(match.start(), match.end(), words)
            mended.append((match.start(), (match.group(), words)))
    return mended


def _segment(run: str) -> str | None:
    """The Chinese for a run of pinyin words, or None when a part of it is no known word.

    The fewest, so the longest words win; a run of single syllables only (can, me) is no pinyin.
    """
    table = _typos()
    best: list[list[str] | None] = [[]] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - table.longest), end):
            word, before = table.pinyin.get(run[start:end]), best[start]
            if before is None or word is None:
                continue
            held = best[end]
            if held is None or len(before) + 1 < len(held):
                best[end] = [*before, word]
    words = best[-1]
    return "".join(words) if words and max(map(len, words)) > 1 else None


def _mend_words(draft: _Draft) -> list[tuple[int, tuple[str, str]]]:
    table = _typos()
    mended = []
    for match in reversed(list(table.wrong.finditer(draft.text))):
        word = table.right[match.group()]
        draft.replace(match.start(), match.end(), word)
        mended.append((match.start(), (match.group(), word)))
    return mended
