"""Settings from the environment (prefix ``YIDI_``) or a ``.env`` file; every one has a default.

Importing this module switches the telemetry of the libraries off: it must come before them.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

for _name, _value in {
    "ANONYMIZED_TELEMETRY": "False",
    "CHROMA_TELEMETRY_IMPL": "none",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}.items():
    os.environ.setdefault(_name, _value)

ROOT = Path(__file__).resolve().parent.parent
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Settings(BaseSettings):
    """All that an operator can set. Paths are created when needed."""

    model_config = SettingsConfigDict(env_prefix="YIDI_", env_file=".env", extra="ignore")

    index_dir: Path = ROOT / "var" / "index"
    encoder: str = ""
    """Folder or hub name of another sentence-transformers model; empty: the shipped one."""
    chroma_host: str | None = None
    """Address of a Chroma server; None: embedded."""
    chroma_port: int = 8000
    floor: float | None = Field(default=None, ge=0.0, le=1.0)
    """Confidence under which the documents count as silent; None: the calibrated one."""
    max_question_chars: int = Field(default=4000, ge=100)
    max_threads: int = Field(default=10_000, ge=1)
    """Conversations kept in memory; the oldest is forgotten first."""
    host: str = "127.0.0.1"
    port: int = 7860
    notice: str = ""
    """Shown above the page (maintenance, switch-off)."""
    llm_url: str = ""
    """OpenAI-compatible endpoint that may rephrase; empty: none."""
    llm_model: str = ""
    llm_key: SecretStr = SecretStr("")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def today_in_shanghai() -> date:
    """The real date where the rules apply; the only clock the assistant reads."""
    return datetime.now(SHANGHAI).date()
