"""From hits of words to facts: several values, weak words, and what goes with what."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.slots.lexicon import Hit
from assistant.slots.values import FactValue, Mention, Unclear
from rules.facts import Facts

# Of two kinds of care in one message the left one names the case (住院生孩子, 慢病门诊).
_CARE_ORDER = ("maternity", "chronic_outpatient", "inpatient", "outpatient")
_BOTH = re.compile(r"(?:和|与|跟|还是|或者?|、|,)")


def settled(
    text: str, words: Sequence[Hit], known: Facts, flags: set[str]
) -> tuple[list[Mention], list[Unclear], set[str]]:
    """Facts said by words. Returns mentions, open points, and more flags."""
    mentions: list[Mention] = []
    unclear: list[Unclear] = []
    for fact in dict.fromkeys(f for h in words for f in h.sets):
        of_fact = [h for h in words if fact in h.sets and not h.asked]
        strong = [h for h in of_fact if not h.weak]
        chosen = strong or of_fact
        if not chosen:
            continue
        values = list(dict.fromkeys(h.sets[fact] for h in chosen))
        if len(values) > 1:
            pick = _pick(fact, values, chosen, text, flags)
            if pick is None:
                first, last = chosen[0], chosen[-1]
                surface = text[first.start : last.end]
                unclear.append(
                    Unclear("several_values", surface, first.start, last.end, tuple(values), fact)
                )
                continue
            chosen = [h for h in chosen if h.sets[fact] == pick]
        hit = chosen[-1] if "correction" in flags else chosen[0]
        mentions.append(_mention(fact, hit.sets[fact], hit))
    _filing(mentions, words, known)
    _insurance(mentions, known)
    _care(mentions, known)
    more = (
        {"cross_province_said"}
        if any(m.fact == "same_province" and m.value is False for m in mentions)
        else set()
    )
    if not any(m.fact == "facility_level" for m in mentions):
        unclear += _county_hospital(text)
    return mentions, unclear, more


def _mention(fact: str, value: FactValue, hit: Hit) -> Mention:
    return Mention(fact, value, hit.start, hit.end, hit.surface)


def _pick(
    fact: str, values: list[FactValue], chosen: Sequence[Hit], text: str, flags: set[str]
) -> FactValue:
    """The one value meant when several were said, or None."""
    if "correction" in flags:
        return chosen[-1].sets[fact]
    if "compare" in flags:
        return None
    if fact == "care_type":
        if {"inpatient", "outpatient"} <= set(values) and "maternity" not in values:
            ends = [h for h in chosen if h.sets[fact] in ("inpatient", "outpatient")]
            if any(
                _BOTH.fullmatch(text[a.end : b.start].strip())
                for a, b in zip(ends, ends[1:], strict=False)
            ):
                return None
        return next(v for v in _CARE_ORDER if v in values)
    if fact == "filing_type":
        if "none" in values:
            return "none"
        if set(values) == {"referral", "temporary"}:
            return "referral"
        return None
    if fact == "stay":
        return chosen[-1].sets[fact]
    if fact in ("same_province", "filed", "self_paid", "emergency", "disease"):
        return False if fact == "filed" else values[0]
    return None


def _filing(mentions: list[Mention], words: Sequence[Hit], known: Facts) -> None:
    """急诊 with nothing filed is the filing ``emergency``; taken back, the filing is open again."""
    by_fact = {m.fact: m for m in mentions}
    emergency, filing = by_fact.get("emergency"), by_fact.get("filing_type")
    nothing = filing is not None and filing.value == "none"
    if emergency is not None and emergency.value is True:
        unfiled_before = known.filing_type in (None, "none") and known.filed is not True
        if nothing or (filing is None and unfiled_before and "filed" not in by_fact):
            if filing is not None:
                mentions.remove(filing)
            mentions.append(
                Mention(
                    "filing_type", "emergency", emergency.start, emergency.end, emergency.surface
                )
            )
    elif emergency is not None and filing is None and known.filing_type == "emergency":
        value = "none" if known.filed is False else None
        mentions.append(
            Mention("filing_type", value, emergency.start, emergency.end, emergency.surface)
        )
    elif nothing and emergency is None and known.emergency is True and filing is not None:
        mentions.remove(filing)
        mentions.append(
            Mention("filing_type", "emergency", filing.start, filing.end, filing.surface)
        )
    elif filing is not None and filing.value not in ("none", None) and "filed" in by_fact:
        if by_fact["filed"].value is False:
            mentions.remove(by_fact["filed"])
    referral_denied = any(h.negated and not h.sets and h.surface.startswith("转") for h in words)
    if referral_denied and filing is None and known.filing_type == "referral":
        hit = next(h for h in words if h.negated and not h.sets)
        mentions.append(Mention("filing_type", None, hit.start, hit.end, hit.surface))


def _insurance(mentions: list[Mention], known: Facts) -> None:
    """A resident has no working status; 新农合 is dropped when employees' insurance is said."""
    insurance = next((m for m in mentions if m.fact == "insurance_type"), None)
    if insurance is not None and insurance.value == "resident":
        mentions[:] = [m for m in mentions if m.fact != "person_status"]


def _care(mentions: list[Mention], known: Facts) -> None:
    """A discharge, a stay in hospital are inpatient care only where no other care is said."""
    if known.care_type in ("maternity",):
        mentions[:] = [
            m for m in mentions if not (m.fact == "care_type" and m.value == "inpatient")
        ]


_COUNTY = re.compile(
    r"(?:县|区|县级)(?:里|城)?(?:的)?(?:人民|第[一二三]|中心|医)?(?:人民)?医院|县医院|区医院|县里(?:的)?(?:大)?医院"
)


def _county_hospital(text: str) -> list[Unclear]:
    """县医院 is usually level2, sometimes level3: asked when it matters."""
    match = _COUNTY.search(text)
    if match is None or re.search("中医", text[max(0, match.start() - 2) : match.end()]):
        return []
    options: tuple[FactValue, ...] = ("level2", "level3")
    return [
        Unclear(
            "facility_level", match.group(), match.start(), match.end(), options, "facility_level"
        )
    ]
