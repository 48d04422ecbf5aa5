"""Where each row of the policy facts stands: ``coverage.toml`` read and compared with the corpus.

A row's home is one or more sections, rule packs or conflicts, or it is left out with a reason.
Packs are named only; whether they exist is for the caller, who knows the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import Fault
from corpus.fields import Fields, parse_toml
from corpus.load import Corpus
from corpus.markdown import read_lines
from corpus.messages import fault

_KEYS = ("sections", "figures", "packs", "conflicts", "left_out")
_ROW = re.compile(r'\["?(?P<row>[^"\]]+)"?\]\s*(?:#.*)?')
_MARKS = re.compile(r"[\s*`>]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")


@dataclass(frozen=True)
class Home:
    """The home of one row. ``figures`` must stand in the text of its sections and conflicts."""

    row: str
    sections: tuple[str, ...]
    conflicts: tuple[str, ...]
    packs: tuple[str, ...]
    figures: tuple[str, ...]
    left_out: str | None
    path: str
    line: int


def plain(text: str) -> str:
    """``text`` for comparing figures: NFKC, no white space or marks, no thousands separators."""
    return unicodedata.normalize("NFKC", _MARKS.sub("", _THOUSANDS.sub("", text)))


def read_coverage(path: Path, shown: str, faults: list[Fault]) -> tuple[Home, ...]:
    """Every row of ``coverage.toml`` in the order of the file; none when the file is absent."""
    lines = read_lines(path, shown, faults) if path.is_file() else None
    if lines is None:
        return ()
    data = parse_toml(lines, shown, 1, faults)
    starts = [(n, match["row"]) for n, s in enumerate(lines) if (match := _ROW.fullmatch(s))]
    ends = [start for start, _ in starts[1:]] + [len(lines)]
    return tuple(
        _home(row, Fields(data[row], lines[start:end], shown, start + 1, faults, _KEYS), shown)
        for (start, row), end in zip(starts, ends, strict=False)
        if isinstance(data.get(row), dict)
    )


def _home(row: str, fields: Fields, shown: str) -> Home:
    return Home(
        row=row,
        sections=fields.texts("sections"),
        conflicts=fields.texts("conflicts"),
        packs=fields.texts("packs"),
        figures=fields.texts("figures"),
        left_out=fields.optional_text("left_out"),
        path=shown,
        line=fields.line_of(""),
    )


def coverage_faults(corpus: Corpus, homes: tuple[Home, ...]) -> list[Fault]:
    """Rows without a home, homes that are not there, figures that no home holds."""
    return [found for home in homes for found in _of_home(corpus, home)]


def _of_home(corpus: Corpus, home: Home) -> Iterator[Fault]:
    sections = {section.id: section for section in corpus.sections}
    conflicts = {conflict.id: conflict for conflict in corpus.conflicts}

    def found(code: str, **values: object) -> Fault:
        return fault(code, home.path, home.line, row=home.row, **values)

    if not (home.sections or home.conflicts or home.packs or home.left_out):
        yield found("no_home")
    texts: list[str] = []
    for id in home.sections:
        if id in sections:
            texts.append(f"{sections[id].title}\n{sections[id].text}")
        else:
            yield found("unknown_section", id=id)
    for id in home.conflicts:
        if id in conflicts:
            texts += [conflicts[id].why, *(said.text for said in conflicts[id].statements)]
        else:
            yield found("unknown_conflict", id=id)
    if home.figures and not (home.sections or home.conflicts):
        yield found("figures_without_text")
    elif len(texts) > 0:
        held = plain("\n".join(texts))
        for figure in home.figures:
            if plain(figure) not in held:
                yield found(
                    "figure_missing", figure=figure, homes="、".join(home.sections + home.conflicts)
                )
