"""For everyone: no serious fault that axe-core finds, large type, contrast, the first look."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from page_site import PHONE, ask, needs_browser, open_tab, visit

pytestmark = needs_browser
GRADIO_OWN: frozenset[str] = frozenset()
"""Rules that Gradio's own markup breaks, by selector; none at present."""
TABS = ["问答", "报销测算", "备案有效期", "材料清单", "工作台"]


def violations(page: Any) -> list[str]:
    """Serious and critical faults as ``rule: selector``."""
    package = pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python")
    page.evaluate(files(package).joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = json.loads(page.evaluate("axe.run(document).then(r => JSON.stringify(r.violations))"))
    return [
        f"{v['id']}: {node['target'][0]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
        if f"{v['id']}: {node['target'][0]}" not in GRADIO_OWN
    ]


@pytest.mark.parametrize("view", [None, "大字", "高对比", "深色"])
def test_no_serious_fault_on_any_tab(view: str | None) -> None:
    with visit() as page:
        if view:
            page.get_by_role("button", name=view, exact=True).click()
        assert not violations(page)
        ask(page, "茂名居民转诊到外省三级医院住院，花了20600元，报多少？")
        ask(page, "没备案就住院了，怎么办？")
        for tab in TABS:
            open_tab(page, tab)
            page.wait_for_timeout(500)
            assert not violations(page), tab
        open_tab(page, "问答")
        page.locator(".yd-cite").first.click()
        page.get_by_role("dialog").wait_for()
        assert not violations(page)


def test_large_type_enlarges_and_is_remembered() -> None:
    with visit(PHONE) as page:
        size = "parseFloat(getComputedStyle(document.querySelector('.yd-welcome p')).fontSize)"
        before = page.evaluate(size)
        page.get_by_role("button", name="大字", exact=True).click()
        page.wait_for_function(f"{size} >= {before * 1.2}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.reload()
        page.get_by_label("您的问题").wait_for()
        page.wait_for_function(f"{size} >= {before * 1.2}")
        pressed = page.get_by_role("button", name="大字", exact=True).get_attribute("aria-pressed")
        assert pressed == "true"


def test_the_page_says_its_language_and_name() -> None:
    with visit() as page:
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        assert "异地就医" in page.title()
        assert page.get_by_role("heading", level=1).count() == 1


def test_marks_are_large_enough_to_press() -> None:
    with visit(PHONE) as page:
        turn = ask(page, "临时外出备案多久有效？")
        for box in turn.locator(".yd-cite").evaluate_all(
            "all => all.filter(n => n.offsetParent).map(n => n.getBoundingClientRect().toJSON())"
        ):
            assert box["width"] >= 23 and box["height"] >= 23
