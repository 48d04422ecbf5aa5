"""Reads a request's body: bounded in size and time, and JSON that every later part can bear."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import orjson
from starlette.types import Message, Receive

MOST_DEEP = 32


class BadBody(Exception):
    """``status`` and the name of its sentence."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(code)


async def read_body(receive: Receive, most: int, seconds: float) -> bytes:
    """The whole body. Raises :class:`BadBody` when it is too large or too slow, or breaks off."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise BadBody(400, "slow_body")
                part = message.get("body", b"")
                size += len(part)
                if size > most:
                    raise BadBody(413, "too_large")
                parts.append(part)
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        raise BadBody(408, "slow_body") from None


async def discard(receive: Receive, most: int, seconds: float) -> None:
    """Lets the rest of a refused body run out, so that the sender is there to read why; bounded."""
    try:
        async with asyncio.timeout(seconds):
            while most > 0:
                message = await receive()
                most -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return


def checked_json(body: bytes) -> Any:
    """The value. Refused: bad UTF-8, NaN, infinities, lone surrogates, deep nesting, NUL."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadBody(400, "bad_json") from None
    level = [value]
    for _ in range(MOST_DEEP):
        if any(isinstance(v, float) and not math.isfinite(v) for v in level):
            raise BadBody(400, "bad_json")
        keys = (k for v in level if isinstance(v, dict) for k in v)
        if any("\0" in s for s in (*keys, *(v for v in level if isinstance(v, str)))):
            raise BadBody(422, "nul")
        level = [
            inner
            for v in level
            if isinstance(v, (dict, list))
            for inner in (v.values() if isinstance(v, dict) else v)
        ]
        if not level:
            return value
    raise BadBody(400, "bad_json")


def again(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives ``body`` first, then what the connection says."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
