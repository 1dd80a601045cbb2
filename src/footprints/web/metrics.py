"""The server's metrics, for Prometheus to fetch."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from footprints.types import Answer, AnswerStatus

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

REJECTED = (403, 413, 415, 421, 429, 503)
"""The statuses of what is turned away unread.

Foreign form, large body, wrong type, wrong name, too fast, too busy.
"""


class Metrics:
    """The counts of one application, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._questions = Counter(
            "footprints_questions", "Questions answered, by status.", ["status"], registry=registry
        )
        self._stages = Histogram(
            "footprints_stage_seconds",
            "How long each stage of an answer took.",
            ["stage"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._rejected = Counter(
            "footprints_rejected",
            "Requests turned away, by HTTP status.",
            ["status"],
            registry=registry,
        )
        self._index = Info("footprints_index", "The index that is open.", registry=registry)
        self.in_flight = Gauge(
            "footprints_in_flight", "Questions waiting or being answered.", registry=registry
        )
        for status in AnswerStatus:
            self._questions.labels(status)
        for refused in REJECTED:
            self._rejected.labels(refused)

    def answered(self, answer: Answer) -> None:
        """Count an answer and the time it took."""
        self._questions.labels(answer.status).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def refused(self, status: int) -> None:
        """Count an error response, if it turned a request away."""
        if status in REJECTED:
            self._rejected.labels(status).inc()

    def text(self, index_build: str) -> bytes:
        """Return every count in the text format of Prometheus."""
        self._index.info({"build": index_build})
        return generate_latest(self._registry)
