"""What visitors say about an answer, kept as JSON Lines for a reviewer, personal data masked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from assistant.settings import ROOT
from assistant.text import mask_personal, printable
from assistant.web.texts import page_texts

PATH = ROOT / "var" / "feedback.jsonl"
MOST_COMMENT = 1000
_LOCK = Lock()


class Feedback(BaseModel):
    """``turns``: the conversation up to the answer. ``reason``: a key of ``[feedback.reasons]``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turns: list[str]
    today: date
    verdict: Literal["right", "wrong"]
    reason: str = ""
    comment: str = ""
    answer: dict[str, Any] = {}


def cleaned(feedback: Feedback) -> Feedback:
    """As it may be kept: an unknown reason left out, the comment masked and cut short."""
    known = page_texts()["feedback"]["reasons"]
    return feedback.model_copy(
        update={
            "turns": [mask_personal(t) for t in feedback.turns],
            "reason": feedback.reason if feedback.reason in known else "",
            "comment": mask_personal(printable(feedback.comment))[:MOST_COMMENT],
        }
    )


def keep(feedback: Feedback, path: Path = PATH) -> None:
    """Appends one line, cleaned."""
    kept = cleaned(feedback)
    with _LOCK:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(kept.model_dump_json() + "\n")
