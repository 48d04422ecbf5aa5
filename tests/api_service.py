"""The service under test: the real assistant, loaded once, over a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr
from starlette.testclient import TestClient

from assistant.api.app import create_app
from assistant.api.config import ServiceSettings
from assistant.api.runtime import Runtime
from assistant.pipeline import Assistant
from assistant.retrieval import Retriever
from assistant.settings import settings
from assistant.state import open_database
from corpus import load_corpus


def _silent(_logger: object, _name: str, _event: dict[str, Any]) -> dict[str, Any]:
    raise structlog.DropEvent


structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[_silent])


@cache
def retriever() -> Retriever:
    return Retriever.load(settings(), load_corpus())


def config(folder: Path, **values: Any) -> ServiceSettings:
    url = values.pop("state_url", f"sqlite:///{folder / 'state.db'}")
    return ServiceSettings(_env_file=None, state_url=SecretStr(url), **values)


def runtime(wanted: ServiceSettings) -> Runtime:
    database = open_database(wanted.state_url.get_secret_value(), wanted.threads + 1)
    database.migrate()
    corpus = load_corpus()
    return Runtime(
        lambda store: Assistant(corpus, retriever(), settings(), store),
        retriever(),
        corpus,
        database,
        wanted,
    )


@contextmanager
def service(folder: Path, *, page: bool = False, **values: Any) -> Iterator[TestClient]:
    """A client of a service with those settings."""
    app = create_app(runtime(config(folder, **values)), page=page)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
