"""What stands behind all doors of one process: assistant, store, records, and its few threads."""

from __future__ import annotations

import asyncio
import functools
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError

from assistant.api.config import ServiceSettings
from assistant.api.forms import Forms
from assistant.api.metrics import Metrics
from assistant.api.texts import say
from assistant.dialogue import State
from assistant.llm import completer
from assistant.pipeline import Assistant
from assistant.privacy import mask
from assistant.retrieval import Retriever, SearchContext, SearchResult
from assistant.settings import Settings, today_in_shanghai
from assistant.state import Database, Exchange, Records, SqlStore, open_database
from assistant.state.sql import as_current, thread_key
from assistant.types import Answer
from corpus import Corpus, load_corpus

T = TypeVar("T")
_LOG = structlog.get_logger("service")


@dataclass(frozen=True)
class Reply:
    """``body``: the answer as JSON. ``saved`` None: there was nothing to save."""

    body: str
    saved: bool | None = None
    replayed: bool = False


class Runtime:
    """One a process. Its methods block; the doors call them through :meth:`run`."""

    def __init__(
        self,
        assistant: Callable[[SqlStore], Assistant],
        retriever: Retriever,
        corpus: Corpus,
        database: Database,
        config: ServiceSettings,
    ) -> None:
        self.config, self.database = config, database
        self.store, self.records = SqlStore(database), Records(database)
        self.forms, self.metrics = Forms(corpus), Metrics()
        self._assistant = assistant(self.store)
        self._retriever, self._corpus = retriever, corpus
        self.pool = ThreadPoolExecutor(config.threads, thread_name_prefix="answer")

    @classmethod
    def load(cls, config: ServiceSettings, settings: Settings) -> Runtime:
        """Everything opened; the index is built when missing. Raises what its parts raise."""
        corpus = load_corpus()
        retriever = Retriever.load(settings, corpus)
        database = open_database(config.state_url.get_secret_value(), config.threads + 1)
        complete = completer(settings)

        def assistant(store: SqlStore) -> Assistant:
            made = Assistant(corpus, retriever, settings, store, complete)
            made.ask(say("warm", "question"))  # what is read on first need is read, or fails, now
            return made

        return cls(assistant, retriever, corpus, database, config)

    def prepare(self) -> bool:
        """The store's tables as this version wants them; False when it cannot be reached now."""
        try:
            self.database.migrate()
        except DBAPIError as error:
            _LOG.warning("database", error=type(error.orig).__name__)
            return False
        return True

    async def run(self, work: Callable[..., T], *args: object) -> T:
        """``work(*args)`` on one of the threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, functools.partial(work, *args))

    def ask(
        self,
        question: str,
        thread: str | None,
        today: date | None,
        request: str | None = None,
    ) -> Reply:
        """One turn, kept before it is given. ``request``: idempotency key.

        Raises :class:`assistant.state.KeyReused`.
        """
        masked = mask(question)
        if thread is None:
            return Reply(self._noted(self._assistant.ask(masked, None, today)).model_dump_json())
        fingerprint = hashlib.sha256(f"{today}\0{question}".encode()).hexdigest()
        with self.store.exchange(thread, request, fingerprint) as slot:
            if slot.replay is not None:
                return Reply(slot.replay, saved=True, replayed=True)
            answer = self._noted(self._assistant.ask(masked, thread, today))
            body = answer.model_dump_json()
            slot.answer = body
            slot.question = masked if self.config.keep_transcripts else None
        return self._marked(answer, body, slot)

    def answer(self, question: str, thread: str | None, today: date | None) -> Answer:
        """Like :meth:`ask`, for the doors that want the object."""
        return Answer.model_validate_json(self.ask(question, thread, today).body)

    def replayed(self, questions: list[str]) -> Answer:
        """The answer to the last of a conversation that the caller keeps; nothing is saved."""
        thread = uuid4().hex
        with as_current(Exchange(thread_key(thread))):
            for question in questions[:-1]:
                self._assistant.ask(mask(question), thread)
            return self._noted(self._assistant.ask(mask(questions[-1]), thread))

    def search(self, query: str, today: date | None) -> SearchResult:
        """Up to 20 sections."""
        context = SearchContext(on=today or today_in_shanghai())
        return self._retriever.search(mask(query), context, 20)

    def document_of(self, section: str) -> tuple[str, str, date | None]:
        """Id, publisher and day of the first document a section rests on."""
        document = self._corpus.document(self._corpus.section(section).documents[0])
        return document.id, document.publisher, document.published

    def state(self, thread: str) -> State:
        with self.store.turn(thread) as slot:
            return slot.state

    def close(self) -> None:
        self.pool.shutdown(wait=True)
        self.database.close()

    def _noted(self, answer: Answer) -> Answer:
        self.metrics.answered(answer)
        return answer

    def _marked(self, answer: Answer, body: str, slot: Exchange) -> Reply:
        if slot.saved:
            return Reply(body, saved=True)
        self.metrics.unsaved.inc()
        text = f"{answer.text}\n\n{say('note', 'not_saved')}"
        return Reply(answer.model_copy(update={"text": text}).model_dump_json(), saved=False)
