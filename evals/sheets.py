"""Question sets in a spreadsheet: CSV or XLSX in and out, one row an item.

In a cell, a line is one group (or one name, one ``key=value``) and ``|`` separates the alternatives
of a group. A blank turn is written （空）, a line break inside a turn ⏎, null 无. Column headings
are Chinese (``texts.toml``, ``columns``). Faults name row and column.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evals.items import Item, SetError
from evals.texts import table, text

Cell = str
_YES, _NONE = "是", "无"
_BLANK, _BREAK = "（空）", "⏎"


def _lines(cell: Cell) -> list[str]:
    return [line.strip() for line in cell.replace("\r", "\n").split("\n") if line.strip()]


def _turns(cell: Cell) -> list[str]:
    return ["" if line == _BLANK else line.replace(_BREAK, "\n") for line in _lines(cell)]


def _groups(cell: Cell) -> list[list[str]]:
    return [[part.strip() for part in line.split("|") if part.strip()] for line in _lines(cell)]


def _papers(cell: Cell) -> list[list[str]] | None:
    return None if cell.strip() == _NONE else _groups(cell)


def _pairs(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in _lines(cell):
        key, sign, value = line.partition("=")
        if not sign:
            raise ValueError(text("sheets.not_pair", line=line))
        found[key.strip()] = _value(value.strip())
    return found


def _value(cell: Cell) -> Any:
    if cell == _NONE:
        return None
    return json.loads(cell) if cell in ("true", "false") or cell.startswith("{") else cell


def _verdict(cell: Cell) -> dict[str, Any] | None:
    return None if cell.strip() == _NONE else _pairs(cell)


def _count(cell: Cell) -> int:
    if not cell.strip().isdigit():
        raise ValueError(text("sheets.not_count", cell=cell))
    return int(cell)


def _pair(cell: Cell) -> list[str]:
    lines = _lines(cell)
    if len(lines) != 2:
        raise ValueError(text("sheets.not_two", cell=cell))
    return lines


_TOP: dict[str, Callable[[Cell], Any]] = {
    "id": str.strip,
    "turns": _turns,
    "today": str.strip,
    "tags": _lines,
}
_EXPECT: dict[str, Callable[[Cell], Any]] = {
    "routes": _lines,
    "routes_not": _lines,
    "all_of": _groups,
    "none_of": _lines,
    "before": _pair,
    "cites": _lines,
    "validity": _verdict,
    "materials": _papers,
    "facts": _pairs,
    "missing_any": _lines,
    "conflicts_min": _count,
}
_LATER: dict[str, Callable[[Cell], Any]] = {"lead": _groups, "pair": str.strip, "note": str.strip}
_AMOUNT = ("amount_low", "amount_high", "no_amount")


def import_sheet(path: Path) -> list[Item]:
    """The items in a ``.csv`` or ``.xlsx`` file. Raises SetError with every fault by row."""
    rows = _read(path)
    headings = {heading: key for key, heading in table("columns").items()}
    faults: list[str] = []
    head = [cell.strip() for cell in rows[0]] if rows else []
    keys = [headings.get(cell, cell if cell in headings.values() else "") for cell in head]
    for cell, key in zip(head, keys, strict=True):
        if cell and not key:
            faults.append(text("sheets.unknown_column", column=cell, known="、".join(headings)))
    for needed in ("id", "turns"):
        if needed not in keys:
            faults.append(text("sheets.no_column", column=table("columns")[needed]))
    if faults:
        raise SetError(faults)
    items, seen = [], dict[str, int]()
    for number, row in enumerate(rows[1:], start=2):
        cells = {key: cell for key, cell in zip(keys, row, strict=False) if key and cell.strip()}
        if not cells:
            continue
        item = _item(cells, number, faults)
        if item is not None:
            if item.id in seen:
                line = text("sheets.twice", row=number, id=item.id, other=seen[item.id])
                faults.append(line)
            seen[item.id] = number
            items.append(item)
    if faults:
        raise SetError(faults)
    return items


def _item(cells: dict[str, Cell], row: int, faults: list[str]) -> Item | None:
    columns, before = table("columns"), len(faults)

    def parsed(key: str, parse: Callable[[Cell], Any]) -> Any:
        try:
            return parse(cells[key])
        except ValueError as error:
            faults.append(text("sheets.bad", row=row, column=columns[key], what=error))
            return None

    body = {key: parsed(key, parse) for key, parse in _TOP.items() if key in cells}
    body |= {key: parsed(key, parse) for key, parse in _LATER.items() if key in cells}
    expect = {key: parsed(key, parse) for key, parse in _EXPECT.items() if key in cells}
    amounts = [key for key in _AMOUNT if key in cells]
    if "no_amount" in amounts and len(amounts) > 1:
        faults.append(text("sheets.amount_twice", row=row))
    elif "no_amount" in amounts:
        expect["reimbursement"] = None
    elif amounts:
        low = cells.get("amount_low", cells.get("amount_high", ""))
        high = cells.get("amount_high", low)
        expect["reimbursement"] = {"low": low.strip(), "high": high.strip()}
    if len(faults) > before:
        return None
    try:
        return Item.model_validate(body | {"expect": expect})
    except ValidationError as error:
        for fault in error.errors():
            names = [str(part) for part in fault["loc"] if isinstance(part, str)]
            column = next((columns[n] for n in reversed(names) if n in columns), "-")
            faults.append(text("sheets.bad", row=row, column=column, what=fault["msg"]))
    return None


def export_sheet(items: Iterable[Item], path: Path) -> None:
    """Write ``items`` to a ``.csv`` (UTF-8 with mark, as Excel expects) or ``.xlsx`` file."""
    columns = table("columns")
    rows = [list(columns.values())]
    rows += [[_cells(item).get(key, "") for key in columns] for item in items]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".xlsx":
        from openpyxl import Workbook  # type: ignore[import-untyped]

        book = Workbook(write_only=True)
        sheet = book.create_sheet("questions")
        for row in rows:
            sheet.append(row)
        book.save(path)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(rows)


def _cells(item: Item) -> dict[str, Cell]:
    body = item.model_dump(mode="json", exclude_unset=True)
    expect = body.pop("expect", {})
    share = expect.pop("reimbursement", {}) if "reimbursement" in expect else {}
    body["turns"] = [turn.replace("\n", _BREAK) if turn.strip() else _BLANK for turn in item.turns]
    cells = {key: _cell(value) for key, value in body.items()}
    cells |= {key: _NONE if value is None else _cell(value) for key, value in expect.items()}
    if item.expect.given("reimbursement"):
        if share is None:
            cells["no_amount"] = _YES
        else:
            low, high = (str(share.get(key, "")) for key in ("low", "high"))
            cells |= {"amount_low": low, "amount_high": high}
    return cells


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return "\n".join(f"{k}={_NONE if v is None else _plain(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "\n".join("|".join(map(str, v)) if isinstance(v, list) else str(v) for v in value)
    return "" if value is None else str(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read(path: Path) -> list[Sequence[Cell]]:
    if not path.is_file():
        raise SetError([text("sets.no_file", path=path)])
    if path.suffix.lower() == ".csv":
        try:
            body = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            body = path.read_text(encoding="gb18030")
        return list(csv.reader(body.splitlines(keepends=True)))
    if path.suffix.lower() == ".xlsx":
        from openpyxl import load_workbook

        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
        return [[_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    raise SetError([text("sheets.format", path=path)])


def _shown(cell: object) -> Cell:
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
