"""Our own question sets: well formed, held out in part, and written apart from the corpus."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest

from corpus.load import load_corpus
from evals.items import Item, load_sets, own_files
from evals.library import library
from evals.normal import normal

OPEN = load_sets(own_files(held_out=False))
HELD_OUT = load_sets(own_files(held_out=True))
ALL = OPEN + HELD_OUT
NEAR = 0.8


def grams(body: str) -> frozenset[str]:
    kept = re.sub(r"\W", "", normal(body))
    return frozenset(a + b for a, b in itertools.pairwise(kept))


def test_every_item_is_named_once_and_expects_something() -> None:
    assert [id for id, count in Counter(i.id for i in ALL).items() if count > 1] == []
    assert [i.id for i in ALL if not i.expect.model_fields_set] == []


def test_only_known_keys_and_a_fixed_day() -> None:
    assert [i.id for i in ALL if i.model_extra] == []
    assert [i.id for i in ALL if i.today is None] == []


def test_a_third_is_held_out_of_every_theme() -> None:
    themes = {path.name for path in own_files(held_out=False)}
    assert {f"heldout-{name}" for name in themes} == {p.name for p in own_files(held_out=True)}
    for name in themes:
        size = len(load_sets(p for p in own_files(held_out=False) if p.name == name))
        held = len(load_sets(p for p in own_files(held_out=True) if p.name == f"heldout-{name}"))
        assert 0.28 < held / (size + held) < 0.4, name


def test_every_source_and_section_exists() -> None:
    corpus = load_corpus()
    sources = {document.source for document in corpus.documents}
    sections = {section.id for section in corpus.sections}
    assert {(i.id, s) for i in ALL for s in i.expect.cites if s not in sources} == set()
    assert {(i.id, s) for i in ALL for s in i.sections if s not in sections} == set()
    assert sources == {source for held in library().values() for source in held.sources}


def test_twins_stand_together_and_expect_the_same() -> None:
    twins: dict[str, list[Item]] = {}
    for item in ALL:
        if item.pair:
            twins.setdefault(item.pair, []).append(item)
    assert len(twins) >= 30
    for name, both in twins.items():
        sides = sorted(tag for i in both for tag in i.tags if tag in ("clean", "noisy"))
        assert sides == ["clean", "noisy"], name
        assert both[0].expect == both[1].expect, name
        assert both[0].turns != both[1].turns, name
        assert ("heldout" in both[0].tags) is ("heldout" in both[1].tags), name


def test_amounts_show_how_they_were_worked_out() -> None:
    assert [i.id for i in ALL if i.id.startswith("reimbursement") and not i.note] == []


TYPICAL = [(q, grams(q)) for section in load_corpus().sections for q in section.questions]


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_not_copied_from_the_corpus(item: Item) -> None:
    for turn in item.turns:
        own = grams(turn)
        if len(own) >= 7:
            near = [q for q, other in TYPICAL if len(own & other) >= NEAR * len(own | other)]
            assert near == [], turn
