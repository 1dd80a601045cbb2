"""The contract of the machine-readable doors: the same JSON from the command line and over HTTP."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    TypeAdapter,
    ValidationError,
)

from footprints.errors import BadQuestion, CallerError, FootprintsError
from footprints.types import Answer

_ANSWER = TypeAdapter(Answer)


def _unicode(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("it is not valid Unicode text") from error
    return text


Id = Annotated[str, AfterValidator(_unicode)] | StrictInt | None
_ID: TypeAdapter[Id] = TypeAdapter(Id)


class Question(BaseModel):
    """A question as it is asked; ``history`` is the earlier questions, oldest first."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Id = None
    question: str
    history: Annotated[list[str], Field(max_length=100)] = []


def read_question(line: bytes | str) -> Question:
    """Read a question from a line of JSON.

    Raises:
        BadQuestion: it is not one, with what is wrong.
    """
    try:
        return Question.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise BadQuestion(
            f'{where}: {first["msg"]}; give an object like {{"id": "1", "question": "…"}}.'
        ) from error


def id_of(line: bytes | str) -> Id:
    """Return the id on a line of JSON, however wrong the rest of it is, or None."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    try:
        return _ID.validate_python(value.get("id") if isinstance(value, dict) else None)
    except ValidationError:
        return None


def answer_json(answer: Answer, id_: Id = None) -> dict[str, Any]:
    """Return an answer as JSON values, behind the id it was asked with, if any."""
    values: dict[str, Any] = _ANSWER.dump_python(answer, mode="json")
    return values if id_ is None else {"id": id_, **values}


def problem_json(error: FootprintsError) -> dict[str, Any]:
    """Return an error as RFC 9457 problem details."""
    return problem(400 if isinstance(error, CallerError) else 500, str(error))


def problem(status: int, detail: str) -> dict[str, Any]:
    """Return RFC 9457 problem details for an HTTP status."""
    title = "The request cannot be answered" if status < 500 else "The service cannot answer"
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}
