"""Numbers in running text: 三万八, 1.2万, 3w, 十二万五, 八千多, 四五千. The only home of cn2an.

A spelling that is no well-formed number (八千三千五) yields a :class:`Number` without a value; it
is never guessed. What a number means (money, age, date …) is decided elsewhere.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from assistant.slots.values import Number

_LARGE = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟〇○俩仨幺", "一二三四五六七八九十百千零零两三一")
_SCALES = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10**4, "w": 10**4, "亿": 10**8}
_DIGITS = 20
"""Far above any sum of money, far below the 28 digits of :mod:`decimal`, decimals included."""
NUMERALS = "零〇○一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟俩仨"

ARABIC = r"(?:\d{1,3}(?:[,，]\s?\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d.])\.\d+)"
_D = rf"(?:{ARABIC}|[一二三四五六七八九两])"
_S = r"\s?"
_SECTION = (
    rf"(?=[\d.一二三四五六七八九两十])(?:{_D}{_S}千)?(?:零?{_D}{_S}百)?"
    rf"(?:零?{_D}?{_S}十)?(?:零?{_D})?"
)
_WHOLE = (
    rf"(?:{_SECTION}{_S}(?:万{_S}(?:{_SECTION})?)?个?亿{_S})?(?:零?{_SECTION}{_S}(?:万|w(?![a-z])){_S})?"
    rf"(?:零?{_SECTION}|零(?!点))?(?:{_S}k(?![a-z]))?"
)
_POINT = r"[零一二三四五六七八九十百千万]+点[零一二三四五六七八九]+(?:[百千万亿]|(?=[^百千万亿]|$))"
_NUMBER = re.compile(rf"(?:{_POINT}|{_WHOLE})")
_SIGN = re.compile(r"(?:负|(?:^|(?<=[\s,，。:(了是]))[-−])\s?$")
_RUN = re.compile(r"[\d零一二三四五六七八九十百千万亿两点.]")
_PAIR = re.compile(
    r"(?P<ten>[二三四五六七八九]?十)?(?P<first>[一二三四五六七八九两])"
    r"(?P<second>[二两三四五六七八九])(?:(?P<unit>[十百千]?[万亿]|[十百千])|(?=[块元]))"
)
_SEVERAL = re.compile(
    r"(?:好几|数|几|(?<![早晚路网线天以])上(?=[百千万][块元多人来]))([十百千]{0,2}[万亿]|[十百千])"
)
_LEVEL_BEHIND = re.compile(
    r"(?:(?<=[百千万])[一二三123]|(?<=[\d一二三四五六七八九])[一二三])(?=级|甲|乙(?!类)|类收费)"
)
"""住院1万三级医院: the last digit is the hospital's, no part of the number."""
_MORE = re.compile(r"\s?(多|几|余|来|出头)(?!少|块儿|自|到|了|看|的)(?:\s?([万亿千]))?")


_ABOUT_ONE = re.compile(
    r"(?<![\d一二三四五六七八九十两几])([百千万])把(?=[块元多人]|[\s,，。了吧]|$)"
)


def folded(text: str) -> str:
    """``text`` with the capital numerals (壹, 佰, 〇 …) as plain ones; same length."""
    return text.translate(_LARGE)


@lru_cache(maxsize=4096)
def value_of(written: str) -> Decimal | None:
    """The value of one written number without sign, or None when it is not well formed.

    Nor is one of more digits than can be reckoned with exactly.
    """
    value = _value_of(written)
    return None if value is None or value.adjusted() >= _DIGITS else value


def _value_of(written: str) -> Decimal | None:
    plain = re.sub(r"[\s,，个]", "", folded(written)).replace("w", "万")
    if plain.endswith("k"):
        inner = value_of(plain[:-1])
        return None if inner is None else inner * 1000
    if re.fullmatch(r"\d*\.?\d+", plain):
        return Decimal(plain)
    mixed = re.fullmatch(r"(.+[万亿])(\d+\.\d+)", plain)
    if mixed:
        head = value_of(mixed[1])
        return None if head is None else head + Decimal(mixed[2])
    simple = re.fullmatch(r"(\d*\.?\d+)([十百千万亿]{1,2})", plain)
    if simple:
        return Decimal(simple[1]) * scale(simple[2])
    point = re.fullmatch(r"([^点]+)点([零一二三四五六七八九]+)([百千万亿]?)", plain)
    if point:
        whole = _chinese(point[1])
        digits = "".join(str("零一二三四五六七八九".index(d)) for d in point[2])
        if whole is None:
            return None
        return Decimal(f"{whole}.{digits}") * scale(point[3])
    return _chinese(plain)


def small(written: str) -> int | None:
    """A whole number below 10,000 as used for days, months, ages and counts."""
    value = value_of(written)
    return int(value) if value is not None and value == int(value) and value < 10_000 else None


def digits(written: str) -> str | None:
    """二零二五 → ``2025``; digits only, each on its own."""
    plain = folded(written)
    table = str.maketrans("零一二三四五六七八九两", "01234567892")
    spelled = plain.translate(table)
    return spelled if spelled.isascii() and spelled.isdigit() else None


def scale(units: str) -> int:
    """十万 → 100,000: the product of scale characters; 1 for an empty text."""
    product = 1
    for unit in units:
        product *= _SCALES[unit]
    return product


def _chinese(plain: str) -> Decimal | None:
    # 一百零十万 and the like are refused by cn2an; so are digit strings, which are no amounts.
    if re.fullmatch(r"[一二三四五六七八九两]", plain):
        return Decimal("一二三四五六七八九".index(plain.replace("两", "二")) + 1)
    if re.fullmatch(r"[零一二三四五六七八九两]{2,}", plain):
        return None
    import cn2an

    try:
        return Decimal(str(cn2an.cn2an(plain.replace("两", "二"), "smart")))
    except (ValueError, KeyError, InvalidOperation):
        return None


def numbers(text: str) -> tuple[Number, ...]:
    """Every number of ``text`` from left to right, none overlapping."""
    plain = folded(text)
    found: list[Number] = []
    at = 0
    while at < len(plain):
        number = _vague(text, plain, at) or _exact(text, plain, at)
        if number is None:
            at += 1
            continue
        found.append(number)
        at = number.end
    return tuple(found)


def _vague(text: str, plain: str, at: int) -> Number | None:
    """几千, 好几万, 四五千, 十五六万, 万把块."""
    about = _ABOUT_ONE.match(plain, at)
    if about:
        unit = Decimal(scale(about[1]))
        return _number(text, at, about.end(), unit, unit, unit, vague=True)
    several = _SEVERAL.match(plain, at)
    if several:
        unit = Decimal(scale(several[1]))
        return _number(text, at, several.end(), None, unit, unit * 10, vague=True)
    pair = _PAIR.match(plain, at)
    if pair and not (at and _RUN.match(plain[at - 1])):
        tens = value_of(pair["ten"]) if pair["ten"] else Decimal(0)
        first, second = value_of(pair["first"]), value_of(pair["second"])
        if tens is not None and first and second and first < second <= first + 2:
            unit = Decimal(scale(pair["unit"] or ""))
            low, high = (tens + first) * unit, (tens + second) * unit
            return _number(text, at, pair.end(), None, low, high, vague=True)
    return None


def _exact(text: str, plain: str, at: int) -> Number | None:
    if not (_RUN.match(plain[at]) or plain[at] == "."):
        return None
    match = None if plain[at] in "百千万亿" else _NUMBER.match(plain, at)
    end = match.end() if match else at
    while end > at and plain[end - 1].isspace():
        end -= 1
    if end == at and plain[at] not in "百千万亿":
        return None
    behind = end - at > 1 and _LEVEL_BEHIND.match(plain, end - 1)
    end -= bool(behind)
    value = value_of(plain[at:end])
    stop = end
    while stop < len(plain) and _RUN.match(plain[stop]) and plain[stop] not in "点.":
        if behind or _LEVEL_BEHIND.match(plain, stop):
            break
        stop += 1
    if stop > end or value is None:
        return _number(text, at, max(stop, at + 1), None, None, None)
    start = at
    sign = _SIGN.search(plain, max(0, at - 2), at)
    if sign:
        value, start = -value, sign.start()
    more = _MORE.match(plain, end)
    if more and value > 0 and value % 10 == 0:
        step = _step(plain[at:end], value) / (10 if more[1] == "出头" else 1)
        factor = scale(more[2]) if more[2] else 1
        low, high = value * factor, (value + step) * factor
        leading = low if more[1] != "几" else None
        return _number(text, start, more.end(), leading, low, high, vague=True)
    return _number(text, start, end, value, value, value)


def _step(written: str, value: Decimal) -> Decimal:
    """The size of the lowest unit named: 八千 → 1000, 二十 → 10, 3500 → 100."""
    step = Decimal(10)
    while value % (step * 10) == 0:
        step *= 10
    units = [c for c in written if c in _SCALES]
    return min(step, Decimal(_SCALES[units[-1]])) if units else step


def _number(
    text: str, start: int, end: int, value: Decimal | None, low: Decimal | None,
    high: Decimal | None, *, vague: bool = False,
) -> Number:  # fmt: skip
    return Number(start, end, text[start:end], value, low, high, vague)
