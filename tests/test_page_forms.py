"""The tabs with forms in a real browser: amounts, validity, lists, the help desk."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from page_site import DESKTOP, PHONE, STAFF, ask, needs_browser, open_tab, visit

pytestmark = needs_browser
AMOUNT = "茂名居民转诊到外省三级医院住院，花了20600元，报多少？"


def fill(page: Any, name: str, text: str) -> None:
    field = page.get_by_role("textbox", name=name, exact=True)
    field.fill(text)
    field.press("Enter")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_form_knows_what_the_chat_was_told(width: int) -> None:
    with visit(width) as page:
        ask(page, AMOUNT)
        open_tab(page, "报销测算")
        result = page.locator(".yd-result:visible")
        result.locator(".yd-figure").first.wait_for()
        assert (
            page.get_by_role("textbox", name="参保地", exact=True).input_value() == "广东省茂名市"
        )
        assert page.get_by_role("radio", name="居民医保", exact=True).is_checked()
        assert "11,000.00–12,000.00" in result.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_chat_knows_what_the_form_was_told() -> None:
    with visit() as page:
        open_tab(page, "报销测算")
        fill(page, "参保地", "毕节")
        fill(page, "总费用", "三万八")
        page.locator(".yd-result:visible .yd-text").first.wait_for()
        open_tab(page, "问答")
        page.locator(".yd-chip", has_text="38,000").wait_for()
        turn = ask(page, "三级医院，居民医保，能报多少？")
        assert "毕节" in turn.inner_text() and "38,000" in turn.inner_text()


def test_a_half_empty_form_gives_a_range_with_its_causes() -> None:
    with visit() as page:
        open_tab(page, "报销测算")
        fill(page, "参保地", "茂名")
        fill(page, "总费用", "20600")
        result = page.locator(".yd-result:visible")
        result.locator(".yd-figure").first.wait_for()
        assert "–" in result.locator(".yd-text").first.inner_text()
        assert result.locator(".yd-open").count() > 0
        assert "没有说" in result.inner_text()


def test_filings_stand_side_by_side() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        open_tab(page, "报销测算")
        table = page.locator(".yd-filings")
        table.wait_for()
        assert table.locator("tbody tr").count() == 7
        assert table.locator("[aria-current=true] th").inner_text() == "异地转诊"


def test_what_cannot_be_is_said_at_the_form() -> None:
    with visit() as page:
        open_tab(page, "报销测算")
        fill(page, "参保地", "不存在的地方")
        page.get_by_role("alert").wait_for()
        assert "参保地" in page.get_by_role("alert").inner_text()
        fill(page, "参保地", "茂名")
        fill(page, "总费用", "-5")
        page.locator(".yd-fault", has_text="总费用").wait_for()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_days_stand_on_a_line(width: int) -> None:
    with visit(width) as page:
        ask(page, "2025年10月3号办的临时备案，2026年2月20号住的院，还有效吗？")
        open_tab(page, "备案有效期")
        line = page.locator(".yd-result:visible .yd-timeline")
        line.wait_for()
        days = line.locator("time").evaluate_all("all => all.map(t => t.dateTime)")
        assert days == sorted(days)
        assert {"2025-10-03", "2026-02-20", "2026-04-03", "2026-10-03"} <= set(days)
        assert page.locator(".yd-result:visible .yd-table tbody tr").count() == 3
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_list_is_found_by_typing_and_saved(tmp_path: Path) -> None:
    with visit() as page:
        open_tab(page, "材料清单")
        page.locator(".yd-sheet h2").wait_for()
        page.get_by_role("searchbox", name="哪一份清单").fill("转诊")
        assert page.locator(".yd-pick:visible").count() == 1
        page.keyboard.press("Enter")
        page.locator(".yd-sheet h2", has_text="转诊").wait_for()
        shown = page.locator(".yd-papers > li").count()
        docx, table, pdf = (
            _saved(page, name, tmp_path) for name in ("存 Word", "存表格", "存 PDF")
        )
    lines = [p.text for p in Document(str(docx)).paragraphs]
    assert "转诊" in lines[0]
    assert sum(line.startswith("☐") for line in lines) == shown
    assert zipfile.is_zipfile(docx)
    body = pdf.read_bytes()
    texts = [
        bytes.fromhex(code.decode()).decode("utf-16-be")
        for code in re.findall(rb"<([0-9a-f]+)> Tj", body)
    ]
    assert body.startswith(b"%PDF") and body.count(b"/Type /Page ") == 1
    assert "转诊" in texts[0] and body.count(b" re S") == shown
    assert any("仅供参考" in text for text in texts)
    rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {str(n) for n in range(1, shown + 1)}
    assert all(row[-1] for row in rows[1:])


def _saved(page: Any, name: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    path = folder / str(download.value.suggested_filename)
    download.value.save_as(path)
    return path


def test_a_list_prints_alone_on_one_page(tmp_path: Path) -> None:
    with visit() as page:
        open_tab(page, "材料清单")
        page.locator(".yd-sheet h2").wait_for()
        page.evaluate("window.print = () => {}")
        page.locator(".yd-sheet [data-do=print]").click()
        page.emulate_media(media="print")
        assert page.locator(".yd-sheet .yd-printed").is_visible()
        for hidden in (".yd-header", ".yd-form", ".yd-sheet .yd-tools", ".yd-sheet .yd-cite"):
            assert page.locator(f"{hidden}:visible").count() == 0
        body = page.pdf(format="A4")
    assert body.startswith(b"%PDF") and body.count(b"/Type /Page\n") <= 1


def test_the_list_told_in_the_chat_is_the_one_to_print() -> None:
    with visit() as page:
        turn = ask(page, "转诊备案要带什么？")
        turn.locator("[data-go=papers]").click()
        page.locator(".yd-sheet h2", has_text="转诊").wait_for()
        page.get_by_role("button", name="更换定点医院", exact=True).click()
        page.locator(".yd-sheet h2", has_text="更换定点医院").wait_for()
        open_tab(page, "问答")
        open_tab(page, "材料清单")
        page.wait_for_timeout(500)
        assert "更换定点医院" in page.locator(".yd-sheet h2").inner_text()


def test_on_a_phone_the_list_picked_comes_into_view() -> None:
    with visit(PHONE) as page:
        open_tab(page, "材料清单")
        page.locator(".yd-sheet h2").wait_for()
        page.get_by_role("button", name="异地转诊备案", exact=True).click()
        page.wait_for_function(
            "(() => { const top = document.querySelector('.yd-sheet h2')"
            ".getBoundingClientRect().top; return top >= 0 && top < innerHeight / 2; })()"
        )


def test_a_province_has_its_own_list() -> None:
    with visit() as page:
        open_tab(page, "材料清单")
        page.locator(".yd-sheet h2").wait_for()
        fill(page, "参保地", "南京")
        page.locator(".yd-sheet", has_text="南京市").wait_for()


def test_the_desk_finds_filters_and_lists() -> None:
    with visit() as page:
        open_tab(page, "工作台")
        fill(page, "找什么", "转诊备案多久有效")
        page.locator(".yd-entry").first.wait_for()
        assert "转诊" in page.locator(".yd-entry").first.inner_text()
        page.get_by_role("textbox", name="找什么").fill("")
        fill(page, "哪儿的规定", "江苏")
        page.locator(".yd-result", has_text="条").first.wait_for()
        page.wait_for_function(
            "[...document.querySelectorAll('.yd-entry:not([hidden]) .yd-meta')]"
            ".filter(n => n.offsetParent).every(n => n.textContent.includes('江苏'))"
        )
        open_tab(page, "材料对照")
        page.locator(".yd-matrix:visible").nth(1).wait_for()
        open_tab(page, "资料出入")
        page.locator(".yd-conflict:visible").first.wait_for()
        whole = page.locator(".yd-conflict:visible").count()
        page.get_by_role("searchbox").fill("12333")
        assert 0 < page.locator(".yd-conflict:visible").count() < whole
        open_tab(page, "各地规则")
        page.locator(".yd-pack table").first.wait_for()


def test_next_citizen_clears_the_case_everywhere() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        open_tab(page, "工作台")
        fill(page, "找什么", "茂名 转诊")
        page.locator(".yd-entry").first.wait_for()
        page.get_by_role("button", name="下一位").click()
        page.locator(".yd-turn").wait_for(state="detached")
        page.locator(".yd-entry").first.wait_for(state="detached")
        assert page.get_by_role("textbox", name="找什么", exact=True).input_value() == ""
        open_tab(page, "报销测算")
        page.locator(".yd-empty:visible").wait_for()
        assert page.get_by_role("textbox", name="参保地", exact=True).input_value() == ""


def test_the_desk_can_be_behind_a_login() -> None:
    with visit(login=True) as page:
        open_tab(page, "工作台")
        assert not page.get_by_role("textbox", name="找什么").is_visible()
        page.get_by_label("用户名").fill(STAFF[0])
        page.get_by_label("密码").fill("guess")
        page.get_by_role("button", name="登录").click()
        page.get_by_text("用户名或密码不对").wait_for()
        page.get_by_label("密码").fill(STAFF[1])
        page.get_by_role("button", name="登录").click()
        page.get_by_role("textbox", name="找什么").wait_for()
        open_tab(page, "资料出入")
        page.locator(".yd-conflict").first.wait_for()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_day_is_picked_or_typed_in_words(width: int) -> None:
    with visit(width) as page:
        open_tab(page, "备案有效期")
        picker = page.get_by_label("从日历里选备案日期")
        assert picker.get_attribute("type") == "date"
        picker.fill("2025-02-03")
        words = page.get_by_role("textbox", name="备案日期", exact=True)
        page.wait_for_function(
            "document.querySelector('#yd-tab-validity .yd-words').value === '2025年2月3日'"
        )
        line = page.locator(".yd-result:visible .yd-timeline")
        line.locator("time[datetime='2025-02-03']").wait_for()
        fill(page, "备案日期", "2025年三月五号")
        line.locator("time[datetime='2025-03-05']").wait_for()
        page.wait_for_function(
            "document.querySelector('#yd-tab-validity .yd-calendar input').value === '2025-03-05'"
        )
        assert words.input_value() == "2025年3月5日"
        open_tab(page, "问答")
        assert page.locator(".yd-chip", has_text="2025年3月5日").count() == 1


def test_words_of_a_day_are_read_and_what_is_none_is_named() -> None:
    with visit() as page:
        open_tab(page, "备案有效期")
        fill(page, "备案日期", "上个月15号")
        page.locator(".yd-result:visible time[datetime$='-15']").first.wait_for()
        fill(page, "入院日期", "随便哪天")
        page.get_by_role("alert").filter(has_text="入院日期").wait_for()


def test_the_bill_asks_for_days_with_a_calendar_too() -> None:
    with visit() as page:
        open_tab(page, "报销测算")
        page.locator("#yd-tab-bill").get_by_role("button", name="更多").click()
        page.locator("#yd-tab-bill").get_by_label("从日历里选入院日期").fill("2025-03-01")
        open_tab(page, "问答")
        page.locator(".yd-chip", has_text="2025年3月1日").wait_for()


def test_the_desk_filters_by_a_day_picked() -> None:
    with visit() as page:
        open_tab(page, "工作台")
        page.get_by_label("从日历里选哪天有效").fill("2025-03-01")
        page.locator(".yd-entry").first.wait_for()


def test_on_a_phone_what_the_desk_finds_comes_into_view() -> None:
    with visit(PHONE) as page:
        open_tab(page, "工作台")
        fill(page, "找什么", "急诊")
        page.wait_for_function(
            "(() => { const top = document.querySelector('.yd-entry')"
            "?.getBoundingClientRect().top; return top >= 0 && top < innerHeight / 2; })()"
        )


def test_enter_within_an_input_method_picks_nothing() -> None:
    with visit() as page:
        open_tab(page, "材料清单")
        title = page.locator(".yd-sheet h2")
        title.wait_for()
        before = title.inner_text()
        search = page.get_by_role("searchbox", name="哪一份清单")
        search.fill("更换")
        search.evaluate(
            "node => node.dispatchEvent(new KeyboardEvent('keydown',"
            " {key: 'Enter', isComposing: true, bubbles: true}))"
        )
        page.wait_for_timeout(500)
        assert title.inner_text() == before
        search.press("Enter")
        page.locator(".yd-sheet h2", has_text="更换定点医院").wait_for()
