"""The Gradio page inside the application."""

from __future__ import annotations

from concurrent.futures import TimeoutError as NotInTime
from datetime import date
from threading import BoundedSemaphore

from fastapi import FastAPI

from assistant.api.keys import Keys
from assistant.api.later import Opened
from assistant.api.limits import Rates
from assistant.api.runtime import Runtime
from assistant.api.texts import say
from assistant.types import Answer
from assistant.web.feedback import Feedback, cleaned
from assistant.web.service import Service
from rules.facts import Facts

MOST_NAME = 64


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


def page_service(here: Runtime, keys: Keys) -> Service:
    """What the page stands on: the same answers, store and records as every other door.

    The help desk's tab asks for a login where ``keys`` hold one; a name may be tried as often as
    at ``/api/desk/login``.
    """
    rates = Rates("", "", "")

    def admit(name: str, password: str) -> bool:
        if len(name) > MOST_NAME or rates.wait("login", name) is not None:
            return False
        admitted = keys.login(name, password) is not None
        if admitted:
            here.records.note(name, "login", "page", 1)
        return admitted

    def keep(feedback: Feedback) -> None:
        here.records.add_feedback(cleaned(feedback).model_dump(mode="json"))

    return Service(
        lambda _store: PageAnswers(here),
        here.store,
        keep_feedback=keep,
        admit=admit if keys.any_login else None,
    )


def build_page(here: Runtime, keys: Keys) -> Opened:
    """The page and its start-up. Takes seconds: Gradio is imported here and nowhere else."""
    import gradio as gr

    from assistant.web.page import build, options

    service = page_service(here, keys)
    service.warm()
    page = build(service)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    gr.mount_gradio_app(app, page, path="/", show_error=False, max_file_size=1, **options())
    return app, app.router.lifespan_context(app)
