"""The tab 问答 in a real browser: what a visitor types, presses, copies, prints and shares."""

from __future__ import annotations

import re

import pytest
from page_site import DESKTOP, FEEDBACK, PHONE, ask, needs_browser, site, visit

pytestmark = needs_browser
AMOUNT = "茂名居民转诊到外省三级医院住院，花了20600元，报多少？"


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_question_gets_a_cited_answer(width: int) -> None:
    with visit(width) as page:
        turn = ask(page, "没备案就住院了，怎么办？")
        assert turn.locator(".yd-text").first.inner_text().strip()
        assert turn.locator(".yd-cite").count() > 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_mark_opens_the_passage_with_its_quote() -> None:
    with visit() as page:
        turn = ask(page, "临时外出备案多久有效？")
        turn.locator(".yd-cite").first.click()
        dialog = page.get_by_role("dialog")
        assert dialog.locator("mark").inner_text().strip()
        assert re.search(r"\d{4}-\d{2}-\d{2}|日期不详", dialog.inner_text())
        page.keyboard.press("Escape")
        assert page.get_by_role("dialog").count() == 0


def test_sources_that_disagree_are_a_table_and_told_once() -> None:
    with visit() as page:
        turn = ask(page, "临时外出备案多久有效？")
        table = turn.locator(".yd-conflict")
        assert table.locator("tbody tr").count() >= 2
        assert table.locator(".yd-prevails").count() == 1
        assert "资料有出入" not in "".join(turn.locator(".yd-text").all_inner_texts())


def test_examples_for_three_kinds_of_user_can_be_pressed() -> None:
    with visit() as page:
        assert page.locator(".yd-examples h3").count() == 3
        page.locator(".yd-examples .yd-ask").first.click()
        page.locator(".yd-tools[data-of=answer]").wait_for()
        assert not page.locator(".yd-welcome").is_visible()
        assert page.evaluate("document.activeElement.className") == "yd-turn"


def test_a_follow_up_is_one_press_away() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        button = page.locator(".yd-next .yd-ask").first
        said = button.inner_text()
        button.click()
        page.locator(".yd-tools[data-of=answer]").nth(1).wait_for()
        assert page.locator(".yd-q").last.inner_text().endswith(said)


def test_a_fact_is_put_right_in_the_card() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        page.locator(".yd-chip", has_text="三级医院").click()
        page.get_by_role("dialog").get_by_role("button", name="二级医院", exact=True).click()
        page.locator(".yd-tools[data-of=answer]").nth(1).wait_for()
        assert "二级医院" in page.locator(".yd-rest").last.inner_text()
        assert page.locator(".yd-chip", has_text="二级医院").is_visible()


def test_a_fact_is_typed_and_taken_back() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        page.locator(".yd-chip", has_text="20,600").click()
        page.get_by_role("dialog").get_by_role("textbox").fill("三万八")
        page.keyboard.press("Enter")
        page.locator(".yd-chip", has_text="38,000").wait_for()
        page.locator(".yd-chip", has_text="38,000").click()
        page.get_by_role("button", name="去掉这一条").click()
        page.locator(".yd-chip", has_text="38,000").wait_for(state="detached")


def test_an_unreadable_correction_changes_nothing() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        page.locator(".yd-chip", has_text="20,600").click()
        page.get_by_role("dialog").get_by_role("textbox").fill("不知道呀")
        page.keyboard.press("Enter")
        page.locator(".yd-toast").wait_for()
        assert page.locator(".yd-chip", has_text="20,600").is_visible()


def test_two_visitors_are_never_mixed() -> None:
    with visit() as one, visit() as other:
        ask(one, AMOUNT)
        ask(other, "毕节居民医保，能报多少？")
        assert "毕节" not in one.locator(".yd-card").inner_text()
        assert "茂名" not in other.locator(".yd-card").inner_text()


def test_script_in_a_question_stays_text() -> None:
    with visit() as page:
        text = "<script>window.bad=1</script><img src=x onerror='window.bad=1'>备案要带什么？"
        turn = ask(page, text)
        assert "<script>" in turn.locator(".yd-q").inner_text()
        assert turn.locator("img, script").count() == 0
        assert page.evaluate("window.bad") is None


def test_numbers_of_identity_are_masked_where_they_are_shown() -> None:
    with visit() as page:
        turn = ask(page, "我的身份证是110101199003074514，怎么备案？")
        assert "110101199003074514" not in turn.inner_text()


def test_starting_again_forgets_the_case() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        page.get_by_role("button", name="重新开始").click()
        page.locator(".yd-turn").wait_for(state="detached")
        assert page.locator(".yd-welcome").is_visible()
        assert page.locator(".yd-chip").count() == 0


def test_an_answer_is_copied_with_its_sources() -> None:
    with visit() as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        turn = ask(page, "转诊备案要带什么？")
        turn.locator("[data-do=copy]").click()
        page.locator(".yd-toast").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "依据：" in copied and "[1]" not in copied and "**" not in copied


def test_a_shared_link_shows_the_same_answer_to_somebody_else() -> None:
    with visit() as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, AMOUNT)
        turn = ask(page, "那没备案呢？")
        turn.locator("[data-do=share]").click()
        page.locator(".yd-toast").wait_for()
        link = page.evaluate("navigator.clipboard.readText()")
        said = turn.locator(".yd-text").first.inner_text()
    assert link.startswith(site() + "/#s=")
    with visit(path=link.removeprefix(site())) as page:
        page.locator(".yd-tools[data-of=answer]").wait_for()
        assert page.locator(".yd-text").first.inner_text() == said
        assert page.locator(".yd-turn").count() == 1


def test_a_reload_keeps_the_conversation_until_it_is_cleared() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        ask(page, "那没备案呢？")
        page.reload()
        page.locator(".yd-tools[data-of=answer]").nth(1).wait_for()
        assert page.locator(".yd-chip", has_text="没备案").is_visible()
        assert "茂名" in ask(page, "那三万八呢？").inner_text()
        page.get_by_role("button", name="重新开始").click()
        page.locator(".yd-turn").first.wait_for(state="detached")
        page.reload()
        page.get_by_label("您的问题").wait_for()
        page.wait_for_timeout(1000)
        assert page.locator(".yd-turn").count() == 0


def test_feedback_is_kept_with_its_reason_and_masked() -> None:
    with visit() as page:
        turn = ask(page, "转诊备案要带什么？")
        turn.locator("[data-do=wrong]").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("过时了").check()
        dialog.get_by_role("textbox").fill("我是13812345678")
        dialog.get_by_role("button", name="提交").click()
        page.locator(".yd-toast").wait_for()
    kept = FEEDBACK[-1]
    assert (kept.verdict, kept.reason) == ("wrong", "outdated")
    assert kept.turns == ["转诊备案要带什么？"] and kept.answer["text"]


def test_only_the_answer_is_printed() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        turn = ask(page, "转诊备案要带什么？")
        page.evaluate("window.print = () => {}")
        turn.locator("[data-do=print]").click()
        page.emulate_media(media="print")
        assert turn.locator(".yd-text").first.is_visible()
        for hidden in (".yd-header", ".yd-composer", ".yd-card", ".yd-footer"):
            assert not page.locator(hidden).is_visible()
        assert not page.locator(".yd-turn").first.is_visible()


def test_everything_can_be_reached_with_the_keyboard() -> None:
    with visit() as page:
        reached = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 20)"))
            reached.add(page.evaluate("document.activeElement.tagName"))
        assert {"跳到正文", "大字", "问答", "要去外省看病，怎么备案？", "TEXTAREA"} <= reached


def test_a_new_answer_is_announced() -> None:
    with visit() as page:
        turn = ask(page, "转诊备案要带什么？")
        page.wait_for_function("document.getElementById('yd-live')?.textContent.length > 5")
        lead = turn.locator(".yd-text").first.inner_text()[:6]
        assert lead in page.locator("#yd-live").text_content()
        assert page.locator("#yd-live").get_attribute("aria-live") == "polite"


GROWTH = """
window.seen = [];
const note = () => {
  const turn = document.querySelector('.yd-turn');
  if (turn?.querySelector('.yd-text')) window.seen.push([turn.ariaBusy, turn.innerText]);
};
new MutationObserver(note).observe(document.querySelector('.yd-turns'), {childList: true});
"""


def test_an_answer_comes_in_whole_pieces() -> None:
    with visit() as page:
        page.evaluate(GROWTH)
        ask(page, AMOUNT)
        *growing, (busy, _) = page.evaluate("window.seen")
    assert busy is None and all(busy == "true" for busy, _ in growing)
    lengths = [len(text) for _, text in growing]
    assert len(set(lengths)) >= 3 and lengths == sorted(lengths)
    assert not any(re.search(r"\[\d*\]?$|\*\*", text) for _, text in growing)


def test_a_side_question_keeps_the_open_case() -> None:
    with visit() as page:
        ask(page, AMOUNT)
        ask(page, "手工报销要交哪些材料？")
        assert page.locator(".yd-chip", has_text="20,600").is_visible()
        assert "20,600" in ask(page, "那能报多少？").inner_text()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_new_question_stays_at_the_top_while_its_answer_grows(width: int) -> None:
    with visit(width) as page:
        ask(page, "没备案就住院了，怎么办？")
        ask(page, AMOUNT)
        page.wait_for_function(
            "(() => { const top = [...document.querySelectorAll('.yd-q')].pop()"
            ".getBoundingClientRect().top; return top >= 0 && top < innerHeight / 4; })()"
        )


def test_a_day_in_the_card_is_picked_from_the_calendar() -> None:
    with visit() as page:
        ask(page, "2025年10月3号办的临时备案，2026年2月20号住的院，还有效吗？")
        page.locator(".yd-chip", has_text="10月3日").click()
        calendar = page.get_by_role("dialog").get_by_label("从日历里选备案日期")
        assert calendar.input_value() == "2025-10-03"
        calendar.fill("2025-11-05")
        page.get_by_role("button", name="改好了").click()
        page.locator(".yd-chip", has_text="11月5日").wait_for()
