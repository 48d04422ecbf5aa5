"""Lengths of time in text: 三年半, 5个工作日, 一年又一个月21天. Points in time are in ``dates``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from assistant.slots.numerals import folded, value_of
from assistant.slots.values import Duration

_MINUTE = r"分钟|分(?=\d|[一二三四五六七八九十]+秒|半钟|$)"
# Words of a unit, its name, and how many of that name it is.
_UNITS: tuple[tuple[str, str, int], ...] = (
    ("工作日|交易日", "workday", 1),
    ("年", "year", 1),
    ("季度", "month", 3),
    ("月", "month", 1),
    ("星期|礼拜|周", "day", 7),
    ("天|日", "day", 1),
    ("小时|钟头|个钟(?!头)", "hour", 1),
    (_MINUTE, "minute", 1),
    ("秒钟|秒", "second", 1),
)
_N = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
    r"|[零一二三四五六七八九十百千万两]+(?:点[零一二三四五六七八九]+)?|半)"
)
_UNIT = "|".join(f"(?P<u{i}>{words})" for i, (words, _, _) in enumerate(_UNITS))
_ONE = re.compile(
    rf"(?:(?P<low>{_N})\s?(?:到|至|-|~|—+)\s?)?(?P<n>{_N})\s?[多来几]?\s?个?(?P<half>半)?多?\s?"
    rf"(?:{_UNIT})(?P<half2>半)?(?!前|后|之前|之后|度|份|级|代)"
)
_LINK = re.compile(r"\s?(?:又|零|余|多|和|,)?\s?")


def durations(text: str) -> tuple[Duration, ...]:
    """Every length of time; parts that follow each other (一年三个月) are one, 3~6个月 is two."""
    plain = folded(text)
    found: list[Duration] = []
    for start, end, unit, count, low in _parts(plain):
        last = found[-1] if found else None
        if low is not None:
            found.append(Duration(start, end, text[start:end], {unit: low}))
            found.append(Duration(start, end, text[start:end], {unit: count}))
        elif last and unit not in last.parts and _LINK.fullmatch(plain, last.end, start):
            parts = {**last.parts, unit: count}
            found[-1] = Duration(last.start, end, text[last.start : end], parts)
        else:
            found.append(Duration(start, end, text[start:end], {unit: count}))
    return tuple(found)


def _parts(plain: str) -> Iterator[tuple[int, int, str, Decimal, Decimal | None]]:
    """Start, end, unit, count, and the lower count of a range."""
    for match in _ONE.finditer(plain):
        written = match["n"]
        index = next(i for i in range(len(_UNITS)) if match[f"u{i}"])
        _, unit, factor = _UNITS[index]
        count = Decimal("0.5") if written == "半" else value_of(written)
        if count is None or _is_date(match, plain, unit, factor):
            continue
        if match["half"] or match["half2"]:
            count += Decimal("0.5")
        low = value_of(match["low"]) if match["low"] else None
        yield (*match.span(), unit, count * factor, None if low is None else low * factor)


def _is_date(match: re.Match[str], plain: str, unit: str, factor: int) -> bool:
    """2025年, 3月 and 3月5日 are dates, no lengths."""
    if unit == "year":
        return re.fullmatch(r"(?:19|20)\d\d", match["n"]) is not None
    if unit == "month" and factor == 1:
        return "个" not in match.group() and not match["half"] and not match["half2"]
    return (
        unit == "day"
        and factor == 1
        and re.search(r"(?<!个)月\s?$", plain[max(0, match.start() - 4) : match.start()])
        is not None
    )
