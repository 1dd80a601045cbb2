"""The API's answers, and what its description says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter
from serving import app_of, tiny_answerer
from starlette.testclient import TestClient

from footprints.answer.answerer import Answerer
from footprints.contract import (
    DocumentList,
    DocumentText,
    IdentifiedAnswer,
    Question,
    Ranking,
    answer_json,
)
from footprints.types import Answer
from footprints.web import examples
from footprints.web.app import create_app

QUESTION = "Who leads Devon?"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """Ask a tiny index."""
    with TestClient(app_of()) as browser:
        yield browser


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    """Return the description of the API."""
    values: dict[str, Any] = client.get("/api/openapi.json").json()
    return values


@pytest.mark.parametrize("id_", [None, "", "a", 0, 7])
def test_ask_is_the_contract(client: TestClient, id_: str | int | None) -> None:
    """An answer is what the contract says to the letter, with the id first if one was given."""
    body = {"question": QUESTION} | ({} if id_ is None else {"id": id_})
    given = client.post("/api/ask", json=body).json()
    expected = answer_json(tiny_answerer().answer(QUESTION), id_)
    assert list(given) == list(expected)
    assert {**given, "timings_ms": 0} == {**expected, "timings_ms": 0}


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
        assert one["signals"] == scored.signals
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
    ],
)
def test_bad_searches(client: TestClient, params: dict[str, Any], status: int) -> None:
    """A bad search is problem details with a sentence."""
    response = client.get("/api/search", params=params)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"].endswith(".")


def test_documents(answerer: Answerer) -> None:
    """The documents are listed with what is known of them, and each is given whole."""
    with TestClient(create_app(lambda: answerer)) as client:
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
    response = client.get("/api/documents/%00%F0%9F%99%82")
    assert (response.status_code, response.json()["status"]) == (404, 404)
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
        assert response.status_code == 503
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["retry-after"] == "1"
    assert client.get("/healthz").status_code == 200


ENDPOINTS = {
    "/api/ask",
    "/api/answers/{answer_id}",
    "/api/search",
    "/api/documents",
    "/api/documents/{doc_id}",
    "/healthz",
    "/readyz",
    "/metrics",
}


def test_everything_is_described(description: dict[str, Any]) -> None:
    """Every endpoint for programs is described, and no page."""
    assert description["paths"].keys() >= ENDPOINTS
    assert all(
        re.match("/(api/|healthz|readyz|metrics)", path) and len(path) > 5
        for path in description["paths"]
    )


def test_every_endpoint_has_an_example_and_the_one_error_shape(
    description: dict[str, Any],
) -> None:
    """Every endpoint shows an example, and every error it may end in has the one shape."""
    for path in ENDPOINTS:
        for operation in description["paths"][path].values():
            responses = operation["responses"]
            (success,) = responses["200"]["content"].values()
            assert success["example"]
            errors = {code: one for code, one in responses.items() if code != "200"}
            assert "500" in errors
            for code, one in errors.items():
                (media, shape), = one["content"].items()  # fmt: skip
                assert media == "application/problem+json"
                assert shape["schema"]["required"] == ["type", "title", "status", "detail"]
                assert shape["example"]["status"] == int(code)


def test_the_examples_are_true(answerer: Answerer) -> None:
    """The examples are what this corpus says, in the shapes that are described."""
    TypeAdapter(IdentifiedAnswer).validate_python(examples.ANSWER)
    Ranking.model_validate(examples.RANKING)
    DocumentList.model_validate(examples.DOCUMENTS)
    shown = DocumentText.model_validate(examples.DOCUMENT)
    document = answerer.index.documents[shown.doc_id]
    assert document.text.startswith(shown.text)
    assert shown.blocks == document.blocks[: len(shown.blocks)]
    assert shown.sha256 == document.digest
    answer = answerer.answer(examples.ANSWER["question"])
    (citation,) = answer_json(answer)["citations"]
    (example,) = examples.ANSWER["citations"]
    assert example == {**citation, "probability": example["probability"]}


def test_the_described_question_can_be_asked(
    client: TestClient, description: dict[str, Any]
) -> None:
    """The example of a question is one that is answered."""
    (example,) = description["components"]["schemas"]["Question"]["examples"]
    assert Question.model_validate(example)
    assert client.post("/api/ask", json=example).status_code == 200


def test_the_description_of_an_answer_is_the_contract(description: dict[str, Any]) -> None:
    """The description of an answer names the contract's keys; only the id may be missing."""
    shape = description["components"]["schemas"]["IdentifiedAnswer"]
    assert shape["properties"].keys() == {*Answer.__slots__, "id"}
    assert set(shape["required"]) == set(Answer.__slots__)
