"""Do the sums that a person reads come out? Every ``a − b = c`` of a text, worked out again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

HALF_FEN = Decimal("0.005")
_VALUE = r"\d[\d,]*(?:\.\d+)?\s*%?"
_CHAIN = re.compile(rf"({_VALUE}\s*元?(?:\s*[−\-+×÷]\s*{_VALUE}\s*元?)+)\s*=\s*({_VALUE})")
_LEAST = re.compile(rf"min\(\s*({_VALUE})\s*,\s+({_VALUE})\s*\)\s*=\s*({_VALUE})")
_SIGNED = re.compile(rf"([−\-+×÷]?)\s*({_VALUE})")


def wrong_equations(body: str) -> Iterator[str]:
    """Each equation of ``body`` that is off by more than half a 分, as written."""
    text = unicodedata.normalize("NFKC", body)
    for match in _CHAIN.finditer(text):
        found = _total(match[1])
        if found is None or abs(found - _value(match[2])) > HALF_FEN:
            yield match.group()
    for match in _LEAST.finditer(text):
        a, b, least = (_value(part) for part in match.groups())
        if min(a, b) != least:
            yield match.group()


def _total(chain: str) -> Decimal | None:
    """The value of a chain, products before sums; None when something is divided by zero."""
    terms: list[Decimal] = []
    for sign, digits in _SIGNED.findall(chain):
        value = _value(digits)
        if sign == "×":
            terms[-1] *= value
        elif sign == "÷":
            if value == 0:
                return None
            terms[-1] /= value
        else:
            terms.append(-value if sign in ("−", "-") else value)
    return sum(terms, Decimal(0))


def _value(shown: str) -> Decimal:
    digits = shown.replace(",", "").strip()
    return Decimal(digits[:-1].strip()) / 100 if digits.endswith("%") else Decimal(digits)
