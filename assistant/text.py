"""Words and figures as text: masking, formatting, sentences, figures. No heavy library."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

# Control characters and lone surrogates can neither be shown nor stored.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_DIGIT = r"[0-9０-９]"
_PERSONAL: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"(?<!{_DIGIT})[1-9]\d{{5}}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])"
            rf"(?:0[1-9]|[12]\d|3[01])\d{{3}}[0-9Xx](?!{_DIGIT})"
        ),
        "［身份证号已隐去］",
    ),
    (
        re.compile(rf"(?<![{'0-9'}.,])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{{4}}){{2}}(?![0-9])"),
        "［手机号已隐去］",
    ),
    (re.compile(r"(?<![0-9])(?:\d[ -]?){15,18}\d(?![0-9])"), "［卡号已隐去］"),
    (
        re.compile(
            r"((?:社保卡|社会保障卡|医保卡|医保)(?:的)?(?:卡)?号(?:码)?(?:是|为|：|:)?\s*)[A-Za-z0-9]{8,18}"
        ),
        r"\1［卡号已隐去］",
    ),
)
_NAMED = re.compile(
    r"((?:我叫|名叫|姓名(?:是|：|:)?)\s*)([\u4e00-\u9fff]{2,4}?)(?=[，,。.；;！!？?\s]|$)"
)


def printable(text: str) -> str:
    """``text`` without control characters, bidi marks, zero-width characters, surrogates."""
    return _UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def mask_personal(text: str) -> str:
    """``text`` with numbers of identity, phone, bank and social-security cards hidden.

    Amounts and dates are never touched: only digit runs of those exact shapes are.
    """
    for pattern, replacement in _PERSONAL:
        text = pattern.sub(replacement, text)
    return _NAMED.sub(r"\1［姓名已隐去］", text)


def money(value: Decimal) -> str:
    """``20600`` → ``20,600.00``."""
    return f"{value:,.2f}"


def money_range(low: Decimal, high: Decimal) -> str:
    """``11,000.00–12,000.00``, or one number when both are equal."""
    return money(low) if low == high else f"{money(low)}–{money(high)}"


def percent(value: Decimal) -> str:
    """``0.65`` → ``65%``; at most two decimals, none that are zero."""
    return f"{(value * 100).quantize(Decimal('0.01')).normalize():f}%"


def chinese_date(day: date) -> str:
    """``2025年7月10日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def plain(markdown: str) -> str:
    """Markdown without its marks: for comparing, copying and reading aloud."""
    text = re.sub(r"</?(?:details|summary|br)[^>]*>", "", markdown)
    text = re.sub(r"\[(\d+)\](?!\()", "", text)
    text = re.sub(r"[*_`>#|]+", "", text)
    return re.sub(r"[ \t]+", " ", text).strip()


_SENTENCE = re.compile(r"[^。！？!?；\n]+[。！？!?；]*")


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` verbatim, list marks left out."""
    found = (re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", s).strip() for s in _SENTENCE.findall(text))
    return [s for s in found if s]


_FIGURE = re.compile(r"\d[\d,，]*(?:\.\d+)?")


def figures(text: str) -> set[str]:
    """Numbers in ``text`` in plain form (no thousands separators, no trailing zeros)."""
    return set(_plain_figures(unicodedata.normalize("NFKC", text)))


def _plain_figures(text: str) -> Iterator[str]:
    for raw in _FIGURE.findall(text):
        digits = raw.replace(",", "").replace("，", "")
        yield digits.rstrip("0").rstrip(".") if "." in digits else digits


def best_sentence(candidates: Iterable[str], wanted: str) -> str:
    """The candidate that shares most with ``wanted``: figures first, then character pairs."""
    target, pairs = figures(wanted), _pairs(wanted)

    def score(sentence: str) -> tuple[int, float]:
        told, own = _known(sentence)
        return len(told & target), len(own & pairs) / (len(own) + 8)

    return max(candidates, key=score, default="")


@lru_cache(maxsize=4096)
def _known(sentence: str) -> tuple[frozenset[str], frozenset[str]]:
    """Figures and character pairs of a sentence of the corpus, asked for again and again."""
    return frozenset(figures(sentence)), frozenset(_pairs(sentence))


def retold(text: str, before: str) -> bool:
    """``before`` says what ``text`` says: all its figures, and most of its words."""
    own = _pairs(text)
    return figures(text) <= figures(before) and len(own & _pairs(before)) >= 0.6 * len(own)


def _pairs(text: str) -> set[str]:
    kept = [c for c in plain(text) if c.isalnum()]
    return {a + b for a, b in pairwise(kept)}
