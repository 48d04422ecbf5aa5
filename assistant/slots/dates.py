"""Dates in running text: 7月12号, 上个月15号, 去年国庆, 三个月前, 3号到8号, 2025-02-29.

Our own grammar decides what is a date; the calendar's names come from ``calendar``. A day that does
not exist (2月30号) is found and left without a value. What a date means (filed, admitted …) and
which year an unsaid year is are decided in ``roles``; here the nearest past one is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from assistant.slots.calendar import add_days, add_months, monday, month_days, named_day
from assistant.slots.datewords import DAY, JOIN, MONTH, SMALL, DateWords, date_words
from assistant.slots.numerals import digits, folded, small
from assistant.slots.values import DateSpan, Grain

Handler = Callable[[re.Match[str], date], DateSpan | None]


def dates(text: str, today: date) -> tuple[DateSpan, ...]:
    """Every date and period of ``text`` from left to right, none overlapping."""
    plain = folded(text)
    found: list[DateSpan] = []
    for pattern, handler in _grammar():
        for match in pattern.finditer(plain):
            span = handler(match, today)
            if span is not None:
                found.append(replace(span, surface=text[span.start : span.end]))
    return tuple(_joined(text, _longest(found), today))


def _longest(found: list[DateSpan]) -> list[DateSpan]:
    kept: list[DateSpan] = []
    for span in sorted(found, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= k.start or k.end <= span.start for k in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)


_JOIN = re.compile(rf"(?:当天|那天|上午|下午|早上|晚上|起|开始)?{JOIN}")


def _joined(text: str, found: list[DateSpan], today: date) -> list[DateSpan]:
    """Two dates with 到, 至 or a dash between them are one period; 和 joins no period."""
    out: list[DateSpan] = []
    for span in found:
        last = out[-1] if out else None
        gap = _JOIN.fullmatch(text, last.end, span.start) if last else None
        if (
            last is None
            or gap is None
            or last.plural
            or span.plural
            or re.search("[和与]", gap.group())
        ):
            out.append(span)
            continue
        if last.first is None or last.last is None or span.first is None:
            out.append(span)
            continue
        end = onwards(span, last.first)
        if end.last is None or end.last < last.first:
            out.append(span)
            continue
        out[-1] = replace(
            last, end=span.end, surface=text[last.start : span.end], last=end.last, plural=True,
            approximate=last.approximate or span.approximate,
        )  # fmt: skip
    return out


def onwards(span: DateSpan, day: date) -> DateSpan:
    """``span`` moved to its first occurrence on or after ``day`` where its year was not said."""
    if span.first is None or span.last is None or not (span.yearless or span.monthless):
        return span
    step = 1 if span.monthless else 12
    months = 0
    while add_months(span.first, months) > day:
        months -= step
    while add_months(span.first, months) < day or not _same_day(span.first, months):
        months += step
        if months > 600:
            return span
    return replace(span, first=add_months(span.first, months), last=add_months(span.last, months))


def backwards(span: DateSpan, day: date) -> DateSpan:
    """``span`` moved to its last occurrence on or before ``day`` where its year was not said."""
    later = onwards(span, day)
    if later.first is None or later.last is None or later.first <= day:
        return later
    if not (span.yearless or span.monthless):
        return span
    months, step = 0, 1 if span.monthless else 12
    while add_months(later.first, months) > day or not _same_day(later.first, months):
        months -= step
        if months < -600:
            return span
    return replace(
        later, first=add_months(later.first, months), last=add_months(later.last, months)
    )


def in_year(span: DateSpan, year: int) -> DateSpan:
    """``span`` in ``year`` where it named none."""
    if span.first is None or span.last is None or not span.yearless or span.monthless:
        return span
    months = (year - span.first.year) * 12
    if not _same_day(span.first, months):
        return span
    return replace(span, first=add_months(span.first, months), last=add_months(span.last, months))


def _same_day(day: date, months: int) -> bool:
    return add_months(day, months).day == day.day


def _span(
    match: re.Match[str], first: date | None, last: date | None = None, grain: Grain = "day", *,
    yearless: bool = False, monthless: bool = False, approximate: bool = False, plural: bool = False,
) -> DateSpan:  # fmt: skip
    end = match.end()
    return DateSpan(
        match.start(), end, match.group(), first, last or first, grain, yearless, monthless,
        approximate, plural,
    )  # fmt: skip


def _year(match: re.Match[str], today: date) -> int | None:
    """The year said in a match, None when none was."""
    groups = match.groupdict()
    if groups.get("ry"):
        return today.year + date_words().years[match["ry"]]
    written = groups.get("y")
    if not written:
        return None
    plain = digits(written)
    if plain is None:
        return None
    year = int(plain)
    if len(plain) == 2:
        year += 2000 if year <= (today.year + 5) % 100 else 1900
    return year


def _day_of(match: re.Match[str], year: int | None, month: int, day: int, today: date) -> DateSpan:
    """The day, or a span without value when it does not exist."""
    if year is None:
        for back in range(0, 2):
            candidate = today.year - back
            if 1 <= day <= month_days(candidate, month) and date(candidate, month, day) <= today:
                return _span(match, date(candidate, month, day), yearless=True)
        leap = (month, day) == (2, 29) and month_days(today.year + 1, 2) == 29
        return _span(match, date(today.year + 1, 2, 29) if leap else None, yearless=True)
    if not 1 <= day <= month_days(year, month):
        return _span(match, None)
    return _span(match, date(year, month, day))


def _month_of(match: re.Match[str], year: int | None, month: int, today: date) -> DateSpan:
    if not 1 <= month <= 12 or (year is not None and not 1 <= year <= 9998):
        return _span(match, None)
    said = year
    if year is None:
        year = today.year if month <= today.month else today.year - 1
    first, last = date(year, month, 1), date(year, month, month_days(year, month))
    return _span(match, first, last, "month", yearless=said is None)


def _numeric(match: re.Match[str], today: date) -> DateSpan | None:
    year, month, day = (int(match[g]) for g in ("y", "m", "d"))
    return _day_of(match, year, month, day, today)


def _written(match: re.Match[str], today: date) -> DateSpan | None:
    """[year] month [day] [part]: 去年7月12号, 本月9日, 3月初, 上个月15号."""
    groups = match.groupdict()
    year = _year(match, today)
    if groups.get("rm"):
        there = add_months(today.replace(day=1), date_words().months[match["rm"]])
        year, month = year if year is not None else there.year, there.month
    else:
        month = small(match["month"]) or 0
    written = groups.get("day") or groups.get("bare")
    if written:
        return _day_of(match, year, month, _small_day(written), today)
    if year is None and match["month"] and len(match.group().strip()) < 2:
        return None
    whole = _month_of(match, year, month, today)
    part = groups.get("part")
    if part and whole.first and whole.last:
        low, high = date_words().part_of_month[part]
        last = whole.first.replace(day=high) if high else whole.last
        whole = replace(whole, first=whole.first.replace(day=low), last=last, approximate=True)
    return whole


def _small_day(written: str) -> int:
    spelled = written.replace("廿", "二十").replace("卅", "三十")
    return small(spelled) or 0


def _bare_day(match: re.Match[str], today: date) -> DateSpan | None:
    """15号: of this month, or of the last one that had it, whichever is nearest past."""
    day = _small_day(match["day"])
    for back in range(0, 3):
        month = add_months(today.replace(day=1), -back)
        if 1 <= day <= month_days(month.year, month.month) and month.replace(day=day) <= today:
            return _span(match, month.replace(day=day), yearless=True, monthless=True)
    return _span(match, None)


def _relative_day(match: re.Match[str], today: date) -> DateSpan | None:
    return _span(match, add_days(today, date_words().days[match["word"]]))


def _weekday(match: re.Match[str], today: date) -> DateSpan | None:
    """上周三, 这星期一, 下下周日; 周末 is two days, a bare 周三 the nearest past one."""
    which = match["which"] or ""
    weeks = which.count("下") - which.count("上")
    start = add_days(monday(today), 7 * weeks)
    named = match["weekday"]
    if named == "末":
        return _span(match, add_days(start, 5), add_days(start, 6), "week", approximate=True)
    offset = (
        "一二三四五六日".index(named.replace("天", "日")) if not named.isdigit() else int(named) - 1
    )
    day = add_days(start, offset)
    if not which and day > today:
        day = add_days(day, -7)
    return _span(match, day)


def _week(match: re.Match[str], today: date) -> DateSpan | None:
    which = match["which"]
    count = small(match["count"]) or 1 if match["count"] else 1
    weeks = which.count("下") - which.count("上")
    start = add_days(monday(today), 7 * weeks)
    first = start if weeks >= 0 else add_days(start, -7 * (count - 1))
    return _span(match, first, add_days(first, 7 * count - 1), "week", approximate=True)


def _half_week(match: re.Match[str], today: date) -> DateSpan | None:
    first = add_days(monday(today), 0 if match["which"] in "上前" else 3)
    return _span(match, first, add_days(first, 3), "week", approximate=True)


def _festival(match: re.Match[str], today: date) -> DateSpan | None:
    words, year, name = date_words(), _year(match, today), match["name"]
    if year is None and name == "过年" and match["tail"]:
        return None

    def on(y: int) -> date | None:
        if name in words.fixed:
            return date(y, *words.fixed[name])
        return named_day(words.moving[name], y)

    day = on(year) if year is not None else on(today.year)
    if year is None and day and day > today:
        day = on(today.year - 1)
    if day is None:
        return None
    return _span(
        match, day, yearless=year is None and name in words.fixed, approximate=bool(match["tail"])
    )


def _lunar(match: re.Match[str], today: date) -> DateSpan | None:
    """正月初八, 农历六月初三, 腊月二十: by the library, the nearest past one without a year."""
    year = _year(match, today)
    name = match["lunar"]
    years = [year] if year is not None else [today.year, today.year - 1]
    for candidate in years:
        day = named_day(name, candidate)
        if day and (year is not None or day <= today):
            return _span(match, day)
    return None


def _part_of_year(match: re.Match[str], today: date) -> DateSpan | None:
    year = _year(match, today)
    part = match["part"]
    if year is None and part in ("初", "中", "底", "末"):
        return None
    base = today.year if year is None else year
    low, high = date_words().part_of_year[part]
    if not 1 <= base <= 9998:
        return None
    first, last = date(base, low, 1), date(base, high, month_days(base, high))
    grain: Grain = "half" if "半年" in part else "season"
    return _span(match, first, last, grain, approximate=True)


def _whole_year(match: re.Match[str], today: date) -> DateSpan | None:
    year = _year(match, today)
    if year is None or not 1 <= year <= 9998:
        return None
    return _span(match, date(year, 1, 1), date(year, 12, 31), "year")


def _ago(match: re.Match[str], today: date) -> DateSpan | None:
    """三个月前, 半年前, 一年半前, 两周后: the corresponding day; days are exact."""
    sign = 1 if match["way"] == "后" else -1
    unit, count = match["unit"][-1], 0.5 if match["n"] == "半" else small(match["n"])
    if count is None:
        return None
    count += 0.5 if match["half"] or match["half2"] else 0
    if unit in "天日":
        return _span(match, add_days(today, sign * int(count)))
    if unit in "周期拜":
        return _span(match, add_days(today, sign * int(count * 7)), approximate=True)
    months = count * (12 if unit == "年" else 1)
    day = add_months(today, sign * int(months))
    if months != int(months):
        day = add_days(day, sign * 15)
    return _span(match, day, approximate=True)


@cache
def _grammar() -> tuple[tuple[re.Pattern[str], Handler], ...]:
    from assistant.slots.periods import periods

    words: DateWords = date_words()
    year = words.year
    n = r"(?P<n>\d{1,4}|[一二三四五六七八九十百两]+|半)"
    week = "(?:周|星期|礼拜)"
    lunar_day = "(?:初[一二三四五六七八九十]|十[一二三四五六七八九]|廿[一二三四五六七八九]?|二十[一二三四五六七八九]?|三十|十)"
    event = "(?=住|入|出|办|备|去|看|号|日|做|开始|$|[,，。 ])"
    grammar: list[tuple[str, Handler]] = [
        (r"(?<!\d)(?P<y>(?:1[3-9]|20|21)\d\d)(?P<s>[-/.年 ])\s?(?P<m>\d{1,2})\s?[-/.月 ]\s?(?P<d>\d{1,2})(?!\d)(?:\s?[日号])?", _numeric),
        (r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d|\s?[元块万])", _numeric),
        (r"(?<!\d)(?P<m>0?[1-9]|1[0-2])/(?P<d>[0-3]?\d)/(?P<y>(?:19|20)\d\d)(?!\d)", _numeric),
        (rf"(?:{year}\s?的?\s?)?(?:{MONTH}|(?P<rm>{words.any_of('months')}))(?:的?\s?(?:{DAY}|(?P<bare>\d{{1,2}}(?![\d.%年月个天次级岁元块万千百w,，到至~-])))|的?(?P<part>{words.any_of('part_of_month')})(?![院次期国年]))?", _written),
        (rf"(?<![\d年月第,，.])(?<!上午|下午)(?P<month>\d{{1,2}})[/.·](?P<day>\d{{1,2}})(?![\d/%.个万]){event}", _slashed),
        (rf"(?<![\d年月第零一二三四五六七八九十]){DAY}", _bare_day),
        (rf"(?<!以)(?P<word>{words.any_of('days')})(?!天)", _relative_day),
        (rf"(?<![\d一二三四五六七八九十两几半每])(?P<which>上上|上|这|本|下下|下|今)?(?:一|个|一个)?{week}(?P<weekday>[一二三四五六日天末1-6])(?![次直共个种些致期年岁\d])", _weekday),
        (rf"(?P<which>上上|上|这|本|下下|下|今)(?P<count>[一二三四五六七八九十两\d]{{1,2}})?个?{week}(?!期|[一二三四五六日天末])", _week),
        (rf"(?P<which>[上下前后])半{week}", _half_week),
        (rf"(?:{year}的?)?(?P<name>{words.any_of('fixed')}|{words.any_of('moving')})节?(?!路|街|医院|卡|假期间工资)(?P<tail>前后|前|后|期间|假期|的时候|左右)?", _festival),
        (rf"(?:{year}的?)?(?:农历|阴历|旧历)?(?P<lunar>(?:正|腊|冬|[一二三四五六七八九十]{{1,2}})月(?:{lunar_day})(?![号日\d]))", _lunar),
        (rf"(?:{year}的?)?(?P<part>{words.any_of('part_of_year')})(?![院次期国诊])", _part_of_year),
        (rf"{year}(?!级|龄|薪|限|金|费|纪|代|以|之|度.?标准|前|后|多|半|轻|的?时间)内?", _whole_year),
        (rf"(?:大概|大约)?{n}\s?个?(?P<half>半)?(?P<unit>年|月|周|星期|礼拜|天|日)(?P<half2>半)?多?\s?(?:之|以)?(?P<way>前|后)(?!面|边|期|者|续|遗|三|两|\d)", _ago),
        *periods(year, week),
    ]  # fmt: skip
    return tuple((re.compile(p), h) for p, h in grammar)


def _slashed(match: re.Match[str], today: date) -> DateSpan | None:
    """7/12, 7.12: only where a day exists and an event or an end follows."""
    month, day = int(match["month"]), int(match["day"])
    if not 1 <= day <= month_days(2024, month):
        return None
    return _day_of(match, None, month, day, today)


__all__ = ["JOIN", "SMALL", "backwards", "dates", "in_year", "onwards"]
