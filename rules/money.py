"""Exact decimals and how they are printed. No floating point, no rounding but :func:`to_cents`."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)
HUNDRED = Decimal(100)


def to_cents(amount: Decimal) -> Decimal:
    """Yuan rounded half up to 分."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def share(percent: Decimal) -> Decimal:
    """85 (per cent) as 0.85, exactly."""
    return percent.scaleb(-2)


def _plain(number: Decimal) -> Decimal:
    """Without trailing zeros, never in scientific notation."""
    short = number.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short


def at_cents(amount: Decimal) -> Decimal:
    """The same value with two decimals, or more where fewer would not be exact."""
    short = _plain(amount)
    exponent = short.as_tuple().exponent
    return short if isinstance(exponent, int) and exponent < -2 else short.quantize(CENT)


def yuan(amount: Decimal) -> str:
    """``20,600.00``; further decimals only where the value has them."""
    return f"{at_cents(amount):,f}"


def short_yuan(amount: Decimal) -> str:
    """``20,600`` or ``20,600.5``: for sentences."""
    return f"{_plain(amount):,f}"


def percent(value: Decimal) -> str:
    """``55%`` of 55, ``77.4%`` of 77.40."""
    return f"{_plain(value):f}%"


def plain(number: Decimal) -> str:
    """``55``, ``0.774``: the number alone."""
    return f"{_plain(number):f}"


def ratio(value: Decimal) -> Decimal:
    """Per cent as a payment ratio 0..1 with at least two decimals: 60 → 0.60, 77.4 → 0.774."""
    return at_cents(share(value))
