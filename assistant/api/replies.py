"""Responses that the doors make themselves."""

from __future__ import annotations

import orjson
from starlette.responses import Response

from assistant.api.texts import say


def failure(
    status: int, code: str, request_id: str, /, *, retry: int | None = None, **values: object
) -> Response:
    """An error as JSON; ``code`` names its sentence. ``retry``: seconds for Retry-After."""
    if retry is not None:
        values["seconds"] = retry
    return failure_with(status, code, say("error", code, **values), request_id, retry)


def failure_with(
    status: int, code: str, message: str, request_id: str, retry: int | None = None
) -> Response:
    """The same with a sentence of its own. Clients of OpenAI's API find what they look for too."""
    body = {
        "error": {
            "code": code,
            "type": code,
            "param": None,
            "message": message,
            "request_id": request_id,
        }
    }
    headers = {"Retry-After": str(retry)} if retry is not None else None
    return Response(orjson.dumps(body), status, headers, "application/json")
