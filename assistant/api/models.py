"""What the doors take in. What they give is :class:`assistant.types.Answer`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from assistant.api.texts import say, validation
from rules.facts import Facts
from rules.regions import candidates, find_region, region_by_code

MOST_CHARS = 20_000
_MOST_MONEY = Decimal(10) ** 12
_REGIONS = ("insured_region", "treatment_region", "filed_region")
_YEARS = (1990, 2100)


def _day(value: date) -> date:
    if not _YEARS[0] <= value.year <= _YEARS[1]:
        raise PydanticCustomError("date_range", "out of range")
    return value


Day = Annotated[date, AfterValidator(_day)]
Question = Annotated[
    str,
    Field(max_length=MOST_CHARS, description="问题原文", examples=["临时外出就医备案多久有效？"]),
]
Thread = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="会话编号：自己生成的不可猜测的随机串；相同则接着说，不填为一次性问题",
        examples=["5f0c1a4be9d94d6e8a1f0b7a2c3d4e5f"],
    ),
]
Today = Annotated[Day | None, Field(description="相对日期按哪天算，默认北京时间今天")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AskRequest(_Request):
    question: Question
    thread: Thread | None = None
    today: Today = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "临时外出就医备案多久有效？", "thread": None, "today": None},
                {"question": "茂名的退休职工，71岁，住院八千九，能报多少？", "today": "2025-06-01"},
            ]
        }
    )


class SearchRequest(_Request):
    query: Question
    limit: int = Field(default=5, ge=1, le=20)
    today: Today = None


def _region(name: str) -> dict[str, Any]:
    found = region_by_code(name) or find_region(name)
    if found is not None:
        return found.model_dump()
    shared = candidates(name)
    text = (
        say("error", "shared_region", name=name[:20], names="、".join(r.name for r in shared[:6]))
        if shared
        else say("error", "unknown_region", name=name[:20])
    )
    raise PydanticCustomError("region", "{text}", {"text": text})


def _named_regions(value: Any) -> Any:
    """Regions may be written as a name or a code."""
    if not isinstance(value, dict):
        return value
    named = {f: _region(value[f]) for f in _REGIONS if isinstance(value.get(f), str)}
    return {**value, **named}


def _bounded(facts: Facts) -> Facts:
    for name, value in (*facts, *facts.items):
        where = {"name": name}
        if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) > 18:
            raise PydanticCustomError("amount", "{name}", where)
        if isinstance(value, int) and abs(value) > 1_000_000:
            raise PydanticCustomError("amount", "{name}", where)
        if isinstance(value, str) and len(value) > 200:
            raise PydanticCustomError("text", "{name}", where)
        if isinstance(value, date):
            _day(value)
    return facts


Case = Annotated[
    Facts,
    BeforeValidator(_named_regions),
    AfterValidator(_bounded),
    Field(
        description="已知情况；没说的不填。地区可写名称（茂名市）或代码（4409），金额写成字符串",
        examples=[
            {
                "insured_region": "茂名市",
                "insurance_type": "employee",
                "person_status": "retired",
                "age": 71,
                "care_type": "inpatient",
                "total_cost": "8900",
            }
        ],
    ),
]


class CaseRequest(_Request):
    facts: Case = Facts()
    today: Today = None


class MaterialsRequest(CaseRequest):
    scenario: str | None = Field(
        default=None,
        max_length=60,
        description="清单编号，不填则按情况判断",
        examples=["filing_referral"],
    )


class FeedbackRequest(_Request):
    turns: list[Question] = Field(min_length=1, max_length=60)
    verdict: Literal["right", "wrong"]
    reason: str = Field(default="", max_length=60)
    comment: str = Field(default="", max_length=1000)
    answer: dict[str, Any] = {}
    thread: Thread | None = None
    today: Today = None


class LoginRequest(_Request):
    name: str = Field(max_length=64)
    password: str = Field(max_length=256)


class Passage(_Request):
    """One section found."""

    passage: str
    document: str
    title: str
    publisher: str
    published: date | None
    text: str
    score: float
    in_force: bool


class SearchAnswer(_Request):
    """``answerable``: the first hit is sure enough to be given as an answer."""

    query: str
    confidence: float
    answerable: bool
    hits: list[Passage]


class Failure(BaseModel):
    """What goes wrong, for the program (``code``) and the person (``message``)."""

    code: str
    message: str
    request_id: str


class FailureBody(BaseModel):
    error: Failure


def sentence(errors: list[Any]) -> str:
    """The first of pydantic's errors as a Chinese sentence; what was sent is not repeated."""
    first = errors[0]
    where = ".".join(str(p) for p in first["loc"] if p != "body")[:80]
    what = (
        first["ctx"]["text"]
        if first["type"] == "region"
        else validation(first["type"], dict(first.get("ctx") or {}))
    )
    return say("error", "invalid", where=f"{where} " if where else "", what=what.rstrip("。"))
