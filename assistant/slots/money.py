"""Amounts in text. Which amount is what is decided in ``figures``.

Yuan only: foreign money is read, and marked as such. Words live in ``data/slots/money.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

from assistant.data import read_toml
from assistant.slots.faults import Checked
from assistant.slots.numerals import folded, numbers, value_of
from assistant.slots.percents import percents
from assistant.slots.values import Amount, Number

_NEAR = 12
_NO_YUAN = re.compile(r"(?:块|元)(?:儿|旦|素|气|件|头|状)")
_KEYS = ("yuan", "yuan_before", "foreign", "measures", "before", "codes", "lines")


@dataclass(frozen=True)
class _Words:
    yuan: re.Pattern[str]
    yuan_before: re.Pattern[str]
    foreign: re.Pattern[str]
    foreign_before: re.Pattern[str]
    measures: re.Pattern[str]
    before: re.Pattern[str]
    codes: re.Pattern[str]


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
        data.pattern(
            "codes",
            0,
            rf"(?:{found['codes']})[:\s是为的]{{0,3}}(?P<code>[a-z\d-]{{4,}})"
            rf"|(?<![\d.¥])(?<!\d,)(?P<line>{found['lines']})(?![\d.]|\s?[元块万千])",
        ),
    )
    data.raise_faults()
    return compiled


_DIGIT = "[零一二三四五六七八九两\\d]"
_JIAO = rf"(?P<jiao>{_DIGIT})(?:角|毛|毫(?!升|克|米))(?:\s?(?P<fen>{_DIGIT})分?)?"
_FEN = rf"零?(?P<onlyfen>{_DIGIT})分(?!之|钟)"
# 三块五, but not 三块五百 and not 三块五月.
_NO_HALF = r"[\d零一二三四五六七八九十百千万亿两.点%号月年天次级岁个元块美欧日港英韩台]"
_HALF = rf"(?P<half>{_DIGIT})(?!{_NO_HALF})"
_CENTS = re.compile(rf"\s?(?:{_JIAO}|{_FEN}|{_HALF})")
_ONLY_CENTS = re.compile(rf"\s?(?:角|毛(?!病|巾|利))(?:\s?(?P<fen>{_DIGIT})分?)?")
_SMALL_CHANGE = re.compile(r"\s?分(?![之钟娩级值析别数])(?=钱|$|[,，。;；])")


def codes(text: str) -> list[tuple[int, int]]:
    """Places of digits that are a mark: admission numbers, card numbers, telephone lines."""
    words = _words()
    return [
        m.span("code" if m["code"] else "line")
        for m in words.codes.finditer(text)
        if m["code"] or not words.before.search(text, max(0, m.start() - _NEAR), m.start())
    ]


def amounts(text: str) -> tuple[Amount, ...]:
    """Money in ``text``: with a currency word, with 万 or 亿, or right after a word of money."""
    words = _words()
    return tuple(
        a
        for a in candidates(text)
        if a.explicit
        or _large(a.surface)
        or words.before.search(text, max(0, a.start - _NEAR), a.start)
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


_HOUSE = "医院"
"""Counts no 万: 花了三万二医院是三级的."""


def _amount(text: str, number: Number, words: _Words) -> Amount | None:
    start, end = number.start, number.end
    if words.foreign.match(text, end) or words.foreign_before.search(
        text, max(0, start - _NEAR), start
    ):
        after = words.foreign.match(text, end)
        stop = after.end() if after else end
        return _of(text, number, start, stop, explicit=True, currency="foreign")
    before = words.yuan_before.search(text, max(0, start - 4), start)
    if before:
        start = before.start()
    unit = words.yuan.match(text, end)
    if unit and not _NO_YUAN.match(text, end):
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
    house = _large(number.surface) and text.startswith(_HOUSE, end)
    if (words.measures.match(text, end) and not house) or _is_code(text, number):
        return None
    return _of(text, number, start, end, explicit=False)


def _is_code(text: str, number: Number) -> bool:
    """Telephone, card and identity numbers, and digits inside letters or longer marks."""
    plain = number.surface
    if re.fullmatch(r"0\d+|\d{9,}", plain):
        return True
    before = text[max(0, number.start - _NEAR) : number.start]
    after = text[number.end : number.end + _NEAR]
    return bool(
        re.search(r"[a-z_/^\d.:]$|第$|(?<!\d)0\d{2,3}-$", before)
        or re.match(r"[a-z_/^:]|\.\d", after)
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
TO = re.compile(r"\s?(?:\(含\))?\s?(?:到|至|~|～|-{1,2}|—{1,2}|–)\s?")


def _shared_scale(text: str, found: list[Amount]) -> list[Amount]:
    """七千到九千亿元, 2到3万: the first number borrows the scale and the unit of the second."""
    out = list(found)
    for at, (first, second) in enumerate(pairwise(found)):
        if not TO.fullmatch(text, first.end, second.start):
            continue
        if first.value is None or second.value is None:
            continue
        unit, value = _SCALE.search(folded(second.surface)), first.value
        if unit and unit[1] not in folded(first.surface):
            scaled = value * (value_of("1" + unit[1]) or 1)
            value = scaled if scaled < second.value else value
        out[at] = replace(
            first,
            value=value,
            low=value,
            high=value,
            explicit=first.explicit or second.explicit,
            currency=first.currency if first.explicit else second.currency,
        )
    return out
