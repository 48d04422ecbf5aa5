"""Where conversations are kept. The default keeps them in memory, the oldest forgotten first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Protocol

from assistant.dialogue import State


class Slot:
    """One conversation while its turn is worked on: read ``state``, set it once."""

    def __init__(self, state: State) -> None:
        self.state = state


class Store(Protocol):
    """Reads and writes the state of one conversation at a time."""

    def turn(self, thread: str) -> AbstractContextManager[Slot]:
        """The conversation ``thread``, alone; written back when the block ends without an error."""
        ...


class MemoryStore:
    """Conversations of this process; at most ``capacity`` of them."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._states: OrderedDict[str, State] = OrderedDict()
        self._locks: dict[str, Lock] = {}
        self._guard = Lock()

    @contextmanager
    def turn(self, thread: str) -> Iterator[Slot]:
        """The conversation ``thread``, alone; written back when the block ends without an error."""
        with self._guard:
            lock = self._locks.setdefault(thread, Lock())
        with lock:
            slot = Slot(self._states.get(thread, State()))
            yield slot
            with self._guard:
                self._states[thread] = slot.state
                self._states.move_to_end(thread)
                while len(self._states) > self._capacity:
                    oldest, _ = self._states.popitem(last=False)
                    self._locks.pop(oldest, None)
