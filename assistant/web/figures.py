"""The picture that belongs to an answer: the bill of an amount, the line of time of a verdict."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from assistant.types import Answer
from assistant.web.pictures import waterfall_html
from assistant.web.timeline import timeline_html
from rules.errors import InputError


def figure_html(answer: Answer, today: date) -> Markup | None:
    """None: the answer has neither an amount nor days to draw."""
    if answer.reimbursement is not None and answer.reimbursement.fund_pays is not None:
        try:
            return waterfall_html(answer.facts, today)
        except InputError:
            return None
    if answer.validity is not None:
        return timeline_html(answer.validity, answer.facts, today)
    return None
