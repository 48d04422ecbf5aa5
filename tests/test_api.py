"""The doors: what goes in, what comes out, what is refused and how."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_service import runtime, service
from starlette.testclient import TestClient

from assistant.types import Answer

TODAY = "2025-08-01"
MAOMING = {
    "insured_region": "茂名市",
    "insurance_type": "employee",
    "person_status": "retired",
    "age": 71,
    "care_type": "inpatient",
    "total_cost": "8900",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with service(tmp_path_factory.mktemp("state")) as made:
        awaited(made, "/mcp")
        yield made


def ask(client: TestClient, question: str, **more: Any) -> Any:
    response = client.post("/api/ask", json={"question": question, "today": TODAY, **more})
    assert response.status_code == 200, response.text
    return response.json()


def awaited(client: TestClient, path: str) -> None:
    """Until what is opened behind the scenes is there."""
    for _ in range(600):
        if client.post(path, json={}).status_code != 503:
            return
        time.sleep(0.05)


def code(response: Any) -> str:
    error = response.json()["error"]
    assert error["message"] and error["request_id"] == response.headers["x-request-id"]
    return str(error["code"])


def test_an_answer_is_the_contracts_object(client: TestClient) -> None:
    got = ask(client, "茂名的退休职工，71岁，住院花了8900，能报多少？")
    answer = Answer.model_validate(got)
    assert answer.reimbursement is not None and answer.reimbursement.fund_pays is not None
    assert answer.reimbursement.fund_pays.low == "6840.00"
    assert got["facts"]["total_cost"] == "8900"


def test_a_thread_goes_on_and_another_knows_nothing_of_it(client: TestClient) -> None:
    ask(client, "茂名的退休职工，71岁，住院花了8900，能报多少？", thread="thread-of-one-person")
    after = ask(client, "没备案呢？", thread="thread-of-one-person")
    assert after["facts"]["age"] == 71 and after["facts"]["filing_type"] == "none"
    other = ask(client, "没备案呢？", thread="thread-of-another")
    assert other["facts"]["age"] is None


def test_the_same_case_by_form_and_by_talk_gives_the_same_figures(client: TestClient) -> None:
    form = client.post("/api/reimburse", json={"facts": MAOMING, "today": TODAY}).json()
    talk = ask(client, "茂名的退休职工，71岁，住院花了8900，能报多少？")
    assert form["reimbursement"]["fund_pays"] == talk["reimbursement"]["fund_pays"]
    assert form["routes"] == ["reimbursement"] and form["citations"]


def test_validity_and_materials_by_form(client: TestClient) -> None:
    facts = {"filing_type": "temporary", "filed_on": "2025-01-10", "admitted_on": "2025-07-12"}
    got = client.post("/api/validity", json={"facts": facts, "today": TODAY}).json()
    assert got["validity"]["status"] == "depends"
    assert got["validity"]["certain_until"] == "2025-07-10"
    listed = client.post("/api/materials", json={"scenario": "filing_referral"}).json()
    assert any("转诊" in item["name"] for item in listed["materials"]["items"])


def test_what_cannot_be_is_asked_back(client: TestClient) -> None:
    facts = {**MAOMING, "total_cost": "-5"}
    got = client.post("/api/reimburse", json={"facts": facts}).json()
    assert got["routes"] == ["clarify"] and got["reimbursement"] is None


def test_search_gives_passages(client: TestClient) -> None:
    got = client.post("/api/search", json={"query": "临时外出备案有效期", "limit": 3}).json()
    assert len(got["hits"]) == 3 and got["hits"][0]["text"]
    scores = [hit["score"] for hit in got["hits"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("/api/ask", {}, "question"),
        ("/api/ask", {"question": "x", "other": 1}, "other"),
        ("/api/ask", {"question": "x" * 20_001}, "20000"),
        ("/api/ask", {"question": "x", "thread": "有空格 的"}, "thread"),
        ("/api/ask", {"question": "x", "today": "昨天"}, "YYYY-MM-DD"),
        ("/api/ask", {"question": "x", "today": "0001-01-01"}, "1990"),
        ("/api/reimburse", {"facts": {"insured_region": "火星市"}}, "火星市"),
        ("/api/reimburse", {"facts": {"total_cost": "1e999999"}}, "facts"),
        ("/api/reimburse", {"facts": {"age": 10**30}}, "facts"),
        ("/api/reimburse", {"facts": {"filing_type": "__class__"}}, "filing_type"),
        ("/api/validity", {"facts": {"filed_on": "2025-02-30"}}, "filed_on"),
        ("/api/search", {"query": "x", "limit": 0}, "limit"),
    ],
)
def test_a_wrong_field_is_named_in_chinese(
    client: TestClient, path: str, body: Any, word: str
) -> None:
    response = client.post(path, json=body)
    assert response.status_code == 422 and code(response) == "invalid"
    assert word in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"", 400, "bad_json"),
        (b"{", 400, "bad_json"),
        (b'{"question": NaN}', 400, "bad_json"),
        (b'{"question": 1e999}', 400, "bad_json"),
        (b'{"question": "\\ud800"}', 400, "bad_json"),
        (b'{"question": "\xff\xfe"}', 400, "bad_json"),
        (b"[" * 100_000, 400, "bad_json"),
        (b"[" * 40 + b"]" * 40, 400, "bad_json"),
        (b'{"question": "a\\u0000b"}', 422, "nul"),
        (b'{"question": "x", "a\\u0000": 1}', 422, "nul"),
        (b"null", 422, "invalid"),
        (b'[{"question": "x"}]', 422, "invalid"),
        (b'{"lc": 1, "type": "constructor", "id": ["os", "system"], "kwargs": {}}', 422, "invalid"),
        (b'{"question": "' + b"a" * 10_000_000 + b'"}', 413, "too_large"),
    ],
)
@pytest.mark.parametrize("path", ["/api/ask", "/api/reimburse", "/v1/chat/completions", "/mcp"])
def test_an_odd_body_is_refused(
    client: TestClient, path: str, body: bytes, status: int, name: str
) -> None:
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    if path == "/mcp" and name == "invalid":
        assert 400 <= response.status_code < 500
        return
    if path == "/api/reimburse" and name == "invalid" and body.startswith(b"null"):
        assert response.status_code == 422
        return
    assert (response.status_code, code(response)) == (status, name)


def test_only_json_is_taken(client: TestClient) -> None:
    response = client.post("/api/ask", data={"question": "x"})
    assert response.status_code == 415 and code(response) == "not_json"


def test_an_unknown_address_and_a_wrong_method(client: TestClient) -> None:
    assert code(client.get("/api/nothing")) == "not_found"
    wrong = client.get("/api/ask")
    assert code(wrong) == "no_method" and wrong.headers["allow"] == "POST"
    wrong = client.put("/api/conversations/x")
    assert code(wrong) == "no_method" and wrong.headers["allow"] == "DELETE, GET"


def test_the_idempotency_key_makes_no_second_turn(client: TestClient) -> None:
    body = {"question": "茂名职工，住院花了2万", "thread": "idempotent-thread", "today": TODAY}
    headers = {"Idempotency-Key": "one"}
    first = client.post("/api/ask", json=body, headers=headers)
    again = client.post("/api/ask", json=body, headers=headers)
    assert first.content == again.content and again.headers["idempotent-replayed"] == "true"
    assert client.get("/api/conversations/idempotent-thread").json()["turns"] == 1
    other = client.post("/api/ask", json={**body, "question": "另一个问题"}, headers=headers)
    assert other.status_code == 409 and code(other) == "key_reused"


def test_a_conversation_is_exported_and_deleted(client: TestClient) -> None:
    ask(client, "茂名职工，住院花了2万，能报多少", thread="to-be-deleted")
    kept = client.get("/api/conversations/to-be-deleted").json()
    assert kept["turns"] == 1 and kept["transcript"] == []
    assert client.delete("/api/conversations/to-be-deleted").status_code == 204
    assert client.get("/api/conversations/to-be-deleted").status_code == 404
    assert ask(client, "没备案呢？", thread="to-be-deleted")["facts"]["total_cost"] is None


def test_health_readiness_figures(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "saved": True, "closed": False}
    ask(client, "你好")
    figures = client.get("/metrics").text
    assert 'yidi_answers_total{route="chat"}' in figures
    assert 'yidi_requests_total{door="/api/ask",status="200"}' in figures


def test_openapi_has_examples_for_every_body(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    for path in ("/api/ask", "/api/reimburse", "/api/validity", "/api/materials", "/api/search"):
        assert "requestBody" in schema["paths"][path]["post"], path
    text = json.dumps(schema, ensure_ascii=False)
    assert text.count('"examples"') >= 5


def test_a_bug_below_the_doors_is_a_500_that_tells_nothing(tmp_path: Path) -> None:
    with service(tmp_path) as client:
        client.app.state.runtime.ask = None  # type: ignore[attr-defined]
        response = client.post("/api/ask", json={"question": "x"})
    assert response.status_code == 500 and code(response) == "internal"
    assert "NoneType" not in response.text


def test_the_runtime_answers_without_http(tmp_path: Path) -> None:
    from api_service import config

    here = runtime(config(tmp_path))
    answer = here.answer("临时外出就医备案多久有效？", None, None)
    assert answer.routes == ["procedure"]
    here.close()
