"""Odd input through every door of both stores: never a 5xx, kept byte for byte or refused."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from api_service import service
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres import postgres_url
from starlette.testclient import TestClient

from assistant.privacy import mask
from assistant.settings import ROOT

NAUGHTY = ROOT.parent / "shared" / "outside" / "naughty_strings.jsonl"
DOORS: dict[str, Any] = {
    "/api/ask": lambda text: {"question": text},
    "/api/search": lambda text: {"query": text},
    "/api/reimburse": lambda text: {"facts": {"insured_region": text, "disease": text}},
    "/api/validity": lambda text: {"facts": {"filed_region": text}},
    "/api/materials": lambda text: {"scenario": text},
    "/api/feedback": lambda text: {"turns": [text], "verdict": "wrong", "comment": text},
    "/v1/chat/completions": lambda text: {"messages": [{"role": "user", "content": text}]},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = (
    "question",
    "thread",
    "today",
    "facts",
    "scenario",
    "query",
    "limit",
    "messages",
    "stream",
)

BODIES = JSON | st.dictionaries(st.sampled_from(FIELDS), JSON)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("state")
    more = {"state_url": postgres_url()} if request.param == "postgresql" else {}
    limits = {"rate_address": "", "rate_thread": "", "keep_transcripts": True}
    with service(folder, **limits, **more) as made:
        while made.post("/mcp", json={}).status_code == 503:  # opened behind the scenes
            time.sleep(0.05)
        yield made


def post(client: TestClient, path: str, body: object) -> Any:
    content = json.dumps(body)
    return client.post(path, content=content, headers={"Content-Type": "application/json"})


def kept(client: TestClient, text: str, thread: str) -> None:
    response = post(client, "/api/ask", {"question": text, "thread": thread})
    assert response.status_code < 500, text
    if response.status_code == 200:
        found = client.get(f"/api/conversations/{thread}").json()
        assert found["transcript"][-1]["question"] == mask(text)
    else:
        assert response.json()["error"]["message"]


@pytest.mark.shared
def test_strings_that_break_programs(client: TestClient) -> None:
    if not NAUGHTY.is_file():
        pytest.skip("the shared material is not beside the repository")
    rows = [json.loads(line) for line in NAUGHTY.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        kept(client, row["text"], f"naughty-{row['id']}")
    for path, body in DOORS.items():
        for row in rows:
            assert post(client, path, body(row["text"])).status_code < 500, (path, row["id"])
    for row in rows:
        door = f"/api/conversations/{quote(row['text'], safe='')}"
        assert client.get(door).status_code < 500, row["id"]
        header = {"Idempotency-Key": row["text"].encode(errors="ignore").replace(b"\n", b"")}
        body = {"question": "备案", "thread": "header"}
        assert client.post("/api/ask", json=body, headers=header).status_code < 500, row["id"]
        call = {"name": "ask", "arguments": {"question": row["text"]}}
        rpc = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        accepts = {"Accept": "application/json, text/event-stream"}
        assert client.post("/mcp", json=rpc, headers=accepts).status_code < 500, row["id"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(st.characters(exclude_categories=[]), max_size=200))
def test_any_text_is_kept_as_it_is_or_refused(client: TestClient, text: str) -> None:
    kept(client, text, "any-text")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(sorted(DOORS)), body=BODIES)
def test_any_json_is_answered_or_refused(client: TestClient, path: str, body: object) -> None:
    assert post(client, path, body).status_code < 500


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from([*sorted(DOORS), "/mcp"]), body=st.binary(max_size=200))
def test_any_bytes_are_answered_or_refused(client: TestClient, path: str, body: bytes) -> None:
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code < 500


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    headers=st.dictionaries(
        st.sampled_from(["Idempotency-Key", "Authorization", "X-Request-ID", "X-Forwarded-For"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=300),
    )
)
def test_any_header_is_borne(client: TestClient, headers: dict[str, str]) -> None:
    raw = {k: v.encode("latin-1") for k, v in headers.items()}
    body = {"question": "备案", "thread": "headers"}
    response = client.post("/api/ask", json=body, headers=raw)
    assert response.status_code < 500
