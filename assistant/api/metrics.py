"""Figures for Prometheus. With several workers they share a folder, named by the supervisor."""

from __future__ import annotations

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from assistant.types import Answer

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
_CHANCES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """One a process; every label has few values."""

    def __init__(self) -> None:
        own = self._registry = CollectorRegistry()
        self.requests = Counter("yidi_requests", "Requests", ["door", "status"], registry=own)
        self.seconds = Histogram(
            "yidi_request_seconds",
            "Time to the whole answer",
            ["door"],
            buckets=_SECONDS,
            registry=own,
        )
        self.answers = Counter("yidi_answers", "Answers by first route", ["route"], registry=own)
        self.confidence = Histogram(
            "yidi_answer_confidence", "Confidence", ["route"], buckets=_CHANCES, registry=own
        )
        self.refused = Counter("yidi_refusals", "Refused requests", ["why"], registry=own)
        self.unsaved = Counter("yidi_unsaved", "Turns that could not be saved", registry=own)
        self.working = Gauge(
            "yidi_working", "Answers worked on", registry=own, multiprocess_mode="livesum"
        )

    def answered(self, answer: Answer) -> None:
        route = answer.routes[0]
        self.answers.labels(route).inc()
        self.confidence.labels(route).observe(answer.confidence)

    def page(self) -> tuple[bytes, str]:
        """What Prometheus reads, and its content type."""
        registry = self._registry
        if FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST
