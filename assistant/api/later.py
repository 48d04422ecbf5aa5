"""A part of the application that takes long to load: opened behind the scenes, told to wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from html import escape
from typing import Any

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.texts import say

Opened = tuple[ASGIApp, AbstractAsyncContextManager[Any]]
"""An application, and what must run as long as it does."""


class Later:
    """``build`` runs on a thread."""

    def __init__(self, build: Callable[[], Opened]) -> None:
        self._build = build
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app or HTMLResponse(
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
            f'<meta http-equiv="refresh" content="2"><p>{escape(say("note", "preparing"))}</p>',
            status_code=503,
            headers={"Retry-After": "2"},
        )
        await app(scope, receive, send)

    async def serve(self) -> None:
        """Opens it and keeps it running until cancelled."""
        app, beside = await asyncio.to_thread(self._build)
        async with beside:
            self._app = app
            await asyncio.Event().wait()
