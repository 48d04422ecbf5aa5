"""From hits of words to facts: which of several values is meant, and what one fact says of another.

A fact with two values and nothing that tells which is meant is reported, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.slots.lexicon import Hit
from assistant.slots.values import FactValue, Mention, Unclear
from rules.facts import Facts

# Of two kinds of care in one message the left one names the case (住院生孩子, 慢病门诊).
_CARE_ORDER = ("maternity", "chronic_outpatient", "inpatient", "outpatient")
_ABOUT_FILING = re.compile(
    r"备(?:的|了|过|好)?案|手续|登记|材料|备(?:的|了|过)(?!孕|课|战|用|齐|注)"
)
_SIDE_BY_SIDE = re.compile(r"(?:和|与|跟|还是|或者?|、|,)")
# Facts where the first of several forms is meant, the later ones only repeat or colour it.
_FIRST_COUNTS = ("same_province", "self_paid", "emergency", "disease")


def settled(
    text: str, words: Sequence[Hit], known: Facts, flags: set[str]
) -> tuple[list[Mention], list[Unclear]]:
    """Facts said by the words of ``text``, and those that several values leave open."""
    mentions: list[Mention] = []
    unclear: list[Unclear] = []
    for fact in dict.fromkeys(f for h in words for f in h.sets):
        of_fact = [h for h in words if fact in h.sets and not h.asked]
        if fact == "filing_type" and not _ABOUT_FILING.search(text):
            # How somebody lives tells a kind of filing only where filing is spoken of.
            of_fact = [h for h in of_fact if not h.weak or h.sets[fact] == "referral"]
        chosen = [h for h in of_fact if not h.weak] or of_fact
        if not chosen:
            continue
        values = list(dict.fromkeys(h.sets[fact] for h in chosen))
        meant = values[0] if len(values) == 1 else _meant(fact, values, chosen, text, flags)
        if meant is None:
            start, end = chosen[0].start, chosen[-1].end
            surface, options = text[start:end], tuple(values)
            unclear.append(Unclear("several_values", surface, start, end, options, fact))
            continue
        hit = next(h for h in chosen if h.sets[fact] == meant)
        mentions.append(Mention(fact, meant, hit.start, hit.end, hit.surface))
        if fact == "disease" and len(values) > 1:
            place = chosen[-1].start, chosen[-1].end, chosen[-1].surface
            mentions.append(Mention("further_diseases", len(values) - 1, *place))
    by_fact = {m.fact: m for m in mentions}
    _join_emergency(by_fact, known, instead=not flags.isdisjoint({"what_if", "correction"}))
    _take_back_referral(by_fact, words, known)
    if "insurance_type" in by_fact and by_fact["insurance_type"].value == "resident":
        by_fact.pop("person_status", None)
    care = by_fact.get("care_type")
    if known.care_type == "maternity" and care is not None and care.value == "inpatient":
        del by_fact["care_type"]
    _only_second_level(by_fact)
    if "facility_level" not in by_fact:
        unclear += _district_hospital(text)
    return list(by_fact.values()), unclear


def _meant(
    fact: str, values: Sequence[FactValue], chosen: Sequence[Hit], text: str, flags: set[str]
) -> FactValue:
    """The one value meant of several, None when the words do not tell."""
    if "correction" in flags or fact == "stay":
        return chosen[-1].sets[fact]
    if fact == "filing_type" and "none" in values and "compare" not in flags:
        return "none"
    if fact == "filed":
        return False
    if fact in _FIRST_COUNTS:
        return values[0]
    if "compare" in flags:
        return None
    if fact == "filing_type":
        return "referral" if set(values) == {"referral", "temporary"} else None
    if fact == "care_type":
        ends = [h for h in chosen if h.sets[fact] in ("inpatient", "outpatient")]
        beside = any(
            a.sets[fact] != b.sets[fact] and _SIDE_BY_SIDE.fullmatch(text[a.end : b.start].strip())
            for a, b in pairwise(ends)
        )
        if beside and "maternity" not in values and "chronic_outpatient" not in values:
            return None
        return next(v for v in _CARE_ORDER if v in values)
    return None


def _join_emergency(by_fact: dict[str, Mention], known: Facts, *, instead: bool) -> None:
    """急诊 with nothing filed is the filing ``emergency`` (rules.md, reimbursement 6).

    ``instead``: the message corrects or asks what if, so that it takes the place of a filing.
    """
    emergency, filing = by_fact.get("emergency"), by_fact.get("filing_type")
    nothing_filed = filing is not None and filing.value == "none"

    def set_filing(value: FactValue, source: Mention) -> None:
        words = source.start, source.end, source.surface
        by_fact["filing_type"] = Mention("filing_type", value, *words)

    if emergency is not None and emergency.value is True:
        unfiled = known.filing_type in (None, "none") and known.filed is not True
        open_before = unfiled or instead
        if nothing_filed or (filing is None and open_before and "filed" not in by_fact):
            set_filing("emergency", emergency)
    elif emergency is not None and filing is None and known.filing_type == "emergency":
        set_filing("none" if known.filed is False else None, emergency)
    elif filing is not None and nothing_filed and known.emergency is True and emergency is None:
        set_filing("emergency", filing)
    elif filing is not None and not nothing_filed:
        said = by_fact.get("filed")
        denied = said is not None and said.value is False
        if denied:
            del by_fact["filed"]


def _take_back_referral(by_fact: dict[str, Mention], words: Sequence[Hit], known: Facts) -> None:
    """没转诊 after a referral was said takes the filing kind back."""
    denied = next((h for h in words if h.negated and not h.sets and h.surface[0] == "转"), None)
    if denied and "filing_type" not in by_fact and known.filing_type == "referral":
        place = denied.start, denied.end, denied.surface
        by_fact["filing_type"] = Mention("filing_type", None, *place)


def _only_second_level(by_fact: dict[str, Mention]) -> None:
    """A county hospital that is said to be of another level is just one of that level."""
    level, kind = by_fact.get("facility_level"), by_fact.get("facility_kind")
    if level and kind and kind.value == "county" and level.value != "level2":
        del by_fact["facility_kind"]


_DISTRICT = re.compile(r"(?<![社小市])区(?:级|里)?的?(?:第[一二三])?(?:人民|中心)?大?医院(?!区)")


def _district_hospital(text: str) -> list[Unclear]:
    """区医院 is level2 or level3: asked when it matters."""
    match = _DISTRICT.search(text)
    if match is None:
        return []
    readings: tuple[FactValue, ...] = ("level2", "level3")
    place = match.group(), match.start(), match.end()
    return [Unclear("facility_level", *place, readings, "facility_level")]
