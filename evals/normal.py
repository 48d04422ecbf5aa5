"""Text and numbers in the form in which expectations are compared (contract, "Question sets").

Both sides go through the same functions: what is normalised away can neither help nor harm.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

_MARKS = re.compile(r"~~|[*_`#>|]")
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def normal(text: str) -> str:
    """NFKC, Markdown marks and white space removed, thousands separators removed."""
    plain = _SPACE.sub("", _MARKS.sub("", unicodedata.normalize("NFKC", text)))
    return _THOUSANDS.sub("", plain)


def number(value: Any) -> Decimal | None:
    """``value`` as a number, or None when it is none. Booleans are no numbers."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = Decimal(_THOUSANDS.sub("", str(value).strip()))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def same(expected: Any, actual: Any) -> bool:
    """Equal as numbers, else as they stand; a region equals its name or its code.

    An expected object holds when each of its keys does.
    """
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            same(value, actual.get(key)) for key, value in expected.items()
        )
    if isinstance(actual, dict) and "code" in actual:
        return expected in (actual.get("code"), actual.get("name"))
    left, right = number(expected), number(actual)
    if left is not None and right is not None:
        return left == right
    return bool(expected == actual)
