"""Which event a date of a message belongs to: filed, cancelled, admitted, discharged.

The words of an event live in ``data/slots/roles.toml``. A date without words of its own takes the
event that was asked for, that it completes or corrects, or none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.slots.alignment import Cue, align
from assistant.slots.dates import in_year
from assistant.slots.rolewords import cues_in
from assistant.slots.setting import DATE_FACTS, Setting
from assistant.slots.values import DateSpan
from rules.facts import Facts

_USABLE = re.compile(r"(?:还|能|可以|可|会)(?:能|可以)?(?:用|有效|管用|作数|使|直接|报|刷)")
_CLAUSE = re.compile(r"[,，。;；!！?？]")
_GOES, _FILES = re.compile(r"[去到来往住转看]"), re.compile(r"[备办补弄搞登]|申请|手续")
_CALENDAR = re.compile("^今.*(?:周|星期|礼拜)")
"""今天周五 tells the calendar rather than a day of care."""


def events(text: str, spans: Sequence[DateSpan], setting: Setting) -> list[str | None]:
    """The event of every date of ``text``, whose dates are blanked out; None where none is told."""
    cues = [c for c in cues_in(text, "date") if not _never_filed(c, setting)]
    chosen = align(text, [(s.start, s.end) for s in spans], cues, before=0.5, after=0.0)
    roles: list[str | None] = [
        ("other" if _apart(text, span, cue) else cue.role) if cue else None
        for span, cue in zip(spans, chosen, strict=True)
    ]
    for at, (span, cue) in enumerate(zip(spans, chosen, strict=True)):
        if cue and roles[at] == "filed_on" and _care_to_come(text, span, cue, setting):
            roles[at] = "admitted_on"
    named = {c.role for c in cues if not all(_apart(text, span, c) for span in spans)}
    asked = _asked(spans, roles, setting)
    for at, span in enumerate(spans):
        if roles[at] == "other" and _usable_until(text, span):
            roles[at] = "admitted_on"
        if roles[at] is not None:
            continue
        if at == asked:
            roles[at] = setting.expecting
        elif _is_stay(span, named, roles) or _asks_whether_usable(text, span, roles, setting.known):
            roles[at] = "admitted_on"
        elif span.grain == "day" and (role := _role_of_month(span, spans, roles)):
            roles[at] = role
        elif cues and all(_apart(text, span, c) for c in cues):
            roles[at] = "other"
        elif len(spans) == 1:
            roles[at] = _of_the_only_date(span, named, setting)
    if setting.not_filed and not cues:
        roles = [role or "other" for role in roles]
    return roles


def _never_filed(cue: Cue, setting: Setting) -> bool:
    """没备案: a filing that was not made has no day."""
    apart = (cue.end <= start or end <= cue.start for start, end in setting.not_filed)
    return cue.role == "filed_on" and not all(apart)


def _care_to_come(text: str, span: DateSpan, cue: Cue, setting: Setting) -> bool:
    """备案备的是杭州，下周去宁波: a day to come in a later clause that files nothing."""
    ahead = span.first is not None and span.first > setting.today and not span.yearless
    clause = _CLAUSE.split(text[span.end :], maxsplit=1)[0]
    behind = cue.end <= span.start and _CLAUSE.search(text, cue.end, span.start) is not None
    return ahead and behind and _GOES.search(clause) is not None and not _FILES.search(clause)


def _apart(text: str, span: DateSpan, cue: Cue) -> bool:
    """A question ends between the date and the words: 周六上班不？要去办备案."""
    between = text[min(span.end, cue.end) : max(span.start, cue.start)]
    return re.search(r"[?？]", between) is not None


def _asked(spans: Sequence[DateSpan], roles: Sequence[str | None], setting: Setting) -> int | None:
    """Index of the date that answers what was asked: the exact one rather than the vague."""
    if setting.expecting not in DATE_FACTS or setting.expecting in roles:
        return None
    free = [i for i, s in enumerate(spans) if roles[i] is None and s.grain != "season"]
    return min(free, key=lambda i: (spans[i].grain != "day", spans[i].approximate), default=None)


def _of_the_only_date(span: DateSpan, named: set[str], setting: Setting) -> str | None:
    """A message's one date: by the only event named, by what it completes or corrects."""
    if span.grain == "day" and len(named) == 1:
        return next(iter(named))
    if named or span.grain not in ("day", "year"):
        return None
    if span.monthless:
        unfinished = [r for r, day in setting.known_days.items() if day.day == 1]
        if len(unfinished) == 1:
            return unfinished[0]  # 三月份办的 … 8号
    return _nearest_known(span, setting) if setting.amends else None


def _is_stay(span: DateSpan, named: set[str], roles: Sequence[str | None]) -> bool:
    """3月1号住到3月9号; 国庆住院3号到8号, the days of the stay that was named before."""
    told = "住" in span.surface or "admitted_on" in named
    return span.grain == "day" and span.plural and told and "discharged_on" not in roles


def _asks_whether_usable(
    text: str, span: DateSpan, roles: Sequence[str | None], known: Facts
) -> bool:
    """3月1号备案，9月3号还能用吗: the second day is the one of the care."""
    filed = "filed_on" in roles or known.filed_on is not None
    usable = filed and "admitted_on" not in roles and _USABLE.search(text) is not None
    return usable and span.grain == "day" and not _CALENDAR.search(span.surface)


def _usable_until(text: str, span: DateSpan) -> bool:
    """备案到10月5号还能用吗: the day asked about, no end that was told."""
    return text.endswith("到", 0, span.start) and _USABLE.match(text, span.end) is not None


def _role_of_month(
    span: DateSpan, spans: Sequence[DateSpan], roles: Sequence[str | None]
) -> str | None:
    """4月办的，4月18号: the day makes the month before it exact."""
    for month, role in zip(spans, roles, strict=True):
        if month.grain != "month" or not (month.first and month.last and span.first):
            continue
        if month.first <= span.first <= month.last:
            return role
    return None


def _nearest_known(span: DateSpan, setting: Setting) -> str | None:
    """The event whose known day lies nearest: 不对，是7月18号 after 7月8号住的院."""
    held = setting.known_days

    def distance(role: str) -> int:
        there = in_year(span, held[role].year)
        return abs((there.first - held[role]).days) if there.first else 10_000

    return min(held, key=lambda role: (distance(role), -DATE_FACTS.index(role)), default=None)
