"""Serves the page: ``python app.py``. Address and port come from the settings (``YIDI_HOST`` …)."""

from __future__ import annotations

from assistant.settings import settings  # first: switches telemetry off  # isort: skip

from assistant.web.page import build, options
from assistant.web.service import Service


def main() -> None:
    """Serve until interrupted; the assistant loads while the page is already there."""
    config, service = settings(), Service()
    page = build(service)
    page.launch(
        server_name=config.host,
        server_port=config.port,
        prevent_thread_lock=True,
        **options(),
    )
    service.warm()
    page.block_thread()


if __name__ == "__main__":
    main()
