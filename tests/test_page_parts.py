"""The parts of the page that need no browser: text to markup, forms, links, lists, pictures."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.composing.facts import spoken
from assistant.data import read_toml
from assistant.pipeline import Assistant
from assistant.types import Answer, Citation
from assistant.web.card import changed, chips, read_fact
from assistant.web.conversation import Conversation, Turn, pack, unpack
from assistant.web.feedback import Feedback, keep
from assistant.web.figures import figure_html
from assistant.web.form import FactForm
from assistant.web.library import Filters, matrix, pack_regions, pack_table, search
from assistant.web.markdown import answer_html
from assistant.web.passages import passage_html
from assistant.web.pdf import Line, pdf_bytes
from assistant.web.sheet import csv_bytes, docx_bytes, make_sheet
from assistant.web.style import style_sheet
from assistant.web.texts import page_texts
from assistant.web.timeline import NEAR, timeline_html
from assistant.web.turns import turn_html, turn_steps
from corpus import load_corpus
from rules.facts import CostItems, Facts
from rules.materials import scenarios
from rules.regions import find_region
from rules.validity import validity
from rules.waterfall import bill_parts

TODAY = date(2025, 8, 1)
WEB = Path(__file__).parent.parent / "assistant" / "web"


def citation(marker: int) -> Citation:
    section = load_corpus().sections[0]
    document = load_corpus().document(section.documents[0])
    return Citation(
        marker=marker, passage=section.id, document=document.id, title=document.title,
        publisher=document.publisher, published=document.published, authority=document.authority,
        source=document.source, quote=section.lead.split("。")[0] + "。",
    )  # fmt: skip


def maoming(**more: Any) -> Facts:
    return Facts(
        insured_region=find_region("茂名"), insurance_type="resident", care_type="inpatient",
        facility_level="level3", total_cost=Decimal(20600), filing_type="referral", **more,
    )  # fmt: skip


class TestMarkup:
    @given(st.text(max_size=200))
    @settings(deadline=None, max_examples=200)
    def test_nothing_typed_becomes_a_tag(self, text: str) -> None:
        html = answer_html(f"{text}<script>x</script>")
        assert "<script" not in html and "javascript:" not in re.findall(r"<[^>]*>", html)
        tags = {tag.split()[0].strip("</>") for tag in re.findall(r"</?[a-z][^>]*>", html)}
        assert tags <= {
            "p", "ul", "ol", "li", "strong", "em", "br", "blockquote", "code",
            "table", "thead", "tbody", "tr", "th", "td",
        }  # fmt: skip

    def test_marks_of_known_citations_become_buttons(self) -> None:
        html = answer_html("说法。 [1] [9]", [citation(1)])
        assert html.count("<button") == 1 and 'data-cite="1"' in html and "[9]" in html

    def test_folds_stay_folds(self) -> None:
        html = answer_html("前\n\n<details><summary>看</summary>\n\n- 甲\n\n</details>")
        assert "<summary>看</summary><ul>" in html and html.startswith("<p>前")

    def test_a_passage_marks_the_quote(self) -> None:
        for section in load_corpus().sections:
            one = citation(1).model_copy(
                update={"passage": section.id, "quote": section.lead.split("。")[0]}
            )
            assert passage_html(one).count("<mark>") == 1, section.id


class TestTexts:
    def test_every_text_is_used(self) -> None:
        files = [p for p in WEB.rglob("*") if p.suffix in (".py", ".html", ".js")]
        sources = "".join(p.read_text(encoding="utf-8") for p in files)
        for table, entries in page_texts().items():
            if isinstance(entries, dict) and table not in ("hint", "authority", "authority_more"):
                for name in entries:
                    used = rf"\b{table}\.{name}\b|[\"']{name.removesuffix('_hint')}[\"']"
                    assert re.search(used, sources), f"[{table}] {name}"

    def test_the_style_sheet_is_whole(self) -> None:
        css = style_sheet()
        assert css.count("{") == css.count("}")
        assert ":root:root .yd-turn" in css and ":root:root:root" not in css
        assert not re.search(r"^ *[.:a-z][^{}]*\{[^}]*\} *[.:a-z]", css, re.MULTILINE), "one a line"


class TestCard:
    def test_every_choice_reads_back(self) -> None:
        for fact, named in read_toml("replies.toml")["value"].items():
            for key, words in named.items():
                assert str(read_fact(fact, words, Facts(), TODAY)).lower() == key, (fact, words)

    @pytest.mark.parametrize(
        ("fact", "words", "value"),
        [
            ("total_cost", "三万八", Decimal(38000)),
            ("class_b", "5000", Decimal(5000)),
            ("deductible", "800元", Decimal(800)),
            ("filed_on", "上个月15号", date(2025, 7, 15)),
            ("age", "71", 71),
            ("treatment_region", "深圳", find_region("深圳")),
        ],
    )
    def test_typed_values(self, fact: str, words: str, value: object) -> None:
        assert read_fact(fact, words, Facts(), TODAY) == value

    def test_chips_say_what_is_known_and_change_alone(self) -> None:
        facts = maoming(items=CostItems(excluded=Decimal(300)))
        shown = {chip.fact: chip.words for chip in chips(facts)}
        assert shown["facility_level"] == "三级医院" and "300" in shown["excluded"]
        assert changed(facts, "facility_level", "level2").facility_level == "level2"
        assert changed(facts, "excluded", None).items == CostItems()
        assert changed(facts, "filing_type", None).filing_type is None

    def test_every_chip_has_words(self) -> None:
        for chip in chips(maoming(filed_on=TODAY, age=70)):
            assert chip.words and chip.name


class TestForm:
    def test_what_it_is_filled_with_it_reads_back(self) -> None:
        facts = maoming(filed_on=date(2025, 3, 1), admitted_on=date(2025, 4, 1), filed=True)
        names = [
            "insured_region", "insurance_type", "care_type", "facility_level", "total_cost",
            "filing_type", "filed_on", "admitted_on",
        ]  # fmt: skip
        form = FactForm(names)
        values = [update["value"] for update in form.fill(facts)]
        filled = form.read(values, Facts(), TODAY)
        assert not filled.faults
        assert all(getattr(filled.facts, n) == getattr(facts, n) for n in names)

    def test_empty_fields_take_facts_back_and_leave_others(self) -> None:
        form = FactForm(["total_cost", "facility_level"])
        filled = form.read(["", None], maoming(), TODAY)
        assert filled.facts.total_cost is None and filled.facts.facility_level is None
        assert filled.facts.insurance_type == "resident"

    def test_what_cannot_be_read_is_named(self) -> None:
        filled = FactForm(["total_cost"]).read(["很多"], Facts(), TODAY)
        assert len(filled.faults) == 1 and "很多" in filled.faults[0]


class TestLinks:
    def test_a_link_gives_back_what_was_said(self, assistant: Assistant) -> None:
        talk = Conversation()
        for text in ("茂名居民三级医院住院花了20600元", "那没备案呢？"):
            answer = assistant.ask(text, talk.thread, TODAY)
            talk = talk.with_turn(Turn(text, TODAY, answer, maoming()))
        shared = unpack(pack(talk.turns))
        assert shared is not None and shared.today == TODAY
        assert [t.question for t in shared.turns] == [t.answer.question for t in talk.turns]
        assert shared.turns[0].amended == maoming()

    @given(st.text(max_size=80))
    @settings(deadline=None, max_examples=100)
    def test_anything_else_is_no_link(self, text: str) -> None:
        assert unpack(text) is None

    def test_only_kept_turns_can_be_judged(self, assistant: Assistant) -> None:
        answer = assistant.ask("你好", None, TODAY)
        talk = Conversation()
        for _ in range(70):
            talk = talk.with_turn(Turn("你好", TODAY, answer))
        assert len(talk.turns) == 60 and talk.asked == 70
        assert talk.up_to(5) == () and len(talk.up_to(69)) == 60 and talk.up_to(70) == ()


class TestLists:
    @pytest.mark.parametrize("scenario", [id for id, _ in scenarios()])
    def test_saved_lists_hold_every_paper(self, scenario: str) -> None:
        sheet = make_sheet(Facts(insured_region=find_region("江苏")), scenario, TODAY)
        names = [paper.name for row in sheet.rows for paper in row.papers]
        rows = list(csv.reader(io.StringIO(csv_bytes(sheet).decode("utf-8-sig"))))
        assert [row[1] for row in rows[1:]] == names
        assert all(row[-1] for row in rows[1:])
        text = "\n".join(p.text for p in Document(io.BytesIO(docx_bytes(sheet))).paragraphs)
        assert sheet.title in text and all(name in text for name in names)
        assert "2025年8月1日" in text

    def test_alternatives_are_one_row(self) -> None:
        sheet = make_sheet(Facts(), "filing_referral", TODAY)
        either = [row for row in sheet.rows if row.either]
        assert either and all(len({p.one_of for p in row.papers}) == 1 for row in either)


class TestPictures:
    @given(
        total=st.integers(1, 5_000_000),
        level=st.sampled_from(["level1", "level2", "level3", None]),
        filing=st.sampled_from(["referral", "temporary", "none", "long_term_resident", None]),
        place=st.sampled_from(["茂名", "南昌", "咸阳", "毕节", "洛阳"]),
        kind=st.sampled_from(["employee", "resident", None]),
    )
    @settings(deadline=None, max_examples=60)
    def test_the_parts_of_a_bill_add_up(
        self, total: int, level: Any, filing: Any, place: str, kind: Any
    ) -> None:
        cost = Decimal(total) / 100
        facts = Facts(
            total_cost=cost, facility_level=level, filing_type=filing, insurance_type=kind,
            insured_region=find_region(place), care_type="inpatient",
        )  # fmt: skip
        parts = bill_parts(facts, TODAY)
        for amounts in ([p.at_low for p in parts], [p.at_high for p in parts]):
            assert not parts or sum(amounts) == cost
            assert all(amount >= 0 for amount in amounts)

    def test_an_amount_has_a_picture_and_a_reply_has_none(self, assistant: Assistant) -> None:
        amount = assistant.ask("茂名居民转诊到外省三级医院住院，花了20600元，报多少？", None, TODAY)
        shown = figure_html(amount, TODAY)
        assert shown is not None and "11,000–12,000" in shown
        assert figure_html(assistant.ask("你好", None, TODAY), TODAY) is None

    def test_near_days_stand_on_different_levels(self) -> None:
        facts = Facts(
            filing_type="temporary", filed_on=date(2025, 7, 30), admitted_on=date(2025, 7, 31)
        )
        html = timeline_html(validity(facts, TODAY), facts, TODAY)
        assert html is not None
        pins = re.findall(r"yd-pin [^>]*left:([\d.]+)%;bottom:([\d.]+)rem", html)
        assert len(pins) >= 4
        for n, (left, level) in enumerate(pins):
            for other, height in pins[:n]:
                assert height != level or abs(float(left) - float(other)) >= NEAR


class TestLibrary:
    def test_filters_leave_only_what_passes(self) -> None:
        jiangsu = find_region("江苏")
        found = search("", Filters(region=jiangsu), TODAY)
        assert found and all(f.section.region == "32" for f in found)
        assert all(
            f.documents[0].authority == "national"
            for f in search("", Filters(authority="national"), TODAY)
        )
        before = {f.section.id for f in search("", Filters(on=date(2020, 1, 1)), TODAY)}
        after = {f.section.id for f in search("", Filters(on=date(2026, 1, 1)), TODAY)}
        assert before != after

    def test_every_place_has_its_table(self) -> None:
        for _, code in pack_regions():
            assert "|---" in pack_table(code)
            assert not re.search(r"\| [a-z]+-[a-z0-9-]+ \|$", pack_table(code), re.MULTILINE)

    @pytest.mark.parametrize("kind", ["filing", "manual"])
    def test_the_matrix_has_no_empty_paper(self, kind: str) -> None:
        table = matrix(kind)
        assert table.rows and all(any(cells) for _, cells in table.rows)


def test_feedback_is_masked_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "feedback.jsonl"
    one = Feedback(
        turns=["我的手机13812345678"], today=TODAY, verdict="wrong", reason="made up",
        comment="身份证110101199003074514", answer={},
    )  # fmt: skip
    keep(one, path)
    keep(one, path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert (
        len(lines) == 2 and "13812345678" not in lines[0] and "110101199003074514" not in lines[0]
    )
    assert Feedback.model_validate_json(lines[0]).reason == ""


def test_a_turn_shows_each_suggestion_once(assistant: Assistant) -> None:
    answer: Answer = assistant.ask("没备案就住院了，已经出院自己付了钱", None, TODAY)
    html = turn_html("turn-x-0", answer.question, answer, "", None)
    for suggestion in answer.suggestions:
        assert html.count(f'data-ask="{suggestion}"') == 1
    assert spoken("stay", "discharged")


def test_a_growing_turn_is_a_beginning_of_the_whole(assistant: Assistant) -> None:
    answer = assistant.ask("没备案就住院了，已经出院自己付了钱", None, TODAY)
    *growing, last = turn_steps("turn-x-0", answer.question, answer, "", lambda: None)
    assert growing and last.whole and not any(step.whole for step in growing)
    begun = [step.html.split("yd-rest", 1)[1].split("</div>", 1)[0] for step in growing]
    assert begun == sorted(begun, key=len) and all(text in last.html for text in begun)


class TestPdf:
    @given(st.lists(st.text(max_size=200), max_size=60))
    @settings(deadline=None, max_examples=50)
    def test_any_lines_make_a_file_whose_table_is_right(self, texts: list[str]) -> None:
        body = pdf_bytes("清单", [Line(text, tick=True) for text in texts])
        table = body[int(body.rsplit(b"startxref\n", 1)[1].split()[0]) :]
        places = [int(line[:10]) for line in table.splitlines()[3:] if line.endswith(b" n ")]
        for number, place in enumerate(places, 1):
            assert body[place:].startswith(b"%d 0 obj\n" % number)

    def test_no_text_leaves_the_page(self) -> None:
        body = pdf_bytes("清单", [Line("很长的一行，" * 90), *[Line("一行")] * 80])
        assert body.count(b"/Type /Page ") == 3
        for left, y, code in re.findall(rb"Tf ([\d.]+) ([\d.]+) Td <([0-9a-f]+)>", body):
            text = bytes.fromhex(code.decode()).decode("utf-16-be")
            assert float(left) + 11 * (len(text) - 1) <= 595 - 56 and float(y) >= 56
            assert text[0] not in "，。"
