"""A pack as a table that a clerk understands: what, for whom, how much, since when, from where."""

from __future__ import annotations

from collections.abc import Iterator

from rules.cells import Ages, Cell, MoneyCell, RatioCell, Sourced
from rules.facts import Region
from rules.money import ZERO, percent, plain, short_yuan
from rules.pack import Cut, Pack, PackFile
from rules.packs import Packs
from rules.texts import label, say, values_of
from rules.words import ages

Row = tuple[str, str, str, str, str]


def show(packs: Packs, region: Region | None) -> str:
    """Markdown tables of a region's packs and cuts with its province's; None: the general ones."""
    files = packs.chain(region)
    if region is None:
        files = tuple(packs.files[stem] for stem in ("reference", "rural", "national"))
    blocks = [block for file in files for block in _blocks(file)]
    return "\n\n".join(blocks) if blocks else say("show.none", region=region.name if region else "")


def _blocks(file: PackFile) -> Iterator[str]:
    for pack in file.pack:
        lines = [f"## {pack.label}（{pack.id}）", "", *_table(list(_pack_rows(pack)))]
        if pack.caveat:
            lines += ["", say("show.caveat", text=pack.caveat)]
        lines += [f"- {note.text}〔{note.passage}〕" for note in pack.notes]
        yield "\n".join(lines)
    for cut in file.cut:
        yield "\n".join([f"## {cut.label}", "", *_table(list(_cut_rows(cut)))])
    if file.pack or file.cut:
        yield say("show.owner", name=file.name, owner=file.owner, day=file.review_by)


def _table(rows: list[Row]) -> list[str]:
    head = tuple(say(f"show.{name}") for name in ("what", "when", "how_much", "dating", "source"))
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def _pack_rows(pack: Pack) -> Iterator[Row]:
    yield from _cells("deductible", pack.deductible, say(f"show.per_{pack.deductible_per}"))
    yield from _cells("ratio", pack.ratio)
    low = short_yuan(ZERO)
    for part in pack.brackets:
        high = short_yuan(part.up_to) if part.up_to is not None else ""
        span = say("show.bracket" if high else "show.last_bracket", low=low, high=high)
        yield _row("ratio", span, percent(part.percent), part)
        low = high
    for category in pack.categories:
        yield _row("category", label("items", category.item), percent(category.percent), category)
    for bonus in pack.bonus:
        points = say("show.more_points", n=plain(bonus.points))
        yield _row("bonus", _when(bonus), points, bonus)
    yield from _cells("fixed", pack.fixed)
    yield from _cells("visit_cap", pack.visit_cap)
    yield from _cells("annual_cap", pack.annual_cap)
    if pack.outside is not None:
        outside = say("show.outside")
        yield from _cells("deductible", pack.outside.deductible, outside)
        yield from _cells("ratio", pack.outside.ratio, outside)
    for limit in pack.limits:
        more = "、".join(map(short_yuan, limit.further))
        amount = say("show.limit_amount", yuan=short_yuan(limit.yuan), more=more)
        yield _row("limit", limit.disease, amount, limit)


def _cut_rows(cut: Cut) -> Iterator[Row]:
    methods = "、".join(say(f"show.{method}") for method in cut.methods)
    for row in cut.rows:
        values = "、".join(map(percent, row.percent))
        yield _row("cut", _when(row), f"{values}（{methods}）", row)


def _cells(
    name: str, cells: tuple[MoneyCell, ...] | tuple[RatioCell, ...], more: str = ""
) -> Iterator[Row]:
    for cell in cells:
        if isinstance(cell, MoneyCell):
            amount = say("show.yuan", yuan="、".join(map(short_yuan, cell.yuan)))
        elif cell.not_covered:
            amount = say("show.not_covered")
        else:
            amount = "、".join(map(percent, cell.percent))
        when = "；".join(part for part in (more, _when(cell)) if part)
        yield _row(name, when, amount, cell)


def _row(name: str, when: str, amount: str, cell: Sourced) -> Row:
    return say(f"show.{name}"), when, amount, _dating(cell), cell.passage


def _when(cell: Cell) -> str:
    """The conditions in words: 三级医院；退休."""
    words = []
    for fact, allowed in cell.conditions:
        if isinstance(allowed, Ages):
            words.append(ages(allowed.first, allowed.end))
        else:
            told = {str(value) for value in allowed} if isinstance(allowed, tuple) else set()
            words.append("、".join(label(fact, name) for name in values_of(fact) if name in told))
    return "；".join(words)


def _dating(cell: Sourced) -> str:
    if cell.since is not None:
        words = say("show.since", day=cell.since)
    elif cell.stated_for is not None:
        words = say("show.stated_for", year=cell.stated_for)
    else:
        words = say("show.undated", year=cell.seen)
    return say("show.checked", words=words, day=cell.checked)
