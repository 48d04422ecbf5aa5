"""Every figure of a Chinese text: numbers, percentages, lengths of time, dates.

Used to ask whether a figure that a person reads stands in the evidence, too. A figure is compared
by value and kind: 1.8 万 equals 18,000.00, 六个月 equals 6 个月 and 半年; it is not 6 个工作日.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
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
_PLAIN = r"(?<![\d.A-Za-z_])(\d+(?:\.\d+)?)"
_RANGE = re.compile(
    rf"{_PLAIN}\s*(?:个月)?\s*[–—~至到-]\s*(?=\d+(?:\.\d+)?\s*(个月|个工作日|个百分点|%))"
)
_NUMBER = re.compile(rf"{_PLAIN}\s*([万亿千]?)\s*(%|个月|个工作日|工作日|天|个百分点|个点|年)?")
_WORD = re.compile(r"([一二两三四五六七八九十百千]{1,7})(?=(个月|个工作日|天|个百分点|年|元|倍))")
_COUNTED = re.compile(r"^\s*(?:样|项|步|件|点|问|组|类情形|种情形|条|个问题|句|处)")
_SCALE = {"": 1, "千": 1000, "万": 10_000, "亿": 100_000_000}
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_KINDS = {
    "%": "percent",
    "个月": "months",
    "年": "months",
    "个工作日": "workdays",
    "工作日": "workdays",
    "天": "days",
    "个百分点": "points",
    "个点": "points",
}
_LONGEST_YEARS = 100


@dataclass(frozen=True)
class Figure:
    """``kind``: number, percent, months, workdays, days, points (percentage points), date
    (YYYY-MM-DD) or day (MM-DD); ``surface``: as written."""

    kind: str
    value: Decimal | str
    surface: str


@dataclass
class Evidence:
    """All figures of the texts that may support an answer."""

    values: dict[str, set[Decimal]] = field(default_factory=lambda: defaultdict(set))
    dates: set[str] = field(default_factory=set)

    def add(self, texts: Iterable[str]) -> Evidence:
        """Take in the figures of ``texts``; returns itself."""
        for figure in (found for body in texts for found in figures(body)):
            if isinstance(figure.value, str):
                self.dates.add(figure.value)
                self.values["number"].update(Decimal(part) for part in figure.value.split("-"))
            else:
                self.values[figure.kind].add(figure.value)
        return self

    def supports(self, figure: Figure) -> bool:
        """True when the same value of the same kind stands here. 65% and 0.65 are the same, 20% and
        20 percentage points are not."""
        if isinstance(figure.value, str):
            return any(known.endswith(figure.value) for known in self.dates)
        if figure.value in self.values[figure.kind]:
            return True
        if figure.kind == "percent":
            return figure.value / 100 in self.values["number"]
        return (
            figure.kind == "number"
            and figure.value < 1
            and figure.value * 100 in self.values["percent"]
        )


def figures(body: str) -> list[Figure]:
    """The figures of ``body`` in no particular order.

    Citation markers, list numbering and counts of what the text itself lists (3 样, 2 步) are none.
    """
    return list(_figures(body))


def _figures(body: str) -> Iterator[Figure]:
    rest = _NUMBERING.sub(" ", _MARKER.sub("", unicodedata.normalize("NFKC", body)))
    rest = _THOUSANDS.sub("", rest.replace("*", "")).replace("半年", "6个月")
    found: list[Figure] = []

    def full(match: re.Match[str]) -> str:
        year, month, day = (int(part) for part in match.groups())
        found.append(Figure("date", f"{year:04}-{month:02}-{day:02}", match.group()))
        return " "

    def day(match: re.Match[str]) -> str:
        found.append(Figure("day", f"{int(match[1]):02}-{int(match[2]):02}", match.group()))
        return " "

    rest = _MONTH_DAY.sub(day, _FULL_DATE.sub(full, rest))
    rest = _RANGE.sub(lambda match: f"{match[1]}{match[2]} ", rest)
    yield from found
    for match in _NUMBER.finditer(rest):
        value = Decimal(match[1]) * _SCALE[match[2]]
        if value > 20 or match[3] or not _COUNTED.match(match.string[match.end() :]):
            yield _measured(value, match[3] or "", match.group())
    for match in _WORD.finditer(rest):
        spoken = word_value(match[1])
        if spoken is not None and spoken > 1:
            yield _measured(spoken, match[2], match.group())


def _measured(value: Decimal, unit: str, surface: str) -> Figure:
    """The figure with its kind; a number of years is a number of months, a year is a number."""
    kind = _KINDS.get(unit, "number")
    if unit == "年":
        return (
            Figure("number", value, surface)
            if value >= _LONGEST_YEARS
            else Figure("months", value * 12, surface)
        )
    return Figure(kind, value, surface)


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
