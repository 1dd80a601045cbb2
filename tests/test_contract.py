"""The contract of the machine-readable doors."""

from __future__ import annotations

import json

import pytest

from footprints.answer.answerer import Answerer
from footprints.contract import Id, answer_json, id_of, problem_json, read_question
from footprints.errors import (
    BadQuestion,
    Busy,
    CannotWrite,
    FootprintsError,
    IndexBusy,
    IndexDamaged,
    NoIndex,
    NotStaged,
)
from footprints.types import (
    Answer,
    AnswerPart,
    AnswerStatus,
    Citation,
    Difference,
    Excerpt,
    Only,
    PartialDate,
    Place,
)

CITATION = Citation(
    number=1,
    doc_id="rcn-south-west",
    title="Integrated care",
    publisher="RCN",
    published=None,
    describes="2016",
    headings=("A", "B"),
    quote="“Devon” – Angela",
    start=123,
    end=139,
    also=(Place("rcn-south-east", 1, 2),),
    probability=0.93,
    surroundings=Excerpt(123, 151, "“Devon” – Angela. Tim helps."),
    context=(Excerpt(100, 105, "Leads"),),
    locator="page 3",
    url="https://example.org/care",
    retrieved=PartialDate("2020-05-01"),
)
ANSWER = Answer(
    question="Who?",
    status=AnswerStatus.ANSWERED,
    probability=0.93,
    citations=(CITATION,),
    further=(),
    index_build="20260101T000000000000Z",
    timings_ms={"retrieve": 1.2, "rank": 3.4, "total": 6.1},
    searched_for="Who is it?",
    read_after=("Who leads it?",),
    differs=True,
    differences=(Difference(1, 2, "definition"),),
    parts=(AnswerPart("Who?", AnswerStatus.POSSIBLE, 0.5, (1,), True),),
    unmentioned=("Zanzibar",),
    only=Only(("RCN",), until=2019),
)
AS_JSON = {
    "question": "Who?",
    "status": "answered",
    "probability": 0.93,
    "citations": [
        {
            "number": 1,
            "doc_id": "rcn-south-west",
            "title": "Integrated care",
            "publisher": "RCN",
            "published": None,
            "describes": "2016",
            "headings": ["A", "B"],
            "quote": "“Devon” – Angela",
            "start": 123,
            "end": 139,
            "also": [{"doc_id": "rcn-south-east", "start": 1, "end": 2}],
            "probability": 0.93,
            "surroundings": {"start": 123, "end": 151, "text": "“Devon” – Angela. Tim helps."},
            "context": [{"start": 100, "end": 105, "text": "Leads"}],
            "locator": "page 3",
            "url": "https://example.org/care",
            "retrieved": "2020-05-01",
        }
    ],
    "further": [],
    "index_build": "20260101T000000000000Z",
    "timings_ms": {"retrieve": 1.2, "rank": 3.4, "total": 6.1},
    "searched_for": "Who is it?",
    "read_after": ["Who leads it?"],
    "differs": True,
    "differences": [{"first": 1, "second": 2, "about": "definition"}],
    "parts": [
        {
            "question": "Who?",
            "status": "possible",
            "probability": 0.5,
            "citations": [1],
            "likely": True,
        }
    ],
    "unmentioned": ["Zanzibar"],
    "topic": None,
    "only": {"publishers": ["RCN"], "since": None, "until": 2019},
    "likely": False,
}


def test_the_shape_of_an_answer() -> None:
    """An answer has exactly the keys, values and order that were agreed."""
    assert json.dumps(answer_json(ANSWER)) == json.dumps(AS_JSON)


def test_a_date_is_iso(answerer: Answerer) -> None:
    """A date is written as ISO 8601 writes it."""
    answer = answerer.answer("What are the six systems for the east of England?")
    assert answer.citations[0].published == "2016-08-02"
    assert answer_json(answer)["citations"][0]["published"] == "2016-08-02"


@pytest.mark.parametrize(
    "question",
    ["Who leads the Devon STP?", "hello", "Tell me about Devon", "Who won the FA Cup in 2016?"],
)
def test_a_real_answer_has_the_same_keys(answerer: Answerer, question: str) -> None:
    """A real answer and its further passages have the agreed keys, and survive JSON."""
    values = answer_json(answerer.answer(question), "1")
    assert json.loads(json.dumps(values)) == values
    assert list(values) == ["id", *AS_JSON]
    for citation in [*values["citations"], *values["further"]]:
        assert citation.keys() == AS_JSON["citations"][0].keys()  # type: ignore[index]
    assert "total" in values["timings_ms"]


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("", "the line"),
        ("{", "the line"),
        ("[]", "the line"),
        ('"Who?"', "the line"),
        ("[" * 100_000, "the line"),
        (b'{"question": "\xff"}', "the line"),
        ("{}", "question"),
        ('{"question": null}', "question"),
        ('{"question": 3}', "question"),
        ('{"question": "Who?", "history": "Why?"}', "history"),
        ('{"question": "Who?", "history": ["Why?", 3]}', "history.1"),
        (json.dumps({"question": "Who?", "history": ["Why?"] * 101}), "history"),
        ('{"question": "Who?", "id": [1]}', "id"),
    ],
)
def test_bad_lines(line: str | bytes, where: str) -> None:
    """A line that is no question is refused in one sentence that says where it is wrong."""
    with pytest.raises(BadQuestion, match=rf"^{where}.*: .*; give an object like .*\.$"):
        read_question(line)


@pytest.mark.parametrize(
    ("line", "id_"),
    [
        ('{"id": "a"}', "a"),
        (b'{"id": 0, "question": 3}', 0),
        ('{"id": null}', None),
        ('{"id": [1]}', None),
        ('{"id": 1.5}', None),
        ('{"id": true}', None),
        ("[1]", None),
        ("{", None),
        ("[" * 100_000, None),
        (b"\xff", None),
    ],
)
def test_the_id_of_a_bad_line(line: str | bytes, id_: Id) -> None:
    """The id is read from a line however wrong the rest is, and is None where there is none."""
    found = id_of(line)
    assert found == id_
    assert type(found) is type(id_)


@pytest.mark.parametrize("line", ['{"id": "\\ud800"}', '{"id": "\\ud800", "question": "Who?"}'])
def test_an_id_can_be_printed(line: str) -> None:
    """An id that is not Unicode text is not echoed, as nothing could print it."""
    id_ = id_of(line)
    assert id_ is None or str(id_).encode()


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (BadQuestion("Say more."), 400, "The request cannot be answered"),
        (NoIndex("Say more."), 400, "The request cannot be answered"),
        (IndexBusy("Say more."), 409, "The request cannot be answered"),
        (NotStaged("Say more."), 409, "The request cannot be answered"),
        (IndexDamaged("Say more."), 500, "The service cannot answer"),
        (Busy("Say more."), 503, "The service cannot answer"),
        (CannotWrite("Say more."), 507, "The service cannot answer"),
    ],
)
def test_problem_details(error: FootprintsError, status: int, title: str) -> None:
    """The caller's mistake is a 400, or a 409 that passes; ours is a 5xx; all after RFC 9457."""
    assert problem_json(error) == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": "Say more.",
    }
