"""The pages of the documents: the list, the search in them, and one with a place marked."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from footprints.answer.only import in_words
from footprints.errors import BadQuestion, StorageFailed
from footprints.types import Document, Place, Span
from footprints.web.assets import TEMPLATES, link_to
from footprints.web.conversations import Turn
from footprints.web.listing import Choice, Listed, Order, found_in, options_of
from footprints.web.owners import owner_of
from footprints.web.places import Walk, quoted_from, stands_now, walk_through
from footprints.web.rendering import around_title, headings_in, lay_out
from footprints.web.state import answerer_of, conversations_of, documents_of, engine_of
from footprints.wording import cited

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/documents")
async def documents_page(
    request: Request,
    q: str = "",
    publisher: str = "",
    year: Annotated[str, Query(pattern=r"^(\d{4})?$")] = "",
    sort: Order = "title",
) -> Response:
    """List the documents, or the passages in them that ``q`` finds."""
    listing = answerer_of(request).listing
    rows = [Listed.of(one, listing.get(one.doc_id)) for one in documents_of(request)]
    choice = Choice(publisher, int(year) if year else None, sort)
    chosen, found, error = choice.of(rows), [], ""
    missing: tuple[str, ...] = ()
    searched_for = None
    if q:
        answerer = answerer_of(request)
        try:
            reading = await engine_of(request).search(answerer, q, only=choice.only)
            if answerer.confidence.comes_near(reading.ranking):
                found = found_in(reading, answerer.index.documents)
            missing, searched_for = reading.question.missing, reading.searched_for
        except BadQuestion as wrong:
            error = str(wrong)
    context = {
        "q": q,
        "error": error,
        "found": found,
        "missing": missing,
        "only": in_words(choice.only),
        "searched_for": searched_for,
        "rows": chosen,
        "choice": choice,
        "options": options_of(rows),
    }
    status = 400 if error else 200
    return TEMPLATES.TemplateResponse(request, "documents.html", context, status_code=status)


@router.get("/documents/{doc_id}")
def document_page(
    request: Request,
    doc_id: str,
    start: Annotated[int | None, Query(ge=0)] = None,
    end: Annotated[int | None, Query(ge=0)] = None,
    answer: str | None = None,
    edition: str = "",
) -> Response:
    """Show a whole document, with the quote at ``[start, end)`` marked in place.

    An ``answer`` is the one that quotes it; ``edition`` is how the hash of the file began when the
    place was seen in it.
    """
    answerer = answerer_of(request)
    documents, known = answerer.index.documents, answerer.index.facts.document(doc_id)
    document = documents.get(doc_id)
    if document is None or known is None:
        raise HTTPException(404, f"There is no document ‘{doc_id}’; it may have been removed.")
    turn = _turn_if_readable(request, answer) if answer else None
    mark = _mark(document, start, end, turn)
    above, title, parts = around_title(document, lay_out(document, mark))
    context = {
        "document": document,
        "above": above,
        "title": title,
        "parts": parts,
        "contents": headings_in(parts),
        "mark": mark,
        "path": document.headings(mark) if mark else (),
        "changed": mark is not None and not document.digest.startswith(edition),
        "turn": turn,
        "owned": turn is not None and _owns(request, turn),
        "gone": turn is not None and mark is None,
        "walk": walk_through(turn.answer, documents, document, mark) if turn else Walk(),
        "row": Listed.of(known, answerer.listing.get(doc_id)),
        "cited": cited(document, _address(request, document), datetime.now(UTC).date()),
    }
    return TEMPLATES.TemplateResponse(request, "document.html", context)


def _mark(document: Document, start: int | None, end: int | None, turn: Turn | None) -> Span | None:
    """Return the place to mark: what an answer quoted from there, wherever that stands now."""
    if start is None or end is None:
        return None
    place = Place(document.doc_id, start, end)
    if turn and (quote := quoted_from(turn.answer, place)):
        return stands_now(document, place, quote)
    if not start < end <= len(document.text):
        raise HTTPException(404, f"The document {document.doc_id!r} has no such place.")
    return Span(start, end)


def _owns(request: Request, turn: Turn) -> bool:
    """Tell whether a request comes from whoever asked; without storage nobody did."""
    with suppress(StorageFailed):
        return conversations_of(request).owns(owner_of(request), turn.conversation_id)
    return False


def _address(request: Request, document: Document) -> str:
    """Return the whole address of a document's page, by the name that the server was asked by."""
    return f"{str(request.base_url).rstrip('/')}{link_to(document.doc_id)}"


def _turn_if_readable(request: Request, turn_id: str) -> Turn | None:
    """Return an answer for a document's page, which works without it too."""
    with suppress(StorageFailed):
        return conversations_of(request).turn(turn_id)
    return None
