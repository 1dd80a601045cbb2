"""The pages that people read: ask, documents, one document."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from footprints.answer.answerer import MAX_CHARACTERS, checked
from footprints.errors import BadQuestion
from footprints.types import Answer, AnswerStatus, Span
from footprints.web.assets import TEMPLATES
from footprints.web.layout import lay_out
from footprints.web.state import answerer_of
from footprints.wording import CLOSEST, EXPLANATIONS

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

_HISTORY = 2
"""So many earlier questions are carried from one page to the next."""


@router.get("/")
def ask_page(
    request: Request,
    question: str | None = None,
    history: Annotated[list[str] | None, Query()] = None,
) -> HTMLResponse:
    """Show the form and, if something was asked, the answer."""
    answer: Answer | None = None
    error = ""
    earlier = [text for text in history or [] if _is_question(text)][-_HISTORY:]
    if question is not None:
        try:
            answer = answerer_of(request).answer(question, earlier)
        except BadQuestion as bad:
            error = str(bad)
    context = {
        "question": question or "",
        "answer": answer,
        "answered": answer is not None and answer.status is AnswerStatus.ANSWERED,
        "explanation": EXPLANATIONS[answer.status] if answer else "",
        "closest": CLOSEST,
        "history": [*earlier, answer.question][-_HISTORY:] if answer else earlier,
        "documents": answerer_of(request).index.documents,
        "error": error,
        "max_characters": MAX_CHARACTERS,
    }
    status = 400 if error else 200
    return TEMPLATES.TemplateResponse(request, "ask.html", context, status_code=status)


@router.get("/documents")
def documents_page(request: Request) -> HTMLResponse:
    """List the documents."""
    documents = answerer_of(request).index.documents.values()
    return TEMPLATES.TemplateResponse(request, "documents.html", {"documents": documents})


@router.get("/documents/{doc_id}")
def document_page(
    request: Request,
    doc_id: str,
    start: Annotated[int | None, Query(ge=0)] = None,
    end: Annotated[int | None, Query(ge=0)] = None,
) -> HTMLResponse:
    """Show a whole document, with the quote at ``[start, end)`` marked in place."""
    document = answerer_of(request).index.documents.get(doc_id)
    if document is None:
        raise HTTPException(404, f"There is no document {doc_id!r}; see the list of documents.")
    mark = Span(start, end) if start is not None and end is not None else None
    if mark and not mark.start < mark.end <= len(document.text):
        raise HTTPException(404, f"The document {doc_id!r} has no such place.")
    context = {"document": document, "parts": lay_out(document, mark), "mark": mark}
    return TEMPLATES.TemplateResponse(request, "document.html", context)


def _is_question(text: str) -> bool:
    """Tell whether a text from the address could have been asked."""
    try:
        checked(text)
    except BadQuestion:
        return False
    return True


def error_page(request: Request, status: int, detail: str) -> HTMLResponse:
    """Show an error."""
    context = {"status": status, "detail": detail}
    return TEMPLATES.TemplateResponse(request, "error.html", context, status_code=status)
