"""Conversations in SQL: a turn is read, worked on and written back by one holder at a time.

When the database does not answer (disk full, read-only, locked, gone) the turn goes on in memory
and is marked as not saved; the database is tried again a second later.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from threading import Lock

from pydantic import ValidationError
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assistant.dialogue import State
from assistant.state.database import Database
from assistant.state.tables import conversation, turn
from assistant.store import Slot

_UNREACHABLE = (DBAPIError, PoolTimeout)
_REST_SECONDS = 1.0
_UNSAVED = 2_000


class KeyReused(Exception):
    """An idempotency key came back with another request."""


class Exchange(Slot):
    """One turn of one conversation. ``saved`` is known when the block has ended."""

    def __init__(self, thread: str) -> None:
        super().__init__(State())
        self.thread = thread
        self.saved: bool | None = None
        self.replay: str | None = None
        """The answer given before to this very request."""
        self.request: str | None = None
        self.fingerprint: str | None = None
        self.question: str | None = None
        self.answer: str | None = None


_CURRENT: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def thread_key(thread: str) -> str:
    """What a conversation is called in the database: nobody can continue it by reading there."""
    return hashlib.sha256(thread.encode("utf-8", "surrogatepass")).hexdigest()


class SqlStore:
    """The :class:`assistant.store.Store` of the service."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unsaved: OrderedDict[str, State] = OrderedDict()
        self._pending: deque[Exchange] = deque()
        self._guard = Lock()
        self._resting_until = 0.0

    @contextmanager
    def turn(self, thread: str) -> Iterator[Slot]:
        """The conversation ``thread``, alone; inside :meth:`exchange` that exchange's own."""
        current = _CURRENT.get()
        if current is not None and current.thread == thread_key(thread):
            yield current
            return
        with self.exchange(thread) as slot:
            yield slot

    @contextmanager
    def exchange(
        self, thread: str, request: str | None = None, fingerprint: str | None = None
    ) -> Iterator[Exchange]:
        """One turn, written as a whole when the block ends without an error.

        ``request``: the idempotency key; when it was answered before, ``replay`` is that answer
        and nothing is written. Raises :class:`KeyReused` when ``fingerprint`` differs from then.
        """
        slot = Exchange(thread_key(thread))
        slot.request = thread_key(request) if request else None
        slot.fingerprint = fingerprint
        with self._database.alone(slot.thread), ExitStack() as stack:
            link = self._reach(stack, slot)
            before = slot.state
            with as_current(slot):
                yield slot
            if slot.replay is not None or (slot.state is before and slot.answer is None):
                slot.saved = True
                return
            slot.saved = link is not None and self._write(link, slot)
            self._remember(slot)

    @property
    def reachable(self) -> bool:
        """False shortly after the database did not answer."""
        return time.monotonic() >= self._resting_until

    def forget(self, thread: str) -> None:
        """What memory holds of the conversation because it could not be saved."""
        with self._guard:
            self._unsaved.pop(thread_key(thread), None)

    def _reach(self, stack: ExitStack, slot: Exchange) -> Connection | None:
        """The connection, its lock held and the conversation read; None: not now."""
        with self._guard:
            kept = self._unsaved.get(slot.thread)
        link: Connection | None = None
        if self.reachable:
            try:
                link = stack.enter_context(self._database.engine.connect())
                stack.enter_context(self._database.alone_everywhere(slot.thread, link))
                _read(link, slot)
            except _UNREACHABLE:
                self._rest()
                link = None
        if kept is not None and (link is None or kept.turns > slot.state.turns):
            slot.state = kept  # one begun anew because nothing could be read yields to what is kept
        return link

    def _write(self, link: Connection, slot: Exchange) -> bool:
        if not self._database.is_sqlite:
            return self._commit(link, [slot])
        self._pending.append(slot)
        with self._database.writing():
            if slot.saved is None:  # nobody wrote it together with theirs meanwhile
                self._write_pending(link)
        return bool(slot.saved)

    def _write_pending(self, link: Connection) -> None:
        """All turns that wait, made durable at once: the disk is asked to once for all of them."""
        batch = [self._pending.popleft() for _ in range(len(self._pending))]
        saved = self._commit(link, batch)
        for one in batch:
            one.saved = saved or (len(batch) > 1 and self._commit(link, [one]))

    def _commit(self, link: Connection, batch: list[Exchange]) -> bool:
        try:
            with link.begin():
                for slot in batch:
                    _upsert(link, slot)
                    if slot.request or slot.question is not None:
                        _keep_turn(link, slot)
        except _UNREACHABLE:
            self._rest()
            return False
        return True

    def _rest(self) -> None:
        self._resting_until = time.monotonic() + _REST_SECONDS

    def _remember(self, slot: Exchange) -> None:
        """A state that could not be written stays in memory until it can."""
        if slot.saved and slot.thread not in self._unsaved:
            return
        with self._guard:
            self._unsaved.pop(slot.thread, None)
            if not slot.saved:
                self._unsaved[slot.thread] = slot.state
                while len(self._unsaved) > _UNSAVED:
                    self._unsaved.popitem(last=False)


@contextmanager
def as_current(slot: Exchange) -> Iterator[None]:
    """Turns of that conversation opened inside the block are this one."""
    token = _CURRENT.set(slot)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def _read(link: Connection, slot: Exchange) -> None:
    with link.begin():
        found = link.execute(
            select(conversation.c.state).where(conversation.c.thread == slot.thread)
        ).scalar_one_or_none()
        if found is not None:
            slot.state = _state_of(found)
        if slot.request is None:
            return
        row = link.execute(
            select(turn.c.fingerprint, turn.c.answer).where(
                turn.c.thread == slot.thread, turn.c.request == slot.request
            )
        ).one_or_none()
    if row is not None:
        if row.fingerprint != slot.fingerprint:
            raise KeyReused
        slot.replay = row.answer


def _state_of(text: str) -> State:
    """The state as data; what an older version wrote and this one cannot read begins anew."""
    try:
        return State.model_validate_json(text)
    except ValidationError:
        return State()


def _upsert(link: Connection, slot: Exchange) -> None:
    now = time.time()
    state = slot.state.model_dump_json(exclude_defaults=True)
    values = {"state": state, "turns": slot.state.turns, "updated_at": now}
    if link.dialect.name == "sqlite":
        lite = sqlite.insert(conversation).values(thread=slot.thread, created_at=now, **values)
        link.execute(lite.on_conflict_do_update(index_elements=["thread"], set_=values))
    else:
        post = postgresql.insert(conversation).values(thread=slot.thread, created_at=now, **values)
        link.execute(post.on_conflict_do_update(index_elements=["thread"], set_=values))


def _keep_turn(link: Connection, slot: Exchange) -> None:
    link.execute(
        insert(turn).values(
            thread=slot.thread,
            number=slot.state.turns,
            request=slot.request,
            fingerprint=slot.fingerprint,
            question=slot.question,
            answer=slot.answer,
            created_at=time.time(),
        )
    )


def erase(link: Connection, key: str) -> int:
    """Everything under the stored name ``key`` but its feedback; how many rows that was."""
    gone = link.execute(delete(turn).where(turn.c.thread == key)).rowcount
    return gone + link.execute(delete(conversation).where(conversation.c.thread == key)).rowcount
