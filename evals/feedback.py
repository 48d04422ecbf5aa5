"""From use to test: feedback marked wrong becomes a draft item for a reviewer.

Reads feedback as JSON Lines: ``{"turns": [str], "today": date or null, "verdict": "wrong" or
"right", "reason": str, "comment": str, "answer": object}`` (unknown keys are passed over). Personal
data is masked before anything is written. A draft expects nothing yet: the reviewer says what would
be right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.text import mask_personal
from evals.items import Item, SetError
from evals.texts import text

WRONG = "wrong"


class Feedback(BaseModel):
    """One piece of feedback as the page stores it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    turns: list[str] = Field(min_length=1)
    today: date | None = None
    verdict: str
    reason: str = ""
    comment: str = ""
    answer: Mapping[str, Any] = {}


def read_feedback(path: Path) -> list[Feedback]:
    """All feedback in ``path``. Raises SetError with every line that is none."""
    if not path.is_file():
        raise SetError([text("sets.no_file", path=path)])
    found, faults = [], []
    for line, raw in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if raw.strip():
            try:
                found.append(Feedback.model_validate_json(raw))
            except ValidationError as error:
                what = error.errors()[0]["msg"]
                faults.append(text("sets.bad", place=f"{path}:{line}", where="-", what=what))
    if faults:
        raise SetError(faults)
    return found


def drafts(feedback: Iterable[Feedback]) -> list[Item]:
    """One draft an item marked wrong, the same conversation once, masked."""
    made: dict[str, Item] = {}
    for one in feedback:
        if one.verdict != WRONG:
            continue
        turns = [mask_personal(turn) for turn in one.turns]
        body = json.dumps([turns, str(one.today)], ensure_ascii=False)
        id = f"feedback-{hashlib.sha256(body.encode()).hexdigest()[:10]}"
        said = mask_personal(str(one.answer.get("text") or ""))
        note = text(
            "feedback.note", reason=one.reason, comment=mask_personal(one.comment), said=said
        )
        tags = ["draft", "feedback"]
        made.setdefault(id, Item(id=id, turns=turns, today=one.today, tags=tags, note=note))
    return list(made.values())


def write_items(items: Iterable[Item], path: Path) -> None:
    """Write items as a question set, one JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (
        json.dumps(item.model_dump(mode="json", exclude_unset=True), ensure_ascii=False)
        for item in items
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
