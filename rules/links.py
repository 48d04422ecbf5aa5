"""Every section and conflict of the corpus that the rules' data name, for the link check."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from rules.checklist import load_checklists
from rules.packs import load_packs
from rules.texts import passages
from rules.validity_data import conflict_references, references


def passage_links() -> Iterator[tuple[str, str]]:
    """``(where it stands, section id)``, each once a file."""
    found = [(f"packs/{stem}.toml", ids) for stem, ids in _pack_ids("passage").items()]
    for stem, file in load_checklists().files.items():
        found.append((f"checklists/{stem}.toml", named(file, "passage")))
    for where, ids in found:
        yield from ((where, name) for name in ids)
    yield from (("texts.toml", name) for name in passages())
    yield from references()


def conflict_links() -> Iterator[tuple[str, str]]:
    """``(where it stands, conflict id)``, each once a file."""
    for stem, ids in (_pack_ids("conflicts") | _pack_ids("inside_conflicts")).items():
        yield from ((f"packs/{stem}.toml", name) for name in ids)
    for stem, file in load_checklists().files.items():
        yield from ((f"checklists/{stem}.toml", name) for name in named(file, "conflicts"))
    yield from conflict_references()


def _pack_ids(key: str) -> dict[str, list[str]]:
    return {stem: named(file, key) for stem, file in load_packs().files.items()}


def named(model: BaseModel, key: str) -> list[str]:
    """Every id that ``key`` (a string or several) holds anywhere in a data file, sorted."""
    return sorted(set(_walk(model, key)))


def _walk(part: object, key: str) -> Iterator[str]:
    if isinstance(part, BaseModel):
        own = getattr(part, key, None)
        yield from (own,) if isinstance(own, str) else own or ()
        for name in type(part).model_fields:
            if name != key:
                yield from _walk(getattr(part, name), key)
    elif isinstance(part, tuple):
        for each in part:
            yield from _walk(each, key)
    elif isinstance(part, dict):
        for each in part.values():
            yield from _walk(each, key)
