"""What the API gives, and how it says no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from browsing import browse
from serving import app_of, tiny_answerer
from starlette.testclient import TestClient

from footprints.answer.answerer import Answerer
from footprints.contract import answer_json

if TYPE_CHECKING:
    from httpx2 import Response

QUESTION = "Who leads Devon?"
ENGAGE = "How did Leicester, Leicestershire and Rutland engage the public?"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """Ask a tiny index."""
    with TestClient(app_of()) as browser:
        yield browser


def assert_problem(response: Response, status: int) -> None:
    """Check that a response is problem details."""
    values = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert values.keys() == {"type", "title", "status", "detail"}
    assert values["status"] == status
    assert values["detail"]


@pytest.mark.parametrize("id_", [None, "", "a", 0, 7])
def test_ask_is_the_contract(client: TestClient, id_: str | int | None) -> None:
    """An answer is what the contract says to the letter, with the id first if one was given."""
    body = {"question": QUESTION} | ({} if id_ is None else {"id": id_})
    response = client.post("/api/ask", json=body)
    given, expected = response.json(), answer_json(tiny_answerer().answer(QUESTION), id_)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert list(given) == list(expected)
    assert {**given, "timings_ms": 0} == {**expected, "timings_ms": 0}


def test_ask_takes_history(answerer: Answerer) -> None:
    """A follow-up is read behind its history."""
    body = {"question": "And in Lincolnshire?", "history": [ENGAGE]}
    with browse(answerer) as client:
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
    "years": (b'{"question": "Who?", "only": {"since": 2018, "until": 2015}}', 400),
    "bad history": (b'{"question": "Who leads it?", "history": [""]}', 400),
    "long history": (json.dumps({"question": "Who?", "history": ["a"] * 101}).encode(), 422),
    "surrogate id": (b'{"question": "Who leads it?", "id": "\\ud800"}', 422),
}


@pytest.mark.parametrize(("body", "status"), BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_bodies(client: TestClient, body: bytes, status: int) -> None:
    """A bad body is problem details of one shape, with a sentence."""
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
def test_wrong_address_or_method(
    client: TestClient, method: str, address: str, status: int
) -> None:
    """What the API does not have is problem details too."""
    assert_problem(client.request(method, address), status)


def test_the_api_says_which_methods_are_allowed(client: TestClient) -> None:
    """A wrong method is told the right one, as RFC 9110 asks."""
    assert client.get("/api/ask").headers.get("allow") == "POST"


def test_search(client: TestClient) -> None:
    """A search gives the ranking of the library, best first, with signals, place and text."""
    answerer = tiny_answerer()
    given = client.get("/api/search", params={"question": QUESTION}).json()
    expected = answerer.search(QUESTION)
    text = answerer.index.documents["devon"].text
    assert given["question"] == QUESTION
    assert given["index_build"] == "tiny"
    assert [one["score"] for one in given["sentences"]] == [one.score for one in expected.ranking]
    for one, scored in zip(given["sentences"], expected.ranking, strict=True):
        assert one["signals"] == asdict(scored.signals)
        assert one["passage_id"] == scored.item.passage.passage_id
        assert (one["doc_id"], one["headings"]) == ("devon", ["Devon"])
        assert one["text"] == text[one["start"] : one["end"]]


def test_search_takes_history_and_limit(client: TestClient) -> None:
    """A search reads a follow-up behind its history, and gives no more than the limit."""
    question, history = "And in Devon?", ["Who leads it?"]
    params: dict[str, Any] = {"question": question, "history": history, "limit": 1}
    given = client.get("/api/search", params=params).json()
    assert given["question"] == "Who leads it? And in Devon?"
    assert len(given["sentences"]) == 1


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 422),
        ({"question": QUESTION, "limit": 0}, 422),
        ({"question": QUESTION, "limit": 101}, 422),
        ({"question": QUESTION, "limit": "many"}, 422),
        ({"question": QUESTION, "history": ["a"] * 101}, 422),
        ({"question": ""}, 400),
        ({"question": "a" * 501}, 400),
        ({"question": QUESTION, "history": ["?"]}, 400),
        ({"question": QUESTION, "since": 2018, "until": 2015}, 400),
    ],
)
def test_bad_searches(client: TestClient, params: dict[str, Any], status: int) -> None:
    """A bad search is problem details with a sentence."""
    response = client.get("/api/search", params=params)
    assert_problem(response, status)
    assert response.json()["detail"].endswith(".")


def test_documents(answerer: Answerer) -> None:
    """The documents are listed with what is known of them, and each is given whole."""
    with TestClient(app_of(answerer)) as client:
        listed = client.get("/api/documents").json()
        assert listed["index_build"] == answerer.index_build
        assert [one["doc_id"] for one in listed["documents"]] == list(answerer.index.documents)
        for facts in listed["documents"]:
            given = client.get(f"/api/documents/{facts['doc_id']}").json()
            document = answerer.index.documents[facts["doc_id"]]
            assert facts.items() <= given.items()
            assert given["text"] == document.text
            assert (facts["title"], facts["file"]) == (document.title, document.origin)
            assert len(given["blocks"]) == len(document.blocks)
            assert all(0 <= one["start"] < one["end"] for one in given["blocks"])


def test_no_such_document(client: TestClient) -> None:
    """A document that is not there is a 404 that says where the list is."""
    response = client.get("/api/documents/nothing%20%F0%9F%99%82")
    assert_problem(response, 404)
    assert "/api/documents" in response.json()["detail"]


def test_alive_and_ready() -> None:
    """The process lives before there is an index; it is ready only while one is open."""
    app = app_of()
    client = TestClient(app)
    assert client.get("/healthz").json() == {"status": "ok"}
    early = client.get("/readyz")
    with TestClient(app) as started:
        assert started.get("/readyz").json() == {"status": "ready"}
    late = client.get("/readyz")
    for response in (early, late, client.get("/metrics"), client.get("/api/documents")):
        assert_problem(response, 503)
        assert response.headers["retry-after"] == "1"
    assert client.get("/healthz").status_code == 200
