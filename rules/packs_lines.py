"""Where in a TOML file a fault stands. The standard parser keeps no lines: the text is searched."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rules.errors import Fault
from rules.texts import say

_LINE = re.compile(r"at line (\d+)")


def syntax_fault(path: Path, error: tomllib.TOMLDecodeError) -> Fault:
    """The parser's own message, with its line."""
    found = _LINE.search(str(error))
    line = int(found.group(1)) if found else 1
    return Fault(path.name, line, str(error), say("faults.toml"))


def fault_of(path: Path, text: str, error: Mapping[str, Any]) -> Fault:
    """One of pydantic's errors as a fault with file, line and what was expected."""
    location = tuple(error["loc"])
    name = ".".join(str(part) for part in location)
    kind = str(error["type"])
    if kind == "extra_forbidden":
        message, expected = say("faults.unknown_key", name=name), say("faults.known_keys")
    elif kind == "missing":
        message, expected = say("faults.missing_key", name=name), say("faults.this_key")
    else:
        message, expected = say("faults.value", name=name, value=error["input"]), str(error["msg"])
    return Fault(path.name, line_of(text, location), message, expected)


def line_of(text: str, location: Sequence[object]) -> int:
    """The line (from 1) of ``("pack", 2, "ratio", 0, "percent")``: as deep as it can be found."""
    lines = text.splitlines()
    start, end = 0, len(lines)
    parts = list(location)
    found = 0
    while parts:
        name = parts.pop(0)
        number = parts.pop(0) if parts and isinstance(parts[0], int) else None
        header = [
            index
            for index in range(start, end)
            if re.fullmatch(rf"\s*\[+(\w+\.)?{re.escape(str(name))}\]+\s*(#.*)?", lines[index])
        ]
        if header:
            place = min(number if isinstance(number, int) else 0, len(header) - 1)
            found = start = header[place]
            if place + 1 < len(header):
                end = header[place + 1]
            continue
        key = re.compile(rf"(^|[{{,\s]){re.escape(str(name))}\s*=")
        line = next((index for index in range(start, end) if key.search(lines[index])), None)
        if line is None:
            break
        found = start = line
        if isinstance(number, int):
            cells = [i for i in range(line + 1, end) if lines[i].lstrip().startswith("{")]
            if lines[line].rstrip().endswith("[") and number < len(cells):
                found = start = cells[number]
                end = start + 1
    return found + 1
