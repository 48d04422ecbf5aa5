"""``python -m assistant.check``: the links between corpus, rules and replies, all faults at once.

Every passage that a pack, checklist or verdict names exists in the corpus; every region of the
corpus exists in the rules; every reply, question and label is one the code asks for.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from assistant.composing.edges import KIND_OF_FILING
from assistant.data import read_toml
from assistant.routing import Router
from corpus import Corpus, load_corpus
from rules.facts import CostItems, Facts
from rules.links import conflict_links, passage_links
from rules.regions import region_by_code

_REFERENCE = re.compile(r"\[\[([a-z0-9-]+)\]\]")


def faults() -> list[str]:
    """Every broken link as ``file: what is wrong, what was expected``; empty when all hold."""
    corpus = load_corpus()
    Router.load()
    return [
        *_rule_passages(corpus),
        *_reply_passages(corpus),
        *_corpus_regions(corpus),
        *_reply_facts(),
        *_scope_replies(),
    ]


def _rule_passages(corpus: Corpus) -> Iterator[str]:
    sections = {s.id for s in corpus.sections}
    conflicts = {c.id for c in corpus.conflicts}
    for where, name in passage_links():
        if name not in sections:
            yield f"rules/{where}: passage {name!r} is no section of the corpus"
    for where, name in conflict_links():
        if name not in conflicts:
            yield f"rules/{where}: conflict {name!r} is not in corpus/conflicts.toml"


def _walk(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner, key)
    elif isinstance(value, str):
        yield key, value


def _reply_passages(corpus: Corpus) -> Iterator[str]:
    sections = {s.id for s in corpus.sections}
    for key, text in _walk(read_toml("replies.toml")):
        for wanted in _REFERENCE.findall(text):
            if wanted not in sections:
                yield f"assistant/data/replies.toml: {key}: [[{wanted}]] is no section"


def _corpus_regions(corpus: Corpus) -> Iterator[str]:
    for section in corpus.sections:
        if section.region and region_by_code(section.region) is None:
            yield f"{section.path}:{section.line}: region {section.region!r} is unknown"


def _reply_facts() -> Iterator[str]:
    known = set(Facts.model_fields) | set(CostItems.model_fields)
    replies = read_toml("replies.toml")
    for group in ("ask", "label", "value"):
        for name in replies[group]:
            if name not in known and name != KIND_OF_FILING:
                yield f"assistant/data/replies.toml: {group}.{name} is no fact"


def _scope_replies() -> Iterator[str]:
    replies = read_toml("replies.toml")
    for entry in read_toml("scope.toml")["out"]:
        if entry["reply"] not in replies["decline"]:
            yield f"assistant/data/scope.toml: no reply decline.{entry['reply']}"
    for entry in read_toml("chat.toml")["chat"]:
        if entry["reply"] not in replies["chat"]:
            yield f"assistant/data/chat.toml: no reply chat.{entry['reply']}"


def main() -> int:
    """Prints every fault. Exit code 1 when there is one."""
    found = faults()
    print("\n".join(found) if found else "没有错误：语料、规则、话术之间的引用都对得上。")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
