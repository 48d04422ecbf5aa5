"""Dates counted from today: 前天, 上周三, 三个月前, 近三年, 上个季度, 十月的第一个星期一."""

from __future__ import annotations

import re
from datetime import date

from assistant.slots.calendar import add_days, add_months, monday
from assistant.slots.dateparts import (
    Form,
    around,
    beyond,
    month_number,
    month_span,
    span_of,
    year_of,
)
from assistant.slots.datewords import MONTH, date_words
from assistant.slots.numerals import small
from assistant.slots.values import DateSpan

_WEEK = "(?:周|星期|礼拜)"
_WEEKDAYS = "一二三四五六日"


def forms() -> list[Form]:
    """The patterns of this file with their readers."""
    words = date_words()
    year = words.year
    which = "(?P<which>上上|上|这|本|下下|下|今)"
    count = r"(?<![\d一二三四五六七八九十百两])(?P<n>\d{1,3}|[一二三四五六七八九十百两]{1,8}|半)"
    unit = rf"(?P<unit>年|月|{_WEEK}|天|日)"
    nth = r"的?(?:第(?P<n>[一二三四五六1-6])|(?P<last>最后一))个?"
    return [
        (rf"(?:{year}的?)?(?<!以)(?P<word>{words.any_of('days')})(?!天)", _day),
        (
            r"(?<!刚)(?:刚刚|刚才|刚)(?=[^,，。;；!！?？]{0,16}?"
            r"(?:提交|补上|补办|补备|备上|备好|备了|备完|备的案|办好|办完|交上|交了|申请|弄好|办上))",
            _just_now,
        ),
        (
            rf"(?<![\d一二三四五六七八九十两几半每]){which}?(?:一|个|一个)?{_WEEK}"
            r"(?P<weekday>[一二三四五六日天末1-6])(?![次直共个种些致期年岁\d])",
            _weekday,
        ),
        (
            rf"{which}(?P<count>[一二三四五六七八九十两\d]{{1,2}})?个?{_WEEK}(?!期|[一二三四五六日天末])",
            _week,
        ),
        (r"前(?:几|些|两三)天", _days_back),
        (rf"(?P<which>[上下前后])半{_WEEK}", _half_week),
        (
            rf"(?:{year}的?)?{MONTH}{nth}{_WEEK}(?P<weekday>[一二三四五六日天])?",
            _week_of_month,
        ),
        (
            rf"(?<![院案账])(?P<about>大概|大约|差不多|将近|好像|约)?(?:是|有)?{count}\s?个?(?P<more>多)?(?P<half>半)?{unit}"
            r"(?P<half2>半)?(?P<more2>多)?(?P<about2>左右)?\s?(?:之|以)?"
            r"(?P<way>前|后)(?!面|边|期|者|续|遗|后|三|两|\d)",
            _ago,
        ),
        (rf"(?P<way>最近|近|过去|未来|今后|往后|接下来)的?{count}个?{unit}", _recent),
        (
            r"(?P<way>上|下|前|后)(?P<n>[二三四五六七八九十两]|\d{1,2})个?"
            rf"{unit}(?!期|以|之|前|后)",
            _units,
        ),
        (rf"{year}的?(?:(?P<way>前|后){count}个?月|(?P<first>首)月)", _months_of_year),
        (
            rf"(?:{year}的?)?(?:第?(?P<n>[一二三四1-4])个?季度?|{which}一?个?季度)",
            _quarter,
        ),
        (r"(?P<which>上|下)个半年", _half_year),
        (r"(?P<pair>[前去今][去今明后])两年", _two_years),
    ]


def _moved(day: date, unit: str, count: int) -> date:
    """``day`` moved by units; the last character of the unit tells which."""
    if unit in "天日":
        return add_days(day, count)
    if unit in "周期拜":
        return add_days(day, 7 * count)
    return add_months(day, count * (12 if unit == "年" else 1))


def _weeks(which: str) -> int:
    return which.count("下") - which.count("上")


def _day(match: re.Match[str], today: date) -> DateSpan | None:
    """前天, 今天; 去年的今天 is a year back."""
    day, year = add_days(today, date_words().days[match["word"]]), year_of(match, today)
    return span_of(match, day if year is None else add_months(day, 12 * (year - today.year)))


def _just_now(match: re.Match[str], today: date) -> DateSpan | None:
    """刚提交, 刚才补上的: today."""
    return span_of(match, today, approximate=True)


def _weekday(match: re.Match[str], today: date) -> DateSpan | None:
    """上周三, 这星期一; 周末 is two days, a bare 周三 the nearest past one."""
    which, named = match["which"] or "", match["weekday"].replace("天", "日")
    start = add_days(monday(today), 7 * _weeks(which))
    if named == "末":
        return span_of(match, add_days(start, 5), add_days(start, 6), "week", approximate=True)
    day = add_days(start, int(named) - 1 if named.isdigit() else _WEEKDAYS.index(named))
    return span_of(match, add_days(day, -7) if not which and day > today else day)


def _week(match: re.Match[str], today: date) -> DateSpan | None:
    """上周, 下下周, 上两周: whole weeks from Monday."""
    count, weeks = small(match["count"] or "一") or 1, _weeks(match["which"])
    start = add_days(monday(today), 7 * weeks)
    first = start if weeks >= 0 else add_days(start, -7 * (count - 1))
    return span_of(match, first, add_days(first, 7 * count - 1), "week", approximate=True)


def _days_back(match: re.Match[str], today: date) -> DateSpan | None:
    """前几天: some day of the last ten."""
    return span_of(match, add_days(today, -10), add_days(today, -1), "week", approximate=True)


def _half_week(match: re.Match[str], today: date) -> DateSpan | None:
    first = add_days(monday(today), 0 if match["which"] in "上前" else 3)
    return span_of(match, first, add_days(first, 3), "week", approximate=True)


def _week_of_month(match: re.Match[str], today: date) -> DateSpan | None:
    """十月的第一个星期一, 三月第二周: weeks are counted from the month's first such day."""
    month = month_span(match, year_of(match, today), month_number(match["month"]), today)
    if month.first is None or month.last is None:
        return month
    wanted = _WEEKDAYS.index((match["weekday"] or "一").replace("天", "日"))
    first = add_days(month.first, (wanted - month.first.weekday()) % 7)
    if match["last"]:
        day = add_days(month.last, -((month.last.weekday() - wanted) % 7))
    else:
        day = add_days(first, 7 * ((small(match["n"]) or 1) - 1))
    if match["weekday"]:
        return span_of(match, day)
    return span_of(match, day, add_days(day, 6), "week", approximate=True)


def _ago(match: re.Match[str], today: date) -> DateSpan | None:
    """三个月前, 半年前, 一年半前, 两周后: the corresponding day; only days are exact."""
    sign, unit = (1 if match["way"] == "后" else -1), match["unit"][-1]
    whole = 0 if match["n"] == "半" else small(match["n"])
    if whole is None:
        return None
    half = match["n"] == "半" or bool(match["half"] or match["half2"])
    day = _moved(today, unit, sign * whole)
    if half:
        day = _moved(day, "月", sign * 6) if unit == "年" else add_days(day, sign * 15)
    span = span_of(match, day, approximate=unit not in "天日")
    if match["more"] or match["more2"]:
        return beyond(span, today)
    return around(span, today) if match["about"] or match["about2"] else span


def _recent(match: re.Match[str], today: date) -> DateSpan | None:
    """近三年, 最近半年: up to today; 未来两天: from tomorrow on."""
    unit, count = match["unit"][-1], small(match["n"])
    if match["n"] == "半":
        count, unit = (6, "月") if unit == "年" else (15, "天")
    if not count:
        return None
    if match["way"] in ("最近", "近", "过去"):
        return span_of(match, _moved(today, unit, -count), today, approximate=True, plural=True)
    first = add_days(today, 1)
    last = add_days(_moved(first, unit, count), -1)
    return span_of(match, first, last, approximate=True, plural=True)


def _units(match: re.Match[str], today: date) -> DateSpan | None:
    """上两个月, 下三年, 前两天: whole units beside the present one."""
    count, unit = small(match["n"]), match["unit"][-1]
    if not count:
        return None
    starts = {"年": today.replace(month=1, day=1), "月": today.replace(day=1)}
    now = starts.get(unit, today if unit in "天日" else monday(today))
    first = _moved(now, unit, 1 if match["way"] in "下后" else -count)
    last = add_days(_moved(first, unit, count), -1)
    return span_of(match, first, last, approximate=True, plural=True)


def _months_of_year(match: re.Match[str], today: date) -> DateSpan | None:
    """2022年前十一个月, 2005年首月, 今年后三个月."""
    year = year_of(match, today) or today.year
    count = 1 if match["first"] else small(match["n"]) or 0
    if not 1 <= count <= 12:
        return None
    first = date(year, 13 - count, 1) if match["way"] == "后" else date(year, 1, 1)
    last = add_days(add_months(first, count), -1)
    return span_of(match, first, last, "month", approximate=True, plural=True)


def _quarter(match: re.Match[str], today: date) -> DateSpan | None:
    """第一季度, 去年四季度, 上个季度."""
    if match["which"]:
        now = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        first = add_months(now, 3 * _weeks(match["which"]))
    else:
        year = year_of(match, today) or today.year
        first = date(year, 3 * (small(match["n"]) or 1) - 2, 1)
    return span_of(match, first, add_days(add_months(first, 3), -1), "quarter", approximate=True)


def _half_year(match: re.Match[str], today: date) -> DateSpan | None:
    now = today.replace(month=1 if today.month <= 6 else 7, day=1)
    first = add_months(now, 6 if match["which"] == "下" else -6)
    return span_of(match, first, add_days(add_months(first, 6), -1), "half", approximate=True)


def _two_years(match: re.Match[str], today: date) -> DateSpan | None:
    """今明两年, 去今两年."""
    offsets = {"前": -2, "去": -1, "今": 0, "明": 1, "后": 2}
    low, high = (today.year + offsets[c] for c in match["pair"])
    if low >= high:
        return None
    return span_of(match, date(low, 1, 1), date(high, 12, 31), "year", plural=True)
