"""A PostgreSQL of the tests' own; skipped where it is not installed."""

from __future__ import annotations

import atexit
from functools import cache

import pytest

from evals.postgres import NotInstalled, Postgres


@cache
def _server() -> Postgres | None:
    try:
        made = Postgres(durable=False)
    except NotInstalled:
        return None
    atexit.register(made.close)
    return made


def postgres_url() -> str:
    """The URL of a new, empty database. Skips the test where PostgreSQL is not installed."""
    server = _server()
    if server is None:
        pytest.skip("PostgreSQL is not installed")
    return server.new_url()
