"""Questions in a foreign script: their key words in Chinese, enough to look the answer up.

Words keep their order, clause by clause; places come with what they are to the person, figures and
days as Chinese writes them. What is no word of ``data/english.toml`` is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.data import read_toml
from assistant.place_spellings import spellings
from rules.regions import scan

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_SCRIPT = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_JOINED = re.compile(r"\s+(?:and|but|then|while)\s+")
_CLAUSE = re.compile(r"(?:[^.,;:!?。、，！？\n]|(?<=\d)[.,](?=\d)|(?<=\d), ?(?=20\d\d))+")
_ROLE_BEFORE, _ROLE_AFTER = 3, 2
"""Words that may stand between a place and what it is, said before or after it."""


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    text: str
    day: bool = False


def to_chinese(text: str) -> str | None:
    """Chinese key words of a foreign question within the subject; None for anything else."""
    han, other = len(_HAN.findall(text)), len(_SCRIPT.findall(text))
    if other < 4 and (han > 2 or len(_LATIN.findall(text)) < 8):
        return None
    lowered = text.lower().replace("\u2019", "'")
    if not any(word in lowered for word in read_toml("english.toml")["scope"]["words"]):
        return None
    clauses = filter(None, map(_clause, _CLAUSE.findall(_JOINED.sub(" , ", lowered))))
    said = "，".join(clauses)
    return said + "？" if said else None


def _clause(clause: str) -> str:
    """The key words of one clause in their order, what asks at its end."""
    asking = read_toml("english.toml")["asking"]["words"]
    said = [piece.text for piece in _days_first(_pieces(clause))]
    words = [word for word in said if not any(word != other and word in other for other in said)]
    return "".join(sorted(dict.fromkeys(words), key=lambda word: word in asking))


def _days_first(pieces: list[_Piece]) -> list[_Piece]:
    """A day said after what happened comes before it, unless that has a day of its own."""
    ordered = list[_Piece]()
    for piece in pieces:
        told = piece.day and ordered and not ordered[-1].day
        if told and not (len(ordered) > 1 and ordered[-2].day):
            ordered.insert(-1, piece)
        else:
            ordered.append(piece)
    return ordered


def _pieces(clause: str) -> list[_Piece]:
    """Days, amounts, places and words of the clause, none overlapping another."""
    data, kept = read_toml("english.toml"), list[_Piece]()
    found = [*_days(clause), *_figures(clause), *_places(clause)]
    found += [
        _Piece(m.start(), m.end(), data["words"][m[0]]) for m in _any_word("words").finditer(clause)
    ]
    for piece in found:
        if all(piece.end <= k.start or k.end <= piece.start for k in kept):
            kept.append(piece)
    return sorted(kept, key=lambda piece: piece.start)


def _days(clause: str) -> Iterator[_Piece]:
    months = read_toml("english.toml")["months"]
    for m in _day().finditer(clause):
        month, day = m["month1"] or m["month2"], m["day1"] or m["day2"]
        year = f"{m['year']}年" if m["year"] else ""
        yield _Piece(m.start(), m.end(), f"{year}{months[month]}月{day}日", day=True)
    for m in _any_word("days").finditer(clause):
        yield _Piece(m.start(), m.end(), read_toml("english.toml")["days"][m[0]], day=True)


def _figures(clause: str) -> Iterator[_Piece]:
    units = read_toml("english.toml")["units"]
    for m in _figure().finditer(clause):
        number = (m["number"] or m["number2"]).replace(",", "")
        yield _Piece(m.start(), m.end(), f"{number}{units.get(m['unit'], '元')}")


def _places(clause: str) -> Iterator[_Piece]:
    named = [(m.start(), m.end(), spellings()[m[0]]) for m in _spelt().finditer(clause)]
    named += [(m.start, m.end, m.surface) for m in scan(clause)]
    for start, end, place in sorted(named):
        yield _Piece(start, end, _role(clause, start, end).format(place=place))


def _role(clause: str, start: int, end: int) -> str:
    """What the place at ``start:end`` is: by the nearest word before it, else the next after."""
    roles = read_toml("english.toml")["place"]
    later = rf"\W*(?:[\w-]+\W+){{0,{_ROLE_AFTER}}}?({_any_of(roles, 'after')})"
    after = re.match(later, clause[end:])
    if after and not clause[:start].rstrip().endswith(" in"):
        return next(str(r["says"]) for r in roles if after[1] in r["after"])
    near = rf".*\b({_any_of(roles, 'before')})\b(?:\W+[\w-]+){{0,{_ROLE_BEFORE}}}\W*$"
    before = re.match(near, clause[:start])
    if before:
        return next(str(r["says"]) for r in roles if before[1] in r["before"])
    return str(roles[-1]["says"])


def _any_of(roles: list[dict[str, list[str]]], key: str) -> str:
    words = {word for role in roles for word in role[key]}
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _any_word(table: str) -> re.Pattern[str]:
    words = sorted(read_toml("english.toml")[table], key=len, reverse=True)
    return re.compile(r"(?<![a-z])(?:" + "|".join(re.escape(w) for w in words) + r")(?![a-z])")


@cache
def _spelt() -> re.Pattern[str]:
    names = sorted(spellings(), key=len, reverse=True)
    return re.compile(r"(?<![a-z'])(?:" + "|".join(re.escape(n) for n in names) + r")(?![a-z])")


@cache
def _day() -> re.Pattern[str]:
    months = "|".join(sorted(read_toml("english.toml")["months"], key=len, reverse=True))
    day, year = r"(\d{1,2})(?:st|nd|rd|th)?", r"(?:,? ?(?P<year>20\d\d))?"
    first = rf"(?P<month1>{months})\.? {day.replace('(', '(?P<day1>', 1)}"
    second = rf"{day.replace('(', '(?P<day2>', 1)}(?: of)? (?P<month2>{months})"
    return re.compile(rf"\b(?:{first}|{second})(?!\d){year}")


@cache
def _figure() -> re.Pattern[str]:
    units = "|".join(sorted(read_toml("english.toml")["units"], key=len, reverse=True))
    number = r"\d[\d,]*(?:\.\d+)?"
    return re.compile(
        rf"(?P<number>{number}) ?(?P<unit>{units})(?![a-z])|[¥￥] ?(?P<number2>{number})"
    )
