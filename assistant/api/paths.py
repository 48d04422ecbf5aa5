"""Which address is whose, and which of Gradio's are open: all others are closed."""

from __future__ import annotations

import re

_OURS = re.compile(r"^/(?:api|v1|mcp|healthz|readyz|metrics|openapi\.json)(?:/|$)")
_WORK = re.compile(r"^/(?:api|v1|mcp)(?:/|$)")
_PAGE = re.compile(
    r"^(?:/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json"
    r"|/(?:assets|static|svelte)/[\w./@-]+"
    r"|/gradio_api/(?:startup-events|queue/join|queue/data|cancel|reset/?"
    r"|heartbeat/\w{1,64}))$"
)
_DOORS = (
    "/api/ask", "/api/reimburse", "/api/validity", "/api/materials", "/api/search", "/api/feedback",
    "/api/conversations", "/api/desk", "/v1/chat/completions", "/v1/models", "/mcp", "/healthz",
    "/readyz", "/metrics", "/openapi.json",
)  # fmt: skip


def is_ours(path: str) -> bool:
    """Everything but the page."""
    return _OURS.match(path) is not None


def is_work(path: str) -> bool:
    """Takes a place in the queue when something is posted to it."""
    return _WORK.match(path) is not None


def is_open_page(path: str) -> bool:
    """What a visitor's browser needs of Gradio. File fetch, proxy, upload, streams, monitoring,
    schema, runs and the calls by name are not among it."""
    return ".." not in path and _PAGE.match(path) is not None


def door_of(path: str) -> str:
    """A label with few values for metrics and logs."""
    if not is_ours(path):
        return "page"
    return next((d for d in _DOORS if path == d or path.startswith(d + "/")), "other")
