"""A materials list made ready to show and to save: rows, alternatives together, sources."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from assistant.composing.checklist import view
from assistant.composing.citations import CitationBook
from assistant.text import chinese_date
from assistant.types import Citation, MaterialItemView, ReasonView
from assistant.web.pdf import Line, pdf_bytes
from assistant.web.texts import page_texts, say
from corpus import load_corpus
from rules.facts import Facts
from rules.materials import materials

_FONT = "宋体"
_BOX = "☐"


@dataclass(frozen=True)
class Row:
    """One line of the list: a paper, or several of which one is enough."""

    number: int
    papers: tuple[MaterialItemView, ...]
    condition: str

    @property
    def either(self) -> bool:
        return len(self.papers) > 1


@dataclass(frozen=True)
class Sheet:
    """One list for one person on one day."""

    title: str
    region: str
    made: date
    rows: tuple[Row, ...]
    notes: tuple[ReasonView, ...]
    citations: tuple[Citation, ...]

    def source(self, marker: int | None) -> str:
        """``医保发〔2022〕22号（2022-07-26）`` for a marker."""
        found = next((c for c in self.citations if c.marker == marker), None)
        return "" if found is None else source_line(found)


def make_sheet(facts: Facts, scenario: str | None, today: date) -> Sheet:
    """The list ``scenario`` for the case. Raises :class:`rules.errors.InputError`."""
    checklist = materials(facts, scenario, today)
    book = CitationBook(load_corpus())
    shown = view(checklist, book)
    groups = groupby(
        enumerate(shown.items),
        lambda pair: (pair[1].one_of, pair[1].condition) if pair[1].one_of else pair[0],
    )
    rows = []
    for number, (_, group) in enumerate(groups, 1):
        papers = tuple(item for _, item in group)
        rows.append(Row(number, papers, papers[0].condition or ""))
    region = facts.insured_region.name if facts.insured_region else ""
    return Sheet(
        title=shown.title,
        region=region,
        made=today,
        rows=tuple(rows),
        notes=tuple(shown.notes),
        citations=tuple(book.citations),
    )


def source_line(citation: Citation) -> str:
    day = f"，{citation.published}" if citation.published else ""
    authority = page_texts()["authority"][citation.authority]
    return f"{citation.title}（{citation.publisher}{day}；{authority}）"


def plain_sheet(sheet: Sheet) -> str:
    """The list as text to paste into a chat."""
    lines = [sheet.title, *_head(sheet)]
    lines += [f"{row.number}. {row_words(row)}" for row in sheet.rows] or [say("papers.nothing")]
    lines += [note.text for note in sheet.notes]
    lines += [say("papers.sources"), *(f"- {s}" for s in source_lines(sheet)), say("page.caution")]
    return "\n".join(lines)


def row_words(row: Row) -> str:
    """``转诊的：居住证明、个人承诺书（任选一样）``."""
    names = "、".join(f"{p.name}（{p.copies}）" if p.copies else p.name for p in row.papers)
    either = f"（{say('papers.one_of')}）" if row.either else ""
    condition = f"{row.condition}：" if row.condition else ""
    return f"{condition}{names}{either}"


def csv_bytes(sheet: Sheet) -> bytes:
    """One line a paper, UTF-8 with a mark that spreadsheets need to read Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(page_texts()["papers"]["csv_head"].values())
    for row in sheet.rows:
        for paper in row.papers:
            group = str(row.number) if row.either else ""
            cells = [row.number, paper.name, group, paper.copies or "", row.condition]
            writer.writerow([_inert(str(cell)) for cell in cells] + [sheet.source(paper.marker)])
    return out.getvalue().encode("utf-8-sig")


def docx_bytes(sheet: Sheet) -> bytes:
    """One page for a word processor."""
    from docx import Document  # not needed to show the page
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    style = document.styles["Normal"]
    style.font.name = _FONT
    style.font.size = Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    heading = document.add_heading(sheet.title, level=1)
    for run in heading.runs:
        run.font.name = _FONT
        run._element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    document.add_paragraph("　".join(_head(sheet)))
    for row in sheet.rows:
        document.add_paragraph(f"{_BOX} {row.number}. {row_words(row)}")
    if not sheet.rows:
        document.add_paragraph(say("papers.nothing"))
    if sheet.notes:
        document.add_paragraph().add_run(say("papers.notes")).bold = True
        for note in sheet.notes:
            document.add_paragraph(note.text, style="List Bullet")
    document.add_paragraph().add_run(say("papers.sources")).bold = True
    for line in source_lines(sheet):
        document.add_paragraph(line, style="List Bullet")
    document.add_paragraph(say("page.caution"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet_pdf(sheet: Sheet) -> bytes:
    """One page to send or to keep."""
    lines = [Line(sheet.title, 18), Line("　".join(_head(sheet)), 10, space=4)]
    for n, row in enumerate(sheet.rows):
        lines.append(Line(f"{row.number}. {row_words(row)}", 12, tick=True, space=6 if n else 14))
    if not sheet.rows:
        lines.append(Line(say("papers.nothing"), 12, space=14))
    if sheet.notes:
        lines.append(Line(say("papers.notes"), 12, space=14))
        lines += [Line(f"- {note.text}") for note in sheet.notes]
    lines.append(Line(say("papers.sources"), 10, space=14))
    lines += [Line(f"- {line}", 9) for line in source_lines(sheet)]
    lines.append(Line(say("page.caution"), 9, space=10))
    return pdf_bytes(sheet.title, lines)


def _head(sheet: Sheet) -> list[str]:
    made = say("papers.made", day=chinese_date(sheet.made))
    return [say("papers.for", region=sheet.region), made] if sheet.region else [made]


def source_lines(sheet: Sheet) -> list[str]:
    return list(dict.fromkeys(source_line(c) for c in sheet.citations))


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@" and cell else cell
