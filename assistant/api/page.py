"""The Gradio page inside the application: built behind the scenes, the API need not wait for it."""

from __future__ import annotations

import asyncio
from concurrent.futures import TimeoutError as NotInTime
from datetime import date
from html import escape
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.runtime import Runtime
from assistant.api.texts import say
from assistant.types import Answer
from rules.facts import Facts

if TYPE_CHECKING:
    from assistant.web.service import Service


class PageAnswers:
    """The assistant as the page sees it: limited like every other door, never raising for that."""

    def __init__(self, here: Runtime) -> None:
        self._here = here
        self._places = BoundedSemaphore(here.config.threads + here.config.queue)

    def ask(self, question: str, thread: str | None = None, today: date | None = None) -> Answer:
        """The answer, or a line saying that the service is closed or too busy."""
        if notice := self._here.config.closed:
            return _line(question, say("note", "closed_page", notice=notice))
        if not self._places.acquire(blocking=False):
            return _line(question, say("note", "busy_page"))
        try:
            work = self._here.pool.submit(self._here.answer, question, thread, today)
            return work.result(self._here.config.wait_seconds * 2)
        except NotInTime:
            return _line(question, say("note", "busy_page"))
        finally:
            self._places.release()


def _line(question: str, text: str) -> Answer:
    return Answer(question=question, routes=["chat"], text=text, facts=Facts(), confidence=1.0)


class Page:
    """An ASGI application that is the page as soon as it can be."""

    def __init__(self, here: Runtime) -> None:
        self._here = here
        self._app: ASGIApp | None = None
        self._closing = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app or HTMLResponse(
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
            f'<meta http-equiv="refresh" content="2"><p>{escape(say("note", "preparing"))}</p>',
            status_code=503,
            headers={"Retry-After": "2"},
        )
        await app(scope, receive, send)

    async def serve(self) -> None:
        """Builds the page and keeps it running until cancelled."""
        app = await asyncio.to_thread(self._build)
        async with app.router.lifespan_context(app):
            self._app = app
            await self._closing.wait()

    def _build(self) -> FastAPI:
        import gradio as gr  # seconds to import: not before the API answers

        from assistant.web.page import build, options

        page = build(self._service())
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        gr.mount_gradio_app(app, page, path="/", show_error=False, max_file_size=1, **options())
        return app

    def _service(self) -> Service:
        from assistant.web.service import Service

        service = Service(lambda _store: PageAnswers(self._here), self._here.store)
        service.warm()
        return service
