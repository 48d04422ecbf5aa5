"""A *branch*: a pack together with one value, or values treated alike, of each fact it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rules.facts import InsuranceType
from rules.pack import Cut, Pack

ORDER = (
    *("insurance_type", "care_type", "person_status", "facility_level", "facility_kind"),
    *("age", "fee_class", "maternity_kind", "family_doctor", "filing_type"),
)
"""The order in which open facts are settled; a later one may depend on an earlier one."""
LOCAL = "local"
"""A filing_type of its own: care that may not be away at all."""
ORDINARY = "ordinary"
"""A facility_kind of its own: no kind that the documents treat apart."""
Known = dict[str, Any]
Tags = dict[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Branch:
    """``known``: every fact the pack's conditions ask for, of an open one the first of its tags.

    ``insurance``: as said or as tagged, never assumed. ``assumed``: facts set without being said.
    """

    pack: Pack | None
    known: Known = field(default_factory=dict)
    tags: Tags = field(default_factory=dict)
    insurance: InsuranceType | None = None
    assumed: frozenset[str] = frozenset()
    reason: str | None = None
    cut: Cut | None = None
    own_cut: bool = False
    table: bool = False
