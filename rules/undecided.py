"""The verdict that hangs on the day itself: only a period was said, and its days differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from rules.check import may_be
from rules.dates import written
from rules.facts import LONG_TERM_FILINGS, Facts
from rules.periods import Stretch, on, period, stretches, vague, written_period
from rules.validity_data import texts
from rules.verdict import Outcome, Verdict

Judge = Callable[[Facts, date], Verdict]


def day_open(facts: Facts, today: date, judge: Judge, judged: Sequence[Verdict]) -> Verdict:
    """Which days give which verdict, when one day is open; which days lack, when several are.

    ``judged``: the verdicts at the ends of the periods. Where all of them settle directly that is
    told first; what is certain and possible is so whatever the day.
    """
    names = vague(facts)
    direct = {v.outcome[1] for v in judged} == {"direct"} and names[0] in ("filed", "admitted")
    more = () if direct else ("file_again",)
    values = {"said": "、".join(_said(facts, name) for name in names)}
    case = "days_open"
    if len(names) == 1:
        case = f"{names[0]}_direct" if direct else f"{names[0]}_open"
        values["branches"] = _branches(facts, names[0], today, judge)
        if names[0] == "filed" and facts.filing_type not in LONG_TERM_FILINGS:
            more = ("counted_from", *more)
    missing = tuple(f"{name}_on" for name in names)
    sure = [v.certain_until for v in judged if v.certain_until is not None]
    maybe = [v.possible_until for v in judged if v.possible_until is not None]
    whole = len(sure) == len(maybe) == len(judged)
    until = (min(sure), max(maybe)) if whole else (None, None)
    return Verdict(case, more, missing, None, until[0], until[1], values)


def _said(facts: Facts, name: str) -> str:
    first, last = period(facts, name) or (date.min, date.min)
    return written_period(first, last) + _verb(name)


def _branches(facts: Facts, name: str, today: date, judge: Judge) -> str:
    def outcome(day: date) -> Outcome | None:
        case = on(facts, name, day)
        return judge(case, today).outcome if may_be(case, today) else None

    first, last = period(facts, name) or (today, today)
    found = [s for s in stretches(first, last, outcome) if s.outcome is not None]
    return "；".join(_branch(found, at, name) for at in range(len(found)))


def _branch(found: list[Stretch[Outcome | None]], at: int, name: str) -> str:
    one, verb, phrases = found[at], _verb(name), texts().phrases
    if at == 0:
        when = phrases["until"].format(day=written(one.last), verb=verb)
    elif one is found[-1]:
        when = phrases["from"].format(day=written(one.first), verb=verb)
    else:
        when = phrases["between"].format(days=written_period(one.first, one.last), verb=verb)
    status = one.outcome[0] if one.outcome else "depends"
    return when + phrases[f"outcome_{status}"]


def _verb(name: str) -> str:
    return texts().phrases[f"verb_{name}"]
