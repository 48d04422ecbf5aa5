"""What the help desk looks up: sections by words and conditions, papers side by side, packs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.places import covers
from assistant.settings import settings
from assistant.web.texts import page_texts, say
from corpus import Document, Section, UnknownId, load_corpus
from rules.facts import Facts, Region
from rules.materials import materials, scenarios
from rules.packs import load_packs
from rules.regions import region_by_code
from rules.show import show

if TYPE_CHECKING:
    from assistant.retrieval import Retriever

MOST = 12
NEAREST = 60
"""Sections looked at for a query, before the filters."""
_CELL = re.compile(r"\| ([a-z0-9-]+) \|$", re.MULTILINE)
_ID = re.compile(r"（[a-z0-9/-]+）$", re.MULTILINE)
"""What the rules call a table, behind its heading."""
_NOTE = re.compile(r"〔([a-z0-9-]+)〕")


@dataclass(frozen=True)
class Filters:
    """None: not limited."""

    region: Region | None = None
    insurance: str | None = None
    authority: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class Found:
    """A section with the documents it rests on, the strongest first."""

    section: Section
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Matrix:
    """Papers by scenario. ``rows``: a paper and, for each column, what it is there."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def _retriever() -> Retriever:
    from assistant.retrieval import Retriever  # not needed to show the page

    return Retriever.load(settings(), load_corpus())


def search(query: str, filters: Filters, today: date) -> list[Found]:
    """Sections that pass the filters; with a query only near ones, the nearest first.

    A query is looked up as the assistant does: rules of a place that neither the query nor the
    filter names stay out.
    """
    from assistant.retrieval import SearchContext

    corpus = load_corpus()
    sections = list(corpus.sections)
    if query.strip():
        context = SearchContext(
            on=filters.on or today,
            insured_region=filters.region.code if filters.region else None,
            insurance=filters.insurance,
        )
        sections = [hit.section for hit in _retriever().search(query, context, k=NEAREST).hits]
    found = [Found(s, tuple(corpus.document(d) for d in s.documents)) for s in sections]
    return [f for f in found if _passes(f, filters)]


def _passes(found: Found, filters: Filters) -> bool:
    section = found.section
    region, insurance = filters.region, filters.insurance
    if region is not None and not (section.region and covers(section.region, region.code)):
        return False
    if insurance is not None and section.insurance not in (None, insurance):
        return False
    if filters.authority is not None and found.documents[0].authority != filters.authority:
        return False
    if filters.on is None:
        return True
    since, until = section.in_force_from, section.in_force_to
    return (since is None or since <= filters.on) and (until is None or filters.on <= until)


def matrix(kind: str) -> Matrix:
    """The papers of several scenarios side by side. ``kind``: a key of ``[desk.matrix]``."""
    wanted: list[str] = page_texts()["desk"]["matrix"][kind]
    titles = dict(scenarios())
    lists = [materials(Facts(), scenario) for scenario in wanted]
    names = dict.fromkeys(item.name for found in lists for item in found.items)
    rows = tuple((name, tuple(_cell(name, found) for found in lists)) for name in names)
    return Matrix(tuple(titles[scenario] for scenario in wanted), rows)


def _cell(name: str, checklist: Any) -> str:
    item = next((i for i in checklist.items if i.name == name), None)
    if item is None:
        return ""
    same = [i for i in checklist.items if item.one_of and i.one_of == item.one_of]
    return say("desk.matrix_either") if len(same) > 1 else say("desk.matrix_needed")


def pack_regions() -> list[tuple[str, str]]:
    """(name, code) of every place that has rules of its own; "" for the general ones."""
    codes = {file.region for file in load_packs().files.values() if file.region}
    named = [(region_by_code(code), code) for code in sorted(codes)]
    places = [(_full_name(region), code) for region, code in named if region is not None]
    return [(say("desk.pack_general"), ""), *places]


def pack_table(code: str) -> str:
    """The rules of a place as Markdown tables, each line with the document it comes from."""
    text = show(load_packs(), region_by_code(code) if code else None)
    text = _ID.sub("", text)
    text = _CELL.sub(lambda m: f"| {_document_of(m[1])} |", text)
    return _NOTE.sub(lambda m: f"〔{_document_of(m[1])}〕", text)


def _document_of(section_id: str) -> str:
    corpus = load_corpus()
    try:
        return corpus.document(corpus.section(section_id).documents[0]).title
    except UnknownId:
        return section_id


def _full_name(region: Region) -> str:
    return region.name if region.name == region.province else f"{region.province}{region.name}"
