"""Pictures as markup: bars and lines placed in percent, every figure beside them as text.

HTML and CSS draw them, so that Chinese needs no font file, 大字 enlarges them and paper prints
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from assistant.text import money_range
from assistant.web.render import render
from assistant.web.texts import page_texts, say
from rules.facts import Facts
from rules.outcome import Scenario
from rules.texts import label
from rules.waterfall import BillPart

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Bar:
    """One row: ``left`` and ``width`` of what is certain, of what is open, in percent."""

    name: str
    kind: str
    amount: str
    left: str
    width: str
    open_left: str
    open_width: str


@dataclass(frozen=True)
class FilingRow:
    """One kind of filing: a bar, its settlement, or the reason why there is no amount."""

    name: str
    current: bool
    bar: Bar | None
    settlement: str
    reason: str


def waterfall_html(
    facts: Facts, parts: tuple[BillPart, ...], *, reference: bool = False
) -> Markup | None:
    """The bill from its total down to what the fund pays; None without a cost or a ratio.

    ``reference``: by ratios of no named place, and said so.
    """
    total = facts.total_cost
    if not parts or not total:
        return None
    names = page_texts()["bill"]["part"]
    bars = [_bar(names["total"], "total", (Decimal(0), total), (Decimal(0), total), total, total)]
    low = high = total
    for part in parts:
        at_low, at_high = (low - part.at_low, low), (high - part.at_high, high)
        bars.append(
            _bar(names[part.name], part.name, at_low, at_high, total, part.at_low, part.at_high)
        )
        low, high = at_low[0], at_high[0]
    told = "；".join(f"{bar.name} {bar.amount} 元" for bar in bars[1:])
    text = say("bill.waterfall_text", total=bars[0].amount, parts=told)
    caption = say("bill.waterfall_reference" if reference else "bill.waterfall")
    return render(
        "waterfall.html", caption=caption, bars=bars, text=text, uncertain=_uncertain(parts)
    )


def filings_html(
    rows: tuple[Scenario, ...], facts: Facts, *, reference: bool = False
) -> Markup | None:
    """Every kind of filing side by side on one scale; None where the filing makes no difference."""
    amounts = [row.fund_pays.high for row in rows if row.fund_pays is not None]
    if not amounts:
        return None
    scale = facts.total_cost or max(amounts) or Decimal(1)
    shown = [_filing(row, scale, row.value == facts.filing_type) for row in rows]
    caption = say("bill.filings_reference" if reference else "bill.filings")
    return render("filings.html", caption=caption, rows=shown)


def _uncertain(parts: tuple[BillPart, ...]) -> bool:
    return any(part.at_low != part.at_high for part in parts)


def _filing(row: Scenario, scale: Decimal, current: bool) -> FilingRow:
    bar = None
    if row.fund_pays is not None:
        zero, low, high = Decimal(0), row.fund_pays.low, row.fund_pays.high
        bar = _bar(row.label, "fund", (zero, low), (zero, high), scale, low, high)
    settled = label("settlement", row.settlement) if row.settlement else ""
    return FilingRow(row.label, current, bar, settled, row.reason or "")


def _bar(
    name: str,
    kind: str,
    first: tuple[Decimal, Decimal],
    second: tuple[Decimal, Decimal],
    scale: Decimal,
    *amounts: Decimal,
) -> Bar:
    """What both spans share is certain, what only one covers is open."""
    start, end = max(first[0], second[0]), min(first[1], second[1])
    outer_start, outer_end = min(first[0], second[0]), max(first[1], second[1])
    end = max(start, end)
    low, high = min(amounts), max(amounts)
    return Bar(
        name=name,
        kind=kind,
        amount=money_range(low, high).replace(".00", ""),
        left=_percent(start, scale),
        width=_percent(end - start, scale),
        open_left=_percent(outer_start, scale),
        open_width=_percent(outer_end - outer_start, scale) if low != high else "0",
    )


def _percent(amount: Decimal, scale: Decimal) -> str:
    return f"{amount * _HUNDRED / scale:.2f}"
