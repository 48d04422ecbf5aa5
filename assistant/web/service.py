"""The assistant behind the page: loaded once, in the background; the cases of its conversations."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from threading import Lock
from typing import Protocol

from assistant.dialogue import State
from assistant.settings import settings
from assistant.store import MemoryStore, Store
from assistant.types import Answer
from assistant.web.feedback import Feedback, keep
from assistant.web.texts import page_texts
from rules.facts import Facts


class Answers(Protocol):
    """What the page needs of :class:`assistant.Assistant`."""

    def ask(
        self, question: str, thread: str | None = None, today: date | None = None
    ) -> Answer: ...


def load_assistant(store: Store) -> Answers:
    """The real assistant, its heavy parts imported only now, what it reads on first need read."""
    from assistant.pipeline import Assistant

    assistant = Assistant.load(store=store)
    assistant.ask(page_texts()["example"][0]["asks"][0])
    return assistant


class Service:
    """One a process, shared by all sessions.

    ``load`` is called once, on the first need. ``keep_feedback`` takes what visitors say of an
    answer. ``admit`` checks name and password for the help desk's tab; None: it is open.
    """

    def __init__(
        self,
        load: Callable[[Store], Answers] = load_assistant,
        store: Store | None = None,
        keep_feedback: Callable[[Feedback], None] = keep,
        admit: Callable[[str, str], bool] | None = None,
    ) -> None:
        self.keep_feedback = keep_feedback
        self.admit = admit
        self._store: Store = store or MemoryStore(settings().max_threads)
        self._load = load
        self._loading: Future[Answers] | None = None
        self._lock = Lock()

    def warm(self) -> Future[Answers]:
        """Begin loading if nobody has; the future of the assistant."""
        with self._lock:
            if self._loading is None:
                worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="load")
                self._loading = worker.submit(self._load, self._store)
                worker.shutdown(wait=False)
            return self._loading

    @property
    def ready(self) -> bool:
        return self._loading is not None and self._loading.done()

    def ask(self, question: str, thread: str | None, today: date | None) -> Answer:
        """Waits for the assistant when it is still loading."""
        return self.warm().result().ask(question, thread, today)

    def state(self, thread: str) -> State:
        """What the conversation holds."""
        with self._store.turn(thread) as slot:
            return slot.state

    def amend(self, thread: str, facts: Facts) -> State:
        """The case of the person spoken of becomes ``facts``; the state after it."""
        with self._store.turn(thread) as slot:
            people = {**slot.state.people, slot.state.person: facts}
            slot.state = slot.state.model_copy(update={"people": people})
            return slot.state

    def forget(self, thread: str) -> None:
        """Everything said in the conversation."""
        with self._store.turn(thread) as slot:
            slot.state = State()
