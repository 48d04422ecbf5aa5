"""Reads one Markdown file of ``documents/``: facts on top, then sections of one point each.

The form of a file is shown in README; every departure from it is a fault with its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from corpus.errors import Fault
from corpus.fields import Fields, parse_toml
from corpus.layout import layout
from corpus.messages import fault
from corpus.model import Authority, Document, Evidence, Instead, Section

_HEADING = re.compile(r"## (?P<title>\S.*?) \{#(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\}\s*")
_DOCUMENT_KEYS = (
    "id", "title", "source", "publisher", "published", "checked", "authority", "region",
    "insurance", "care", "in_force_from", "in_force_to", "note",
)  # fmt: skip
_SECTION_KEYS = (
    "evidence", "also", "topics", "region", "insurance", "care", "in_force_from", "in_force_to",
    "follow_up", "questions", "instead",
)  # fmt: skip
_INHERITED = ("region", "insurance", "care", "in_force_from", "in_force_to")


@dataclass(frozen=True)
class _Chunk:
    """The lines of one section, its heading's line number, and what the heading says."""

    id: str
    title: str
    line: int
    lines: tuple[str, ...]


def read_document(
    path: Path, shown: str, faults: list[Fault]
) -> tuple[Document, tuple[Section, ...]] | None:
    """The document at ``path`` and its sections; ``shown`` is how faults name the file.

    None when the file has no readable facts on top.
    """
    lines = read_lines(path, shown, faults)
    if lines is None:
        return None
    ends = [n for n, line in enumerate(lines) if line.rstrip() == "+++"]
    if len(ends) < 2 or ends[0] != 0:
        faults.append(fault("no_front_matter", shown, 1))
        return None
    top, body = lines[1 : ends[1]], ends[1] + 1
    table = parse_toml(top, shown, 2, faults)
    if not table:
        return None
    document = _document(table, top, shown, path.stem, faults)
    inherited = {key: table[key] for key in _INHERITED if key in table}
    sections = tuple(
        _section(chunk, document, inherited, faults)
        for chunk in _chunks(lines[body:], shown, body + 1, faults)
    )
    return document, sections


def read_lines(path: Path, shown: str, faults: list[Fault]) -> list[str] | None:
    """The lines of a UTF-8 text file, with or without a mark in front; None when it is not one."""
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        faults.append(fault("not_utf8", shown, 1))
        return None


def _document(
    table: dict[str, Any], lines: Sequence[str], shown: str, stem: str, faults: list[Fault]
) -> Document:
    fields = Fields(table, lines, shown, 2, faults, _DOCUMENT_KEYS)
    first, last = fields.period()
    document = Document(
        id=fields.text("id"),
        title=fields.text("title"),
        source=fields.text("source"),
        publisher=fields.text("publisher"),
        published=fields.optional_day("published"),
        checked=fields.day("checked"),
        authority=cast(Authority, fields.choice("authority", get_args(Authority))),
        region=fields.optional_region("region"),
        in_force_from=first,
        in_force_to=last,
        note=fields.optional_text("note"),
        path=shown,
    )
    if document.id and document.id != stem:
        fields.note("id_not_file_name", "id", id=document.id)
    return document


def _chunks(lines: Sequence[str], shown: str, start: int, faults: list[Fault]) -> list[_Chunk]:
    """Cut the body, whose first line is line ``start`` of the file, at its headings."""
    heads: list[tuple[int, str, str]] = []
    fenced = False
    for number, line in enumerate(lines):
        if line.startswith("```"):
            fenced = not fenced
        if fenced or not line.startswith("#"):
            continue
        match = _HEADING.fullmatch(line)
        if match is None:
            faults.append(fault("bad_heading", shown, start + number, heading=line.strip()))
        else:
            heads.append((number, match["id"], match["title"]))
    first = heads[0][0] if heads else len(lines)
    for number, line in enumerate(lines[:first]):
        if line.strip() and not line.startswith("#"):
            faults.append(fault("stray_text", shown, start + number))
            break
    ends = [head[0] for head in heads[1:]] + [len(lines)]
    return [
        _Chunk(id, title, start + number, tuple(lines[number + 1 : end]))
        for (number, id, title), end in zip(heads, ends, strict=False)  # no heading, no chunk
    ]


def _section(
    chunk: _Chunk, document: Document, inherited: dict[str, Any], faults: list[Fault]
) -> Section:
    """One section; what it does not state of region, insurance, care and time is its document's."""
    facts, facts_at, text = _split(chunk)
    if facts is None:
        faults.append(fault("no_section_facts", document.path, chunk.line, id=chunk.id))
        facts = ()
    own = parse_toml(facts, document.path, facts_at, faults)
    fields = Fields(inherited | own, facts, document.path, facts_at, faults, _SECTION_KEYS)
    first, last = fields.period()
    insurance = fields.optional_choice("insurance", layout().insurance)
    if own and not own.get("topics"):
        fields.note("missing_key", "topics")
    return Section(
        id=chunk.id,
        title=chunk.title,
        text=text,
        documents=(document.id, *(id for id in fields.texts("also") if id != document.id)),
        questions=fields.texts("questions"),
        evidence=cast(Evidence, fields.choice("evidence", get_args(Evidence)) if own else "text"),
        topics=fields.choices("topics", layout().topics),
        region=fields.optional_region("region"),
        insurance=cast(Literal["employee", "resident"] | None, insurance),
        care=fields.choices("care", layout().care),
        in_force_from=first,
        in_force_to=last,
        follow_up=fields.texts("follow_up"),
        path=document.path,
        line=chunk.line,
        instead=_instead(fields, document.path, faults),
    )


def _instead(fields: Fields, shown: str, faults: list[Fault]) -> tuple[Instead, ...]:
    """The entries of ``instead``; every key but ``section`` is a condition."""
    found: list[Instead] = []
    for entry in fields.tables("instead"):
        when = tuple((key, value) for key, value in entry.items() if key != "section")
        inner = Fields(entry, (), shown, fields.line_of("instead"), faults, entry)
        found.append(Instead(inner.text("section"), when))
    return tuple(found)


def _split(chunk: _Chunk) -> tuple[tuple[str, ...] | None, int, str]:
    """The lines of the toml block, the line of the first of them, and the text that follows."""
    lines = chunk.lines
    opening = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    if opening == len(lines) or lines[opening].rstrip() != "```toml":
        return None, chunk.line, "\n".join(lines).strip()
    closing = next((n for n, s in enumerate(lines) if n > opening and s.rstrip() == "```"), None)
    if closing is None:
        return None, chunk.line, ""
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines[closing + 1 :]))
    return lines[opening + 1 : closing], chunk.line + opening + 2, text.strip()
