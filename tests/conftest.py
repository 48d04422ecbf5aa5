"""One assistant for all tests: real corpus, real rules, real encoder, an index of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.pipeline import Assistant
from assistant.settings import Settings

SHARED = Path(__file__).parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.load(Settings(index_dir=tmp_path_factory.mktemp("index")))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material beside the repository; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared material beside the repository")
    return SHARED
