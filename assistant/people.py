"""Whose case a message speaks of, and the cases of several people told in one message, apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from pydantic import BaseModel, ConfigDict

from assistant.data import read_toml
from assistant.routing import asks
from assistant.slots import read

SELF = "自己"
_APART = frozenset(
    {"total_cost", "insured_region", "insurance_type", "person_status", "age", "facility_level",
     "filing_type", "filed_on", "admitted_on"}
)  # fmt: skip
"""Facts of which one person has one: told of each of two people, they are two cases."""
CLAUSE = re.compile(r"[^,，。;；!！?？\n]+[,，。;；!！?？\n]*")


@dataclass(frozen=True)
class Told:
    """What a message says of one person: ``own`` alone, ``text`` with what it says of everybody."""

    person: str
    own: str
    text: str


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True)

    people: tuple[tuple[str, str], ...]
    own: str
    called: str
    contrast: str
    alike: str
    lead: str
    me: str
    other: str
    joined: str
    everybody: str
    pair: str
    naming: str
    companion: str
    all_of_them: str


@cache
def _words() -> _Words:
    data = read_toml("dialogue.toml")
    return _Words(
        people=tuple((p["name"], "|".join(p["words"])) for p in data["person"]),
        own=data["own"]["opening"],
        called=data["own"]["named"],
        contrast="|".join(data["people"]["contrast"]),
        alike="|".join(data["people"]["alike"]),
        lead=data["people"]["lead"],
        me=data["people"]["me"],
        other=data["people"]["other"],
        joined=data["people"]["joined"],
        everybody="|".join(data["people"]["everybody"]),
        pair=data["people"]["pair"],
        naming=data["people"]["naming"],
        companion=data["people"]["companion"],
        all_of_them=data["people"]["all_of_them"],
    )


def person_named(text: str, current: str, known: Iterable[str] = ()) -> str:
    """Whose case ``text`` speaks of: ``current`` unless another person, and not they, is named.

    ``known``: whoever was called by name before.
    """
    called = re.match(_words().called, text)
    if called:
        return called[1]
    text = _without_companions(text)
    named = [name for name, pattern in _words().people if re.search(pattern, text)]
    named += [name for name in known if len(name) > 1 and name in text and name not in named]
    if not named and current == "" and re.search(_words().own, text):
        return SELF
    if not named or current in named:
        return current
    return named[0]


def _without_companions(text: str) -> str:
    """``text`` without whom somebody lives with or looks after (跟着闺女在杭州住, 带孙子)."""
    anybody = "|".join(pattern for name, pattern in _words().people if name != SELF)
    return re.sub(_words().companion.format(person=anybody), "", text)


def names_only(text: str) -> bool:
    """The message names whose case it is and nothing more (我妈那个呢)."""
    bare = re.sub(_words().naming, "", text.strip())
    return any(re.fullmatch(pattern, bare) for _, pattern in _words().people)


def is_contrast(text: str) -> bool:
    """The person named is another one than the one whose case was told (那我爸呢, 我弟也是)."""
    return re.search(_words().contrast, text) is not None or is_alike(text)


def is_alike(text: str) -> bool:
    """The case is told to be like the one before it (一样的医院一样的钱)."""
    return re.search(_words().alike, text) is not None


def cases_in(text: str, today: date, known: Collection[str] = ()) -> tuple[Told, ...]:
    """What ``text`` tells of each of the people it names, the last one last.

    A clause belongs to whom it begins with, else to whom the clause before it was about; one about
    everybody, and a question, to all. Empty when no two people have the same fact told of them.
    """
    owned: _Owned = []
    people: list[str] = []
    now: tuple[str, ...] = ()
    for clause in CLAUSE.findall(text):
        pair = re.search(_words().pair, clause)
        named = () if pair else _named_in(clause, people, known)
        people += [name for name in named if name not in people]
        shared = not named and (pair or asks(clause) or re.search(_words().everybody, clause))
        now = named or (() if shared else now)
        owned.append((now, clause))
    owned = _with_oneself(owned, people, today)
    single = [who[0] for who, _ in owned if len(who) == 1]
    order = list(dict.fromkeys(reversed(single)))[::-1]
    if len(order) < 2:
        return ()
    told = tuple(_told_of(name, owned) for name in order)
    said = [read(case.own, today).facts for case in told]
    return told if any(_apart(a, b) for i, a in enumerate(said) for b in said[:i]) else ()


def for_everybody(text: str, known: Collection[str]) -> tuple[Told, ...]:
    """What is said of all the people told of before (那要是都去上海转诊呢), for each of them."""
    people = [name for name in known if name]
    alone = any(_mentions(text, known)) or re.search(_words().pair, text)
    if len(people) < 2 or alone or re.search(_words().all_of_them, text) is None:
        return ()
    own = re.sub(_words().all_of_them, "", text)
    return tuple(Told(person, own, own) for person in people)


_Owned = list[tuple[tuple[str, ...], str]]


def _with_oneself(owned: _Owned, people: Sequence[str], today: date) -> _Owned:
    """住院花了一万二, …, 我爱人花了8000: what is told before the one person named is one's own,
    when both have a bill."""
    if len(people) != 1 or people == [SELF]:
        return owned
    first = next(n for n, (who, _) in enumerate(owned) if who)
    mine: _Owned = [((SELF,) if not asks(c) else (), c) for _, c in owned[:first]]
    told = ("".join(c for who, c in part if who) for part in (mine, owned[first:]))
    both = all("total_cost" in read(own, today).facts for own in told)
    return [*mine, *owned[first:]] if both else owned


def _apart(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """The same fact is told of both, or their stays are at different points."""
    stays = one.get("stay"), other.get("stay")
    return bool(one.keys() & other.keys() & _APART) or (None not in stays and stays[0] != stays[1])


def _told_of(person: str, owned: Iterable[tuple[tuple[str, ...], str]]) -> Told:
    """The clauses of one person, those about several without the words that say so."""
    own = [clause for who, clause in owned if who == (person,)]
    clauses = [
        clause
        if len(who) == 1
        else re.sub(_words().everybody, "", _without_names(clause) if who else clause)
        for who, clause in owned
        if not who or person in who
    ]
    return Told(person, "".join(own), "".join(clauses))


def _without_names(clause: str) -> str:
    """我和我老公都是职工 → 都是职工."""
    begun = re.match(_words().lead, clause)
    start = begun.end() if begun else 0
    ends = [end for _, end, _ in _mentions(clause, ())]
    return clause[:start] + clause[max(ends, default=start) :]


def _named_in(clause: str, before: list[str], known: Collection[str]) -> tuple[str, ...]:
    """The people a clause is about: those it begins with, joined by 和; 他 is the one before."""
    begun = re.match(_words().lead, clause)
    at = begun.end() if begun else 0
    found: list[str] = []
    for start, end, name in _subjects(clause, before, known):
        gap = clause[at:start]
        if (found and not re.fullmatch(_words().joined, gap)) or (not found and gap):
            break
        found += [name] if name not in found else []
        at = end
    return tuple(found)


def _subjects(
    clause: str, before: list[str], known: Collection[str]
) -> Iterator[tuple[int, int, str]]:
    others = [name for name in before if name != SELF]
    spans = [*_mentions(clause, known)]
    spans += [(*m.span(), SELF) for m in re.finditer(_words().me, clause)]
    if others:
        spans += [(*m.span(), others[-1]) for m in re.finditer(_words().other, clause)]
    yield from sorted(spans, key=lambda span: (span[0], -span[1]))


def _mentions(clause: str, known: Collection[str]) -> Iterator[tuple[int, int, str]]:
    for name, pattern in _words().people:
        if name != SELF:
            yield from ((*m.span(), name) for m in re.finditer(pattern, clause))
    for name in known:
        if len(name) > 1 and name != SELF:
            yield from ((*m.span(), name) for m in re.finditer(re.escape(name), clause))
