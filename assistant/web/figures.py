"""The picture that belongs to an answer: the bill of an amount, the line of time of a verdict."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from markupsafe import Markup

from assistant.types import Answer, MoneyRange
from assistant.web.pictures import waterfall_html
from assistant.web.timeline import timeline_html
from rules.errors import InputError
from rules.waterfall import BillPart, bill_parts


def figure_html(answer: Answer, today: date) -> Markup | None:
    """None: the answer has neither an amount nor days to draw."""
    amount = answer.reimbursement and answer.reimbursement.fund_pays
    if amount:
        parts = _parts(answer, today)
        if not _agree(parts, amount):
            return None
        pack = answer.reimbursement and answer.reimbursement.pack
        return waterfall_html(answer.facts, parts, reference="reference" in (pack or ""))
    if answer.validity is not None:
        return timeline_html(answer.validity, answer.facts, today)
    return None


def _parts(answer: Answer, today: date) -> tuple[BillPart, ...]:
    try:
        return bill_parts(answer.facts, today)
    except InputError:
        return ()


def _agree(parts: tuple[BillPart, ...], amount: MoneyRange) -> bool:
    """The picture shows what the text says: an answer in general may go by other facts."""
    fund = next((p for p in parts if p.name == "fund"), BillPart("fund", Decimal(0), Decimal(0)))
    return (fund.at_low, fund.at_high) == (Decimal(amount.low), Decimal(amount.high))
