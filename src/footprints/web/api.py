"""The machine-readable interface over HTTP, and the one shape of its errors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from footprints.contract import (
    MAX_HISTORY,
    Asked,
    DocumentList,
    DocumentText,
    IdentifiedAnswer,
    Problem,
    Question,
    Ranking,
    answer_json,
    facts_of,
    problem,
    ranking_of,
    status_of,
    text_of,
)
from footprints.errors import Busy, FootprintsError, StorageFailed, StoreUnavailable
from footprints.types import Only
from footprints.web import examples
from footprints.web.limits import client_of
from footprints.web.metrics import Metrics
from footprints.web.paths import path_of
from footprints.web.safety import Refuse
from footprints.web.state import answerer_of, conversations_of, engine_of, live_of, note

router = APIRouter()

ErrorPage = Callable[[Request, int, str], Response]

_PROBLEM = "application/problem+json"
_SCHEMA = Problem.model_json_schema()
_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")
_CAUSES = {
    400: "The question cannot be answered as it stands.",
    403: "A browser sent this from a page of another site.",
    404: "There is no such document or answer.",
    413: "The body is too large.",
    415: "The body is not JSON, or does not say so.",
    421: "The server does not answer to the name in the request.",
    422: "A parameter or the body is not as described here.",
    429: "Too many requests from this client within a minute; Retry-After says when to ask again.",
    500: "The service failed.",
    503: "Too busy, or something cannot be read for now; Retry-After says when to ask again.",
}

_WORD: dict[str, Any] = {"a word": {"value": "prevention"}}

_log = logging.getLogger(__name__)


def _gives(example: Any, *errors: int) -> dict[int | str, dict[str, Any]]:
    """Describe the responses of an endpoint: an example, and its possible errors."""
    responses: dict[int | str, dict[str, Any]] = {
        200: {"content": {"application/json": {"example": example}}}
    }
    for status in (*errors, 421, 500):
        shown = {"schema": _SCHEMA, "example": problem(status, _CAUSES[status])}
        responses[status] = {"description": _CAUSES[status], "content": {_PROBLEM: shown}}
    return responses


@router.post(
    "/api/ask",
    response_model=IdentifiedAnswer,
    responses=_gives(examples.ANSWER, 400, 403, 413, 415, 422, 429, 503),
)
async def ask(request: Request, asked: Question) -> Response:
    """Answer a question with quotes, or say that the documents do not answer it."""
    answerer = answerer_of(request)
    engine = engine_of(request)
    answer = await engine.answer(answerer, asked.question, asked.history, asked.only)
    await note(request, answer, client_of(request.scope))
    return JSONResponse(answer_json(answer, asked.id))


@router.get("/api/search", responses=_gives(examples.RANKING, 400, 422, 429, 503))
async def search(
    request: Request,
    question: Annotated[Asked, Query(openapi_examples=_WORD)],
    history: Annotated[list[Asked], Query(max_length=MAX_HISTORY)] = [],  # noqa: B006
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    publisher: Annotated[list[str], Query()] = [],  # noqa: B006
    since: int | None = None,
    until: int | None = None,
) -> Ranking:
    """Rank sentences for a question, with the value of every signal.

    ``publisher``, ``since`` and ``until`` choose the documents, as ``only`` does for an answer.
    """
    answerer, only = answerer_of(request), Only(tuple(publisher), since, until)
    reading = await engine_of(request).search(answerer, question, history, only)
    return ranking_of(reading, limit, answerer.index.documents, answerer.index_build)


@router.get("/api/documents", responses=_gives(examples.DOCUMENTS, 503))
async def documents(request: Request) -> DocumentList:
    """List the indexed documents with their publishers and dates."""
    answerer = answerer_of(request)
    facts = tuple(facts_of(document) for document in answerer.index.facts.documents)
    return DocumentList(documents=facts, index_build=answerer.index_build)


@router.get("/api/documents/{doc_id}", responses=_gives(examples.DOCUMENT, 404, 422, 503))
async def document(
    request: Request, doc_id: Annotated[str, Path(examples=[examples.DOCUMENT["doc_id"]])]
) -> DocumentText:
    """Return a whole document; quotes are in its text at ``[start, end)``."""
    found = answerer_of(request).index.documents.get(doc_id)
    if found is None:
        raise HTTPException(404, f"There is no document {doc_id!r}; see /api/documents.")
    return text_of(found)


@router.get(
    "/api/answers/{answer_id}",
    response_model=IdentifiedAnswer,
    responses=_gives(examples.ANSWER, 404, 422, 503),
)
def kept_answer(request: Request, answer_id: str) -> Response:
    """Return a saved answer of the chat; its id is the one in its address."""
    turn = conversations_of(request).turn(answer_id)
    if turn is None:
        raise HTTPException(404, "There is no such answer; it was deleted or has expired.")
    return JSONResponse(answer_json(turn.answer, turn.turn_id))


@router.get("/healthz", responses=_gives({"status": "ok"}))
async def healthz() -> dict[str, str]:
    """Say that the process is alive."""
    return {"status": "ok"}


@router.get("/readyz", responses=_gives({"status": "ready"}, 503))
async def readyz(request: Request) -> dict[str, str]:
    """Say that an index is open; a ``warning`` names what is wrong nevertheless."""
    engine_of(request)
    warning = " ".join(filter(None, (live_of(request).trouble, conversations_of(request).trouble)))
    return {"status": "ready"} | ({"warning": warning} if warning else {})


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        **_gives("", 503),
        200: {"content": {"text/plain": {"example": examples.METRICS}}},
    },
)
async def metrics(request: Request) -> Response:
    """Return the server's metrics in the Prometheus text format."""
    counts: Metrics = request.app.state.metrics
    text = counts.text(answerer_of(request).index_build)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def add_error_handlers(app: FastAPI, page: ErrorPage) -> Refuse:
    """Give every error one shape: RFC 9457 problem details for programs, a page for people.

    Returns what makes it, for the errors that end before the application is reached.
    """
    counts: Metrics = app.state.metrics

    def refuse(
        request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        counts.refused(status)
        if path_of(request.scope).startswith(_PROGRAMS):
            return JSONResponse(problem(status, detail), status, headers, _PROBLEM)
        response = page(request, status, detail)
        response.headers.update(headers or {})
        return response

    @app.exception_handler(FootprintsError)
    async def footprints_error(request: Request, error: FootprintsError) -> Response:
        status = status_of(error)
        if status in {500, 507}:
            _log.error(str(error))
        retry = (
            {"Retry-After": str(error.retry_after)}
            if isinstance(error, (Busy, StorageFailed, StoreUnavailable))
            else None
        )
        return refuse(request, status, str(error), retry)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        if error.status_code < 400:  # It leads elsewhere.
            return Response(status_code=error.status_code, headers=error.headers)
        return refuse(request, error.status_code, str(error.detail), error.headers)

    @app.exception_handler(ClientDisconnect)
    async def cut_off(request: Request, _: ClientDisconnect) -> Response:
        return refuse(request, 400, "The request ended before it was whole; send it again.")

    @app.exception_handler(RequestValidationError)
    async def invalid_request(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return refuse(request, 422, f"{where}: {first['msg']}.")

    return refuse
