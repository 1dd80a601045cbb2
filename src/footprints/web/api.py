"""The machine-readable door over HTTP, and one error shape for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from footprints.contract import Question, answer_json, problem, problem_json
from footprints.errors import FootprintsError
from footprints.web.state import answerer_of

router = APIRouter(prefix="/api")

ErrorPage = Callable[[Request, int, str], Response]


@router.post("/ask")
def ask(request: Request, asked: Question) -> dict[str, Any]:
    """Answer a question with quotes, or say that the documents do not."""
    return answer_json(answerer_of(request).answer(asked.question, asked.history), asked.id)


def add_error_handlers(app: FastAPI, page: ErrorPage) -> None:
    """Give every error one shape: RFC 9457 problem details under ``/api``, a page elsewhere."""

    def respond(
        request: Request, details: dict[str, Any], headers: Mapping[str, str] | None = None
    ) -> Response:
        if request.url.path.startswith("/api/"):
            media = "application/problem+json"
            return JSONResponse(details, details["status"], headers, media)
        response = page(request, details["status"], details["detail"])
        response.headers.update(headers or {})
        return response

    @app.exception_handler(FootprintsError)
    def footprints_error(request: Request, error: FootprintsError) -> Response:
        return respond(request, problem_json(error))

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        return respond(request, problem(error.status_code, str(error.detail)), error.headers)

    @app.exception_handler(RequestValidationError)
    def invalid_request(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return respond(request, problem(422, f"{where}: {first['msg']}."))
