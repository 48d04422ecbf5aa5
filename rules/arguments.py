"""Facts from the command line: every fact an option, values in Chinese or as they are named inside.

Wrong values raise :class:`rules.errors.InputError` with the fact's name and what can be written.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rules.errors import InputError
from rules.facts import CostItems, Facts, Region
from rules.regions import candidates, find_region
from rules.texts import fact_name, label, say, spoken, values_of

_REGIONS = ("insured_region", "treatment_region", "filed_region")
_CHOICES = (
    *("insurance_type", "person_status", "care_type", "facility_level", "facility_kind"),
    *("fee_class", "filing_type", "maternity_kind", "stay"),
)
_MONEY = ("total_cost", "deductible", "paid_this_year")
_ITEMS = ("excluded", "class_b", "high_price_drug", "special_exam")
_DAYS = ("filed_on", "cancelled_on", "admitted_on", "discharged_on")
_COUNTS = ("age", "admission_count", "further_diseases")
_FLAGS = (
    *("filed", "self_paid", "emergency", "family_doctor", "rural_scheme", "provincial_scheme"),
    "multiple_filings",
    "filed_after_stay",
)


def add_facts(parser: argparse.ArgumentParser) -> None:
    """One option a fact, ``--insured-region`` for ``insured_region``."""
    for fact in (*_REGIONS, *_DAYS, *_COUNTS, "disease"):
        parser.add_argument(_option(fact), metavar=fact, help=fact_name(fact))
    for fact in _CHOICES:
        names = "、".join(label(fact, value) for value in values_of(fact))
        text = say("door.option", fact=fact_name(fact), values=names)
        parser.add_argument(_option(fact), metavar=fact, help=text)
    for fact in (*_MONEY, *_ITEMS):
        text = say("door.money_option", fact=fact_name(fact))
        parser.add_argument(_option(fact), metavar=fact, help=text)
    for fact in _FLAGS:
        text = say("door.option", fact=fact_name(fact), values=say("door.yes_no"))
        parser.add_argument(_option(fact), metavar=fact, help=text)
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--away", action="store_true", help=say("door.away"))
    place.add_argument("--inside", action="store_true", help=say("door.inside"))
    parser.add_argument("--facts", help=say("door.facts"))


def facts_of(options: argparse.Namespace) -> Facts:
    """The facts that the options and ``--facts`` name; an option goes before the file."""
    said = _from_json(options.facts) if options.facts else {}
    items = dict(said.pop("items", None) or {})
    for facts, read in _READERS:
        for fact in facts:
            text = getattr(options, fact)
            if text is not None:
                (items if fact in _ITEMS else said)[fact] = read(fact, text)
    if options.away or options.inside:
        said["same_province"] = bool(options.inside)
    try:
        return Facts(items=CostItems(**items), **said)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"]))
        why = f"{field}：{fault['input']!r}"
        raise InputError(field, say("input.bad_facts", why=why)) from error


def region_of(fact: str, name: str) -> Region:
    """The region called ``name``; a name that several share is asked back."""
    region = find_region(name)
    if region is not None:
        return region
    several = "、".join(f"{found.province}{found.name}" for found in candidates(name))
    key = "input.shared_region" if several else "input.unknown_region"
    raise InputError(fact, say(key, name=name, names=several))


def day_of(fact: str, text: str) -> date:
    """An ISO day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(fact, say("input.bad_date", field=fact_name(fact), value=text)) from error


def _option(fact: str) -> str:
    return "--" + fact.replace("_", "-")


def _choice(fact: str, text: str) -> str | int:
    value = spoken(fact, text)
    if value not in values_of(fact):
        names = "、".join(label(fact, value) for value in values_of(fact))
        field = fact_name(fact)
        raise InputError(fact, say("input.unknown_value", field=field, value=text, values=names))
    return int(value) if fact == "fee_class" else value


def _amount(fact: str, text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "").replace("元", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise InputError(fact, say("input.bad_amount", field=fact_name(fact), value=text))
    return amount


def _whole(fact: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InputError(fact, say("input.bad_whole", field=fact_name(fact), value=text)) from error


def _flag(fact: str, text: str) -> bool:
    answers = {say("door.yes"): True, say("door.no"): False, "yes": True, "no": False}
    if text not in answers:
        values = say("door.yes_no")
        raise InputError(
            fact, say("input.unknown_value", field=fact_name(fact), value=text, values=values)
        )
    return answers[text]


def _text(fact: str, text: str) -> str:
    return text


_READERS: tuple[tuple[tuple[str, ...], Callable[[str, str], object]], ...] = (
    (_REGIONS, region_of),
    (_CHOICES, _choice),
    (_MONEY, _amount),
    (_ITEMS, _amount),
    (_DAYS, day_of),
    (_COUNTS, _whole),
    (_FLAGS, _flag),
    (("disease",), _text),
)


def _from_json(source: str) -> dict[str, Any]:
    """A JSON file or JSON itself; regions may be written by name."""
    try:
        text = source if source.lstrip().startswith("{") else Path(source).read_text("utf-8")
        said = json.loads(text, parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise InputError("facts", say("input.bad_facts", why=str(error))) from error
    if not isinstance(said, dict):
        raise InputError("facts", say("input.bad_facts", why=type(said).__name__))
    for fact in _REGIONS:
        if isinstance(said.get(fact), str):
            said[fact] = region_of(fact, said[fact])
    return said
