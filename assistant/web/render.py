"""Markup of the page: Jinja templates of this package, everything escaped unless made here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.text import chinese_date, money
from assistant.web.texts import page_texts, say


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assistant.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=page_texts(), say=say)
    environment.filters.update(day=chinese_date, yuan=_yuan)
    return environment


def render(template: str, **values: object) -> Markup:
    """``templates/<template>`` with ``values``: HTML that is safe to insert."""
    return Markup(_environment().get_template(template).render(**values))


def iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _yuan(value: str | Decimal) -> str:
    """``20600.00`` → ``20,600.00``."""
    return money(Decimal(value))
