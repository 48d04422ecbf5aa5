"""Amounts, per cents and ranges in text. Which amount is what is decided in ``roles``.

Yuan only: foreign money is read, and marked as such. Words live in ``data/slots/money.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from assistant.data import read_toml
from assistant.slots.faults import Checked
from assistant.slots.numerals import digits, folded, numbers, scale, value_of
from assistant.slots.values import Amount, Number, Percent, Span

_KEYS = ("yuan", "yuan_before", "foreign", "measures", "before")


@dataclass(frozen=True)
class _Words:
    yuan: re.Pattern[str]
    yuan_before: re.Pattern[str]
    foreign: re.Pattern[str]
    foreign_before: re.Pattern[str]
    measures: re.Pattern[str]
    before: re.Pattern[str]


@cache
def _words() -> _Words:
    data = Checked("slots/money.toml", read_toml("slots/money.toml"))
    data.keys(*_KEYS)
    found = {
        key: "|".join(sorted(data.table.get(key, []), key=len, reverse=True)) or "(?!)"
        for key in _KEYS
    }
    compiled = _Words(
        data.pattern("yuan", 0, rf"\s?(?:{found['yuan']})(?![a-z])"),
        data.pattern("yuan_before", 0, rf"(?:{found['yuan_before']})\s?$"),
        data.pattern("foreign", 0, rf"\s?(?:{found['foreign']})"),
        data.pattern("foreign", 0, rf"(?:{found['foreign']})\s?$"),
        data.pattern("measures", 0, rf"\s?(?:{found['measures']})"),
        data.pattern("before", 0, rf"(?:{found['before']})[:\s是为约有]{{0,3}}$"),
    )
    data.raise_faults()
    return compiled


_DIGIT = "[零一二三四五六七八九两\\d]"
_JIAO = rf"(?P<jiao>{_DIGIT})(?:角|毛|毫(?!升|克|米))(?:\s?(?P<fen>{_DIGIT})分?)?"
_FEN = rf"零?(?P<onlyfen>{_DIGIT})分(?!之|钟)"
# 三块五, but not 三块五百 and not 三块五月.
_HALF = rf"(?P<half>{_DIGIT})(?![\d零一二三四五六七八九十百千万亿两.点%号月年天次级岁个元块美欧日港英韩台])"
_CENTS = re.compile(rf"\s?(?:{_JIAO}|{_FEN}|{_HALF})")
_ONLY_CENTS = re.compile(rf"\s?(?:角|毛(?!病|巾|利))(?:\s?(?P<fen>{_DIGIT})分?)?")
_SMALL_CHANGE = re.compile(r"\s?分(?![之钟娩级值析别数])(?=钱|$|[,，。;；])")


def amounts(text: str) -> tuple[Amount, ...]:
    """Money in ``text``: with a currency word, with 万 or 亿, or right after a word of money."""
    words = _words()
    return tuple(
        a
        for a in candidates(text)
        if a.explicit or _large(a.surface) or words.before.search(text, 0, a.start)
    )


def _large(surface: str) -> bool:
    return bool(re.search(r"[万亿wk]", folded(surface)))


def candidates(text: str) -> tuple[Amount, ...]:
    """Every number that may be money: no measure word after it, no per cent, no long digit string.

    ``explicit`` tells those with a currency word. A number that is not well formed has value,
    low and high None.
    """
    words = _words()
    taken = [(p.start, p.end) for p in percents(text)]
    found: list[Amount] = []
    for number in numbers(text):
        if any(s < number.end and number.start < e for s, e in taken):
            continue
        if found and number.start < found[-1].end:
            continue
        amount = _amount(text, number, words)
        if amount:
            found.append(amount)
    return tuple(_shared_scale(text, found))


def _amount(text: str, number: Number, words: _Words) -> Amount | None:
    start, end = number.start, number.end
    if words.foreign.match(text, end) or words.foreign_before.search(text, 0, start):
        after = words.foreign.match(text, end)
        stop = after.end() if after else end
        return _of(text, number, start, stop, explicit=True, currency="foreign")
    before = words.yuan_before.search(text, max(0, start - 4), start)
    if before:
        start = before.start()
    unit = words.yuan.match(text, end)
    if unit and not re.match(r"(?:块|元)(?:儿|旦|素|气|件|头|状)", text[end:]):
        cents = _CENTS.match(text, unit.end())
        value = _cents(cents) if cents else Decimal(0)
        stop = cents.end() if cents else unit.end()
        tail = re.match(r"(?:钱|整|人民币)", text[stop:])
        stop += tail.end() if tail else 0
        return _of(text, number, start, stop, explicit=True, more=value)
    change = _ONLY_CENTS.match(text, end)
    if change and number.value is not None:
        tenth = number.value / 10 + (
            Decimal(value_of(change["fen"]) or 0) / 100 if change["fen"] else 0
        )
        return Amount(start, change.end(), text[start : change.end()], tenth, tenth, tenth)
    if before:
        return _of(text, number, start, end, explicit=True)
    if words.measures.match(text, end) or _is_code(text, number):
        return None
    return _of(text, number, start, end, explicit=False)


def _is_code(text: str, number: Number) -> bool:
    """Telephone, card and identity numbers, and digits inside letters or longer marks."""
    plain = number.surface
    if re.fullmatch(r"0\d+|\d{9,}", plain):
        return True
    before, after = text[: number.start], text[number.end :]
    return bool(
        re.search(r"[a-z_/^\d.:]$|第$|[\d年月][-~]$", before) or re.match(r"[a-z_/^:]|\.\d", after)
    )


def _cents(match: re.Match[str]) -> Decimal:
    def of(name: str) -> Decimal:
        return value_of(match[name]) or Decimal(0) if match[name] else Decimal(0)

    return of("jiao") / 10 + of("half") / 10 + (of("fen") + of("onlyfen")) / 100


def _of(
    text: str, number: Number, start: int, end: int, *, explicit: bool,
    more: Decimal = Decimal(0), currency: str = "CNY",
) -> Amount:  # fmt: skip
    value, low, high = (
        None if x is None else x + more for x in (number.value, number.low, number.high)
    )
    return Amount(start, end, text[start:end], value, low, high, number.vague, explicit, currency)


_SCALE = re.compile(r"([万亿wk]|[百千](?!.*[万亿wk]))(?=[^\d万亿wk]*$)")
_TO = re.compile(r"\s?(?:\(含\))?\s?(?:到|至|~|～|-{1,2}|—{1,2}|–|、)\s?")


def _shared_scale(text: str, found: list[Amount]) -> list[Amount]:
    """七千到九千亿元, 2到3万: the first number borrows the scale (and the unit) of the second."""
    for at in range(len(found) - 1):
        first, second = found[at], found[at + 1]
        gap = _TO.fullmatch(text, first.end, second.start)
        if gap is None or "、" in gap.group() or first.value is None or second.value is None:
            continue
        scale = _SCALE.search(folded(second.surface))
        value = first.value
        if scale and scale[1] not in folded(first.surface):
            scaled = first.value * (value_of("1" + scale[1]) or 1)
            value = scaled if scaled < second.value else value
        found[at] = replace(
            first, value=value, low=value, high=value, explicit=first.explicit or second.explicit,
            currency=second.currency if not first.explicit else first.currency,
        )  # fmt: skip
    return found


def amount_ranges(text: str) -> tuple[Span, ...]:
    """Ranges of money: 3万到5万, 四五千块, 十几块, 3.04块以上, 不到5000元."""
    return _spans(text, [a for a in candidates(text) if a.currency == "CNY"])


def _spans(text: str, found: list[Amount]) -> tuple[Span, ...]:
    spans: list[Span] = []
    skip = False
    for at, one in enumerate(found):
        if skip:
            skip = False
            continue
        following = found[at + 1] if at + 1 < len(found) else None
        if following and following.low is not None and one.low is not None:
            gap = _TO.fullmatch(text, one.end, following.start)
            if gap and "、" not in gap.group() and one.low < (following.high or one.low):
                spans.append(_span(text, one.start, following.end, one.low, following.high))
                skip = True
                continue
        bound = _bound(text, one)
        if bound:
            spans.append(bound)
        elif one.vague:
            spans.append(_span(text, one.start, one.end, one.low, one.high))
    return tuple(spans)


_LEAST_AFTER = re.compile(r"\s?(?:及|或)?(?:以上|往上|起步|开外)")
_MOST_AFTER = re.compile(r"\s?(?:及|或)?(?:以下|以内|之内|不到)")
_LEAST_BEFORE = re.compile(r"(?:超过了?|大于|多于|高于|不低于|至少|≥|>=?|> =)\s?(?:是|有|要)?\s?$")
_MOST_BEFORE = re.compile(
    r"(?:不到|不超过|小于|低于|少于|至多|最多|不足|≤|<=?|< =)\s?(?:是|有|要)?\s?$"
)


def _bound(text: str, one: Amount) -> Span | None:
    for pattern in (_LEAST_AFTER, _MOST_AFTER):
        after = pattern.match(text, one.end)
        if after:
            ends = (one.value, None) if pattern is _LEAST_AFTER else (None, one.value)
            return _span(text, one.start, after.end(), *ends)
    for pattern in (_LEAST_BEFORE, _MOST_BEFORE):
        before = pattern.search(text, 0, one.start)
        if before:
            ends = (one.value, None) if pattern is _LEAST_BEFORE else (None, one.value)
            return _span(text, before.start(), one.end, *ends)
    return None


def _span(text: str, start: int, end: int, low: Decimal | None, high: Decimal | None) -> Span:
    return Span(start, end, text[start:end], low, high)


_N = r"[-\d零一二三四五六七八九十百千万两点.,，k壹贰叁肆伍陆柒捌玖拾佰仟]+"
_PERCENT = re.compile(
    rf"(?P<sign>[-负]?)(?:(?P<per>[百千万佰仟]{{1,3}})\s*分\s*之\s*(?P<a>{_N}(?:\s?[点.]\s?{_N})?|百)(?!\s+[\d一二三四五六七八九十百])"
    rf"|(?P<b>{_N})\s?%(?![0-9a-z])|(?P<c>{_N}(?:\s?点\s?{_N})?)\s*个\s*百\s*分\s*点)"
    rf"|百分百"
)
_TENTHS = re.compile(
    rf"(?<![\d第完生变养赞])(?P<n>\d+(?:\.\d+)?|[一二三四五六七八九十两](?:\s?点\s?[一二三四五六七八九])?)\s?成"
    r"(?!都|立|年|人|员|功|为|分|了|果|本|药|长|熟|品|效|绩)(?:\s?(?P<more>半|[一二三四五六七八九](?![\d十百千万])))?"
)
_FOLD = re.compile(
    r"(?:打|打了)?(?P<n>\d+(?:\.\d+)?|[一二三四五六七八九两陆](?:\s?[一二三四五六七八九]|\s?点\s?[一二三四五六七八九])?|半|对)\s?折(?!腾|叠|磨|旧|断)"
)


def percents(text: str) -> tuple[Percent, ...]:
    """Shares in ``text``: 80%, 百分之八十, 二十个百分点, 三成半, 打七折 (70)."""
    found = [p for m in _PERCENT.finditer(text) if (p := _percent(m))]
    for match in (*_TENTHS.finditer(text), *_FOLD.finditer(text)):
        value = _tenths(match)
        clash = any(p.start < match.end() and match.start() < p.end for p in found)
        if value is not None and not clash:
            found.append(Percent(match.start(), match.end(), match.group(), value))
    return tuple(sorted(found, key=lambda p: p.start))


def _percent(match: re.Match[str]) -> Percent | None:
    written = match["a"] or match["b"] or match["c"]
    if written in (None, "百"):
        return Percent(match.start(), match.end(), match.group(), Decimal(100))
    bare = written.lstrip("-")
    value = value_of(re.sub(r"\s", "", bare))
    if value is None:
        return None
    if match["a"]:
        value = value * 100 / scale(folded(match["per"]))
    if match["sign"] or written.startswith("-"):
        value = -value
    start = match.start()
    return Percent(start, match.end(), match.group(), value)


def _tenths(match: re.Match[str]) -> Decimal | None:
    written = re.sub(r"\s", "", match["n"])
    if written in ("半", "对"):
        return Decimal(50)
    value = value_of(written)
    spelled = digits(written)
    if value is None and spelled:
        value = Decimal(spelled)
    if value is None:
        return None
    value = value if value >= 11 else value * 10
    more = match.groupdict().get("more")
    if more:
        value += 5 if more == "半" else value_of(more) or 0
    return value
