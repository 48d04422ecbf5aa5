"""Several bills of one person told in one message (上个月住院一万二，这个月又住了一次8000), apart.

A clause with a cost of its own that speaks of another occasion begins another bill. What is told of
the person holds for all of them; what a bill leaves unsaid is as at the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise

from assistant.data import read_toml
from assistant.dialogue import State, is_correction, merge, without_bill
from assistant.hearing import Heard, hear
from assistant.people import CLAUSE
from assistant.routing import asks
from assistant.slots import Reading, read
from assistant.slots.numerals import NUMERALS, small, value_of
from rules.facts import Facts

OF_A_BILL = frozenset(
    {"total_cost", "rough_cost", "items", "deductible", "care_type", "facility_level",
     "facility_kind", "treatment_region", "same_province", "filing_type", "filed", "filed_on",
     "filed_by", "admitted_on", "admitted_by", "discharged_on", "discharged_by", "stay",
     "self_paid", "emergency", "disease", "maternity_kind", "admission_count"}
)  # fmt: skip
"""Facts of which each bill may have its own; all others are the person's."""
_OF_A_HOUSE = ("facility_level", "facility_kind")
_OF_THE_CARE = ("care_type", "disease", "maternity_kind", *_OF_A_HOUSE)
"""Facts that another bill shares only where its care is of the same kind."""
_OF_ONE = frozenset({"items", "admission_count", "deductible"})
_STAY_DAYS = frozenset({"admitted_on", "discharged_on"})
_LONGEST = 600
_NUMBER = re.compile(rf"\d[\d,.]*|[{NUMERALS}]{{2,}}")


@dataclass(frozen=True)
class Told:
    """``own``: what a message says of one bill alone; ``text``: with what holds for all."""

    own: str
    text: str


def bills_in(text: str, today: date) -> tuple[Told, ...]:
    """The bills that ``text`` (normalised) tells of, when there are several.

    One that was paid before (头一次花了8000已经报了4000) is no bill, only what was paid this year.
    """
    if len(text) > _LONGEST or len(_NUMBER.findall(text)) < 2 or is_correction(text):
        return ()
    text = _apart_from_list(text)
    shared, waiting, after, past = list[str](), list[str](), list[str](), list[str]()
    bills: list[list[str]] = []
    for piece in _pieces(text):
        said = read(piece, today)
        if "total_cost" in said.facts and "items" not in said.facts:
            if _heard("part", piece):
                return ()
            if _heard("whole", piece) and not _heard("occasion", piece):
                continue  # the sum of those that are told
            if paid := _words("paid").search(piece):
                past.append(_words("paid_before").pattern + paid["sum"])
                continue
            if bills:
                bills[-1] += after
            own = [*waiting, piece]
            if bills and not _apart("".join(bills[-1]), "".join(own), today):
                return ()
            bills.append(own)
            waiting, after = [], []
        elif not said.facts.keys() & OF_A_BILL or asks(piece) or _heard("of_all", piece):
            shared.append(piece)
        elif waiting or said.dates or "care_type" in said.facts or _heard("once", piece):
            waiting.append(piece)
        else:
            (after if bills else shared).append(piece)
    if len(bills) + bool(past) < 2 or not bills:
        return ()
    rest = [*after, *waiting]
    if len(bills) > 1 and _own_of_last(bills, rest, today):
        bills[-1] += rest
        rest = []
    return tuple(Told("".join(own), ",".join([*own, *shared, *rest, *past])) for own in bills)


def _apart_from_list(text: str) -> str:
    """住了三次院，花了8000、12000和5000: costs in a row, as many as they are said to be."""
    row, times = _words("row").search(text), _words("times").search(text)
    if row is None or times is None:
        return text
    costs = [cost for cost in re.split(_words("row_joint"), row["costs"]) if cost]
    if len(costs) != (small(times["n"] or "") or len(costs)):
        return text
    each = ",".join(f"一次花了{cost}" for cost in costs)
    return f"{text[: row.start()]},{each},{text[row.end() :]}"


def _pieces(text: str) -> Iterator[str]:
    """Clauses, and what of a clause comes after the cost of another occasion."""
    for clause in CLAUSE.findall(text):
        for piece in filter(None, _words("again").split(clause)):
            yield _words("bare_cost").sub(r"\g<0>花了", piece)


def _apart(one: str, other: str, today: date) -> bool:
    """The second is told as another occasion, or differs in its day, its care or its hospital."""
    again = _heard("another", other) or (_heard("once", one) and _heard("once", other))
    if again and _heard("occasion", other):
        return True
    first, second = read(one, today), read(other, today)
    told = [{f for f in r.facts if f.endswith("_on")} for r in (first, second)]
    same_stay = told == [{"admitted_on"}, {"discharged_on"}]
    days = [[d.first for d in r.dates if d.first] for r in (first, second)]
    if all(days) and days[0][0] != days[1][0] and not same_stay:
        return True
    kinds = ("care_type", "facility_level")
    return any(_differ(first.facts.get(kind), second.facts.get(kind)) for kind in kinds)


def _differ(one: object, other: object) -> bool:
    return None not in (one, other) and one != other


def _own_of_last(bills: Sequence[list[str]], rest: Sequence[str], today: date) -> bool:
    """What comes last is of the last bill alone: the first has told the like of itself."""
    said = read("".join(rest), today).facts
    first = read("".join(bills[0]), today).facts
    return "items" in said or bool(said.keys() & first.keys() & OF_A_BILL)


@dataclass(frozen=True)
class Account:
    """A message heard as being of one bill, ``at`` of ``bills``; ``known``: that bill before it.

    ``bills``: those told so far, the facts at ``at`` still to come; empty when there is but one.
    """

    heard: Heard
    known: Facts
    bills: tuple[Facts, ...] = ()
    at: int = -1

    def with_facts(self, facts: Facts) -> tuple[Facts, ...]:
        """All bills, ``facts`` being those of the one spoken of."""
        return tuple(facts if n == self.at else bill for n, bill in enumerate(self.bills))

    def kept(self, new: State, before: State) -> State:
        """``new`` with the bills, which stay as they were where the case does."""
        if (new.person, new.facts) == (before.person, before.facts):
            return new
        return new.model_copy(update={"bills": self.with_facts(new.facts), "bill": self.at})


def open_account(
    text: str, state: State, known: Facts, today: date, *, same: bool, tells: bool
) -> Account:
    """``text`` heard; ``same``: of the person spoken of before. Unless it ``tells`` of a case, the
    bills stay as they are."""
    if several := bills_in(text, today):
        return _told_at_once(several, state, known, today)
    if not (same and state.bills):
        heard = hear(text, state, known, today)
        return _one_more(text, state, known, heard) if same else Account(heard, known)
    at = _spoken_of(state, text)
    known = known if at == state.bill else state.bills[at]
    heard = hear(text, state, known, today)
    bills = _carried(state.bills, text, heard.reading) if tells else state.bills
    return Account(heard, known, bills, at if bills else -1)


def _told_at_once(several: Sequence[Told], state: State, known: Facts, today: date) -> Account:
    """Every bill heard after those before it, as the last one's message."""
    told: list[Facts] = []
    base = without_bill(known)
    for bill, following in pairwise(several):
        reading = of_one(hear(bill.text, state, base, today).reading, bill, today)
        facts = merge(base, dict(reading.facts))
        told.append(facts)
        base = _like(facts, following.own, today)
    last = several[-1]
    heard = hear(last.text, state, base, today)
    heard = replace(heard, reading=of_one(heard.reading, last, today))
    return Account(heard, base, (*told, base) if told else (), len(told) if told else -1)


def _one_more(text: str, state: State, known: Facts, heard: Heard) -> Account:
    """又住了一次，花了5000，两次一共能报多少: the bill told before and the new one."""
    new = "total_cost" in heard.reading.facts and known.total_cost is not None
    if new and _heard("together", text) and _heard("another", text):
        return Account(heard, known, (known, known), 1)
    return Account(heard, known)


def of_one(reading: Reading, bill: Told, today: date) -> Reading:
    """``reading`` of the text of ``bill`` with what its own words say of its day and its turn.

    住了两次院 says how many there are and 又住院 that there was one before, not which one it is;
    3月花了8000 tells of care in March.
    """
    own = dict(read(bill.own, today, expecting="admitted_on").facts)
    if not _heard("numbered", bill.own):
        own.pop("admission_count", None)
    facts = {k: v for k, v in reading.facts.items() if k != "admission_count"}
    day = ("admitted_on", "admitted_by") if not facts.keys() & _STAY_DAYS else ()
    facts |= {name: own[name] for name in ("admission_count", *day) if name in own}
    return replace(reading, facts=facts)


def _like(facts: Facts, own: str, today: date) -> Facts:
    """The bill after that of ``facts``, of which ``own`` tells: in the same hospital, unless it
    names one or tells of other care."""
    rest, care = without_bill(facts), read(own, today).facts.get("care_type")
    if care is not None and care != facts.care_type:
        return rest.model_copy(update=dict.fromkeys(_OF_THE_CARE))
    return rest.model_copy(update=dict.fromkeys(_OF_A_HOUSE)) if _heard("hospital", own) else rest


def _spoken_of(state: State, text: str) -> int:
    """Which of the bills of ``state`` a message is about: the one it numbers, else the last."""
    named = _words("which").search(text)
    if named is None:
        return state.bill
    number = small(named["n"]) or 1
    counts = [bill.admission_count for bill in state.bills]
    at = counts.index(number) if number in counts else number - 1
    return at if at < len(state.bills) else state.bill


def _carried(bills: Sequence[Facts], text: str, reading: Reading) -> tuple[Facts, ...]:
    """``bills`` with what a message says of the person. A cost or a stay that it tells, but not of
    which of them, is another account."""
    new = reading.facts.keys() & {"total_cost", "admitted_on", "discharged_on"}
    if new and not _heard("which", text) and not is_correction(text):
        return ()
    of_one = OF_A_BILL if _heard("which", text) else _OF_ONE | new
    kept = {k: v for k, v in reading.facts.items() if k not in of_one}
    return tuple(merge(bill, kept) for bill in bills)


def open_costs(reading: Reading) -> tuple[str, ...]:
    """Costs of which it is not told whether they are of one bill."""
    found = (u for u in reading.unclear if u.kind == "amount_role" and u.fact == "total_cost")
    costs = tuple(dict.fromkeys(u.surface for u in found))
    return costs if len(costs) > 1 else ()


def with_costs(text: str, costs: Sequence[str]) -> str:
    """The answer to whether ``costs`` are of one bill (两次的; 同一次的), with the costs in it."""
    if not costs or re.search(r"\d", text):
        return text
    if _heard("one_bill", text):
        together = sum((value_of(cost) or Decimal(0) for cost in costs), Decimal(0))
        return f"一共花了{together:f}元"
    if _heard("own_bills", text):
        return ",".join(f"一次花了{cost}" for cost in costs)
    return text


def _heard(name: str, text: str) -> bool:
    return _words(name).search(text) is not None


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile("|".join(read_toml("dialogue.toml")["bills"][name]))
