"""The application: layers, doors, what runs beside them. The order of the layers is here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount, Route
from starlette.types import Scope

from assistant.api import desk, openai, ops, routes
from assistant.api.gate import Gate
from assistant.api.guard import Guard
from assistant.api.keys import Keys
from assistant.api.later import Later, Opened
from assistant.api.models import sentence
from assistant.api.page import build_page
from assistant.api.paths import is_ours
from assistant.api.replies import failure, failure_with
from assistant.api.runtime import Runtime
from assistant.api.sticky import Sticky
from assistant.api.texts import say
from assistant.api.trace import Trace

_LOG = structlog.get_logger("service")
_DOORS = (routes, desk, ops, openai)
_PURGE_SECONDS = 3600.0
_RETRY_SECONDS = 5.0


def create_app(
    here: Runtime, *, page: bool = True, sockets: list[Path] | None = None, own: int = 0
) -> FastAPI:
    """All doors over ``here``. ``page``: with the Gradio page.

    ``sockets``: of all workers by number, when there are several; ``own``: this one's number.
    """
    config = here.config
    keys, gate = Keys(config.keys_file), _gate(here)
    mcp, front = Later(lambda: _mcp(here)), Later(lambda: build_page(here, keys)) if page else None

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        beside = [asyncio.create_task(work) for work in (_keep_house(here), mcp.serve())]
        if front is not None:
            beside.append(asyncio.create_task(front.serve()))
        yield
        for task in beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(here.close)

    app = FastAPI(
        title=say("openapi", "title"),
        description=say("openapi", "description"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.runtime, app.state.keys, app.state.gate = here, keys, gate
    for part in _DOORS:
        app.include_router(part.router)
    app.router.routes.append(Route("/mcp", mcp))
    if front is not None:
        shown = Sticky(front, sockets, own, config.secure_cookies) if sockets else front
        app.router.routes.append(_PageMount("/", shown))
    _handlers(app)
    app.add_middleware(Guard, config=config, keys=keys, gate=gate, metrics=here.metrics)
    app.add_middleware(Trace, metrics=here.metrics)
    return app


class _PageMount(Mount):
    """The page is everywhere but at our own addresses: a wrong method there stays a 405."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.NONE, {}) if is_ours(scope["path"]) else super().matches(scope)


def _methods(scope: Scope) -> set[str]:
    """Those that the address of the request takes."""
    doors = (route for part in _DOORS for route in part.router.routes)
    found = (r for r in doors if isinstance(r, Route) and r.matches(scope)[0] is not Match.NONE)
    return {method for route in found for method in route.methods or ()}


def _mcp(here: Runtime) -> Opened:
    from assistant.api.mcp import build_mcp  # slow to import

    return build_mcp(here)


def _gate(here: Runtime) -> Gate:
    config = here.config
    return Gate(config.threads, config.queue, config.wait_seconds, here.metrics)


async def _keep_house(here: Runtime) -> None:
    """Brings the tables up to date, then deletes what is too old, hour by hour."""
    ready = False
    while True:
        try:
            ready = ready or await asyncio.to_thread(here.prepare)
            gone = await asyncio.to_thread(here.records.purge, here.config.retention)
            _LOG.info("purged", **gone)
        except DBAPIError as error:
            _LOG.warning("database", error=type(error.orig).__name__)
        await asyncio.sleep(_PURGE_SECONDS if ready else _RETRY_SECONDS)


def _handlers(app: FastAPI) -> None:
    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        text = sentence(list(error.errors()))
        return failure_with(422, "invalid", text, request.state.request_id)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = {404: "not_found", 405: "no_method"}.get(error.status_code, "bad_json")
        response = failure(error.status_code, code, request.state.request_id)
        if error.status_code == 405:
            response.headers["Allow"] = ", ".join(sorted(_methods(request.scope)))
        return response

    async def storage(request: Request, error: Exception) -> Response:
        _LOG.warning("database", error=type(error).__name__, id=request.state.request_id)
        return failure(503, "storage", request.state.request_id, retry=5)

    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(DBAPIError, storage)
