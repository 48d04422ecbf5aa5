"""The answer object: one question in, one :class:`Answer` out. Names are fixed by the contract.

Every door (page, HTTP, command line, evaluation) reads this object and nothing else. Money is a
decimal string in yuan with two places, dates are ISO strings once dumped to JSON.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from rules.facts import Facts
from rules.outcome import Settlement, ValidityStatus

Route = Literal["procedure", "materials", "reimbursement", "validity", "clarify", "decline", "chat"]
Authority = Literal["national", "local", "media", "commercial", "community"]
Money = Annotated[str, Field(pattern=r"^\d+\.\d{2}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(_Frozen):
    """One document relied on. ``quote`` stands word for word in the corpus."""

    marker: int
    passage: str
    document: str
    title: str
    publisher: str
    published: date | None
    authority: Authority
    source: str
    quote: str


class MoneyRange(_Frozen):
    low: Money
    high: Money


class RatioRange(_Frozen):
    """Payment ratio, 0..1, as decimal strings."""

    low: str
    high: str


class StepView(_Frozen):
    text: str
    result: str
    marker: int | None = None
    variant: Literal["low", "high"] | None = None


class CauseView(_Frozen):
    parameter: str
    readings: list[str]
    unit: str | None = None
    why: str
    marker: int | None = None


class AssumptionView(_Frozen):
    parameter: str
    value: str
    text: str
    marker: int | None = None


class ScenarioView(_Frozen):
    fact: str
    value: str
    label: str
    fund_pays: MoneyRange | None = None
    self_pays: MoneyRange | None = None
    ratio: RatioRange | None = None
    settlement: Settlement | None = None
    reason: str | None = None


class ReasonView(_Frozen):
    text: str
    marker: int | None = None


class ReimbursementView(_Frozen):
    pack: str | None
    settlement: Settlement | None
    fund_pays: MoneyRange | None
    self_pays: MoneyRange | None
    ratio: RatioRange | None
    reason: str | None
    steps: list[StepView] = []
    causes: list[CauseView] = []
    assumptions: list[AssumptionView] = []
    scenarios: list[ScenarioView] = []
    notes: list[ReasonView] = []


class ValidityView(_Frozen):
    status: ValidityStatus
    settlement: Settlement | None
    valid_from: date | None = None
    certain_until: date | None = None
    possible_until: date | None = None
    reasons: list[ReasonView] = []


class MaterialItemView(_Frozen):
    name: str
    one_of: str | None = None
    copies: str | None = None
    condition: str | None = None
    marker: int | None = None


class MaterialsView(_Frozen):
    scenario: str
    title: str
    items: list[MaterialItemView]
    notes: list[ReasonView] = []


class ConflictStatement(_Frozen):
    text: str
    marker: int


class ConflictView(_Frozen):
    """``prevails`` is the marker of the statement that prevails, or None."""

    topic: str
    statements: list[ConflictStatement]
    prevails: int | None
    why: str


class Answer(_Frozen):
    """What the person gets. ``text`` is Chinese Markdown with ``[n]`` markers."""

    question: str
    routes: list[Route]
    text: str
    citations: list[Citation] = []
    reimbursement: ReimbursementView | None = None
    validity: ValidityView | None = None
    materials: MaterialsView | None = None
    facts: Annotated[Facts, PlainSerializer(lambda f: _facts_json(f), return_type=dict[str, Any])]
    missing: list[str] = []
    conflicts: list[ConflictView] = []
    suggestions: list[str] = []
    confidence: float = Field(ge=0.0, le=1.0)
    elapsed_ms: float = 0.0


def _facts_json(facts: Facts) -> dict[str, Any]:
    """Facts as JSON: money as plain decimal strings, dates ISO."""
    return facts.model_dump(mode="json")
