"""Is a filing still good for a stay? The ordered table of "Filing validity", one function a rule.

``validity(facts, today)`` gives the verdict with its reasons. Texts and lengths stand in
``validity.toml``, single places' own rules in ``validity_regions.toml``. Does not resolve spoken
dates and does not compute amounts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from rules.check import check_input
from rules.dates import add_months, written
from rules.facts import LONG_TERM_FILINGS, Facts
from rules.outcome import Reason, Validity
from rules.regions import same_city, within
from rules.situation import OUTPATIENT, Situation
from rules.validity_data import CaseTexts, Text, texts


@dataclass(frozen=True)
class Verdict:
    """Which block of ``validity.toml`` applies, with what the code knows besides."""

    case: str
    more: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    valid_from: date | None = None
    certain_until: date | None = None
    possible_until: date | None = None
    values: dict[str, str] = field(default_factory=dict)


def validity(facts: Facts, today: date) -> Validity:
    """The verdict on a filing or a stay, by the first rule that applies.

    Raises :class:`rules.errors.InputError` for facts that cannot be.
    """
    check_input(facts, today)
    situation = Situation.of(facts, today)
    verdict = next(v for rule in _RULES if (v := rule(situation)) is not None)
    return _told(verdict, situation)


def _same_province(s: Situation) -> Verdict | None:
    """Rule 1. 江苏 is treated as if outside, its own city never."""
    insured, treated = s.facts.insured_region, s.facts.treatment_region
    if insured is not None and treated is not None and same_city(insured, treated):
        return Verdict("same_city")
    if not s.inside or (s.own and s.own.inside == "as_outside"):
        return None
    if s.own and s.own.inside == "free":
        return Verdict("inside_free")
    phrases = texts().phrases
    inside = phrases["one_province"]
    if insured is not None:
        inside = phrases["same_province"].format(province=insured.province)
    missing = () if insured is not None else ("insured_region",)
    return Verdict("inside_unknown", missing=missing, values={"inside": inside})


def _emergency(s: Situation) -> Verdict | None:
    """Rule 2: an emergency with nothing filed counts as filed."""
    if s.kind != "emergency" and not (s.facts.emergency and s.kind in ("none", None)):
        return None
    if s.stay == "discharged" and s.facts.self_paid:
        return Verdict("emergency_paid")
    missing = ("self_paid",) if s.stay == "discharged" and s.facts.self_paid is None else ()
    return Verdict("emergency", missing=missing)


def _nothing_filed(s: Situation) -> Verdict | None:
    """Rule 3, and what is not known to be filed."""
    if s.kind is None:
        ahead = s.inside is False and s.stay in (None, "not_admitted") and not s.facts.emergency
        case = "unknown_filing_ahead" if ahead else "unknown_filing"
        return Verdict(case, missing=("filing_type", "filed_on"))
    if s.kind != "none":
        return None
    if s.stay in (None, "not_admitted"):
        return Verdict("file_first", missing=("stay",) if s.stay is None else ())
    asked = ("emergency",) if s.facts.emergency is None else ()
    if s.stay == "discharged":
        paid = ("if_emergency_paid", "emergency_ratio") if asked else ()
        return Verdict("unfiled_discharged", more=paid, missing=asked)
    hint = ("if_emergency",) if asked else ()
    if s.stay_assumed:
        return Verdict("can_file_late", more=("if_discharged", *hint), missing=("stay", *asked))
    return Verdict("can_file_late", more=hint, missing=asked)


def _wrong_region(s: Situation) -> Verdict | None:
    """Rule 4. Skipped while the city of the care is not known."""
    filed, treated = s.facts.filed_region, s.facts.treatment_region
    if filed is None or treated is None or within(treated, filed) or within(filed, treated):
        return None
    more = ("longterm_elsewhere",) if s.kind in LONG_TERM_FILINGS else ()
    values = {"filed_region": filed.name, "treatment": treated.name}
    return Verdict("wrong_region", more=more, values=values)


def _filed_later(s: Situation) -> Verdict | None:
    """Rule 5: the care began before the day of filing, if only because it had ended by then."""
    filed = s.facts.filed_on
    if filed is None:
        return Verdict("filed_after_stay") if s.facts.filed_after_stay else None
    over = s.facts.admitted_on is None and s.settled_on is not None and s.settled_on <= filed
    if s.day >= filed and not over:
        return None
    if s.settled_on is not None and s.settled_on < filed:
        return Verdict("filed_after_discharge", valid_from=filed)
    if s.settled_on == filed:
        return Verdict("late_same_day", valid_from=filed)
    if s.settled_on is None and s.stay == "discharged":
        return Verdict("late_no_day", missing=("discharged_on",), valid_from=filed)
    missing = ("discharged_on",) if s.stay_assumed else ()
    return Verdict("late", missing=missing, valid_from=filed)


def _cancelled(s: Situation) -> Verdict | None:
    """Rule 6."""
    if s.facts.cancelled_on is None or s.facts.cancelled_on > s.day:
        return None
    return Verdict("cancelled", valid_from=s.facts.filed_on)


def _long_term(s: Situation) -> Verdict | None:
    """Rule 7: no last day, with or without a date of filing."""
    if s.kind not in LONG_TERM_FILINGS:
        return None
    more = ("cancel_ahead",) if s.facts.cancelled_on else ()
    return Verdict("longterm", more=more, valid_from=s.facts.filed_on)


def _window(s: Situation) -> Verdict:
    """Rule 8: certain to the national floor, possible to what places commonly give."""
    filed, lengths = s.facts.filed_on, texts().lengths
    more = tuple(
        name
        for name, told in (
            ("referral_year", s.kind == "referral"),
            ("kind_unknown", s.kind == "unknown"),
            ("cancel_ahead", s.facts.cancelled_on is not None),
        )
        if told
    )
    kind_missing = ("filing_type",) if s.kind == "unknown" else ()
    where_missing = ("insured_region",) if s.facts.insured_region is None else ()
    if filed is None:
        missing = ("filed_on", *kind_missing)
        return Verdict(
            "no_date", more=tuple(m for m in more if m != "cancel_ahead"), missing=missing
        )
    spanning = ("spanning",) if s.facts.care_type not in OUTPATIENT else ()
    months = s.own.months.get(s.kind or "") if s.own else None
    if months is not None:
        until = add_months(filed, months)
        name = "own_valid" if s.day <= until else "own_expired"
        more = tuple(m for m in (*spanning, *more) if m != "referral_year")
        values = {"months": str(months)}
        return Verdict(name, more, kind_missing, filed, until, until, values)
    certain = add_months(filed, lengths["floor"].months)
    possible = add_months(filed, lengths["usual"].months)
    if s.day <= certain:
        return Verdict("window_valid", (*spanning, *more), kind_missing, filed, certain, possible)
    if s.day <= possible:
        missing = (*kind_missing, *where_missing)
        return Verdict("window_depends", more, missing, filed, certain, possible)
    if s.kind == "unknown":
        return Verdict("unknown_kind_past", (), kind_missing, filed, certain, possible)
    return Verdict("window_expired", more, kind_missing, filed, certain, possible)


_RULES: tuple[Callable[[Situation], Verdict | None], ...] = (
    _same_province,
    _emergency,
    _nothing_filed,
    _wrong_region,
    _filed_later,
    _cancelled,
    _long_term,
    _window,
)


def _told(verdict: Verdict, s: Situation) -> Validity:
    """The verdict with its reasons: the verdict itself, why, the place's own word, what to do."""
    data = texts()
    case: CaseTexts = data.case[verdict.case]
    kind = data.kinds.get(s.kind or "unknown", data.kinds["unknown"])
    values = {**_values(verdict, s), **verdict.values, "kind": kind.label}
    own = s.own.says.get(case.topic) if s.own and case.topic else None
    inside = None
    if s.own and s.own.inside == "as_outside" and s.inside and s.own.inside_text:
        inside = Text(text=s.own.inside_text, passage=s.own.inside_passage)
    more = [data.more[name] for name in verdict.more]
    if s.facts.emergency and s.kind != "emergency" and case.settlement != "direct":
        more.append(data.more["emergency_anyway"])
    do = [text for text in case.do if _bears(text, s)]
    passages = {
        "@length": kind.length,
        "@own": s.own.inside_passage if s.own else None,
        "@own_length": s.own.months_passage if s.own else None,
    }
    reasons = tuple(
        Reason(
            text=text.text.format_map(values),
            passage=passages.get(text.passage or "", text.passage),
        )
        for text in (case.why[0], inside, own, *case.why[1:], *more, *do)
        if text is not None
    )
    disputed = kind.conflicts if case.topic == "window" else ()
    return Validity(
        status=case.status,
        settlement=case.settlement,
        valid_from=verdict.valid_from,
        certain_until=verdict.certain_until,
        possible_until=verdict.possible_until,
        reasons=reasons,
        missing=verdict.missing,
        passages=tuple(dict.fromkeys(r.passage for r in reasons if r.passage is not None)),
        conflicts=(*case.conflicts, *disputed),
    )


def _bears(text: Text, s: Situation) -> bool:
    """Whether an advice fits the stay: open, settled, or both while that is not known."""
    known = s.stay is not None and not s.stay_assumed
    return not known or text.stay in (None, "settled" if s.stay == "discharged" else "open")


def _values(verdict: Verdict, s: Situation) -> dict[str, str]:
    """What the texts may name: days written out, lengths, the place's own words."""
    data, facts = texts(), s.facts
    phrase = "today" if facts.admitted_on is None else "stay"
    if facts.admitted_on is not None and facts.care_type in OUTPATIENT:
        phrase = "visit"
    days = {
        "day": s.day,
        "filed": facts.filed_on,
        "cancelled": facts.cancelled_on,
        "settled": s.settled_on,
        "certain": verdict.certain_until,
        "possible": verdict.possible_until,
    }
    values = {name: written(day) for name, day in days.items() if day is not None}
    values["when"] = data.phrases[phrase].format(day=values["day"])
    values["since"] = data.phrases["since"].format_map(values) if facts.filed_on else ""
    values["floor"] = str(data.lengths["floor"].months)
    values["usual"] = str(data.lengths["usual"].months)
    if s.own:
        values |= {"own": s.own.inside_text or "", "own_region": s.own.name}
    return values
