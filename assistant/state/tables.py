"""The tables. Moments are seconds since 1970 (UTC); threads are kept as SHA-256, never as sent."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()
_ID = BigInteger().with_variant(Integer, "sqlite")

conversation = Table(
    "conversation",
    METADATA,
    Column("thread", String(64), primary_key=True),
    Column("state", Text, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False, index=True),
)
"""``state``: the JSON of :class:`assistant.dialogue.State`, masked."""

turn = Table(
    "turn",
    METADATA,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("thread", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("request", String(64)),
    Column("fingerprint", String(64)),
    Column("question", Text),
    Column("answer", Text),
    Column("created_at", Float, nullable=False, index=True),
    UniqueConstraint("thread", "request", name="turn_once"),
)
"""A turn kept for a retry (``request``: hash of its idempotency key) or as transcript
(``question`` not null)."""

feedback = Table(
    "feedback",
    METADATA,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("thread", String(64), index=True),
    Column("body", Text, nullable=False),
    Column("created_at", Float, nullable=False, index=True),
)

audit = Table(
    "audit",
    METADATA,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("count", Integer, nullable=False),
    Column("created_at", Float, nullable=False, index=True),
)
"""Who exported, deleted, read or restored what; ``count``: rows concerned."""
