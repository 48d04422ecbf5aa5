"""Loads the corpus: every document, section and conflict, or one error that lists every fault.

Does not rank, search or judge a date; the writing rules are checked by :mod:`corpus.check`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import get_args

from corpus.conflicts import read_conflicts
from corpus.errors import Fault, InvalidCorpus, UnknownId
from corpus.links import broken_links
from corpus.markdown import read_document
from corpus.messages import fault
from corpus.model import Authority, Conflict, Document, Section

_RANK = {authority: rank for rank, authority in enumerate(get_args(Authority))}


@dataclass(frozen=True)
class Corpus:
    """Everything the documents say, in the order of the files' names.

    ``fingerprint``: sha256 (hex) of the names and bytes of all files read; another content,
    another fingerprint.
    """

    documents: tuple[Document, ...]
    sections: tuple[Section, ...]
    conflicts: tuple[Conflict, ...]
    fingerprint: str

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _conflicts(self) -> dict[str, Conflict]:
        return {conflict.id: conflict for conflict in self.conflicts}

    @cached_property
    def _conflicts_by_section(self) -> dict[str, tuple[Conflict, ...]]:
        found: dict[str, tuple[Conflict, ...]] = {}
        for conflict in self.conflicts:
            for id in conflict.sections:
                found[id] = (*found.get(id, ()), conflict)
        return found

    def document(self, id: str) -> Document:
        """The document ``id``. Raises :class:`UnknownId`."""
        try:
            return self._documents[id]
        except KeyError:
            raise UnknownId("document", id) from None

    def section(self, id: str) -> Section:
        """The section ``id``. Raises :class:`UnknownId`."""
        try:
            return self._sections[id]
        except KeyError:
            raise UnknownId("section", id) from None

    def conflict(self, id: str) -> Conflict:
        """The conflict ``id``. Raises :class:`UnknownId`."""
        try:
            return self._conflicts[id]
        except KeyError:
            raise UnknownId("conflict", id) from None

    def conflicts_of(self, section_id: str) -> tuple[Conflict, ...]:
        """The conflicts that touch a section, in the order of the file; () when none does."""
        return self._conflicts_by_section.get(section_id, ())


def load_corpus(root: Path | None = None) -> Corpus:
    """The corpus under ``root`` (default: this package), read once.

    Raises :class:`InvalidCorpus` with every fault of every file.
    """
    return _load((root or Path(__file__).parent).resolve())


@cache
def _load(root: Path) -> Corpus:
    corpus, faults = read_corpus(root)
    errors = [found for found in faults if not found.warning]
    if errors:
        raise InvalidCorpus(errors)
    return corpus


def read_corpus(root: Path | None = None) -> tuple[Corpus, tuple[Fault, ...]]:
    """What can be read under ``root`` and all faults of form and reference, sorted by place."""
    root = (root or Path(__file__).parent).resolve()
    faults: list[Fault] = []
    documents: list[Document] = []
    sections: list[Section] = []
    digest = hashlib.sha256()
    paths = sorted((root / "documents").glob("**/*.md"))
    registry = root / "conflicts.toml"
    for path in [*paths, *([registry] if registry.is_file() else [])]:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    for path in paths:
        found = read_document(path, _shown(path, root), faults)
        if found is not None:
            documents.append(found[0])
            sections.extend(found[1])
    if not documents:
        faults.append(fault("no_documents", _shown(root / "documents", root), 1))
    conflicts = read_conflicts(registry, _shown(registry, root), faults)
    faults.extend(_duplicates([(document.id, document.path, 2) for document in documents]))
    faults.extend(_duplicates([(section.id, section.path, section.line) for section in sections]))
    faults.extend(_duplicates([(found.id, found.path, found.line) for found in conflicts]))
    faults.extend(broken_links(documents, sections, conflicts))
    rank = {document.id: _RANK[document.authority] for document in documents}
    corpus = Corpus(
        documents=tuple(documents),
        sections=tuple(_strongest_first(section, rank) for section in sections),
        conflicts=conflicts,
        fingerprint=digest.hexdigest(),
    )
    return corpus, tuple(sorted(faults))


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root.parent).as_posix()


def _strongest_first(section: Section, rank: dict[str, int]) -> Section:
    """Documents by authority; of equal authority the section's own document leads."""
    ordered = sorted(section.documents, key=lambda id: rank.get(id, len(_RANK)))
    return replace(section, documents=tuple(ordered))


def _duplicates(places: list[tuple[str, str, int]]) -> list[Fault]:
    seen: dict[str, str] = {}
    faults: list[Fault] = []
    for id, path, line in places:
        if id in seen:
            faults.append(fault("duplicate_id", path, line, id=id, other=seen[id]))
        else:
            seen[id] = f"{path}:{line}"
    return faults
