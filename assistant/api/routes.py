"""``/api/…``: JSON in, the :class:`~assistant.types.Answer` out."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Request, Response

from assistant.api.models import (
    AskRequest,
    CaseRequest,
    FailureBody,
    FeedbackRequest,
    MaterialsRequest,
    Passage,
    SearchAnswer,
    SearchRequest,
    Thread,
)
from assistant.api.replies import failure
from assistant.api.runtime import Reply, Runtime
from assistant.settings import today_in_shanghai
from assistant.state import KeyReused
from assistant.types import Answer

_JSON = "application/json"


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a door may answer instead, for the schema."""
    return {status: {"model": FailureBody} for status in statuses}


FAILURES = failures(400, 401, 408, 413, 415, 422, 429, 503)
MISSING = failures(404)
Retry = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="重试时带上同一个值，不会多算一轮；需要同时填 thread",
    ),
]


def runtime(request: Request) -> Runtime:
    """The process's one."""
    found: Runtime = request.app.state.runtime
    return found


Here = Annotated[Runtime, Depends(runtime)]
router = APIRouter(prefix="/api", responses=FAILURES)


def owned(request: Request, thread: str | None) -> str | None:
    """``thread`` as the store knows it: everybody with an API key has their own."""
    owner: str = request.state.owner
    return f"{owner}/{thread}" if owner and thread else thread


def _sent(reply: Reply) -> Response:
    headers = {}
    if reply.saved is not None:
        headers["X-Saved"] = "yes" if reply.saved else "no"
    if reply.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(reply.body, media_type=_JSON, headers=headers)


def _answer(answer: Answer) -> Response:
    return Response(answer.model_dump_json(), media_type=_JSON)


@router.post("/ask", response_model=Answer, summary="一问一答，可接着说", responses=failures(409))
async def ask(body: AskRequest, request: Request, here: Here, key: Retry = None) -> Response:
    """One turn. ``X-Saved: no``: answered, but the conversation could not be saved."""
    thread = owned(request, body.thread)
    try:
        return _sent(await here.run(here.ask, body.question, thread, body.today, key))
    except KeyReused:
        return failure(409, "key_reused", request.state.request_id)


@router.post("/reimburse", response_model=Answer, summary="报销测算")
async def reimburse(body: CaseRequest, here: Here) -> Response:
    today = body.today or today_in_shanghai()
    return _answer(await here.run(here.forms.reimbursement, body.facts, today))


@router.post("/validity", response_model=Answer, summary="备案是否有效")
async def validity(body: CaseRequest, here: Here) -> Response:
    today = body.today or today_in_shanghai()
    return _answer(await here.run(here.forms.validity, body.facts, today))


@router.post("/materials", response_model=Answer, summary="材料清单")
async def materials(body: MaterialsRequest, here: Here) -> Response:
    today = body.today or today_in_shanghai()
    return _answer(await here.run(here.forms.materials, body.facts, body.scenario, today))


@router.post("/search", response_model=SearchAnswer, summary="查资料原文")
async def search(body: SearchRequest, here: Here) -> Response:
    result = await here.run(here.search, body.query, body.today)
    hits = []
    for hit in result.hits[: body.limit]:
        document, publisher, published = here.document_of(hit.section.id)
        hits.append(
            Passage(
                passage=hit.section.id,
                document=document,
                title=hit.section.title,
                publisher=publisher,
                published=published,
                text=hit.section.text,
                score=hit.score,
                in_force=hit.in_force,
            )
        )
    found = SearchAnswer(
        query=body.query, confidence=result.confidence, answerable=result.answerable, hits=hits
    )
    return Response(found.model_dump_json(), media_type=_JSON)


@router.post("/feedback", status_code=204, summary="对一次回答的评价")
async def feedback(body: FeedbackRequest, request: Request, here: Here) -> Response:
    kept = body.model_dump(mode="json", exclude={"thread"})
    await here.run(here.records.add_feedback, kept, owned(request, body.thread))
    return Response(status_code=204)


@router.get(
    "/conversations/{thread}",
    summary="导出我的会话",
    response_model=dict[str, Any],
    responses=MISSING,
)
async def export(thread: Thread, request: Request, here: Here) -> Response:
    """All that is kept under the id, as JSON."""
    found = await here.run(
        here.records.export, owned(request, thread), request.state.owner or "person"
    )
    if found is None:
        return failure(404, "no_conversation", request.state.request_id)
    return Response(orjson.dumps(found), media_type=_JSON)


@router.delete("/conversations/{thread}", status_code=204, summary="删除我的会话")
async def delete(thread: Thread, request: Request, here: Here) -> Response:
    """Deletes conversation, transcript and feedback kept under the id; 204 in any case."""
    name = owned(request, thread)
    await here.run(here.records.delete, name, request.state.owner or "person")
    here.store.forget(str(name))
    return Response(status_code=204)
