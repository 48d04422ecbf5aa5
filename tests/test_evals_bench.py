"""The speed measurements measure what they say; how fast anything is, no test asserts."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from corpus.load import load_corpus
from evals import bench, bench_page, bench_search, bench_start
from evals.bench_passages import Spread, Watch, asked, enlarged, race
from evals.bench_usual import Usual, make_model
from evals.items import load_sets, own_files
from evals.service import keep

SIZE = 300


def test_a_larger_corpus_is_the_own_one_and_its_sentences_drawn_anew() -> None:
    own, larger = load_corpus().sections, enlarged(SIZE).sections
    assert larger[: len(own)] == own
    assert len({s.id for s in larger}) == len(larger) == SIZE
    sentences = {s.strip() for o in own for s in re.split(r"(?<=[。；])", o.text)} - {""}
    joined = re.compile("(?:" + "|".join(map(re.escape, sentences)) + "){3,6}")
    for made in larger[len(own) :]:
        assert joined.fullmatch(made.text), made.id
        assert made.title and any(s.startswith(made.title) for s in sentences)
        assert not made.questions
    assert len({s.text for s in larger}) == SIZE


def test_it_is_the_same_every_time_and_grows_at_its_end() -> None:
    first = enlarged(SIZE).sections
    enlarged.cache_clear()
    assert enlarged(SIZE).sections == first
    assert enlarged(SIZE + 50).sections[:SIZE] == first


def test_fewer_sections_than_the_corpus_has_are_refused() -> None:
    with pytest.raises(ValueError, match="1 sections asked for"):
        enlarged(1)


def test_questions_come_from_all_over_the_open_sets() -> None:
    openings = [item.turns[0] for item in load_sets(own_files(held_out=False))]
    few = asked(10)
    assert few == [openings[n * len(openings) // 10] for n in range(10)]
    assert asked(10**6) == openings


def test_a_spread_is_in_milliseconds() -> None:
    found = Spread.of([n / 1000 for n in range(100, 0, -1)], cpu=0.2)
    assert found == Spread(calls=100, p50_ms=51.0, p95_ms=96.0, p99_ms=100.0, cpu_ms=2.0)
    assert Spread.of([], cpu=0.0).calls == 0


def test_a_watch_counts_each_call() -> None:
    calls: list[int] = []
    watch = Watch()
    for n in range(3):
        watch.time(lambda n=n: calls.append(n))  # type: ignore[misc]
    assert calls == [0, 1, 2] and watch.spread.calls == 3


def test_a_race_takes_turns_and_asks_everybody_the_same() -> None:
    told: list[tuple[str, str]] = []
    questions = [f"q{n}" for n in range(5)]
    runners = [lambda q, who=who: told.append((who, q)) for who in "ab"]
    spreads = race(runners, questions, lap=2)
    warm = [(who, q) for who in "ab" for q in questions[:3]]
    laps = [
        (who, q) for lap in ((0, 2), (2, 4), (4, 5)) for who in "ab" for q in questions[slice(*lap)]
    ]
    assert told == warm + laps
    assert [s.calls for s in spreads] == [5, 5]


@pytest.fixture
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.indexing.VECTORS", tmp_path / "none.npz")


@pytest.mark.usefixtures("nothing_shipped")
def test_one_document_more_encodes_its_own_sections_alone(tmp_path: Path) -> None:
    found = bench_search.added(SIZE, tmp_path)
    assert found["encoded_of_others"] == 0
    assert found["encoded_of_the_new"] == 3 * bench_search.ADDED  # text, title, one question
    assert found["encoded_at_first"] > SIZE


@pytest.mark.usefixtures("nothing_shipped")
def test_the_counter_sees_what_is_encoded_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.indexing._previous", lambda folder, maker: None)
    found = bench_search.added(SIZE, tmp_path)
    assert found["encoded_of_others"] > SIZE


def test_both_ways_to_search_vectors_are_measured(tmp_path: Path) -> None:
    built = bench_search.one(tmp_path, SIZE, "build")
    assert built["passages"] == SIZE and built["index_peak_mb"] > 10
    found = bench_search.one(tmp_path, SIZE, "search", questions=4)
    assert found["by_image"] and found["ours"] == found["image"]
    assert found["image"]["calls"] == found["store"]["calls"] == 4
    assert len(list(tmp_path.glob("*/manifest.json"))) == 1


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("usual")
    make_model(folder)
    return folder


def test_the_usual_recipe_is_kept_and_finds_all_of_a_few(usual: Path) -> None:
    texts = ["备案怎么办", "住院带什么", "急诊怎么结算"]
    for recipe in (Usual(usual, "some", texts), Usual(usual, "some")):
        assert {page.page_content for page in recipe.search("急诊怎么办")} == set(texts)


def test_its_encoder_reads_characters_and_gives_unit_rows(usual: Path) -> None:
    from evals.bench_usual import DIM, Shape

    shape = Shape(usual)
    one, other = shape.embed_query("备案"), shape.embed_query("住院")
    assert len(one) == DIM and one != other
    rows = [one, *shape.embed_documents(["备案怎么办"])]
    assert [round(sum(x * x for x in row), 3) for row in rows] == [1.0, 1.0]


def test_a_page_is_awaited_and_a_dead_one_is_an_error() -> None:
    port = bench_start._free_port()
    server = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    wall, cpu = bench_start._until_page(server, {}, port)
    assert wall > 0 and cpu >= 0
    assert not bench_start._answers(port)
    with pytest.raises(TimeoutError, match="no page"):
        bench_start._until_page([sys.executable, "-c", ""], {}, port)


def test_what_is_measured_is_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = {"index_to_build_s": 4.25, "ours_s": 1.5, "usual_s": 9.75}
    pages = {"ours_s": 3.5, "ours_cpu_s": 3.25, "empty_s": 3.0, "empty_cpu_s": 2.75}
    monkeypatch.setattr(bench_start, "commands", lambda *_: commands)
    monkeypatch.setattr(bench_start, "pages", lambda *_: pages)
    figures = bench.measured((SIZE,), (SIZE,), questions=4, rounds=1, items=3)
    assert {r["name"] for r in figures["rules"]} == {"load", "typical", "widest", "categories"}
    (row,) = figures["search"]
    assert row["ours"]["calls"] == row["usual"]["calls"] == 4
    assert figures["answers"]["items"] == 3
    keep(tmp_path / "bench.json", "bench", figures)
    page = bench_page.write(tmp_path)
    shown = [*commands.values(), *pages.values(), row["times_faster"], row["usual"]["p95_ms"]]
    shown += [r["ms"] for r in figures["rules"]]
    for figure in shown:
        assert str(figure) in page
    assert page == (tmp_path / "bench.md").read_text(encoding="utf-8")


def large_run() -> dict[str, Any]:
    spread = Spread.of([0.001, 0.002], cpu=0.003).figures()
    row = {
        **dict.fromkeys(("index_s", "index_peak_mb", "open_s", "first_ms"), 1.0),
        **dict.fromkeys(("memory_mb", "memory_of_index_mb", "disk_mb"), 2.0),
        **dict.fromkeys(("image", "store", "ours"), spread),
        "by_image": False,
    }
    rows = [{**row, "passages": n} for n in (1000, 100_000)]
    head = {"command": "python -m evals bench --large", "when": "2026-01-01", "cores": 2}
    return {**head, "load_average_after": 0.5, "bench": {"search": rows}}


def test_the_large_run_alone_makes_a_page_too() -> None:
    page = bench_page.render(None, large_run())
    assert "| 100,000 | Chroma | 2.0 | 2.0 | 1.5 |" in page
    assert "15 ms at 100,000 passages; measured 2.0 ms" in page


def test_the_picture_stands_alone_and_has_a_line_for_each_series() -> None:
    lines = [("ours", "#000", [(300.0, 0.5), (10_000.0, 2.0)]), ("a<b", "#111", [(300.0, 50.0)])]
    root = ET.fromstring(bench_page.picture(lines))
    space = {"svg": "http://www.w3.org/2000/svg"}
    drawn = [line.get("points", "").split() for line in root.findall("svg:polyline", space)]
    assert [len(points) for points in drawn] == [2, 1]
    heights = [float(p.split(",")[1]) for points in drawn for p in points]
    assert heights[2] < heights[1] < heights[0]  # slower is higher
    near = [("a", "#000", [(300.0, 1.0)]), ("b", "#111", [(300.0, 1.0)])]
    labels = re.findall(r'y="([\d.]+)" fill', bench_page.picture(near))
    assert len(labels) == 2 and abs(float(labels[0]) - float(labels[1])) >= 14
    assert not re.search(r"href|url\(|@import", ET.tostring(root, encoding="unicode"))
    assert bench_page.picture([])  # nothing measured yet
