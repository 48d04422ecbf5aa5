"""Dates of the calendar: 2025-07-12, 去年7月12号, 本月9日, 15号, 去年国庆, 正月初八, 年底."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.slots.calendar import add_months, month_days
from assistant.slots.dateparts import (
    Form,
    day_number,
    day_span,
    month_number,
    month_span,
    named_span,
    span_of,
    year_of,
)
from assistant.slots.datewords import DAY, JOIN, MONTH, SMALL, date_words
from assistant.slots.values import DateSpan, Grain


def forms() -> list[Form]:
    """The patterns of this file with their readers."""
    words = date_words()
    year = words.year
    unit = "年月个天次级岁元块万千百多几号"
    bare = (
        rf"(?P<bare>\d{{1,2}}(?![\d.%w,，]|[{unit}]|\s?[到至~—-](?!\d{{1,2}}月|[今去明本]|\d{{4}}))"
        rf"|(?:[二三]?十[一二三四五六七八九]|[二三]十)(?![{unit}一二三四五六七八九]))"
    )
    part = rf"(?P<part>{words.any_of('part_of_month')})(?![院次期国年一二三四五六七八九十])"
    month = rf"(?:{MONTH}|(?P<rm>{words.any_of('months')}))"
    tens = "一二三四五六七八九十"
    lunar_day = f"(?:初[{tens}]|十[{tens}]|廿[{tens}]?|二十[{tens}]?|三十|十)"
    lunar_month = "[一二三四五六七八九十]{1,2}"
    names = f"{words.any_of('fixed')}|{words.any_of('moving')}"
    not_a_year = "级|龄|薪|限|金|费|纪|代|以|之|度.?标准|前|后|多|半|轻|的?时间"
    follows = rf"(?=住|入|出|办|备|去|看|号|日|做|开始|$|[,，。 ]|{JOIN}\d{{1,2}}[./]\d)"
    no_date = r"(?!\d|[/%.]\d|\s?[%个万千百亿元块wk倍成折级])"
    return [
        (
            r"(?<!\d)(?P<y>(?:1[3-9]|20|21)\d\d)[-/.年 ]\s?(?P<m>\d{1,2})\s?[-/.月 ]\s?"
            r"(?P<d>\d{1,2})(?!\d)(?:\s?[日号])?",
            _numeric,
        ),
        (
            r"(?<![\d¥])(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d|\s?[元块万])",
            _numeric,
        ),
        (r"(?<!\d)(?P<m>0?[1-9]|1[0-2])/(?P<d>[0-3]?\d)/(?P<y>(?:19|20)\d\d)(?!\d)", _numeric),
        (
            r"(?<![\d./-])(?P<y>[23]\d)(?P<s>[./-])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>[0-3]?\d)(?![\d./-])",
            _numeric,
        ),
        (rf"(?:{year}\s?的?\s?)?{month}(?:的?\s?(?:{DAY}|{bare})|的?{part})?", _written),
        (
            r"(?<![\d年月第./])(?<!\d[,，])(?<!上午|下午)(?P<month>\d{1,2})[/.·](?P<day>\d{1,2})"
            rf"{no_date}{follows}",
            _slashed,
        ),
        (rf"(?<![\d年月第零一二三四五六七八九十]){DAY}", _bare_day),
        (
            rf"(?:{year}的?)?(?P<name>{names})节?(?!路|街|医院|卡|假期间工资)"
            rf"(?P<tail>{words.any_of('festival')})?",
            _festival,
        ),
        (
            rf"(?:{year}的?)?(?:农历|阴历|旧历)?"
            rf"(?P<lunar>(?:(?:正|腊|冬)月{lunar_day}|{lunar_month}月初[{tens}])(?![号日\d]))",
            _lunar,
        ),
        (
            rf"(?:{year}的?)?(?:农历|阴历|旧历)(?P<lunar>{lunar_month}月{lunar_day}(?![号日\d]))",
            _lunar,
        ),
        (rf"(?:{year}的?)?大年(?P<new_year>初[{tens}])(?![号日\d])", _lunar),
        (
            r"(?<![\d年月个])(?P<part>月初|月底|月末|月中|[上中下]旬)(?![院次期国年号日])",
            _bare_part,
        ),
        (rf"(?:{year}的?)?(?P<part>{words.any_of('part_of_year')})(?![院次期国诊])", _part_of_year),
        (rf"{year}(?!{not_a_year})内?", _whole_year),
        *_year_range_forms(),
    ]


def _year_range_forms() -> list[Form]:
    """Years and months that only a range makes dates: 2008.03-2009, 1985到89年9月."""
    return [
        (rf"(?<=[\d月年日号]){JOIN}(?P<only>(?:19|20)\d\d)(?![\d元块年万.-])", _loose_year),
        (rf"(?<!\d)(?P<only>(?:19|20)\d\d)(?={JOIN}(?:\d{{4}}|\d{{2}})年)", _loose_year),
        (
            r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:[-/.]|\s?年\s?)(?P<m>0?[1-9]|1[0-2])(?![\d./月号日年])"
            rf"(?=-\d{{4}}|[^\d./-]|$|{JOIN}{SMALL})",
            _loose_month,
        ),
    ]


def _numeric(match: re.Match[str], today: date) -> DateSpan | None:
    year = year_of(match, today)
    return day_span(match, year, int(match["m"]), int(match["d"]), today)


def _written(match: re.Match[str], today: date) -> DateSpan | None:
    """[year] month [day or part of the month]."""
    groups = match.groupdict()
    year = year_of(match, today)
    if groups["rm"]:
        there = add_months(today.replace(day=1), date_words().months[match["rm"]])
        year, month = year if year is not None else there.year, there.month
    else:
        month = month_number(match["month"])
    written = groups["day"] or groups["bare"]
    if written:
        return day_span(match, year, month, day_number(written), today)
    whole = month_span(match, year, month, today)
    if groups["part"] and whole.first and whole.last:
        low, high = date_words().part_of_month[groups["part"]]
        last = whole.first.replace(day=high) if high else whole.last
        whole = replace(whole, first=whole.first.replace(day=low), last=last, approximate=True)
    return whole


def _slashed(match: re.Match[str], today: date) -> DateSpan | None:
    """7/12, 7.12: only a day that can exist, and only where an event or an end follows."""
    month, day = int(match["month"]), int(match["day"])
    possible = 1 <= day <= month_days(2024, month)
    return day_span(match, None, month, day, today) if possible else None


def _bare_day(match: re.Match[str], today: date) -> DateSpan | None:
    """15号: the nearest past one, be it of this month or of the last that has it."""
    day = day_number(match["day"])
    for back in range(3):
        month = add_months(today.replace(day=1), -back)
        if 1 <= day <= month_days(month.year, month.month) and month.replace(day=day) <= today:
            return span_of(match, month.replace(day=day), yearless=True, monthless=True)
    # 32号 is a house or a bed unless something happened then.
    happened = re.match(r"[住入出办备去看做]", match.string[match.end() :])
    return span_of(match, None) if happened else None


def _festival(match: re.Match[str], today: date) -> DateSpan | None:
    words, year, name = date_words(), year_of(match, today), match["name"]
    if name in words.fixed:
        month, day = words.fixed[name]
        found: DateSpan | None = day_span(match, year, month, day, today)
    else:
        found = named_span(match, words.moving[name], year, today)
    if found is None or match["tail"] is None:
        return found
    first, last = words.festival[match["tail"]]
    return replace(found, approximate=True, slack=(first, last))


def _lunar(match: re.Match[str], today: date) -> DateSpan | None:
    """By the library; without a year the nearest past one."""
    name = match.groupdict().get("lunar") or f"正月{match['new_year']}"
    return named_span(match, f"农历{name}", year_of(match, today), today)


def _bare_part(match: re.Match[str], today: date) -> DateSpan | None:
    """月初, 中旬 without a month: the nearest that has begun, and while it lasts the one before."""
    low, high = date_words().part_of_month[match["part"]]
    this = today.replace(day=1)
    month = this if today.day >= low else add_months(this, -1)
    first, end = month.replace(day=low), high or month_days(month.year, month.month)
    last = month.replace(day=end)
    if today <= last:
        return span_of(match, add_months(month, -1).replace(day=low), last, "month")
    return span_of(match, first, last, "month", yearless=True, monthless=True)


def _part_of_year(match: re.Match[str], today: date) -> DateSpan | None:
    """年底, 去年年初, 2017年上半年; a bare 初 or 底 is none."""
    year, part = year_of(match, today), match["part"]
    if year is None and len(part) == 1:
        return None
    there = today.year if year is None else year
    low, high = date_words().part_of_year[part]
    grain: Grain = "half" if "半年" in part else "season"
    last = date(there, high, month_days(there, high))
    return span_of(match, date(there, low, 1), last, grain, approximate=True)


def _whole_year(match: re.Match[str], today: date) -> DateSpan | None:
    year = year_of(match, today)
    return None if year is None else span_of(match, date(year, 1, 1), date(year, 12, 31), "year")


def _loose_year(match: re.Match[str], _today: date) -> DateSpan | None:
    year = int(match["only"])
    whole = span_of(match, date(year, 1, 1), date(year, 12, 31), "year")
    return replace(whole, start=match.start("only"), end=match.end("only"))


def _loose_month(match: re.Match[str], today: date) -> DateSpan | None:
    return month_span(match, int(match["y"]), int(match["m"]), today)
