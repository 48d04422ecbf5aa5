"""Conversations, feedback and audit in SQL. The only part of the package that knows SQLAlchemy.

Everything is stored masked (see :mod:`assistant.privacy`) and as plain text or JSON; what is read
back is validated as data, never turned into objects of the stored text's choice.
"""

from __future__ import annotations

from assistant.state.database import Database, open_database
from assistant.state.records import Records
from assistant.state.sql import Exchange, KeyReused, SqlStore

__all__ = ["Database", "Exchange", "KeyReused", "Records", "SqlStore", "open_database"]
