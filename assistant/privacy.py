"""What identifies a person, hidden before anything is stored or logged.

Beyond :func:`assistant.text.mask_personal` (numbers of identity, phone, bank and social-security
cards, names): names in more turns of phrase, the street part of an address, e-mail, passports and
identity numbers of the first generation. Amounts, dates, and names of provinces, cities and
counties are never touched: the answer hangs on them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from assistant.data import read_toml
from assistant.text import mask_personal


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    entries: list[dict[str, Any]] = read_toml("privacy.toml")["hide"]
    return tuple((re.compile(e["pattern"], re.VERBOSE), e["by"]) for e in entries)


def mask(text: str) -> str:
    """``text`` with everything that identifies a person replaced by a bracketed word.

    Masking what is masked changes nothing.
    """
    text = mask_personal(text)
    for pattern, replacement in _patterns():
        text = pattern.sub(replacement, text)
    return text
