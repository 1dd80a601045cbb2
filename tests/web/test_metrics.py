"""What the server counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families
from serving import app_of
from starlette.testclient import TestClient


@pytest.fixture
def client() -> Iterator[TestClient]:
    """Ask an application that has counted nothing yet."""
    with TestClient(app_of()) as browser:
        yield browser


def counts(client: TestClient) -> dict[str, float]:
    """Return every count by its name and labels, as Prometheus would read it."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        sample.name + "".join(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_nothing_yet(client: TestClient) -> None:
    """Before the first question every status and refusal is there with zero, and the build."""
    found = counts(client)
    for status in ("answered", "abstained_off_topic", "abstained_not_in_corpus"):
        assert found[f"footprints_questions_total{status}"] == 0
    for refused in (403, 413, 429, 503):
        assert found[f"footprints_rejected_total{refused}"] == 0
    assert found["footprints_in_flight"] == 0
    assert found["footprints_index_infotiny"] == 1


def test_questions_are_counted(client: TestClient) -> None:
    """An answer is counted by its status, with the time of each stage."""
    status = client.post("/api/ask", json={"question": "Who leads Devon?"}).json()["status"]
    found = counts(client)
    assert found[f"footprints_questions_total{status}"] == 1
    for stage in ("encode", "retrieve", "rank", "total"):
        assert found[f"footprints_stage_seconds_count{stage}"] == 1
        assert found[f"footprints_stage_seconds_sum{stage}"] > 0
    assert found["footprints_in_flight"] == 0


def test_what_is_turned_away_is_counted(client: TestClient) -> None:
    """A refusal is counted by its status; a wrong address or question is none."""
    client.post("/api/ask", headers={"origin": "http://evil.example"})
    client.post("/api/ask", content=b"x" * 70_000)
    client.post("/api/ask", content=b"x")
    client.get("/", headers={"host": "evil.example"})
    client.post("/api/ask", json={"question": "?"})
    client.get("/none")
    found = {name: value for name, value in counts(client).items() if "rejected_total" in name}
    assert found == {
        "footprints_rejected_total403": 1,
        "footprints_rejected_total413": 1,
        "footprints_rejected_total415": 1,
        "footprints_rejected_total421": 1,
        "footprints_rejected_total429": 0,
        "footprints_rejected_total503": 0,
    }


def test_applications_count_apart() -> None:
    """Two applications in one process do not share their counts."""
    with TestClient(app_of()) as one, TestClient(app_of()) as other:
        one.post("/api/ask", json={"question": "Who leads Devon?"})
        asked = {name: value for name, value in counts(other).items() if "questions_total" in name}
    assert set(asked.values()) == {0}


def test_no_question_is_in_the_counts(client: TestClient) -> None:
    """What was asked is nowhere in the counts."""
    client.post("/api/ask", json={"question": "Who leads Xanadu?"})
    assert not re.search("xanadu", client.get("/metrics").text, re.IGNORECASE)
