"""A small library and an answer that stands on it, to be broken on purpose by the tests."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

from evals.library import Passage
from evals.systems import Conversation

LIBRARY = {
    "validity-temporary": Passage(
        "临时外出的备案能用多久\n临时外出的备案**至少 6 个月**，期内可以多次看病。",
        frozenset({"医保发〔2022〕22号"}),
    ),
    "cut-temporary": Passage(
        "临时外出少报多少\n临时外出就医，最多少报 20 个百分点。", frozenset({"医保发〔2022〕22号"})
    ),
    "lengths/1": Passage("网文说 3–6 个月。", frozenset({"000_9d6fe417faf6574d"})),
}

ANSWER: dict[str, Any] = {
    "question": "我1月10号办的临时备案，花了20,600元，还有效吗",
    "routes": ["validity", "reimbursement"],
    "text": (
        "**说不准，要看参保地**：至少 6 个月，到 2025年7月10日 为止。[1]\n"
        "基金约付 **11,000.00–12,000.00 元**，最多少 20 个百分点。[2]\n"
        "1. 20,600.00 − 600.00 = 20,000.00（起付线）\n"
        "有篇网文写 3–6 个月。[3] 问 12393。"
    ),
    "citations": [
        {
            "marker": 1,
            "passage": "validity-temporary",
            "document": "nhsa-2022-22",
            "title": "通知",
            "publisher": "国家医疗保障局",
            "published": "2022-07-26",
            "authority": "national",
            "source": "医保发〔2022〕22号",
            "quote": "临时外出的备案至少 6 个月，期内可以多次看病。",
        },
        {
            "marker": 2,
            "passage": "cut-temporary",
            "source": "医保发〔2022〕22号",
            "quote": "最多少报 20 个百分点",
        },
        {
            "marker": 3,
            "passage": "lengths/1",
            "source": "000_9d6fe417faf6574d",
            "quote": "3–6 个月",
        },
    ],
    "reimbursement": {
        "settlement": "direct",
        "fund_pays": {"low": "11000.00", "high": "12000.00"},
        "self_pays": {"low": "8600.00", "high": "9600.00"},
        "steps": [{"text": "20,600.00 − 600.00 = 20,000.00（起付线）", "result": "20000.00"}],
    },
    "validity": {
        "status": "depends",
        "settlement": "depends",
        "valid_from": "2025-01-10",
        "certain_until": "2025-07-10",
        "possible_until": "2026-01-10",
    },
    "materials": {"scenario": "filing_long_term_resident", "items": [{"name": "居住证明"}]},
    "facts": {
        "insured_region": {"code": "4409", "name": "茂名市", "province": "广东省"},
        "filing_type": "temporary",
        "total_cost": "20600.00",
        "items": {"class_b": "2000.00", "excluded": None},
        "age": None,
    },
    "missing": ["facility_level"],
    "conflicts": [{"topic": "有效期", "statements": [], "prevails": 1, "why": "…"}],
    "confidence": 0.8,
    "elapsed_ms": 12.0,
}


def answer(**changed: Any) -> dict[str, Any]:
    """The sound answer with some fields replaced."""
    return copy.deepcopy(ANSWER) | changed


class Stub:
    """A system that computes its answer from the conversation so far."""

    def __init__(self, reply: Callable[[list[str], date | None], dict[str, Any]]) -> None:
        self.name = "stub"
        self.on_corpus = False
        self.asked = 0
        self._reply = reply

    def begin(self, today: date | None) -> Conversation:
        said: list[str] = []

        def ask(message: str) -> dict[str, Any]:
            self.asked += 1
            said.append(message)
            return self._reply(list(said), today)

        return ask
