"""The search: region, person and date decide among sections; the floor removes results."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from retrieval_fakes import ToyEncoder, corpus, section

from assistant.calibrating import context_of, fit, look
from assistant.confidence import FILE, Calibration, Logistic, Signals
from assistant.index import in_memory
from assistant.indexing import centres, read_vectors, vector_ids
from assistant.places import ELSEWHERE, covers, locate
from assistant.questions import (
    FOLDER,
    NEAR,
    Question,
    QuestionsError,
    read_questions,
    training_questions,
    unanswerable_questions,
)
from assistant.retrieval import STYLE, Retriever, SearchContext, passages_of, unheld_of
from assistant.section_retriever import SectionRetriever
from assistant.settings import Settings
from assistant.text import plain
from corpus import Corpus, load_corpus

TODAY = date(2026, 11, 25)
HELD_OUT = "80245a44fbc075fc850d3a3769caa7e04570cc201a62b875fefa0bcbc90d757b"
VALIDITY = "临时备案的有效期是六个月"
SMALL = corpus(
    section("general", "临时备案能用多久", VALIDITY),
    section("state", "临时备案能用多久", VALIDITY, document="state"),
    section("province", "临时备案能用多久", VALIDITY, document="province", region="32"),
    section("city", "临时备案能用多久", VALIDITY, document="city", region="3205"),
    section("other", "临时备案能用多久", VALIDITY, document="other", region="4409"),
    section("law", "法律怎么说直接结算", "法律要求推行直接结算", since=date(2027, 1, 1)),
    section("rule", "规程怎么说直接结算", "规程要求推行直接结算", since=date(2023, 1, 1)),
    section("target", "门诊结算的目标", "年底前门诊结算全覆盖", until=date(2021, 12, 31)),
    section("worker", "住院报多少", "住院按比例报销", insurance="employee", care=("inpatient",)),
    section("peasant", "住院报多少", "住院按比例报销", insurance="resident", care=("inpatient",)),
    section("clinic", "门诊报多少", "门诊按比例报销", care=("outpatient",), topics=("ratio",)),
)


def retriever_of(known: Corpus, extra: tuple[Question, ...] = (), **options: float) -> Retriever:
    passages = passages_of(known.sections, extra)
    encoder = ToyEncoder()
    index = in_memory(passages, encoder, STYLE)
    unheld = centres(unheld_of(extra), encoder, STYLE)
    return Retriever(index, known, unheld, floor=options.get("floor"))


@pytest.fixture(scope="module")
def small() -> Retriever:
    return retriever_of(SMALL)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return Retriever.load(Settings(index_dir=tmp_path_factory.mktemp("index")), load_corpus())


def found(retriever: Retriever, query: str, k: int = 20, **context: object) -> list[str]:
    on = context.pop("on", TODAY)
    hits = retriever.search(query, SearchContext(on=on, **context), k).hits  # type: ignore[arg-type]
    return [h.section.id for h in hits]


class TestRegion:
    def test_own_city_over_its_province_over_the_state_over_general(self, small: Retriever) -> None:
        ids = found(small, "临时备案能用多久", insured_region="3205")
        assert ids[:4] == ["city", "province", "state", "general"]

    def test_another_regions_sections_are_not_shown(self, small: Retriever) -> None:
        assert "other" not in found(small, "临时备案能用多久", insured_region="3205")
        assert not {"city", "province", "other"} & set(found(small, "临时备案能用多久"))

    def test_a_city_of_the_province_has_its_documents(self, small: Retriever) -> None:
        ids = found(small, "临时备案能用多久", insured_region="3201")
        assert ids[0] == "province"
        assert "city" not in ids

    @pytest.mark.parametrize("name", ["茂名", "茂名市", "广东茂名"])
    def test_a_region_named_in_the_question_is_shown(self, small: Retriever, name: str) -> None:
        assert found(small, f"{name}的临时备案能用多久")[0] == "other"
        assert "other" in found(small, f"{name}的临时备案能用多久", insured_region="3205")

    def test_where_care_is_given_binds_nobody(self, small: Retriever) -> None:
        ids = found(
            small, "去茂名看病，临时备案能用多久", insured_region="3205", treatment_region="4409"
        )
        assert "other" not in ids
        assert ids[0] == "city"

    def test_a_province_named_opens_its_cities(self, small: Retriever) -> None:
        assert {"province", "city"} <= set(found(small, "江苏的临时备案能用多久"))


class TestDate:
    @pytest.mark.parametrize(
        ("on", "first"), [(date(2026, 12, 31), "rule"), (date(2027, 1, 1), "law")]
    )
    def test_a_clause_holds_from_its_day(self, small: Retriever, on: date, first: str) -> None:
        query = "法律怎么说直接结算" if first == "law" else "怎么说直接结算"
        assert found(small, query, on=on)[0] == first

    def test_a_clause_not_in_force_is_kept_flagged_and_lower(self, small: Retriever) -> None:
        def hit(on: date) -> tuple[bool, float]:
            hits = small.search("法律怎么说直接结算", SearchContext(on=on), 20).hits
            law = next(h for h in hits if h.section.id == "law")
            return law.in_force, law.score

        before, after = hit(date(2026, 12, 31)), hit(date(2027, 1, 1))
        assert (before[0], after[0]) == (False, True)
        assert before[1] < after[1]

    def test_an_expired_target_is_flagged_from_the_next_day(self, small: Retriever) -> None:
        for on, holds in ((date(2021, 12, 31), True), (date(2022, 1, 1), False)):
            hits = small.search("门诊结算的目标", SearchContext(on=on), 20).hits
            assert next(h for h in hits if h.section.id == "target").in_force is holds


class TestPerson:
    @pytest.mark.parametrize(("kind", "first"), [("employee", "worker"), ("resident", "peasant")])
    def test_insurance(self, small: Retriever, kind: str, first: str) -> None:
        assert found(small, "住院报多少", insurance=kind)[0] == first

    @pytest.mark.parametrize(
        ("care", "firsts"), [("inpatient", {"worker", "peasant"}), ("outpatient", {"clinic"})]
    )
    def test_care(self, small: Retriever, care: str, firsts: set[str]) -> None:
        assert found(small, "报多少", care=care)[0] in firsts

    def test_topics_of_the_routing_are_a_hint(self, small: Retriever) -> None:
        def score(*topics: str) -> float:
            hits = small.search("门诊报多少", SearchContext(on=TODAY, topics=topics), 20).hits
            return next(h.score for h in hits if h.section.id == "clinic")

        assert score("ratio") > score() == score("materials")


class TestSilence:
    def test_the_floor_removes_results(self) -> None:
        query, context = "临时备案能用多久", SearchContext(on=TODAY)
        low, high = retriever_of(SMALL, floor=0.0), retriever_of(SMALL, floor=1.0)
        assert low.search(query, context).answerable
        assert not high.search(query, context).answerable
        assert SectionRetriever(retriever=low, on=TODAY).invoke(query)
        assert SectionRetriever(retriever=high, on=TODAY).invoke(query) == []

    def test_nearness_to_what_is_not_held_counts_against_an_answer(self) -> None:
        query, context = "救护车的钱能报吗", SearchContext(on=TODAY)
        plain_search = retriever_of(SMALL).search(query, context)
        unheld = ("救护车费能报吗", "救护车的钱给报吗", "叫救护车的钱能报吗")
        taught = retriever_of(SMALL, tuple(Question(None, "services", q) for q in unheld))
        result = taught.search(query, context)
        assert plain_search.signals.silent == 0.0
        assert result.signals.silent > 0.5
        assert result.signals.dense == plain_search.signals.dense
        assert all(h.section in SMALL.sections for h in result.hits)

    def test_confidence_is_what_its_weights_say(self) -> None:
        model = Logistic((1.0, 0.0, 0.0, 0.0, 0.0, -1.0), 0.0)
        assert model(Signals(score=0.0)) == 0.5
        assert model(Signals(score=2.0)) == pytest.approx(0.8808, abs=1e-4)
        assert model(Signals(score=2.0, silent=2.0)) == 0.5

    def test_fitting_learns_both_questions(self) -> None:
        from assistant.calibrating import Seen

        seen = [
            Seen(Signals(score=0.1 * n, dense=0.1 * n, silent=s), right=n > 6, held=s < 0.4)
            for n in range(10)
            for s in (0.1, 0.2, 0.6, 0.7)
        ]
        calibration = fit(seen)
        good, bad = Signals(score=0.9, dense=0.9, silent=0.1), Signals(silent=0.7)
        assert calibration.right(good) > 0.5 > calibration.right(bad)
        assert calibration.held(good) > calibration.floor > calibration.held(bad)

    def test_shipped_calibration_is_read_as_it_was_written(self, tmp_path: Path) -> None:
        shipped = Calibration.shipped()
        shipped.save(tmp_path / "again.json")
        assert (tmp_path / "again.json").read_text() == FILE.read_text()

    def test_unanswerable_questions_are_met_with_silence(self, real: Retriever) -> None:
        near: list[bool] = []
        far: list[bool] = []
        for q in unanswerable_questions():
            silent = not real.search(q.question, SearchContext(on=TODAY)).answerable
            (near if q.voice.startswith(NEAR) else far).append(silent)
        assert sum(far) / len(far) >= 0.95
        assert sum(near) / len(near) >= 0.85


class TestRealCorpus:
    def test_own_typical_questions_find_their_section(self, real: Retriever) -> None:
        sections = load_corpus().sections
        asked = [Question(s.id, "typical", s.questions[0]) for s in sections]
        right = [look(real, load_corpus(), q).right for q in asked]
        assert sum(right) / len(right) >= 0.95

    def test_held_out_questions(self, real: Retriever) -> None:
        asked = read_questions(FOLDER / "heldout.jsonl")
        known = load_corpus()
        third = 0
        for q in asked:
            query, context = context_of(q.question, known.section(str(q.section)).region)
            hits = real.search(query, context, k=3).hits
            third += q.section in {h.section.id for h in hits}
        assert third / len(asked) >= 0.93

    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=120))
    def test_any_text_is_answered_the_same_way_twice(self, text: str) -> None:
        retriever = _shared()
        context = SearchContext(on=TODAY)
        first = retriever.search(text, context)
        assert first == retriever.search(text, context)
        assert 0.0 <= first.confidence <= 1.0
        assert len(first.hits) <= 8

    def test_langchain_documents_carry_their_evidence(self, real: Retriever) -> None:
        documents = SectionRetriever(retriever=real, k=2, on=TODAY).invoke("临时备案能用多久")
        assert documents[0].id == "validity-temporary"
        assert documents[0].metadata["documents"][0] == "nhsa-2022-22"
        assert documents[0].metadata["in_force"] is True
        assert documents[0].page_content == load_corpus().section("validity-temporary").text


_SHARED: list[Retriever] = []


def _shared() -> Retriever:
    if not _SHARED:
        _SHARED.append(retriever_of(SMALL))
    return _SHARED[0]


class TestPlaces:
    @pytest.mark.parametrize(
        ("text", "respelt"),
        [
            ("南通的医保", f"{ELSEWHERE}的医保"),
            ("茂名居民去广州住院", f"{ELSEWHERE}居民去{ELSEWHERE}住院"),
            ("成都职工住院", f"{ELSEWHERE}职工住院"),
            ("备案能用多久", "备案能用多久"),
        ],
    )
    def test_respelling(self, text: str, respelt: str) -> None:
        assert locate(text).text == respelt

    def test_elsewhere_is_not_named(self) -> None:
        located = locate("茂名的人在南京看病", elsewhere="3201")
        assert located.text == f"{ELSEWHERE}的人在{ELSEWHERE}看病"
        assert located.named == {"4409"}

    def test_covers(self) -> None:
        assert covers("32", "3205")
        assert covers("3205", "3205")
        assert not covers("3205", "32")
        assert not covers("3205", "320506")


class TestQuestions:
    def test_the_held_out_questions_are_frozen(self) -> None:
        content = (FOLDER / "heldout.jsonl").read_bytes()
        assert hashlib.sha256(content).hexdigest() == HELD_OUT

    def test_no_held_out_question_is_trained_on(self) -> None:
        held_out = {plain(q.question) for q in read_questions(FOLDER / "heldout.jsonl")}
        trained = {plain(q.question) for q in training_questions()}
        typical = {plain(q) for s in load_corpus().sections for q in s.questions}
        assert not held_out & (trained | typical)

    def test_at_least_4000_over_all_but_the_held_out_sections(self) -> None:
        ids = {s.id for s in load_corpus().sections}
        trained = training_questions(known=ids)
        assert len(trained) >= 4000
        left_out = {q.section for q in read_questions(FOLDER / "heldout.jsonl", ids)}
        assert ids - {q.section for q in trained} <= left_out

    def test_every_fault_is_told_at_once(self, tmp_path: Path) -> None:
        path = tmp_path / "q.jsonl"
        path.write_text(
            '{"section": "a", "voice": "x", "question": "好"}\n'
            "nonsense\n"
            '{"section": "b", "voice": "x", "question": "好"}\n'
            '{"section": "a", "voice": "x", "question": " "}\n'
            '{"section": "a", "question": "好"}\n'
        )
        with pytest.raises(QuestionsError) as caught:
            read_questions(path, {"a"})
        assert [line.split(":")[1] for line in str(caught.value).splitlines()] == list("2345")


def test_shipped_vectors_are_what_the_encoder_makes_of_the_corpus(real: Retriever) -> None:
    index = real.index
    sections = list(index.passages)
    ids, vectors = read_vectors(f"{index.encoder.fingerprint} {STYLE.name}")
    shipped = {i[12:]: row for i, row in zip(ids, vectors, strict=True)}
    assert all(i[12:] in shipped for i in vector_ids(sections)), "run `make encoder`"
    some = sections[::40]
    made = centres(some, index.encoder, STYLE)
    for passage, row in zip(some, made, strict=True):
        assert np.allclose(shipped[vector_ids([passage])[0][12:]], row, atol=1e-6)


def test_vectors_of_another_encoder_are_not_taken() -> None:
    assert read_vectors("another 2")[0] == []
