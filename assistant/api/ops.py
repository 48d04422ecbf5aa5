"""For whoever runs the service: alive, ready, figures. None of them waits for a thread."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request, Response

from assistant.api.replies import failure
from assistant.api.routes import Here

router = APIRouter()


@router.get("/healthz", summary="进程活着")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="可以接请求")
async def readyz(here: Here) -> dict[str, object]:
    """``saved`` false: answers are given, conversations not saved just now."""
    return {"status": "ok", "saved": here.store.reachable, "closed": bool(here.config.closed)}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, here: Here) -> Response:
    wanted = here.config.metrics_token.get_secret_value()
    sent = request.headers.get("authorization", "").removeprefix("Bearer ")
    if wanted and not hmac.compare_digest(wanted.encode(), sent.encode("utf-8", "replace")):
        return failure(401, "key", request.state.request_id)
    body, kind = here.metrics.page()
    return Response(body, media_type=kind)
