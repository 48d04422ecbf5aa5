"""Values and cells in words: what a step, a scenario or a reason calls them."""

from __future__ import annotations

from rules.branch import ORDINARY, Known
from rules.cells import Ages, Cell, Sourced
from rules.pack import Pack
from rules.texts import label, say

_SILENT = ("insurance_type", "care_type")
"""Conditions that every reader knows already from the pack's name."""


def describe(cell: Sourced | None, known: Known) -> str:
    """``三级医院，`` for the conditions of a cell, each with a comma; empty where it has none."""
    if not isinstance(cell, Cell):
        return ""
    words = []
    for fact, allowed in cell.conditions:
        if fact in _SILENT or fact not in known:
            continue
        if isinstance(allowed, Ages):
            words.append(ages(allowed.first, allowed.end))
        else:
            words.append(label(fact, known[fact]))
    return "".join(say("words.item", word=word) for word in words)


def ages(first: int, end: int | None) -> str:
    """``70–74 岁``, ``70 岁以下``, ``75 岁及以上``. ``end`` is not included."""
    if end is None:
        return say("words.age_from", first=first)
    if not first:
        return say("words.age_below", end=end)
    return say("words.age_band", first=first, last=end - 1)


def age_value(first: int, end: int | None) -> str:
    """``0-69``, ``70-74``, ``75+``: the band as a scenario's value."""
    return f"{first}+" if end is None else f"{first}-{end - 1}"


def describe_known(pack: Pack, known: Known) -> str:
    """The facts among ``known`` by which the pack's ratios or amounts are told apart."""
    asked = [fact for cell in (*pack.ratio, *pack.fixed) for fact, _ in cell.conditions]
    told = [fact for fact in dict.fromkeys(asked) if fact in known and fact not in _SILENT]
    told = [fact for fact in told if known[fact] != ORDINARY]
    words = [label(fact, known[fact]) for fact in told if fact not in ("age", "filing_type")]
    return "、".join(word for word in words if word)
