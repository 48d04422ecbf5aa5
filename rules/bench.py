"""How fast the rules are: load, a typical case, the widest cross-product. Times in milliseconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rules.facts import CostItems, Facts, Region
from rules.packs import load_packs
from rules.reimburse import reimburse

_DAY = date(2025, 6, 1)
_WEINAN = Region(code="6105", name="渭南市", province="陕西省")
_MAOMING = Region(code="4409", name="茂名市", province="广东省")
_WUHAN = Region(code="4201", name="武汉市", province="湖北省")


class Timing(NamedTuple):
    """``best``: processor time of the fastest of several runs; ``target``: its upper bound."""

    name: str
    best: float
    target: float


def timings(rounds: int = 20) -> tuple[Timing, ...]:
    """Measure now. The widest: four packs, all levels, statuses and filings, two methods."""
    typical = Facts(
        insured_region=_MAOMING,
        treatment_region=_WUHAN,
        insurance_type="resident",
        care_type="inpatient",
        facility_level="level3",
        filing_type="referral",
        total_cost=Decimal("20600"),
    )
    widest = Facts(insured_region=_WEINAN, treatment_region=_WUHAN, total_cost=Decimal("20600.55"))
    parts = CostItems(
        class_b=Decimal(3000), high_price_drug=Decimal(2000), special_exam=Decimal(1000)
    )
    categories = Facts(
        same_province=False, care_type="outpatient", total_cost=Decimal(20600), items=parts
    )
    return (
        Timing("load", _best(_load, 3), 100.0),
        Timing("typical", _best(lambda: reimburse(typical, _DAY), rounds), 1.0),
        Timing("widest", _best(lambda: reimburse(widest, _DAY), rounds), 10.0),
        Timing("categories", _best(lambda: reimburse(categories, _DAY), rounds), 10.0),
    )


def _load() -> None:
    load_packs.cache_clear()
    load_packs()


def _best(run: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best * 1000
