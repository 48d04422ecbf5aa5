"""Facts said back to the person: what an answer rests on, visible."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assistant.data import read_toml
from assistant.text import chinese_date, money
from rules.facts import Facts, Region
from rules.periods import DATED, period, written_period

_ORDER = (
    "insured_region", "provincial_scheme", "rural_scheme", "insurance_type", "person_status", "age",
    "family_doctor", "treatment_region", "same_province", "care_type", "maternity_kind", "disease",
    "facility_level", "facility_kind", "fee_class", "admission_count", "total_cost", "deductible",
    "paid_this_year", "filing_type", "filed_region", "filed_on", "cancelled_on", "admitted_on",
    "discharged_on", "stay",
)  # fmt: skip
_DAYS = tuple(f"{name}_on" for name in DATED)


VISITS = ("outpatient", "chronic_outpatient")


def spoken(fact: str, value: object) -> str | None:
    """One fact in words, or None for one that is not said aloud."""
    replies = read_toml("replies.toml")
    named: dict[str, str] = replies["value"].get(fact, {})
    key = str(value).lower() if isinstance(value, bool) else str(value)
    if key in named:
        return named[key]
    label: str | None = replies["label"].get(fact)
    if label is None or value is False:
        return None
    return label.format(value=_shown(value))


def told(facts: Facts, fact: str) -> str | None:
    """``fact`` of ``facts`` in words; a day of which only a period is known as that period."""
    county = getattr(facts, fact.replace("_region", "_county"), None)
    if county is not None and fact.endswith("_region"):
        return spoken(fact, str(county).removesuffix("市"))
    days = period(facts, fact.removesuffix("_on")) if fact in _DAYS else None
    value = getattr(facts, fact) if days is None else written_period(*days).replace(" ", "")
    if fact == "admitted_on" and facts.care_type in VISITS:
        visited: str = read_toml("replies.toml")["visit"][fact]
        return visited.format(value=_shown(value))
    return spoken(fact, value)


def _shown(value: object) -> str:
    if isinstance(value, Region):
        return short_name(value)
    if isinstance(value, Decimal):
        shown = money(value)
        return shown.removesuffix(".00")
    if isinstance(value, date):
        return chinese_date(value)
    return str(value)


def short_name(region: Region) -> str:
    """``毕节市`` → ``毕节``, ``江西省`` → ``江西``; long ethnic names stay whole."""
    for suffix in ("省", "市"):
        if region.name.endswith(suffix) and len(region.name) > 2:
            return region.name.removesuffix(suffix)
    return region.name


def _rough(facts: Facts) -> str | None:
    """The cost as it was said: about so much, from so much to so much; None where it is exact."""
    low, high = facts.total_cost, facts.rough_cost
    if low is None or high is None or high < low:
        return None
    words: str = read_toml("replies.toml")["rough"]["about" if high == low else "range"]
    return words.format(low=_shown(low), high=_shown(high))


def summary(facts: Facts, *, without: frozenset[str] = frozenset()) -> str:
    """``毕节参保 · 居民医保 · 二级医院 · 总费用 3,800 元``; empty when nothing is known."""
    said: list[str] = []
    for name in _ORDER:
        value = getattr(facts, name)
        if value is None or name in without:
            continue
        if name == "same_province" and facts.insured_region and facts.treatment_region:
            continue
        if name == "insurance_type" and facts.rural_scheme:
            continue
        if name == "facility_level" and facts.facility_kind == "county":
            continue
        words = _rough(facts) if name == "total_cost" else None
        if (words := words or told(facts, name)) is not None:
            said.append(words)
        if name == "total_cost":
            parts = facts.items.model_dump()
            said += [s for k, v in parts.items() if v is not None and (s := spoken(k, v))]
    return " · ".join(said)
