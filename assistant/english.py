"""Questions in a foreign script: their key words in Chinese, enough to look the answer up."""

from __future__ import annotations

import re
from functools import cache

from assistant.data import read_toml

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_SCRIPT = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")


def to_chinese(text: str) -> str | None:
    """Chinese key words of an English question within the subject; None for anything else."""
    han, other = len(_HAN.findall(text)), len(_SCRIPT.findall(text))
    if other < 4 and (han > 2 or len(_LATIN.findall(text)) < 8):
        return None
    lowered = text.lower()
    data = read_toml("english.toml")
    if not any(word in lowered for word in data["scope"]["words"]):
        return None
    found = [data["words"][m.group()] for m in _pattern().finditer(lowered)]
    asking = data["asking"]["words"]
    ordered = sorted(dict.fromkeys(found), key=lambda word: word in asking)
    return "".join(ordered) + "？" if found else None


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(read_toml("english.toml")["words"], key=len, reverse=True)
    return re.compile(r"(?<![a-z])(?:" + "|".join(re.escape(w) for w in words) + r")(?![a-z])")
