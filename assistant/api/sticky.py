"""A visitor of the page stays with one worker: Gradio keeps what a visitor has open in its process.

A cookie names the worker; whichever worker the kernel hands a request to passes it on, over a
socket on this machine, to that one. Only the page: the API keeps nothing in processes.
"""

from __future__ import annotations

from pathlib import Path

import httpx
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.texts import say

COOKIE = "yidi_worker"
_HOP = {b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"te", b"trailer"}


class Sticky:
    """``sockets``: of all workers by number; ``own``: this worker's number."""

    def __init__(self, app: ASGIApp, sockets: list[Path], own: int, secure: bool) -> None:
        self._app, self._own, self._secure = app, own, secure
        self._others = {
            n: httpx.AsyncClient(
                transport=httpx.AsyncHTTPTransport(uds=str(path)),
                base_url="http://worker",
                timeout=None,
            )
            for n, path in enumerate(sockets)
            if n != own
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = Request(scope).cookies.get(COOKIE, "")
        other = self._others.get(int(wanted)) if wanted.isdecimal() and len(wanted) < 3 else None
        if other is not None and scope.get("client") is not None and scope["client"][0]:
            await _pass_on(other, scope, receive, send)
            return

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and wanted != str(self._own):
                secure = "; Secure" if self._secure else ""
                cookie = f"{COOKIE}={self._own}; Path=/; HttpOnly; SameSite=Lax{secure}"
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, named)

    async def close(self) -> None:
        for client in self._others.values():
            await client.aclose()


async def _pass_on(client: httpx.AsyncClient, scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    query = scope["query_string"].decode("latin-1")
    address = request.url.path + (f"?{query}" if query else "")
    headers = [(k, v) for k, v in scope["headers"] if k not in _HOP]
    body = await request.body()
    asked = client.build_request(scope["method"], address, headers=headers, content=body)
    try:
        answer = await client.send(asked, stream=True)
    except httpx.TransportError:
        page = HTMLResponse(say("note", "preparing"), 503, {"Retry-After": "2"})
        await page(scope, receive, send)
        return
    try:
        kept = [(k.lower(), v) for k, v in answer.headers.raw if k.lower() not in _HOP]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": kept})
        async for part in answer.aiter_raw():
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        await answer.aclose()
