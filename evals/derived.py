"""Results of rules that the answer object has no field for, worked out again from its facts.

Only the dates from which a filing can be used ("什么时候能用"): they are told in the text alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

from rules.calendar import Channel, review_window
from rules.facts import Region


def derived(facts: Mapping[str, Any]) -> Iterator[str]:
    """The review windows of a filing handed in on ``filed_on``, as texts with their dates."""
    try:
        submitted = date.fromisoformat(str(facts.get("filed_on")))
    except ValueError:
        return
    insured = facts.get("insured_region")
    region = Region.model_validate(insured) if isinstance(insured, dict) else None
    for channel in get_args(Channel):
        window = review_window(submitted, channel, region)
        yield from (window.earliest.isoformat(), window.latest.isoformat())
        yield from (reason.text for reason in window.reasons)
