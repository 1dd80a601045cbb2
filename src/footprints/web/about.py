"""The pages about the chat: how it works, how good it is, how accessible, and what is not there."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from footprints.web.assets import TEMPLATES
from footprints.web.state import documents_of, is_fragment

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

_NO_PAGE = "Nothing has this address; it may have been mistyped, or the page removed."


@router.get("/about")
def about_page(request: Request) -> Response:
    """Say what the documents cover and how answers are found."""
    context = {
        "documents": documents_of(request),
        "keep_days": request.app.state.settings.keep_days,
    }
    return TEMPLATES.TemplateResponse(request, "about.html", context)


@router.get("/evaluation")
def evaluation_page(request: Request, split: Literal["test", "dev", "all"] = "test") -> Response:
    """Show the last saved evaluation, of the questions that nothing was tuned on if not asked."""
    from footprints.evals import sentences
    from footprints.evals.report import LABELS, with_interval
    from footprints.evals.suite import latest_results, questions_of

    settings = request.app.state.settings
    results = latest_results(settings)
    context: dict[str, Any] = {"results": results, "split": split, "asked": sentences.ASKED}
    if results:
        figures = sentences.of_split(results, split)
        context |= {
            "figures": figures,
            "told": sentences.told(figures, split),
            "outcomes": sentences.by_outcome(results, split),
            "questions": questions_of(settings),
            "labels": LABELS,
            "explained": sentences.EXPLAINED,
            "with_interval": with_interval,
        }
    return TEMPLATES.TemplateResponse(request, "evaluation.html", context)


@router.get("/accessibility")
def accessibility_page(request: Request) -> Response:
    """State how accessible this is."""
    return TEMPLATES.TemplateResponse(request, "accessibility.html")


def error_page(request: Request, status: int, detail: str) -> Response:
    """Show an error, as a whole page or in the place of an answer."""
    name = "fragments/error.html" if is_fragment(request) else "error.html"
    said = _NO_PAGE if detail == HTTPStatus.NOT_FOUND.phrase else detail
    context = {"status": status, "detail": said}
    return TEMPLATES.TemplateResponse(request, name, context, status_code=status)
