"""How often somebody may ask: by address, by conversation, by API key. Counted in each worker."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.types import Scope

_LOOPBACK = ("127.0.0.1", "::1")


class Rates:
    """``""`` as a rate: no limit. Raises ValueError for a rate that cannot be read."""

    def __init__(self, address: str, thread: str, key: str) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._rates: dict[str, RateLimitItem | None] = {
            "address": parse(address) if address else None,
            "thread": parse(thread) if thread else None,
            "key": parse(key) if key else None,
            "login": parse("10/minute"),
        }

    def wait(self, kind: str, who: str) -> int | None:
        """Counts one; seconds to wait when that was too many, None when it may pass."""
        rate = self._rates[kind]
        if rate is None or self._limiter.hit(rate, kind, who):
            return None
        stats = self._limiter.get_window_stats(rate, kind, who)
        return max(1, math.ceil(stats.reset_time - time.time()))


def address_of(scope: Scope, proxies: tuple[str, ...]) -> str | None:
    """Who is calling; None: somebody on this machine, with no proxy between."""
    peer: str = scope["client"][0] if scope.get("client") else ""
    forwarded = Headers(scope=scope).get("x-forwarded-for")
    if forwarded is None:
        return None if peer in (*_LOOPBACK, "") else peer
    if peer not in (*proxies, ""):
        return peer
    hops = [hop.strip() for hop in forwarded.split(",")]
    return next((hop for hop in reversed(hops) if hop not in proxies), peer)[:64]
