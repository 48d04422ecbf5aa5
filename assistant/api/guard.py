"""Before a door opens: is it open, who asks, how often, is there room, is the body bearable."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.body import BadBody, again, checked_json, discard, read_body
from assistant.api.config import ServiceSettings
from assistant.api.gate import Gate, Refused
from assistant.api.keys import Keys
from assistant.api.limits import Rates, address_of
from assistant.api.metrics import Metrics
from assistant.api.paths import is_open_page, is_ours, is_work
from assistant.api.replies import failure

_DESK = "/api/desk/"
_DISCARDED, _DISCARD_SECONDS = 16 * 2**20, 2.0


class Stop(Exception):
    """The request goes no further; ``values`` fill the sentence."""

    def __init__(self, status: int, code: str, retry: int | None = None, **values: object) -> None:
        self.status, self.code, self.retry, self.values = status, code, retry, values
        super().__init__(code)


class Guard:
    """The layer between :class:`assistant.api.trace.Trace` and the routes."""

    def __init__(
        self, app: ASGIApp, config: ServiceSettings, keys: Keys, gate: Gate, metrics: Metrics
    ) -> None:
        self._app, self._config, self._keys = app, config, keys
        self._gate, self._metrics = gate, metrics
        self._rates = Rates(config.rate_address, config.rate_thread, config.rate_key)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._pass(scope, receive, send)
        except Stop as stop:
            self._metrics.refused.labels(stop.code).inc()
            response: Response = failure(
                stop.status,
                stop.code,
                scope["state"]["request_id"],
                retry=stop.retry,
                **stop.values,
            )
            if stop.status == 413:
                await discard(receive, _DISCARDED, _DISCARD_SECONDS)
            if stop.status in (408, 413):
                response.headers["Connection"] = "close"  # the rest of the body is not awaited
            await response(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if not is_ours(path):
            await self._page(path, scope, receive, send)
            return
        if not is_work(path):
            await self._app(scope, receive, send)
            return
        if self._config.closed and not path.startswith(_DESK):
            raise Stop(503, "closed", 3600, notice=self._config.closed)
        self._who(scope)
        if scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        try:
            self._gate.check()
            body = await self._body(scope, receive)
            async with self._gate.place():
                await self._app(scope, again(body, receive), send)
        except Refused as refused:
            raise Stop(503, refused.code, refused.retry) from None
        except BadBody as bad:
            raise Stop(bad.status, bad.code, limit=self._config.body_bytes) from None

    async def _page(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD", "POST") or not is_open_page(path):
            raise Stop(404, "page_closed")
        if scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        self._count("address", address_of(scope, self._config.proxies))
        try:
            body = await read_body(receive, self._config.body_bytes, self._config.body_seconds)
        except BadBody as bad:
            raise Stop(bad.status, bad.code, limit=self._config.body_bytes) from None
        await self._app(scope, again(body, receive), send)

    def _who(self, scope: Scope) -> None:
        """Sets ``state.owner``: the name of the API key, or nothing."""
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        owner = self._keys.owner(token) if scheme.lower() == "bearer" and token else None
        wanted = self._config.require_key and not scope["path"].startswith(_DESK)
        if owner is None and ((token and self._keys.any_key) or wanted):
            raise Stop(401, "key")
        scope["state"]["owner"] = owner or ""
        address = address_of(scope, self._config.proxies)
        if owner:
            self._count("key", owner)
        else:
            self._count("address", address)
        if scope["path"] == f"{_DESK}login":
            self._count("login", address or "here")

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length[:12]) > self._config.body_bytes:
            raise BadBody(413, "too_large")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Stop(415, "not_json")
        body = await read_body(receive, self._config.body_bytes, self._config.body_seconds)
        self._count("thread", _thread(checked_json(body)))
        return body

    def _count(self, kind: str, who: str | None) -> None:
        seconds = self._rates.wait(kind, who) if who else None
        if seconds is not None:
            raise Stop(429, "rate", seconds)


def _thread(value: Any) -> str | None:
    thread = value.get("thread") if isinstance(value, dict) else None
    return thread[:128] if isinstance(thread, str) else None
