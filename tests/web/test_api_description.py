"""What the API's description says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter
from serving import app_of
from starlette.testclient import TestClient

from footprints.answer.answerer import Answerer
from footprints.answer.question import MAX_CHARACTERS, checked
from footprints.contract import (
    DocumentList,
    DocumentText,
    IdentifiedAnswer,
    Question,
    Ranking,
    answer_json,
)
from footprints.errors import BadQuestion
from footprints.types import Answer
from footprints.web import examples


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


@pytest.mark.parametrize(
    "text", ["", " ", "?", "_", "…?!", "Who\x07?", "\x85Who?", " " + "x" * MAX_CHARACTERS]
)
def test_what_is_refused_is_not_described_as_a_question(
    description: dict[str, Any], text: str
) -> None:
    """A question or an earlier one that would be refused does not fit the description."""
    with pytest.raises(BadQuestion):
        checked(text)
    for shape in described_questions(description):
        assert not fits(shape, text)


@pytest.mark.parametrize(
    "text", ["Who leads Devon?", "x", "2016?", "a\tb\r\nc", "Zoë 🙂", "x" * MAX_CHARACTERS]
)
def test_what_is_taken_is_described_as_a_question(description: dict[str, Any], text: str) -> None:
    """A question that is taken fits the description."""
    assert checked(text)
    for shape in described_questions(description):
        assert fits(shape, text)


def described_questions(description: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the shapes of a question and of an earlier one, in the body and in the address."""
    body = description["components"]["schemas"]["Question"]["properties"]
    given = {
        one["name"]: one["schema"]
        for one in description["paths"]["/api/search"]["get"]["parameters"]
    }
    return [
        body["question"], body["history"]["items"], given["question"], given["history"]["items"]
    ]  # fmt: skip


def fits(shape: dict[str, Any], text: str) -> bool:
    """Tell whether a text is as JSON Schema describes it."""
    long_enough = shape["minLength"] <= len(text) <= shape["maxLength"]
    return long_enough and re.search(shape["pattern"], text) is not None
