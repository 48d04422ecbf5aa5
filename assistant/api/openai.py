"""``/v1``: what clients of OpenAI's chat API expect. The caller keeps the conversation.

Earlier user messages are gone through again to know what was said; nothing is saved. The whole
:class:`~assistant.types.Answer` comes along as ``answer``.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import uuid4

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.api.models import MOST_CHARS
from assistant.api.replies import failure
from assistant.api.routes import FAILURES, MISSING, Here
from assistant.text import sentences
from assistant.types import Answer

MODEL = "yidi-assistant"
_TURNS = 12
"""User messages gone through again, the latest."""
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}, "text/event-stream": {}}}
}
router = APIRouter(prefix="/v1", responses=FAILURES)


class TextPart(BaseModel):
    model_config = ConfigDict(extra="ignore")
    type: str
    text: str = Field(default="", max_length=MOST_CHARS)


class Message(BaseModel):
    model_config = ConfigDict(extra="ignore")
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: (
        Annotated[str, Field(max_length=MOST_CHARS)]
        | Annotated[list[TextPart], Field(max_length=50)]
        | None
    ) = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(p.text for p in self.content)
        return self.content or ""

    @property
    def only_text(self) -> bool:
        return not isinstance(self.content, list) or all(p.type == "text" for p in self.content)


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="ignore")
    include_usage: bool = False


class ChatRequest(BaseModel):
    """Other parameters (temperature …) are passed over: they change nothing here."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "临时外出就医备案多久有效？"}],
                }
            ]
        },
    )
    model: str = Field(default=MODEL, max_length=100)
    messages: list[Message] = Field(min_length=1, max_length=200)
    stream: bool | None = False
    stream_options: StreamOptions | None = None


@router.get("/models", summary="模型列表")
async def models() -> dict[str, Any]:
    return {"object": "list", "data": [_model()]}


@router.get("/models/{name}", summary="模型", responses=MISSING)
async def model(name: str, request: Request) -> Response:
    if name != MODEL:
        return failure(404, "not_found", request.state.request_id)
    return Response(orjson.dumps(_model()), media_type="application/json")


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 1735689600, "owned_by": "yidi"}


@router.post("/chat/completions", summary="OpenAI 兼容接口", responses=_STREAM)
async def chat(body: ChatRequest, request: Request, here: Here) -> Response:
    """One completion, or with ``stream`` its pieces as server-sent events."""
    users = [m for m in body.messages if m.role == "user"]
    if not users:
        return failure(400, "no_question", request.state.request_id)
    if not all(m.only_text for m in users):
        return failure(400, "only_text", request.state.request_id)
    asked = [m.text for m in users[-_TURNS:]]
    answer = await here.run(here.replayed, asked)
    head = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": MODEL}
    usage = _usage(asked, answer)
    if body.stream:
        wanted = body.stream_options is not None and body.stream_options.include_usage
        pieces = _pieces(head, answer, usage if wanted else None)
        return StreamingResponse(pieces, media_type="text/event-stream")
    message = {"role": "assistant", "content": answer.text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    whole = {
        **head,
        "object": "chat.completion",
        "choices": [choice],
        "usage": usage,
        "answer": answer.model_dump(mode="json"),
    }
    return Response(orjson.dumps(whole), media_type="application/json")


def _usage(asked: list[str], answer: Answer) -> dict[str, int]:
    """Characters stand for tokens: there is no model that would count them."""
    sent, given = sum(map(len, asked)), len(answer.text)
    return {"prompt_tokens": sent, "completion_tokens": given, "total_tokens": sent + given}


async def _pieces(
    head: dict[str, Any], answer: Answer, usage: dict[str, int] | None
) -> AsyncIterator[bytes]:
    def event(delta: dict[str, Any], finish: str | None = None, **more: object) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "object": "chat.completion.chunk", "choices": [choice], **more})

    yield event({"role": "assistant", "content": ""})
    for piece in in_pieces(answer.text):
        yield event({"content": piece})
    yield event({}, "stop", answer=answer.model_dump(mode="json"))
    if usage is not None:
        yield _event({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _event(value: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(value) + b"\n\n"


def in_pieces(text: str) -> list[str]:
    """``text`` cut at the ends of its sentences; joined again it is the same."""
    pieces, at = [], 0
    for sentence in sentences(text):
        end = text.index(sentence, at) + len(sentence)
        pieces.append(text[at:end])
        at = end
    return [p for p in (*pieces, text[at:]) if p]
