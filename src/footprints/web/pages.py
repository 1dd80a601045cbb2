"""The pages that people read: ask and follow up, documents, what this is and how good it is."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.responses import Response

from footprints.answer.answerer import MAX_CHARACTERS
from footprints.errors import BadQuestion
from footprints.types import AnswerStatus, Span
from footprints.web.assets import TEMPLATES
from footprints.web.conversations import Turn
from footprints.web.grouping import by_source
from footprints.web.layout import lay_out
from footprints.web.places import Walk, link_now, walk_through
from footprints.web.plain import answer_as_text, conversation_as_markdown
from footprints.web.state import answerer_of, conversations_of, engine_of
from footprints.wording import CLOSEST, EXPLANATIONS, differing

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

EXAMPLES = (
    "Who leads the Devon STP?",
    "What is an integrated care system?",
    "What are the nine ‘must dos’ for 2016/17?",
    "How does Lincolnshire explain its plan to the public?",
)
"""Questions that the documents answer; a test asks them."""

_PRIVATE = {"Cache-Control": "no-store"}
HISTORY = 2
"""So many earlier questions of a conversation are taken into account."""


@router.get("/")
def ask_page(request: Request) -> Response:
    """Show the form and what can be asked."""
    return _page(request, "ask.html", conversation_id=None, turns=[])


@router.post("/ask")
async def ask(
    request: Request,
    question: Annotated[str, Form()] = "",
    conversation: Annotated[str, Form()] = "",
) -> Response:
    """Answer a question in a conversation, which begins with the first one."""
    conversations = conversations_of(request)
    earlier = await run_in_threadpool(conversations.turns, conversation)
    known = conversation if earlier else None
    history = [turn.answer.question for turn in earlier[-HISTORY:]]
    try:
        answer = await engine_of(request).answer(answerer_of(request), question, history)
    except BadQuestion as error:
        return _wrong_question(request, question, str(error), known, earlier)
    turn = await run_in_threadpool(conversations.keep, answer, known)
    address = f"/c/{turn.conversation_id}"
    if not _is_fragment(request):
        return RedirectResponse(f"{address}#{turn.turn_id}", status_code=303)
    context = _turn_context(request, turn) | {
        "conversation_id": turn.conversation_id,
        "max_characters": MAX_CHARACTERS,
        "first": not earlier,
    }
    headers = _PRIVATE | {"HX-Push-Url": address}
    return TEMPLATES.TemplateResponse(request, "fragments/answered.html", context, headers=headers)


@router.get("/c/{conversation_id}.md")
def conversation_download(request: Request, conversation_id: str) -> Response:
    """Give a conversation as Markdown to keep."""
    markdown = conversation_as_markdown(_turns_or_404(request, conversation_id))
    headers = _PRIVATE | {"Content-Disposition": 'attachment; filename="conversation.md"'}
    return PlainTextResponse(markdown, headers=headers, media_type="text/markdown")


@router.get("/c/{conversation_id}")
def conversation_page(request: Request, conversation_id: str) -> Response:
    """Show a conversation."""
    turns = _turns_or_404(request, conversation_id)
    return _page(request, "ask.html", conversation_id=conversation_id, turns=turns)


@router.post("/c/{conversation_id}/delete")
def delete_conversation(request: Request, conversation_id: str) -> Response:
    """Delete a conversation for good."""
    conversations_of(request).delete(conversation_id)
    return RedirectResponse("/?deleted", status_code=303)


@router.get("/a/{turn_id}.txt")
def answer_text(request: Request, turn_id: str) -> Response:
    """Give an answer with its citations as text to paste."""
    return PlainTextResponse(
        answer_as_text(_turn_or_404(request, turn_id).answer), headers=_PRIVATE
    )


@router.get("/a/{turn_id}")
def answer_page(request: Request, turn_id: str) -> Response:
    """Show an answer as it was given."""
    turn = _turn_or_404(request, turn_id)
    context = _turn_context(request, turn)
    return TEMPLATES.TemplateResponse(request, "answer.html", context, headers=_PRIVATE)


@router.post("/a/{turn_id}/feedback")
def feedback(
    request: Request,
    turn_id: str,
    helpful: Annotated[bool, Form()],
    words: Annotated[str, Form(max_length=MAX_CHARACTERS)] = "",
) -> Response:
    """Keep whether an answer helped."""
    turn = _turn_or_404(request, turn_id)
    conversations_of(request).say(turn_id, helpful, words.strip())
    if not _is_fragment(request):
        return RedirectResponse(f"/c/{turn.conversation_id}#{turn_id}", status_code=303)
    context = {"turn": _turn_or_404(request, turn_id)}
    return TEMPLATES.TemplateResponse(request, "partials/feedback.html", context)


@router.get("/documents")
def documents_page(request: Request) -> Response:
    """List the documents."""
    documents = answerer_of(request).index.documents.values()
    return TEMPLATES.TemplateResponse(request, "documents.html", {"documents": documents})


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
    documents = answerer_of(request).index.documents
    document = documents.get(doc_id)
    if document is None:
        raise HTTPException(404, f"There is no document {doc_id!r}; see the list of documents.")
    mark = Span(start, end) if start is not None and end is not None else None
    if mark and not mark.start < mark.end <= len(document.text):
        raise HTTPException(404, f"The document {doc_id!r} has no such place.")
    turn = conversations_of(request).turn(answer) if answer else None
    context = {
        "document": document,
        "parts": lay_out(document, mark),
        "mark": mark,
        "path": document.headings(mark) if mark else (),
        "changed": mark is not None and not document.digest.startswith(edition),
        "turn": turn,
        "walk": walk_through(turn.answer, documents, document, mark) if turn else Walk(),
        "indexed": answerer_of(request).indexed,
    }
    return TEMPLATES.TemplateResponse(request, "document.html", context)


@router.get("/about")
def about_page(request: Request) -> Response:
    """Say what the documents cover and how answers are found."""
    documents = answerer_of(request).index.documents.values()
    return TEMPLATES.TemplateResponse(request, "about.html", {"documents": documents})


@router.get("/evaluation")
def evaluation_page(request: Request) -> Response:
    """Show the figures of the last saved evaluation."""
    from footprints.evals.report import LABELS, with_interval
    from footprints.evals.suite import latest_results

    context = {"results": latest_results(), "labels": LABELS, "with_interval": with_interval}
    return TEMPLATES.TemplateResponse(request, "evaluation.html", context)


@router.get("/accessibility")
def accessibility_page(request: Request) -> Response:
    """State how accessible this is."""
    return TEMPLATES.TemplateResponse(request, "accessibility.html")


def error_page(request: Request, status: int, detail: str) -> Response:
    """Show an error, as a whole page or in the place of an answer."""
    name = "fragments/error.html" if _is_fragment(request) else "error.html"
    context = {"status": status, "detail": detail}
    return TEMPLATES.TemplateResponse(request, name, context, status_code=status)


def _wrong_question(
    request: Request, question: str, error: str, conversation_id: str | None, turns: list[Turn]
) -> Response:
    """Show the form again with what is wrong tied to its field."""
    in_place = _is_fragment(request)
    return _page(
        request,
        "fragments/form.html" if in_place else "ask.html",
        # A browser writes a script's request that got a 400 to its console as an error.
        status_code=200 if in_place else 400,
        conversation_id=conversation_id,
        turns=turns,
        question=question,
        error=error,
    )


def _page(request: Request, template: str, status_code: int = 200, **context: Any) -> Response:
    turns: list[Turn] = context.pop("turns")
    base = {
        "question": "",
        "error": "",
        "examples": EXAMPLES,
        "max_characters": MAX_CHARACTERS,
        "turns": [_turn_context(request, turn) for turn in turns],
        "deleted": "deleted" in request.query_params,
    }
    return TEMPLATES.TemplateResponse(
        request, template, base | context, status_code=status_code, headers=_PRIVATE
    )


def _turn_context(request: Request, turn: Turn) -> dict[str, Any]:
    """Return what the partial of one turn needs."""
    answer, documents = turn.answer, answerer_of(request).index.documents
    return {
        "turn": turn,
        "answer": answer,
        "answered": answer.status is AnswerStatus.ANSWERED,
        "sources": by_source(answer.citations),
        "related": by_source(answer.related),
        "explanation": EXPLANATIONS[answer.status],
        "closest": CLOSEST,
        "differing": differing(answer),
        "documents": documents,
        "link": partial(link_now, documents, turn.turn_id),
        "outdated": answer.index_build != answerer_of(request).index_build,
    }


def _turns_or_404(request: Request, conversation_id: str) -> list[Turn]:
    turns = conversations_of(request).turns(conversation_id)
    if not turns:
        raise HTTPException(404, "There is no such conversation; it was deleted or has expired.")
    return turns


def _turn_or_404(request: Request, turn_id: str) -> Turn:
    turn = conversations_of(request).turn(turn_id)
    if turn is None:
        raise HTTPException(404, "There is no such answer; it was deleted or has expired.")
    return turn


def _is_fragment(request: Request) -> bool:
    """Tell whether htmx asks for a part of the page in place."""
    return "HX-Request" in request.headers
