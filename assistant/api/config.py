"""What an operator sets for the service: prefix ``YIDI_``, like :mod:`assistant.settings`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.settings import ROOT
from assistant.state.records import Retention


class ServiceSettings(BaseSettings):
    """Defaults serve one machine in front of nobody but itself; every limit is per worker."""

    model_config = SettingsConfigDict(env_prefix="YIDI_", env_file=".env", extra="ignore")

    state_url: SecretStr = SecretStr(f"sqlite:///{ROOT / 'var' / 'state' / 'state.db'}")
    """SQLAlchemy URL: ``sqlite:///path`` or ``postgresql+psycopg://user:secret@host/name``."""
    keep_transcripts: bool = False
    """Questions and answers are kept (masked) for review; the page says so."""
    conversation_days: int = Field(default=7, ge=1)
    feedback_days: int = Field(default=365, ge=1)
    audit_days: int = Field(default=365, ge=1)
    replay_hours: int = Field(default=24, ge=1)
    """How long the answer to a request with an idempotency key is kept for its retries."""

    keys_file: Path | None = None
    """TOML with ``[[key]]`` (API keys) and ``[[login]]`` (help desk); see the runbook."""
    require_key: bool = False
    """No anonymous use of the API (the page stays open)."""
    metrics_token: SecretStr = SecretStr("")
    """Bearer token that /metrics wants; empty: none, keep it from the public at the proxy."""

    rate_address: str = "300/minute"
    rate_thread: str = "300/minute"
    rate_key: str = "6000/minute"
    proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses of proxies whose X-Forwarded-For counts, separated by commas."""
    threads: int = Field(default=8, ge=1, le=64)
    """Answers worked on at once in a worker."""
    queue: int = Field(default=64, ge=0)
    """Requests that may wait; further ones are refused at once."""
    wait_seconds: float = Field(default=5.0, gt=0)
    body_bytes: int = Field(default=262_144, ge=1_024)
    body_seconds: float = Field(default=10.0, gt=0)
    drain_seconds: float = Field(default=8.0, gt=0)

    page: bool = True
    """Offers the Gradio page; false for a process that serves the API alone."""
    closed: str = ""
    """Switches the assistant off: every question gets this notice."""
    secure_cookies: bool = False
    """Cookies only over HTTPS: on behind TLS."""
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Host names the MCP door answers to beside 127.0.0.1 and localhost (``name:*`` any port)."""
    log_level: str = "INFO"

    @field_validator("proxies", "hosts", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(v.strip() for v in value.split(",") if v.strip())
        return value

    @property
    def retention(self) -> Retention:
        return Retention(
            conversation_days=self.conversation_days,
            feedback_days=self.feedback_days,
            audit_days=self.audit_days,
            replay_hours=self.replay_hours,
        )


@lru_cache(maxsize=1)
def service_settings() -> ServiceSettings:
    """The settings of this process, read once."""
    return ServiceSettings()
