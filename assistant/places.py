"""Place names in a question, for search: which regions it names, and one spelling for each.

A city of a province that the corpus knows reads as that province (南通 → 江苏, 苏州 → 江苏苏州
where it knows both), any other place as 某地: no rule changes with falling ill in 海南 or 杭州.
Does not tell insured from treatment region: that is the reader's job.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.regions import region_by_code, scan

ELSEWHERE = "某地"
_ENDINGS = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


@dataclass(frozen=True)
class Located:
    """``text`` with its places respelt; ``named``: codes of the places it names."""

    text: str
    named: frozenset[str]


class Places:
    """The regions that a corpus has sections for."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._names = {code: _short_name(code) for code in sorted(set(codes))}

    @property
    def name(self) -> str:
        """Changes when other regions are known."""
        return " ".join(f"{code}{name}" for code, name in self._names.items())

    def locate(self, text: str, elsewhere: str | None = None) -> Located:
        """``text`` as it is searched for. ``elsewhere``: a region that is only where care is given,
        read as 某地 and not counted as named."""
        pieces: list[str] = []
        named: set[str] = set()
        done = 0
        for mention in scan(text):
            codes = [r.code for r in mention.candidates]
            if elsewhere is not None:
                codes = [c for c in codes if not covers(elsewhere, c)]
            named.update(codes)
            known = [n for k, n in self._names.items() if any(covers(k, c) for c in codes)]
            pieces += [text[done : mention.start], "".join(known) or ELSEWHERE]
            done = mention.end
        return Located("".join((*pieces, text[done:])), frozenset(named))


def covers(outer: str, inner: str) -> bool:
    """Whether the region ``inner`` is ``outer`` or lies in that province."""
    return inner == outer or (len(outer) == 2 and inner.startswith(outer))


def _short_name(code: str) -> str:
    region = region_by_code(code)
    name = region.name if region is not None else code
    return next((name[: -len(e)] for e in _ENDINGS if name.endswith(e)), name)
