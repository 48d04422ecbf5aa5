"""The words of ``data/slots/dates.toml`` and the patterns that the date grammar is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.data import read_toml
from assistant.slots.faults import Checked

_TABLES = {
    "days": int, "years": int, "months": int, "fixed": list, "moving": str,
    "part_of_month": list, "part_of_year": list, "festival": list, "rough": str,
}  # fmt: skip

CN_DIGIT = "[零一二三四五六七八九]"
_ONES = "一二三四五六七八九"
SMALL = rf"(?:\d{{1,2}}(?!\d)|廿[{_ONES}]?|卅一?|[一二三]?十[{_ONES}]?|[{_ONES}])"
JOIN = r"\s?(?:到|至|~|～|-{1,2}|—{1,2}|–|和|与)\s?"
# 15号线 is the underground, 3号楼 a building; 3 of 3到8号 has lent its 号.
_NO_DAY = "线(?!上|下)|楼|院|床|房|店|文|令|公告|码|桌|常|用|子|均|历|语"
DAY = rf"(?P<day>{SMALL})\s?(?:[号日](?!{_NO_DAY})|(?={JOIN}{SMALL}\s?[号日]))"
_NO_MONTH = "份?(?:以上|以内|内|之内|以下|前|后|之后|以后|多)"
MONTH = (
    rf"(?<![第每\d])(?P<month>{SMALL}|(?<![零一二三四五六七八九十百千万亿两半块几])元)"
    rf"\s?月(?!{_NO_MONTH})份?"
)


@dataclass(frozen=True)
class DateWords:
    """Tables of words, and one alternation of each for use inside patterns."""

    days: dict[str, int]
    years: dict[str, int]
    months: dict[str, int]
    fixed: dict[str, list[int]]
    moving: dict[str, str]
    part_of_month: dict[str, list[int]]
    part_of_year: dict[str, list[int]]
    festival: dict[str, list[int]]
    rough: dict[str, str]

    def any_of(self, table: str) -> str:
        """``a|b|c`` of a table's words, the longest first."""
        words: dict[str, Any] = getattr(self, table)
        return "|".join(sorted(map(re.escape, words), key=len, reverse=True))

    @property
    def year(self) -> str:
        """A year: 2025年, 24年, 二零二五年, 去年."""
        spelled = (
            rf"(?P<y>(?<!\d)(?:1[3-9]|20|21)\d{{2}}|(?<!\d)\d{{2}}(?=\s?年)"
            rf"|(?<!{CN_DIGIT})(?:[一二]{CN_DIGIT}{{3}}|{CN_DIGIT}{{2}}(?=年)))\s?年"
        )
        return rf"(?:{spelled}|(?P<ry>{self.any_of('years')}))"


@cache
def date_words() -> DateWords:
    """The words, read once; all faults of the file are raised together."""
    data = Checked("slots/dates.toml", read_toml("slots/dates.toml"))
    data.keys(*_TABLES)
    for table, kind in _TABLES.items():
        for word, value in data.table.get(table, {}).items():
            pair = kind is list and isinstance(value, list) and len(value) == 2
            if not (pair or (kind is not list and isinstance(value, kind))):
                data.fault(
                    table,
                    0,
                    f"{word} = {value!r}",
                    "two numbers" if kind is list else kind.__name__,
                )
    data.raise_faults()
    return DateWords(**{table: data.table.get(table, {}) for table in _TABLES})
