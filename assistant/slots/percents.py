"""Shares in text: 80%, 百分之八十, 二十个百分点, 三成半, 打七折. Never to be read as money."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.slots.numerals import ARABIC, digits, folded, scale, value_of
from assistant.slots.values import Percent

_CN = "零一二三四五六七八九十百千万两"
_N = rf"(?:{ARABIC}k?|[{_CN}壹贰叁肆伍陆柒捌玖拾佰仟]+(?:\s?点\s?[{_CN}叁]+)?)"
_CUT_OFF = rf"(?!\s*[\d{_CN}]|点)"
"""百分之一 百二: a number torn apart is left alone."""
_WHOLE = rf"(?<![\d.{_CN}])"
"""No search from the middle of a number: a long string of digits stays cheap."""
_SIGN = r"(?P<sign>(?<![\d%])-|负)?"
_PERCENT = re.compile(
    rf"{_SIGN}(?:(?P<per>[百千万佰仟]{{1,3}})\s*分\s*之\s*(?P<part>{_N}|百){_CUT_OFF}"
    rf"|{_WHOLE}(?P<sign_of>{_N})\s?%(?![0-9a-z])"
    rf"|{_WHOLE}(?P<points>{_N})\s*个\s*(?:百\s*分\s*)?点(?!钱|子|心|儿))|(?P<all>百分百)"
)
_TENTHS = re.compile(
    r"(?<![\d第完生变养赞])(?P<n>\d+(?:\.\d+)?|[一二三四五六七八九十两](?:\s?点\s?[一二三四五六七八九])?)"
    r"\s?成(?!都|立|年|人|员|功|为|分|了|果|本|药|长|熟|品|效|绩|不变)"
    r"(?:\s?(?P<more>半|[一二三四五六七八九](?![\d十百千万])))?"
)
_FOLD = re.compile(
    r"(?<!\d)(?P<n>\d+(?:\.\d+)?|[一二三四五六七八九两陆]"
    r"(?:\s?[一二三四五六七八九]|\s?点\s?[一二三四五六七八九])?|半|对)\s?折(?!腾|叠|磨|旧|断)"
)


def percents(text: str) -> tuple[Percent, ...]:
    """Every share of ``text``, in per cent; 七成 and 打七折 are 70."""
    found = [p for m in _PERCENT.finditer(text) if (p := _percent(m))]
    for match in (*_TENTHS.finditer(text), *_FOLD.finditer(text)):
        value = _tenths(match)
        clash = any(p.start < match.end() and match.start() < p.end for p in found)
        if value is not None and not clash:
            found.append(Percent(match.start(), match.end(), match.group(), value))
    return tuple(sorted(found, key=lambda p: p.start))


def _percent(match: re.Match[str]) -> Percent | None:
    written = match["part"] or match["sign_of"] or match["points"]
    if written in (None, "百"):
        value: Decimal | None = Decimal(100)
    else:
        value = value_of(re.sub(r"\s", "", written))
        if value is not None and match["part"]:
            value = value * 100 / scale(folded(match["per"]))
    if value is None:
        return None
    return Percent(match.start(), match.end(), match.group(), -value if match["sign"] else value)


def _tenths(match: re.Match[str]) -> Decimal | None:
    """七成六 and 七六折 are 76, 三成半 is 35, 半折 and 对折 are 50."""
    written = re.sub(r"\s", "", match["n"])
    if written in ("半", "对"):
        return Decimal(50)
    value, spelled = value_of(written), digits(written)
    if value is None and spelled:
        value = Decimal(spelled)
    if value is None:
        return None
    value = value if value >= 11 else value * 10
    more = match.groupdict().get("more")
    if more:
        value += 5 if more == "半" else value_of(more) or 0
    return value
