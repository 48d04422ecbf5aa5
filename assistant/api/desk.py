"""``/api/desk/…``: what reviewers of the help desk may read, behind their login."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response

from assistant.api.config import ServiceSettings
from assistant.api.keys import Keys
from assistant.api.models import LoginRequest
from assistant.api.replies import failure
from assistant.api.routes import Here

COOKIE = "yidi_desk"
router = APIRouter(prefix="/api/desk", include_in_schema=False)


@router.post("/login")
async def login(body: LoginRequest, request: Request, here: Here) -> Response:
    """A session cookie of eight hours."""
    keys: Keys = request.app.state.keys
    config: ServiceSettings = here.config
    token = await here.run(keys.login, body.name, body.password)
    if token is None:
        return failure(401, "login", request.state.request_id)
    await here.run(here.records.note, body.name, "login", "desk", 1)
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE,
        token,
        max_age=8 * 3600,
        path="/api/desk",
        httponly=True,
        samesite="strict",
        secure=config.secure_cookies,
    )
    return response


@router.get("/feedback")
async def feedback(request: Request, here: Here) -> Response:
    return await _read(request, here, "feedback")


@router.get("/audit")
async def audit(request: Request, here: Here) -> Response:
    return await _read(request, here, "audit")


async def _read(request: Request, here: Here, what: str) -> Response:
    keys: Keys = request.app.state.keys
    name = keys.session(request.cookies.get(COOKIE, ""))
    if name is None:
        return failure(401, "login", request.state.request_id)
    read = here.records.feedback if what == "feedback" else here.records.audit
    rows = await here.run(read)
    await here.run(here.records.note, name, "read", what, len(rows))
    return Response(orjson.dumps(rows), media_type="application/json")
