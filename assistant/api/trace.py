"""Around every request: its id, strict headers, a log line, figures. No question is logged."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.metrics import Metrics
from assistant.api.paths import door_of, is_ours
from assistant.api.replies import failure

_LOG = structlog.get_logger("request")
_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_API_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PAGE_CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Gradio writes its start-up script into the page and compiles templates in the browser."""


class Trace:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, path = time.perf_counter(), scope["path"]
        sent = Headers(scope=scope).get("x-request-id", "")
        request_id = sent if _ID.match(sent) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                headers["X-Request-ID"] = request_id
                headers["Content-Security-Policy"] = _API_CSP if is_ours(path) else _PAGE_CSP
                if not path.startswith(("/assets/", "/static/", "/svelte/")):
                    headers["Cache-Control"] = "no-store"
                if "server" in headers:
                    del headers["server"]
            await send(message)

        try:
            await self._app(scope, receive, dressed)
        except Exception as error:  # noqa: BLE001  (the outermost door: a bug becomes a 500)
            _LOG.error("broken", error=type(error).__name__, id=request_id, exc_info=error)
            if not status:
                await failure(500, "internal", request_id)(scope, receive, dressed)
        finally:
            door, seconds = door_of(path), time.perf_counter() - began
            self._metrics.requests.labels(door, str(status)).inc()
            self._metrics.seconds.labels(door).observe(seconds)
            _LOG.info(
                "request",
                id=request_id,
                door=door,
                method=scope["method"],
                status=status,
                ms=round(seconds * 1000, 1),
                **scope["state"].get("log", {}),
            )
