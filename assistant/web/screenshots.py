"""``python -m assistant.web.screenshots``: a picture of every tab, on a phone and a desktop.

Needs playwright and a Chromium (its path as the only argument, else ``chromium`` is looked up).
"""

from __future__ import annotations

import io
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from assistant.settings import settings  # isort: skip  (telemetry off before Gradio is imported)

from assistant.web.page import build, options
from assistant.web.service import Service
from assistant.web.texts import say

PICTURES = Path(__file__).with_name("pictures")
SIZES = {"desktop": (1280, 860), "phone": (360, 740)}
AMOUNT = "茂名居民转诊到外省三级医院住院，花了20600元，报多少？"
FILED = "2026年2月3号办的临时备案，8月20号住的院，还有效吗？"
PAPERS = "转诊备案要带什么？"
COLOURS = 256
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


def main(argv: list[str]) -> int:
    """Writes ``pictures/<tab>-<size>.png``. Exit code 2 where there is no Chromium."""
    chromium = argv[0] if argv else shutil.which("chromium")
    if chromium is None:
        print("no chromium: give its path", file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright

    service = Service()
    page = build(service)
    port = _free_port()
    host = settings().host
    page.launch(
        server_name=host, server_port=port, quiet=True, prevent_thread_lock=True, **options()
    )
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for size, (width, height) in SIZES.items():
            for name, show in SCENES.items():
                context = browser.new_context(viewport={"width": width, "height": height})
                view = context.new_page()
                view.goto(f"http://{host}:{port}/")
                view.get_by_label(say("chat.box")).wait_for()
                show(view)
                view.wait_for_timeout(700)
                _save(view.screenshot(), PICTURES / f"{name}-{size}.png")
                context.close()
        browser.close()
    page.close()
    return 0


def _save(png: bytes, path: Path) -> None:
    """With few colours: a third of the size, the same to the eye."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def _ask(view: Any, question: str) -> None:
    view.get_by_label(say("chat.box")).fill(question)
    view.keyboard.press("Enter")
    view.locator(".yd-tools").last.wait_for()


def _tab(view: Any, name: str, shows: str) -> None:
    view.get_by_role("tab", name=say(f"tab.{name}"), exact=True).click()
    view.locator(shows).locator("visible=true").first.wait_for()


def _welcome(view: Any) -> None:
    view.locator(".yd-welcome").wait_for()


def _chat(view: Any) -> None:
    _ask(view, AMOUNT)


def _bill(view: Any) -> None:
    _ask(view, AMOUNT)
    _tab(view, "bill", ".yd-filings")


def _validity(view: Any) -> None:
    _ask(view, FILED)
    _tab(view, "validity", ".yd-result .yd-timeline")


def _papers(view: Any) -> None:
    _ask(view, PAPERS)
    _tab(view, "papers", ".yd-papers")


def _desk(view: Any) -> None:
    _tab(view, "desk", ".yd-desk")
    view.get_by_role("textbox", name=say("desk.query")).fill("转诊备案有效期")
    view.keyboard.press("Enter")
    view.locator(".yd-entry").first.wait_for()


SCENES: dict[str, Callable[[Any], None]] = {
    "welcome": _welcome,
    "chat": _chat,
    "bill": _bill,
    "validity": _validity,
    "papers": _papers,
    "desk": _desk,
}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((settings().host, 0))
        port: int = free.getsockname()[1]
    return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
