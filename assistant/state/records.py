"""Feedback, audit, and a person's rights: what is kept of a conversation, and its deletion."""

from __future__ import annotations

import json
import time
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Table, delete, insert, select

from assistant.privacy import mask
from assistant.state.database import Database
from assistant.state.sql import erase, thread_key
from assistant.state.tables import audit, conversation, feedback, turn

_DAY, _HOUR = 86_400.0, 3_600.0


class Retention(BaseModel):
    """How long each kind is kept: days, for answers kept for a retry hours."""

    model_config = ConfigDict(frozen=True)

    conversation_days: int
    feedback_days: int
    audit_days: int
    replay_hours: int


class Records:
    """Reads and writes beside the turns themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_feedback(self, body: dict[str, Any], thread: str | None = None) -> None:
        """Kept masked, every text in it."""
        text = json.dumps(_masked(body), ensure_ascii=False, separators=(",", ":"))
        key = thread_key(thread) if thread else None
        with self._database.engine.begin() as link:
            link.execute(insert(feedback).values(thread=key, body=text, created_at=time.time()))

    def feedback(self, limit: int = 1000) -> list[dict[str, Any]]:
        """The newest first."""
        query = select(feedback.c.body).order_by(feedback.c.id.desc()).limit(limit)
        with self._database.engine.connect() as link:
            return [json.loads(body) for body in link.execute(query).scalars()]

    def note(self, actor: str, action: str, subject: str, count: int) -> None:
        """One line of the audit."""
        values = {"actor": actor, "action": action, "subject": subject, "count": count}
        with self._database.engine.begin() as link:
            link.execute(insert(audit).values(created_at=time.time(), **values))

    def audit(self, limit: int = 1000) -> list[dict[str, Any]]:
        """The newest first."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        with self._database.engine.connect() as link:
            return [{str(k): v for k, v in row._mapping.items()} for row in link.execute(query)]

    def export(self, thread: str, actor: str = "person") -> dict[str, Any] | None:
        """All that is kept of a conversation, as data; None when that is nothing."""
        key = thread_key(thread)
        with self._database.engine.connect() as link:
            head = link.execute(
                select(conversation).where(conversation.c.thread == key)
            ).one_or_none()
            kept = link.execute(select(turn).where(turn.c.thread == key).order_by(turn.c.id)).all()
        if head is None and not kept:
            return None
        self.note(actor, "export", key[:16], len(kept))
        return {
            "turns": head.turns if head is not None else 0,
            "state": json.loads(head.state) if head is not None else {},
            "transcript": [
                {"number": t.number, "question": t.question, "answer": json.loads(t.answer)}
                for t in kept
                if t.answer is not None
            ],
        }

    def delete(self, thread: str, actor: str = "person") -> int:
        """Deletes conversation, transcript and its feedback; rows deleted."""
        key = thread_key(thread)
        with self._database.engine.begin() as link:
            count = erase(link, key)
            count += link.execute(delete(feedback).where(feedback.c.thread == key)).rowcount
        self.note(actor, "delete", key[:16], count)
        return count

    def purge(self, retention: Retention, now: float | None = None) -> dict[str, int]:
        """Deletes what is older than it may be; rows deleted by kind."""
        now = time.time() if now is None else now
        oldest = {
            "conversation": now - retention.conversation_days * _DAY,
            "feedback": now - retention.feedback_days * _DAY,
            "audit": now - retention.audit_days * _DAY,
        }
        with self._database.engine.begin() as link:
            gone = {
                "conversation": _older(link, conversation, "updated_at", oldest["conversation"]),
                "turn": _older(link, turn, "created_at", oldest["conversation"]),
                "feedback": _older(link, feedback, "created_at", oldest["feedback"]),
                "audit": _older(link, audit, "created_at", oldest["audit"]),
            }
            for_retries = delete(turn).where(
                turn.c.question.is_(None), turn.c.created_at < now - retention.replay_hours * _HOUR
            )
            gone["turn"] += link.execute(for_retries).rowcount
        if sum(gone.values()):
            self.note("retention", "purge", "all", sum(gone.values()))
        return gone


def _older(link: Any, table: Table, column: str, moment: float) -> int:
    return int(link.execute(delete(table).where(table.c[column] < moment)).rowcount)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {mask(str(k)): _masked(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked(v) for v in value]
    return value
