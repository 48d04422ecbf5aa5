"""So many answers at once, so many waiting; whoever comes then is told at once to come later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from assistant.api.metrics import Metrics


class Refused(Exception):
    """``code`` names the sentence; ``retry``: seconds."""

    def __init__(self, code: str, retry: int) -> None:
        self.code, self.retry = code, retry
        super().__init__(code)


class Gate:
    """Bounded work and a bounded queue, first come first served."""

    def __init__(self, places: int, queue: int, seconds: float, metrics: Metrics) -> None:
        self._free = asyncio.Semaphore(places)
        self._most, self._seconds, self._metrics = places + queue, seconds, metrics
        self._inside = 0

    def check(self) -> None:
        """Raises :class:`Refused` when there is no room now."""
        if self._inside >= self._most:
            raise Refused("busy", 2)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place to work. Raises :class:`Refused`."""
        self.check()
        self._inside += 1
        try:
            try:
                await asyncio.wait_for(self._free.acquire(), self._seconds)
            except TimeoutError:
                raise Refused("timeout", 2) from None
            self._metrics.working.inc()
            try:
                yield
            finally:
                self._metrics.working.dec()
                self._free.release()
        finally:
            self._inside -= 1
