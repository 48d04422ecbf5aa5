"""Reads ``conflicts.toml``: where the sources disagree, which statement prevails and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.errors import Fault
from corpus.fields import Fields, parse_toml
from corpus.markdown import read_lines
from corpus.messages import fault
from corpus.model import Conflict, Statement

_KEYS = ("id", "rows", "topic", "statements", "prevails", "why", "answer", "sections", "cues")
_STATEMENT_KEYS = ("text", "documents")


def read_conflicts(path: Path, shown: str, faults: list[Fault]) -> tuple[Conflict, ...]:
    """The conflicts at ``path`` in the order of the file; none when the file is absent."""
    lines = read_lines(path, shown, faults) if path.is_file() else None
    if lines is None:
        return ()
    data = parse_toml(lines, shown, 1, faults)
    Fields(data, lines, shown, 1, faults, ("conflict",))
    starts = [n for n, line in enumerate(lines) if line.strip() == "[[conflict]]"]
    tables = data.get("conflict", [])
    if not isinstance(tables, list) or len(starts) != len(tables):
        faults.append(fault("missing_key", shown, 1, key="[[conflict]]"))
        return ()
    return tuple(
        _conflict(table, lines[start:end], shown, start + 1, faults)
        for table, start, end in zip(tables, starts, [*starts[1:], len(lines)], strict=True)
    )


def _conflict(
    table: dict[str, Any], lines: list[str], shown: str, start: int, faults: list[Fault]
) -> Conflict:
    fields = Fields(table, lines, shown, start, faults, _KEYS)
    id = fields.text("id")
    statements: list[Statement] = []
    raw = table.get("statements", [])
    tables = [entry for entry in raw if isinstance(entry, dict)] if isinstance(raw, list) else []
    for number, entry in enumerate(tables, start=1):
        at = fields.line_of("statements")
        inner = Fields(entry, (), shown, at, faults, _STATEMENT_KEYS)
        documents = inner.texts("documents")
        if not documents:
            inner.note("missing_key", "documents")
        statements.append(Statement(f"{id}/{number}", inner.text("text"), documents))
    if len(statements) < 2:
        fields.note("too_few_statements", "statements", id=id, count=len(statements))
    prevails = fields.optional_count("prevails")
    if prevails is not None and not 0 <= prevails < len(statements):
        fields.note("prevails_out_of_range", "prevails", value=prevails, count=len(statements))
        prevails = None
    return Conflict(
        id=id,
        topic=fields.text("topic"),
        statements=tuple(statements),
        prevails=prevails,
        why=fields.text("why"),
        answer=fields.text("answer"),
        sections=fields.texts("sections"),
        cues=fields.texts("cues"),
        rows=fields.texts("rows"),
        path=shown,
        line=start,
    )
