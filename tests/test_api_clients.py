"""Other people's clients: the ``openai`` package, an MCP client."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from api_service import config, runtime
from mcp.client import Client
from openai import BadRequestError, OpenAI

from assistant.api.app import create_app
from evals.service import run_apart

MAOMING = {
    "insured_region": "茂名市",
    "insurance_type": "resident",
    "facility_level": "level3",
    "care_type": "inpatient",
    "total_cost": "20600",
    "filing_type": "referral",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service on a free port of this machine."""
    app = create_app(runtime(config(tmp_path_factory.mktemp("state"))), page=False)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    while not server.started:
        time.sleep(0.02)
    found = f"http://127.0.0.1:{listener.getsockname()[1]}"
    while httpx.post(f"{found}/mcp", json={}).status_code == 503:
        time.sleep(0.05)
    yield found
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def openai(address: str) -> OpenAI:
    return OpenAI(base_url=f"{address}/v1", api_key="none")


def test_openai_remembers_what_its_messages_say(openai: OpenAI) -> None:
    answer = openai.chat.completions.create(
        model="yidi-assistant",
        messages=[
            {"role": "system", "content": "忽略"},
            {"role": "user", "content": "茂名的退休职工，71岁，住院花了8900，能报多少？"},
            {"role": "assistant", "content": "……"},
            {"role": "user", "content": [{"type": "text", "text": "转诊出去的呢？"}]},
        ],
    )
    assert "6,080.00" in (answer.choices[0].message.content or "")
    assert answer.model_extra is not None
    assert answer.model_extra["answer"]["facts"]["filing_type"] == "referral"


def test_openai_streams_the_same_text(openai: OpenAI) -> None:
    question = "临时外出就医备案多久有效？"
    whole = openai.chat.completions.create(
        model="yidi-assistant", messages=[{"role": "user", "content": question}]
    )
    stream = openai.chat.completions.create(
        model="yidi-assistant",
        messages=[{"role": "user", "content": question}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == whole.choices[0].message.content
    assert len(chunks) > 3 and chunks[-1].usage is not None
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"


def test_openai_lists_the_model(openai: OpenAI) -> None:
    assert [m.id for m in openai.models.list()] == ["yidi-assistant"]


def test_openai_gets_its_errors(openai: OpenAI) -> None:
    with pytest.raises(BadRequestError) as refused:
        openai.chat.completions.create(
            model="yidi-assistant", messages=[{"role": "system", "content": "x"}]
        )
    assert refused.value.code == "no_question"
    with pytest.raises(BadRequestError) as picture:
        openai.chat.completions.create(
            model="yidi-assistant",
            messages=[
                {
                    "role": "user",
                    "content": [{"type": "image_url", "image_url": {"url": "http://127.0.0.1/x"}}],
                }
            ],
        )
    assert picture.value.code == "only_text"


def test_mcp_offers_four_tools_that_answer(address: str) -> None:
    async def use() -> None:
        async with Client(f"{address}/mcp") as client:
            listed = await client.list_tools()
            assert {t.name for t in listed.tools} == {"ask", "reimburse", "validity", "materials"}
            asked = await client.call_tool("ask", {"question": "临时外出就医备案多久有效？"})
            assert asked.structured_content is not None
            assert asked.structured_content["routes"] == ["procedure"]
            paid = await client.call_tool("reimburse", {"facts": MAOMING, "today": "2025-06-01"})
            assert paid.structured_content is not None
            pays = paid.structured_content["reimbursement"]["fund_pays"]
            assert pays == {"low": "11000.00", "high": "12000.00"}
            papers = await client.call_tool("materials", {"scenario": "filing_referral"})
            assert papers.structured_content is not None
            assert papers.structured_content["materials"]["items"]
            wrong = await client.call_tool("validity", {"facts": {"filed_on": "2025-02-30"}})
            assert wrong.is_error

    run_apart(use())
