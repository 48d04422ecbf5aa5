"""Every figure of a Chinese text: numbers, percentages, dates, written in digits or characters.

Used to ask whether a figure that a person reads stands in the evidence, too. A figure is compared
by value: ``1.8 万`` equals ``18,000.00``, ``六个月`` equals ``6 个月``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

_MARKER = re.compile(r"\[\d+\]")
_NUMBERING = re.compile(r"^[\s>*-]*\d{1,2}[.、)](?=\s|\D)", re.MULTILINE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_FULL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})(?!\d)日?"
)
_MONTH_DAY = re.compile(r"(?<![\d.])(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_PERCENT = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*%")
_NUMBER = re.compile(r"(?<![\d.A-Za-z_])(\d+(?:\.\d+)?)\s*([万亿千]?)")
_WORD = re.compile(
    r"([一二两三四五六七八九十百千]{1,7}|半)(?=个月|个工作日|个百分点|元|年内|天|倍)"
)
_COUNTED = re.compile(r"^\s*(?:样|项|步|件|点|问|组|类情形|种情形|条|个问题|句|处)")
_SCALE = {"": 1, "千": 1000, "万": 10_000, "亿": 100_000_000}
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True)
class Figure:
    """``kind``: number, percent, date (YYYY-MM-DD) or day (MM-DD); ``surface``: as written."""

    kind: str
    value: Decimal | str
    surface: str


@dataclass
class Evidence:
    """All figures of the texts that may support an answer."""

    numbers: set[Decimal] = field(default_factory=set)
    percents: set[Decimal] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)

    def add(self, texts: Iterable[str]) -> Evidence:
        """Take in the figures of ``texts``; returns itself."""
        for figure in (found for body in texts for found in figures(body)):
            if isinstance(figure.value, str):
                self.dates.add(figure.value)
                self.numbers.update(Decimal(part) for part in figure.value.split("-"))
            elif figure.kind == "percent":
                self.percents.add(figure.value)
            else:
                self.numbers.add(figure.value)
        return self

    def supports(self, figure: Figure) -> bool:
        """True when the same value stands here. 65% and 0.65 are the same, 20% and 20 are not
        (a cut of 20% is no cut of 20 percentage points)."""
        if isinstance(figure.value, str):
            return any(known.endswith(figure.value) for known in self.dates)
        if figure.kind == "percent":
            return figure.value in self.percents or figure.value / 100 in self.numbers
        return figure.value in self.numbers or (
            figure.value < 1 and figure.value * 100 in self.percents
        )


def figures(body: str) -> list[Figure]:
    """The figures of ``body`` in no particular order.

    Citation markers, list numbering and counts of what the text itself lists (3 样, 2 步) are none.
    """
    return list(_figures(body))


def _figures(body: str) -> Iterator[Figure]:
    rest = _NUMBERING.sub(" ", _MARKER.sub("", unicodedata.normalize("NFKC", body)))
    rest = _THOUSANDS.sub("", rest.replace("*", ""))
    found: list[Figure] = []

    def full(match: re.Match[str]) -> str:
        year, month, day = (int(part) for part in match.groups())
        found.append(Figure("date", f"{year:04}-{month:02}-{day:02}", match.group()))
        return " "

    def day(match: re.Match[str]) -> str:
        found.append(Figure("day", f"{int(match[1]):02}-{int(match[2]):02}", match.group()))
        return " "

    rest = _MONTH_DAY.sub(day, _FULL_DATE.sub(full, rest))
    yield from found
    for match in _PERCENT.finditer(rest):
        yield Figure("percent", Decimal(match[1]), match.group())
    for match in _NUMBER.finditer(_PERCENT.sub(" ", rest)):
        value = Decimal(match[1]) * _SCALE[match[2]]
        if value > 20 or not _COUNTED.match(match.string[match.end() :]):
            yield Figure("number", value, match.group())
    for match in _WORD.finditer(rest):
        spoken = word_value(match[1])
        if spoken is not None and spoken > 1:
            yield Figure("number", spoken, match.group())


def word_value(word: str) -> Decimal | None:
    """``十二`` → 12, ``半`` → None: a plain numeral up to 9,999, or None."""
    total, current = 0, 0
    for char in word:
        if char in _UNITS:
            total, current = total + max(current, 1) * _UNITS[char], 0
        elif char in _DIGITS and not current:
            current = _DIGITS[char]
        else:
            return None
    return Decimal(total + current)
