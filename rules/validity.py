"""Is a filing still good for a stay? The ordered table of "Filing validity", one function a rule.

``validity(facts, today)`` gives the verdict with its reasons. Texts and lengths stand in
``validity.toml``, single places' own rules in ``validity_regions.toml``. Does not resolve spoken
dates and does not compute amounts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from rules.check import check_input, may_be
from rules.dates import add_months
from rules.facts import LONG_TERM_FILINGS, Facts, Region
from rules.outcome import Validity
from rules.periods import ends, vague
from rules.regions import same_city, within
from rules.situation import OUTPATIENT, Situation
from rules.undecided import day_open
from rules.validity_data import texts
from rules.verdict import Verdict, told


def validity(facts: Facts, today: date) -> Validity:
    """The verdict on a filing or a stay, by the first rule that applies.

    Raises :class:`rules.errors.InputError` for facts that cannot be.
    """
    check_input(facts, today)
    situation = Situation.of(facts, today)
    if not vague(facts):
        return told(_judged(facts, today), situation)
    judged = [_judged(case, today) for case in ends(facts) if may_be(case, today)]
    first, last = judged[0], judged[-1]
    if any(v.outcome != first.outcome for v in judged):
        return told(day_open(facts, today, _judged, judged), situation)
    return told(replace(first, latest=last if last.case == first.case else None), situation)


def _judged(facts: Facts, today: date) -> Verdict:
    situation = Situation.of(facts, today)
    return next(v for rule in _RULES if (v := rule(situation)) is not None)


def _same_province(s: Situation) -> Verdict | None:
    """Rule 1. 江苏 is treated as if outside, its own city never."""
    insured, treated = s.facts.insured_region, s.facts.treatment_region
    if insured is not None and treated is not None and same_city(insured, treated):
        if _long_term_elsewhere(s):
            return Verdict("home_again", more=() if s.own else ("home_ratio",))
        return Verdict("same_city", more=("if_long_term",) if s.kind == "unknown" else ())
    if not s.inside or (s.own and s.own.inside == "as_outside"):
        return None
    if s.own and s.own.inside == "free":
        return Verdict("home_again" if _long_term_elsewhere(s) else "inside_free")
    phrases = texts().phrases
    inside = phrases["one_province"]
    if insured is not None:
        inside = phrases["same_province"].format(province=insured.province)
    missing = () if insured is not None else ("insured_region",)
    case = "inside_unknown"
    if s.stay == "discharged" and s.kind in ("none", None):
        case = "inside_paid" if s.facts.self_paid else "inside_settled"
    return Verdict(case, missing=missing, values={"inside": inside})


def _long_term_elsewhere(s: Situation) -> bool:
    """Filed for a life in another province, who comes back to be treated."""
    filed, insured = s.facts.filed_region, s.facts.insured_region
    away = filed is None or insured is None or filed.province != insured.province
    return s.kind in LONG_TERM_FILINGS and away


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
        unknown = s.stay is None
        more = ("if_discharged",) if unknown else ()
        return Verdict("file_first", more, missing=("stay",) if unknown else ())
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
    values = {
        "filed_region": _named(filed, s.facts.filed_county),
        "treatment": _named(treated, s.facts.treatment_county),
    }
    return Verdict("wrong_region", more=more, values=values)


def _named(region: Region, county: str | None) -> str:
    """``金华市``, or the county that was named with its city."""
    return (
        texts().phrases["county"].format(county=county, city=region.name) if county else region.name
    )


def _filed_later(s: Situation) -> Verdict | None:
    """Rule 5: the care began before the day of filing, if only because it had ended by then."""
    filed = s.facts.filed_on
    if filed is None:
        return _order_told(s)
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


def _order_told(s: Situation) -> Verdict | None:
    """Rule 5 where only the order was said: filed after the admission, or after the discharge."""
    if s.facts.filed_after_stay:
        return Verdict("filed_after_stay")
    if not s.facts.filed_late:
        return None
    if s.stay == "discharged":
        return Verdict("late_order_settled", missing=("filed_on", "discharged_on"))
    return Verdict("late_order", missing=("stay",) if s.stay is None else ())


def _cancelled(s: Situation) -> Verdict | None:
    """Rule 6."""
    if s.facts.cancelled_on is None:
        return _cancelled_some_day(s) if s.facts.cancelled else None
    if s.facts.cancelled_on > s.day:
        return None
    return Verdict("cancelled", valid_from=s.facts.filed_on)


def _cancelled_some_day(s: Situation) -> Verdict | None:
    """Cancelled by now: gone for care from today on, open for care before, never simply valid."""
    rest = _long_term(s) or _window(s)
    if rest.outcome[1] == "manual":
        return None
    if s.day >= s.today:
        return Verdict("cancelled_by_now", valid_from=s.facts.filed_on)
    return Verdict("cancelled_some_day", missing=("cancelled_on",))


_CANCEL = ("cancel_ahead", "cancel_in_stay")


def _cancelled_since(s: Situation) -> tuple[str, ...]:
    """Cancelled after the admission: it held then; until the bill is settled it is asked for."""
    if s.facts.cancelled_on is None or s.facts.cancelled_on <= s.day:
        return ()
    in_stay = s.stay != "discharged" and s.day < s.facts.cancelled_on <= s.today
    return _CANCEL if in_stay else _CANCEL[:1]


def _long_term(s: Situation) -> Verdict | None:
    """Rule 7: no last day, with or without a date of filing."""
    if s.kind not in LONG_TERM_FILINGS:
        return None
    more = _cancelled_since(s)
    return Verdict("longterm", more=more, valid_from=s.facts.filed_on)


def _window(s: Situation) -> Verdict:
    """Rule 8: certain to the national floor, possible to what places commonly give."""
    filed, lengths = s.facts.filed_on, texts().lengths
    more = tuple(
        name
        for name, told in (
            ("referral_year", s.kind == "referral"),
            ("kind_unknown", s.kind == "unknown"),
        )
        if told
    )
    more += _cancelled_since(s)
    kind_missing = ("filing_type",) if s.kind == "unknown" else ()
    where_missing = ("insured_region",) if s.facts.insured_region is None else ()
    if filed is None:
        missing = ("filed_on", *kind_missing)
        return Verdict("no_date", more=tuple(m for m in more if m not in _CANCEL), missing=missing)
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
