"""The HTTP API against the library's contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from browsing import browse
from starlette.testclient import TestClient

from footprints.answer.answerer import Answerer
from footprints.contract import answer_json
from footprints.errors import IndexDamaged

if TYPE_CHECKING:
    from httpx2 import Response

DEVON = "Who leads the Devon STP?"
ENGAGE = "How did Leicester, Leicestershire and Rutland engage the public?"


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> Iterator[TestClient]:
    """Ask about the real corpus."""
    with browse(answerer) as browser:
        yield browser


@pytest.mark.parametrize("id_", [None, "7", 7])
def test_api_answers(client: TestClient, answerer: Answerer, id_: str | int | None) -> None:
    """The API gives the same JSON as the library's contract, with the id if there was one."""
    body = {"question": DEVON} if id_ is None else {"id": id_, "question": DEVON}
    response = client.post("/api/ask", json=body)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert untimed(response.json()) == untimed(answer_json(answerer.answer(DEVON), id_))
    assert list(response.json()) == list(answer_json(answerer.answer(DEVON), id_))


def untimed(values: dict[str, Any]) -> dict[str, Any]:
    """Forget how long an answer took."""
    return {key: value for key, value in values.items() if key != "timings_ms"}


def test_api_history(client: TestClient) -> None:
    """The API reads a follow-up behind its history."""
    body = {"question": "And in Lincolnshire?", "history": [ENGAGE]}
    first = client.post("/api/ask", json=body).json()["citations"][0]
    assert "patient stories" in first["quote"]


BAD_BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 422),
    "not JSON": (b"{", 422),
    "not UTF-8": (b'{"question": "\xff"}', 400),
    "deep": (b"[" * 60_000, 400),
    "not an object": (b"[]", 422),
    "no question": (b"{}", 422),
    "null": (b'{"question": null}', 422),
    "number": (b'{"question": 3}', 422),
    "history": (b'{"question": "Who?", "history": "Why?"}', 422),
    "blank": (b'{"question": " "}', 400),
    "punctuation": (b'{"question": "?"}', 400),
    "long": (json.dumps({"question": "a" * 501}).encode(), 400),
    "surrogate": (b'{"question": "\\ud800"}', 400),
    "bad history": (b'{"question": "Who leads it?", "history": [""]}', 400),
    "long history": (json.dumps({"question": "Who?", "history": ["a"] * 101}).encode(), 422),
    "surrogate id": (b'{"question": "Who leads it?", "id": "\\ud800"}', 422),
}


@pytest.mark.parametrize(("body", "status"), BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_api_errors(client: TestClient, body: bytes, status: int) -> None:
    """A bad request to the API is problem details of one shape, with a sentence."""
    headers = {"content-type": "application/json"}
    assert_problem(client.post("/api/ask", content=body, headers=headers), status)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/ask", 405),
        ("PUT", "/api/ask", 405),
        ("GET", "/api/none", 404),
        ("POST", "/api/none", 404),
    ],
)
def test_api_wrong_address_or_method(
    client: TestClient, method: str, address: str, status: int
) -> None:
    """What the API does not have is problem details too."""
    assert_problem(client.request(method, address), status)


def test_api_says_which_methods_are_allowed(client: TestClient) -> None:
    """A wrong method is told the right one, as RFC 9110 asks."""
    assert client.get("/api/ask").headers.get("allow") == "POST"


def assert_problem(response: Response, status: int) -> None:
    """Check that a response is problem details."""
    values = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert values.keys() == {"type", "title", "status", "detail"}
    assert values["status"] == status
    assert values["detail"]


class Broken:
    """An answerer whose index was damaged under it."""

    def answer(self, question: str, history: object) -> None:
        """Fail."""
        raise IndexDamaged("passages.json is damaged; run: footprints index --rebuild")


def test_our_own_failure_is_a_500() -> None:
    """An error of ours is a 500 in the API's one shape, with its sentence and no traceback."""
    with browse(Broken()) as browser:
        assert_problem(browser.post("/api/ask", json={"question": DEVON}), 500)
