"""Which amount is what: the cost and its parts, the deductible, what was paid this year.

The words of a role live in ``data/slots/roles.toml``. A number that may be two things is reported
as unclear, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from assistant.slots.alignment import align
from assistant.slots.money import candidates
from assistant.slots.numerals import folded
from assistant.slots.ranges import joined
from assistant.slots.rolewords import cues_in
from assistant.slots.setting import MONEY_FACTS, Setting
from assistant.slots.values import Amount, FactValue, Mention, Unclear
from rules.facts import Facts

_PARTS = ("total_cost", "items.excluded", "deductible", "paid_this_year")


@dataclass(frozen=True)
class Figures:
    mentions: list[Mention]
    unclear: list[Unclear]
    amounts: list[Amount]


def money_facts(text: str, setting: Setting) -> Figures:
    """Amounts of ``text`` (dates, ages and counts already blanked out) with their roles."""
    known = setting.known
    cues = cues_in(text, "amount")
    found = joined(text, [a for a in candidates(text) if a.currency == "CNY"])
    chosen = align(text, [(a.start, a.end) for a in found], cues, before=0.0, after=0.5)
    open_ones = _either_or(text, found, [cue.role if cue else None for cue in chosen])
    figures = Figures([], [], [])
    by_role: dict[str | None, list[Amount]] = {}
    for amount, cue in zip(found, chosen, strict=True):
        role = cue.role if cue else None
        if amount in open_ones:
            continue
        if role is None and not (amount.explicit or _reads_as_money(text, amount, setting.today)):
            continue
        if role is None and (
            _BEHIND_CARE.search(text, max(0, amount.start - 6), amount.start)
            or _RESTATED.search(text, max(0, amount.start - 8), amount.start)
        ):
            role = "total_cost"
        if _ASKED.fullmatch(text, max(0, amount.start - 1), amount.start + 1):
            continue
        if amount.low is None:
            if amount.explicit or role not in (None, "other"):
                figures.unclear.append(_unclear("malformed_number", amount, (), role))
        elif role is None or amount.explicit or _plausible(amount):
            figures.amounts.append(amount)
            by_role.setdefault(role, []).append(amount)
    totals = by_role.get("total_cost", [])
    by_role["total_cost"] = _one_total(text, totals, setting, figures)
    for role in MONEY_FACTS:
        for amount in by_role.get(role, []):
            _note(role, amount, figures)
    _sum_of_parts(by_role, known, figures)
    _within_range(by_role, known, figures)
    _paid_oneself(by_role, known, figures)
    _ask_about_self_paid(text, setting, figures)
    loose = by_role.get(None, [])
    if len(figures.amounts) > 1:  # 600是两个人的，我就350: a known total is only referred to
        loose = [a for a in loose if a.value != known.total_cost]
    _settle_loose(text, loose, setting, figures)
    _roughly(text, figures)
    return figures


_OR = re.compile(
    r"\s?[,，]?\s?(?:还是|或者?|要么)(?:说)?(?:是)?\s?"
    r"|[,，]?\s?(?:(?:也|又)?有(?:的|人)|又|另一?[个处篇家])[^,，。;\d]{0,4}[说写讲][^,，。;\d]{0,3}"
)
_NO_BILL = (None, "other", "deductible")


def _either_or(text: str, found: Sequence[Amount], roles: Sequence[str | None]) -> list[Amount]:
    """起付线是300还是350, 有的说300有的说350: of two figures neither is told as one's own."""
    asked: list[Amount] = []
    for (first, second), role in zip(pairwise(found), roles, strict=False):
        if role in _NO_BILL and _OR.fullmatch(text, first.end, second.start):
            asked += first, second
    return asked


_ALL = re.compile(r"(?:一共|总|合计|共计|加起来|全部|拢共|统共)[^,。，;]{0,8}$")
_RESTATED = re.compile(r"(?:就|权当|姑且|先)(?:算|按|当)(?:它|作|做|成|是|个)*\s?$")
"""五百多，就算500吧: the number to go by."""
_PART_OF = re.compile(r"(?:其中|里面|里头|包括|包含)[^。;!?]*$")


def _one_total(text: str, totals: list[Amount], setting: Setting, figures: Figures) -> list[Amount]:
    """Of several totals the one called so (一共, 总), the last of a correction, else all asked.

    A part of another (其中药费3000) is none.
    """
    restated = [a for a in totals if _RESTATED.search(text, max(0, a.start - 8), a.start)]
    if restated:
        return restated[-1:]
    whole = [a for a in totals if not _PART_OF.search(text, 0, a.start)]
    totals = whole or totals
    if len({a.low for a in totals}) <= 1 or setting.amends:
        return totals[-1:]
    called = [a for a in totals if _ALL.search(text, max(0, a.start - 14), a.start)]
    if len({a.low for a in called}) == 1:
        return called[:1]
    figures.unclear.extend(_unclear("amount_role", a, _PARTS, "total_cost") for a in totals)
    return []


def _sum_of_parts(by_role: dict[str | None, list[Amount]], known: Facts, figures: Figures) -> None:
    """普通费用1000，乙类5000: the total is the sum, when none is told."""
    ordinary = by_role.get("ordinary", [])
    if len(ordinary) != 1 or ordinary[0].value is None or _has_total(known, figures):
        return
    parts = [m.value for m in figures.mentions if m.fact.startswith("items.")]
    total = ordinary[0].value + sum(p for p in parts if isinstance(p, Decimal))
    place = ordinary[0].start, ordinary[0].end, ordinary[0].surface
    figures.mentions.append(Mention("total_cost", total, *place))


def _within_range(by_role: dict[str | None, list[Amount]], known: Facts, figures: Figures) -> None:
    """花了4万，医保范围内3.5万: the rest is excluded; with no total it is the whole bill."""
    within = by_role.get("within_range", [])
    if len(within) != 1 or within[0].value is None:
        return
    if not _has_total(known, figures):
        _note("total_cost", within[0], figures)
        return
    said = [m.value for m in figures.mentions if m.fact == "total_cost"]
    total = said[-1] if said else known.total_cost
    rest = total - within[0].value if isinstance(total, Decimal) else Decimal(-1)
    if rest >= 0 and not any(m.fact == "items.excluded" for m in figures.mentions):
        place = within[0].start, within[0].end, within[0].surface
        figures.mentions.append(Mention("items.excluded", rest, *place))


def _paid_oneself(by_role: dict[str | None, list[Amount]], known: Facts, figures: Figures) -> None:
    """自己付了8000 is the whole bill, unless a total or the fund's part is said beside it."""
    paid = by_role.get("self_part", [])
    if len(paid) == 1 and not _has_total(known, figures) and "fund_part" not in by_role:
        _note("total_cost", paid[0], figures)


_ASKED = re.compile(r"[是要得能报交付]几")
"""起付线是几百 asks for the number."""


def _has_total(known: Facts, figures: Figures) -> bool:
    return known.total_cost is not None or any(m.fact == "total_cost" for m in figures.mentions)


_BEHIND_CARE = re.compile(
    r"(?:门诊|住院|拿药|买药|开药|看病|卫生室|卫生院|医院|手术|检查|透析|化疗|产|人流|诊所)\s?$"
)
_LATE_YEARS = 9


def _reads_as_money(text: str, amount: Amount, today: date) -> bool:
    """A bare number like 三万八, 3800, 门诊50; a year of late is no amount."""
    if amount.low is None:
        return False
    if re.search(r"[百千万亿wk]", folded(amount.surface)):
        return True
    if _BEHIND_CARE.search(text, max(0, amount.start - 6), amount.start):
        return abs(amount.low) >= 10
    whole = amount.value is not None and amount.value == int(amount.value)
    is_year = whole and today.year - _LATE_YEARS <= int(amount.low) <= today.year + 1
    return abs(amount.low) >= 100 and not is_year


def _plausible(amount: Amount) -> bool:
    """费用一般, 总共三项: one bare Chinese digit beside a word of money is no amount."""
    return bool(re.search(r"\d", amount.surface)) or len(amount.surface) >= 2


def _unclear(
    kind: str, amount: Amount, options: tuple[FactValue, ...], fact: str | None
) -> Unclear:
    return Unclear(kind, amount.surface, amount.start, amount.end, options, fact)  # type: ignore[arg-type]


_WIDEST = 2
"""A cost said as a range is computed at both ends when the upper is at most so many times the lower
(两三万); a wider one (几万) is asked for."""


def _note(role: str, amount: Amount, figures: Figures) -> None:
    place = amount.start, amount.end, amount.surface
    low, high = amount.low, amount.high
    if amount.value is None and role == "total_cost" and low and high and high <= _WIDEST * low:
        figures.mentions.append(Mention(role, low, *place, True))
        figures.mentions.append(Mention("rough_cost", high, *place, True))
        return
    if amount.value is None:
        readings = (amount.low, amount.high)
        figures.unclear.append(_unclear("amount_range", amount, readings, role))
        return
    figures.mentions.append(Mention(role, amount.value, *place, amount.vague))


_ABOUT_BEFORE = re.compile(
    r"(?:大概|大约|约莫?|差不多|将近|接近|不到|估计|可能|快|小)[^,。，;\d]{0,3}$"
)
_ABOUT_AFTER = re.compile(r"\s?(?:多|出头|左右|上下|不到|的样子|差不多)")


def _roughly(text: str, figures: Figures) -> None:
    """五百多, 大概3万, 8000左右: the cost is computed at that number, and the answer says so."""
    cost = next((m for m in figures.mentions if m.fact == "total_cost"), None)
    if cost is None or any(m.fact == "rough_cost" for m in figures.mentions):
        return
    before = _ABOUT_BEFORE.search(text, max(0, cost.start - 6), cost.start)
    if cost.approximate or before or _ABOUT_AFTER.match(text, cost.end):
        place = cost.start, cost.end, cost.surface
        figures.mentions.append(Mention("rough_cost", cost.value, *place, True))


def _settle_loose(text: str, loose: list[Amount], setting: Setting, figures: Figures) -> None:
    """Amounts without words of their own: the fact asked for, else the one total cost.

    A mere number after a total is known is neither: it is asked about.
    """
    said = {m.fact for m in figures.mentions} | {u.fact for u in figures.unclear}
    expecting = setting.expecting
    target = expecting if expecting in MONEY_FACTS and expecting not in said else None
    mere = setting.known.total_cost is not None and bare_number(text) is not None
    if target is None and "total_cost" not in said and (setting.amends or not mere):
        target = "total_cost"
    if target and loose and (target == expecting or len({a.low for a in loose}) == 1):
        _note(target, loose[0], figures)
        loose = loose[1:] if len({a.low for a in loose}) > 1 else []
    for amount in loose:
        figures.unclear.append(_unclear("amount_role", amount, _PARTS, None))


_SELF_PAID = re.compile(r"(?:自费|自付)(?:了|花了|的)?$")
_AS_PART = re.compile(r"(?:其中|里面|包括|含|有|部分)[^,。，]{0,8}$")


def _ask_about_self_paid(text: str, setting: Setting, figures: Figures) -> None:
    """自费8000 with no total may be the whole bill or a part outside the catalogue: asked.

    Who has filed nothing has paid the whole.
    """
    excluded = [m for m in figures.mentions if m.fact == "items.excluded"]
    if len(excluded) != 1 or _has_total(setting.known, figures):
        return
    only = excluded[0]
    before = text[max(0, only.start - 20) : only.start].rstrip()
    if _SELF_PAID.search(before) and not _AS_PART.search(before):
        figures.mentions.remove(only)
        if setting.unfiled:
            figures.mentions.append(replace(only, fact="total_cost"))
            return
        place = only.surface, only.start, only.end
        figures.unclear.append(Unclear("amount_role", *place, ("total_cost", only.fact), None))


def bare_number(text: str) -> Decimal | None:
    """The one number of a message that is nothing else: 8000, 三万八, 71."""
    stripped = re.sub(r"^[\s约大概是有共:]+|[\s。.,，吧左右啊呀的了元块钱]+$", "", text)
    found = candidates(stripped)
    if len(found) == 1 and (found[0].start, found[0].end) == (0, len(stripped)):
        return found[0].value
    return None
