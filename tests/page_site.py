"""The page served once for all browser tests, and a browser to look at it with."""

from __future__ import annotations

import atexit
import importlib.util
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from assistant.web.feedback import Feedback
from assistant.web.service import Service

CHROMIUM = shutil.which("chromium")
PHONE, DESKTOP = 360, 1280
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
needs_browser = pytest.mark.skipif(
    CHROMIUM is None or importlib.util.find_spec("playwright") is None,
    reason="needs Debian's chromium and playwright",
)
FEEDBACK: list[Feedback] = []
STAFF = ("staff", "open sesame")


def site(login: bool = False) -> str:
    """The address of a running page with the real assistant; ``login``: its desk is locked."""
    return _site(login)


@cache
def _site(login: bool) -> str:
    from assistant.pipeline import Assistant
    from assistant.web.page import build, options

    index = Path(tempfile.mkdtemp()) / "index"
    service = Service(
        load=lambda store: Assistant.load(Settings(index_dir=index), store),
        keep_feedback=FEEDBACK.append,
        admit=(lambda name, word: (name, word) == STAFF) if login else None,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = build(service)
    page.launch(
        server_name="127.0.0.1", server_port=port, quiet=True, prevent_thread_lock=True, **options()
    )
    atexit.register(page.close)
    service.warm().result()
    return f"http://127.0.0.1:{port}"


@cache
def _browser() -> Any:
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    atexit.register(playwright.stop)
    atexit.register(browser.close)
    return browser


@contextmanager
def visit(width: int = DESKTOP, path: str = "/", login: bool = False) -> Iterator[Any]:
    """A new visitor's page, ready to use; what went wrong in it fails the test."""
    context = _browser().new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.set_default_timeout(20_000)
    faults: list[str] = []
    origin = site(login)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((origin, "data:", "blob:"))
            else faults.append(f"left the origin: {request.url}")
        ),
    )
    page.goto(origin + path)
    page.get_by_label("您的问题").wait_for()
    try:
        yield page
    finally:
        context.close()
    assert not faults


def ask(page: Any, question: str) -> Any:
    """Types a question, presses Enter, and gives the turn with its answer."""
    before = page.locator(".yd-tools[data-of=answer]").count()
    box = page.get_by_label("您的问题")
    box.fill(question)
    box.press("Enter")
    page.locator(".yd-tools[data-of=answer]").nth(before).wait_for()
    return page.locator(".yd-turn").last


def open_tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
