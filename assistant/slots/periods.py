"""Periods counted in units: 近三年, 未来两天, 2022年前十一个月, 上个季度, 今明两年."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from assistant.slots.calendar import add_days, add_months, monday, month_days
from assistant.slots.datewords import date_words
from assistant.slots.numerals import digits, small
from assistant.slots.values import DateSpan, Grain

Handler = Callable[[re.Match[str], date], DateSpan | None]


def _span(match: re.Match[str], first: date, last: date, grain: Grain) -> DateSpan:
    return DateSpan(
        match.start(), match.end(), match.group(), first, last, grain, approximate=True, plural=True
    )


def _year(match: re.Match[str], today: date) -> int:
    if match["ry"]:
        return today.year + date_words().years[match["ry"]]
    if not match["y"]:
        return today.year
    plain = digits(match["y"]) or str(today.year)
    year = int(plain)
    if len(plain) == 2:
        year += 2000 if year <= (today.year + 5) % 100 else 1900
    return year


def _moved(day: date, unit: str, count: int) -> date:
    if unit in "天日":
        return add_days(day, count)
    if unit in "周期拜":
        return add_days(day, 7 * count)
    return add_months(day, count * (12 if unit == "年" else 1))


def _recent(match: re.Match[str], today: date) -> DateSpan | None:
    """近三年, 最近一个月, 未来两天: up to today, or from tomorrow on."""
    count = 0 if match["n"] == "半" else small(match["n"])
    if count is None:
        return None
    unit = match["unit"][-1]
    if match["n"] == "半":
        count, unit = (6, "月") if unit == "年" else (15, "天")
    if match["way"] in ("未来", "今后", "往后", "接下来"):
        first = add_days(today, 1)
        return _span(match, first, add_days(_moved(first, unit, count), -1), "day")
    return _span(match, _moved(today, unit, -count), today, "day")


def _units(match: re.Match[str], today: date) -> DateSpan | None:
    """上两个月, 下三年, 前两周: whole units beside the present one."""
    count = small(match["n"])
    if count is None:
        return None
    unit, ahead = match["unit"][-1], match["way"] in "下后"
    if unit == "年":
        now = date(today.year, 1, 1)
    elif unit == "月":
        now = today.replace(day=1)
    elif unit in "周期拜":
        now = monday(today)
    else:
        now = today
    first = _moved(now, unit, 1) if ahead else _moved(now, unit, -count)
    return _span(match, first, add_days(_moved(first, unit, count), -1), "day")


def _months_of_year(match: re.Match[str], today: date) -> DateSpan | None:
    """2022年前十一个月, 2005年首月, 今年后三个月."""
    year = _year(match, today)
    count = 1 if match["first"] else small(match["n"]) or 0
    if not 1 <= count <= 12:
        return None
    first = date(year, 13 - count, 1) if match["way"] == "后" else date(year, 1, 1)
    return _span(match, first, add_days(add_months(first, count), -1), "month")


def _quarter(match: re.Match[str], today: date) -> DateSpan | None:
    """第一季度, 上个季度."""
    year = _year(match, today)
    if match["which"]:
        now = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
        first = add_months(now, 3 * (match["which"].count("下") - match["which"].count("上")))
    else:
        first = date(year, 3 * (small(match["n"]) or 1) - 2, 1)
    return _span(match, first, add_days(add_months(first, 3), -1), "quarter")


def _half(match: re.Match[str], today: date) -> DateSpan | None:
    """上个半年, 下个半年."""
    now = date(today.year, 1 if today.month <= 6 else 7, 1)
    first = add_months(now, 6 if match["which"] == "下" else -6)
    return _span(match, first, add_days(add_months(first, 6), -1), "half")


def _two_years(match: re.Match[str], today: date) -> DateSpan | None:
    """今明两年, 去今两年, 前去两年."""
    offsets = {"前": -2, "去": -1, "今": 0, "明": 1, "后": 2}
    low, high = (today.year + offsets[c] for c in match["pair"])
    if low >= high:
        return None
    return _span(match, date(low, 1, 1), date(high, 12, 31), "year")


def _loose_year(match: re.Match[str], _today: date) -> DateSpan | None:
    """The year at the end or start of a range: 2008.03-2009, 1985到89年."""
    year = int(match["only"])
    return DateSpan(
        match.start("only"),
        match.end("only"),
        match["only"],
        date(year, 1, 1),
        date(year, 12, 31),
        "year",
    )


def _loose_month(match: re.Match[str], _today: date) -> DateSpan | None:
    """2008.03, 2025-7, 2019年1 before a dash and 五月."""
    year, month = int(match["y"]), int(match["m"])
    if not 1 <= month <= 12:
        return None
    return DateSpan(
        match.start(), match.end(), match.group(), date(year, month, 1),
        date(year, month, month_days(year, month)), "month",
    )  # fmt: skip


def periods(year: str, week: str) -> list[tuple[str, Handler]]:
    """Patterns with their readers; ``year`` and ``week`` are sub-patterns of the grammar."""
    n = r"(?P<n>\d{1,3}|[一二三四五六七八九十两]+)"
    unit = rf"(?P<unit>年|月|{week}|天|日)"
    join = r"\s?(?:到|至|-|~|—|–)\s?"
    return [
        (rf"(?P<way>最近|近|未来|今后|往后|接下来)(?:的)?(?P<n>\d{{1,3}}|[一二三四五六七八九十两]+|半)个?{unit}", _recent),
        (rf"(?P<way>上|下|前|后)(?P<n>[二三四五六七八九十两]|\d{{1,2}})个?{unit}(?!期|以|之|前|后)", _units),
        (rf"{year}的?(?:(?P<way>前|后){n}个?月|(?P<first>首)月)", _months_of_year),
        (rf"(?:{year}的?)?(?:第?(?P<n>[一二三四1-4])季度?|(?P<which>上上|上|这|本|下下|下)一?个?季度)", _quarter),
        (r"(?P<which>上|下)个半年", _half),
        (r"(?P<pair>[前去今][去今明后])两年", _two_years),
        (rf"(?<=[\d月年日号])(?<=\d|月|年|日|号){join}(?P<only>(?:19|20)\d\d)(?![\d元块年万.-])", _loose_year),
        (rf"(?<!\d)(?P<only>(?:19|20)\d\d)(?={join}(?:\d{{4}}|\d{{2}})年)", _loose_year),
        (r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:[-/.]|\s?年\s?)(?P<m>0?[1-9]|1[0-2])(?![\d./月号日年])(?=-\d{4}|[^\d./-]|$|\s?[-到至~]\s?[一二三四五六七八九十\d])", _loose_month),
    ]  # fmt: skip
