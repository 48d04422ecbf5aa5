"""The corpus as shipped: clean, complete against the policy facts, its conflicts well founded."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from corpus import Conflict, Corpus, load_corpus
from corpus.check import check_corpus
from corpus.coverage import Home, plain, read_coverage
from corpus.model import Authority

REFERENCE = re.compile(r"\[\[([a-z0-9-]+)\]\]")
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")

REPOSITORY = Path(__file__).parent.parent
POLICY_FACTS = REPOSITORY.parent / "shared" / "spec" / "policy-facts.md"
MEMORY_ONLY = {"A25", "A41", "A46"}
AGREED = {"B28"}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="module")
def homes() -> dict[str, Home]:
    read = read_coverage(REPOSITORY / "corpus" / "coverage.toml", "coverage.toml", [])
    return {home.row: home for home in read}


def conflicts() -> list[Conflict]:
    return list(load_corpus().conflicts)


def test_the_check_is_clean() -> None:
    _, faults = check_corpus()
    assert [str(fault) for fault in faults if not fault.warning] == []


def test_every_contradiction_is_there(corpus: Corpus) -> None:
    rows = {row for conflict in corpus.conflicts for row in conflict.rows}
    wanted = {f"B{number}" for number in range(1, 43)} - AGREED
    assert {row for row in rows if row.startswith("B")} == wanted


@pytest.mark.parametrize("conflict", conflicts(), ids=lambda conflict: conflict.id)
def test_what_prevails_is_of_no_lower_authority(corpus: Corpus, conflict: Conflict) -> None:
    """rules.md, order of authority: national, local, media, commercial, community."""
    order = get_args(Authority)

    def rank(documents: tuple[str, ...]) -> int:
        return min(order.index(corpus.document(id).authority) for id in documents)

    if conflict.prevails is not None:
        ranks = [rank(said.documents) for said in conflict.statements]
        assert ranks[conflict.prevails] == min(ranks)


@pytest.mark.parametrize("conflict", conflicts(), ids=lambda conflict: conflict.id)
def test_the_first_line_of_a_conflict_holds_no_figure_that_does_not_prevail(
    corpus: Corpus, conflict: Conflict
) -> None:
    """It opens in bold with what holds; its figures stand where it is cited from."""
    assert conflict.answer.startswith("**")
    assert len(plain(conflict.answer)) <= 100
    cited = [corpus.section(id).text for id in REFERENCE.findall(conflict.answer)]
    if conflict.prevails is None:
        cited.append(corpus.section(conflict.sections[0]).text)
    else:
        cited.append(conflict.statements[conflict.prevails].text)
    supported = {figure.lstrip("0") for figure in FIGURE.findall(" ".join(cited))}
    told = FIGURE.findall(REFERENCE.sub("", conflict.answer))
    assert {figure.lstrip("0") for figure in told} <= supported


@pytest.mark.parametrize("conflict", conflicts(), ids=lambda conflict: conflict.id)
def test_a_conflict_is_short_and_can_be_shown(conflict: Conflict) -> None:
    assert conflict.sections
    assert len(conflict.why) <= 110
    assert all(len(said.text) <= 90 for said in conflict.statements)
    assert not any(re.search(r"\s", cue) for cue in conflict.cues)


@pytest.mark.parametrize(
    "figure",
    [
        "3–6 个月",
        "3-6 个月",
        "70%–95%",
        "70% 至 95%",
        "★",
        "3 万多家",
        "30000 多家",
        "就高",
        "50 万家",
    ],
)
def test_what_does_not_prevail_stands_in_no_section(corpus: Corpus, figure: str) -> None:
    holding = [s.id for s in corpus.sections if plain(figure) in plain(f"{s.title}\n{s.text}")]
    assert holding == []


def test_every_pack_of_the_rules_has_its_rows(homes: dict[str, Home]) -> None:
    packs: set[str] = set()
    for path in sorted((REPOSITORY / "rules" / "packs").glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        packs |= {pack["id"] for pack in table.get("pack", [])}
    assert packs
    assert {pack for home in homes.values() for pack in home.packs} == packs


@pytest.mark.shared
@pytest.mark.skipif(not POLICY_FACTS.is_file(), reason="the policy facts are not beside us")
def test_every_row_of_the_policy_facts_has_a_home(homes: dict[str, Home]) -> None:
    assert set(homes) == rows_of(POLICY_FACTS.read_text(encoding="utf-8")) - MEMORY_ONLY


def rows_of(text: str) -> set[str]:
    """The rows of sections A–F: A1 …, C2.1 …; D and F by article, E by order."""
    rows = set(re.findall(r"^\| ([AB]\d+|C\d\.\d+) \|", text, re.MULTILINE))
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    article = {part[0]: part for part in parts if part[:2] in {"D.", "E.", "F."}}
    cells = re.findall(r"^\| ([^|]+) \|", article["D"], re.MULTILINE)
    rows |= {"D" + cell.replace("–", "-").replace(" ", "") for cell in cells if cell != "art."}
    table = [line for line in article["E"].splitlines() if line.startswith("| ")]
    rows |= {f"E{number}" for number in range(1, len(table))}
    return rows | {f"F{number}" for number in re.findall(r"第(\d+)条", article["F"])}
