"""The pages that people read: questions and answers, how it works, how good it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.responses import Response

from footprints.answer.only import in_words, only_of, publishers_of
from footprints.answer.question import MAX_CHARACTERS
from footprints.answer.searching import TURNS
from footprints.errors import BadChoice, BadQuestion, Busy, StorageFailed
from footprints.types import ALL_DOCUMENTS
from footprints.web.as_text import answer_as_text, conversation_as_markdown
from footprints.web.assets import TEMPLATES
from footprints.web.conversations import Conversations, Helped, RecentTurns, Turn, is_id, new_turn
from footprints.web.copying import copy_of
from footprints.web.owners import new_owner, owner_of, remember_owner
from footprints.web.state import (
    answerer_of,
    conversations_of,
    documents_of,
    engine_of,
    is_fragment,
    note,
)
from footprints.web.turns import choice, turn_context
from footprints.wording import extent

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Order = Literal["best", "date"]

_NO_CONVERSATION = "There is no such conversation; it was deleted or has expired."
_NOT_YOURS = (
    "Only the browser that began this conversation may change it; ask a question to begin your own."
)


@router.get("/")
def ask_page(request: Request) -> Response:
    """Show the form and example questions."""
    return _page(request, "ask.html")


@router.post("/ask")
async def ask(
    request: Request,
    question: Annotated[str, Form()] = "",
    conversation: Annotated[str, Form()] = "",
    publisher: Annotated[list[str], Form()] = [],  # noqa: B006
    since: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    alone: Annotated[bool, Form()] = False,
) -> Response:
    """Answer a question in the asker's conversation, which the first question begins.

    One that is asked ``alone`` is not read with those before it.
    """
    # A form sends each line end as two characters, which nobody has typed.
    question = question.replace("\r\n", "\n")
    conversations, owner = conversations_of(request), owner_of(request) or new_owner()
    known, history = await run_in_threadpool(_history, conversations, conversation, owner)
    only = ALL_DOCUMENTS
    try:
        only = only_of(publisher, since, until)
        before = [] if alone else history
        answer = await engine_of(request).answer(answerer_of(request), question, before, only)
    except BadQuestion as error:
        wrong: dict[str, Any] = {
            "conversation_id": known,
            "question": question,
            "error": str(error),
            "wrong": error.fields if isinstance(error, BadChoice) else ("question",),
            "only": in_words(only),
            "chosen": {"publisher": publisher, "since": [since], "until": [until]},
        }
        return await run_in_threadpool(_wrong_question, request, wrong)
    await note(request, answer, owner)
    try:
        turn = await run_in_threadpool(conversations.keep, answer, known, owner)
    except StorageFailed:
        return _answered(request, new_turn(answer, known or ""), not conversation, kept=False)
    response = _answered(request, turn, not conversation)
    remember_owner(request, response, owner)
    return response


@router.get("/c/{conversation_id}.md")
def conversation_download(request: Request, conversation_id: str) -> Response:
    """Download a conversation as Markdown."""
    turns = conversations_of(request).turns(conversation_id)
    first = next(turns, None)
    if first is None:
        raise HTTPException(404, _NO_CONVERSATION)
    day = first.asked.date().isoformat()
    return StreamingResponse(
        conversation_as_markdown(chain([first], turns), documents_of(request)),
        headers={"Content-Disposition": f'attachment; filename="footprints-{day}.md"'},
        media_type="text/markdown",
    )


@router.get("/c/{conversation_id}")
async def conversation_page(
    request: Request,
    conversation_id: str,
    before: str | None = None,
    turn: str | None = None,
    order: Order = "best",
) -> Response:
    """Show the last turns of a conversation, or the last before one of them.

    One ``turn`` may be shown in another order.
    """
    recent, owned = await run_in_threadpool(_recent_and_owned, request, conversation_id, before)
    dated = turn if order == "date" else None
    turns = [
        turn_context(request, one, owned, by_date=one.turn_id == dated) for one in recent.turns
    ]
    if owned and not before:
        turns[-1]["suggested"] = await _suggested(request, recent.turns[-1])
    return await run_in_threadpool(
        _page,
        request,
        "ask.html",
        conversation_id=conversation_id,
        owned=owned,
        turns=turns,
        earlier=recent.earlier,
        before=before,
        **choice(recent.turns[-1].answer.only),
    )


@router.get("/c/{conversation_id}/delete")
def delete_page(request: Request, conversation_id: str) -> Response:
    """Ask for confirmation before deleting a conversation."""
    recent = _recent_or_404(request, conversation_id)
    _check_owned(request, conversation_id)
    context = {
        "conversation_id": conversation_id,
        "last": recent.turns[-1].answer.question,
        "count": recent.earlier + len(recent.turns),
    }
    return TEMPLATES.TemplateResponse(request, "delete.html", context)


@router.post("/c/{conversation_id}/delete")
def delete_conversation(request: Request, conversation_id: str) -> Response:
    """Delete a conversation for good; it is no error if it is gone already."""
    conversations = conversations_of(request)
    if conversations.recent(conversation_id).turns:
        _check_owned(request, conversation_id)
        conversations.delete(conversation_id)
    return RedirectResponse("/?deleted", status_code=303)


@router.get("/a/{turn_id}.txt")
def answer_text(request: Request, turn_id: str) -> Response:
    """Return an answer with its citations as text to paste."""
    answer = _turn_or_404(request, turn_id).answer
    return PlainTextResponse(answer_as_text(answer, documents_of(request)))


@router.get("/a/{turn_id}/{number}.{form}")
def quote_to_copy(
    request: Request, turn_id: str, number: int, form: Literal["txt", "md", "json"]
) -> Response:
    """Return one quote of an answer with its source, to paste or for a reference manager."""
    address = f"{str(request.base_url).rstrip('/')}/a/{turn_id}"
    copied = copy_of(_turn_or_404(request, turn_id).answer, number, form, address)
    if copied is None:
        raise HTTPException(404, f"The answer has no quote {number}; see the answer.")
    return Response(*copied)


@router.get("/a/{turn_id}")
def answer_page(request: Request, turn_id: str, order: Order = "best") -> Response:
    """Show an answer as it was given, and nothing else of its conversation."""
    turn = _turn_or_404(request, turn_id)
    owned = conversations_of(request).owns(owner_of(request), turn.conversation_id)
    context = turn_context(request, turn, owned, by_date=order == "date")
    return TEMPLATES.TemplateResponse(request, "answer.html", context)


@router.get("/a/{turn_id}/next")
async def next_fragment(request: Request, turn_id: str) -> Response:
    """Show what its asker, and nobody else, may ask next, which takes longer than the answer."""
    turn = await run_in_threadpool(_turn_or_404, request, turn_id)
    owns, owner = conversations_of(request).owns, owner_of(request)
    owned = await run_in_threadpool(owns, owner, turn.conversation_id)
    context = {"conversation_id": turn.conversation_id, "owned": owned, "turn": turn}
    context |= choice(turn.answer.only)
    context |= {"suggested": await _suggested(request, turn) if owned else ()}
    return TEMPLATES.TemplateResponse(request, "partials/next.html", context)


@router.post("/a/{turn_id}/feedback")
def feedback(
    request: Request,
    turn_id: str,
    helpful: Annotated[Helped, Form()],
    words: Annotated[str, Form(max_length=MAX_CHARACTERS)] = "",
    conversation: Annotated[str, Form()] = "",
    before: Annotated[str, Form()] = "",
) -> Response:
    """Record whether an answer helped, the last word counting, and lead back to where it stands."""
    turn = _turn_or_404(request, turn_id)
    _check_owned(request, turn.conversation_id)
    conversations_of(request).say(turn_id, helpful, words.strip())
    if is_fragment(request):
        said = replace(turn, helpful=helpful, words=words.strip())
        return TEMPLATES.TemplateResponse(request, "partials/feedback.html", {"turn": said})
    place = f"/a/{turn_id}"
    if conversation == turn.conversation_id:
        page = f"?{urlencode({'before': before})}" if before else ""
        place = f"/c/{conversation}{page}#{turn_id}"
    return RedirectResponse(place, status_code=303)


def _history(
    conversations: Conversations, conversation: str, owner: str
) -> tuple[str | None, list[str]]:
    """Return the conversation that a question goes on with, and what was last asked in it.

    While nothing can be read, it may be the one that the asker names, without what was asked.
    """
    try:
        if not conversations.owns(owner, conversation):
            return None, []
        return conversation, conversations.questions(conversation, owner, TURNS)
    except StorageFailed:
        return (conversation if is_id(conversation) else None), []


def _answered(request: Request, turn: Turn, first: bool, kept: bool = True) -> Response:
    """Show an answer in place, or lead to it; one that could not be kept is nowhere but here."""
    conversation_id = turn.conversation_id
    address, shown = f"/c/{conversation_id}", turn_context(request, turn, owned=True, kept=kept)
    if is_fragment(request):
        context = {"conversation_id": conversation_id, "first": first}
        context |= _form(request) | shown | {"later": kept and bool(turn.answer.citations)}
        headers = {"HX-Push-Url": address} if kept else None
        return TEMPLATES.TemplateResponse(
            request, "fragments/answered.html", context, headers=headers
        )
    if kept:
        return RedirectResponse(f"{address}#{turn.turn_id}", status_code=303)
    asked = choice(turn.answer.only)
    return _page(request, "ask.html", conversation_id=conversation_id, turns=[shown], **asked)


def _wrong_question(request: Request, asked: dict[str, Any]) -> Response:
    """Show the form again with what is wrong tied to its field."""
    conversation_id = asked["conversation_id"]
    if is_fragment(request):
        # A browser writes a script's request that got a 400 to its console as an error.
        return _page(request, "fragments/form.html", **asked)
    recent = RecentTurns()
    if conversation_id:
        with suppress(StorageFailed):
            recent = conversations_of(request).recent(conversation_id)
    turns = [turn_context(request, turn, owned=True) for turn in recent.turns]
    return _page(request, "ask.html", 400, turns=turns, earlier=recent.earlier, **asked)


def _page(request: Request, template: str, status_code: int = 200, **context: Any) -> Response:
    base: dict[str, Any] = {
        "conversation_id": None,
        "owned": True,
        "turns": [],
        "earlier": 0,
        "before": None,
        "question": "",
        "error": "",
        "wrong": (),
        "examples": answerer_of(request).examples,
        "scope": answerer_of(request).scope,
        "extent": lambda: extent(answerer_of(request).index.facts.documents),
        **_form(request),
        "deleted": "deleted" in request.query_params,
    }
    return TEMPLATES.TemplateResponse(request, template, base | context, status_code=status_code)


async def _suggested(request: Request, turn: Turn) -> tuple[str, ...]:
    """Return what to ask after an answer; nothing where there is no engine or storage for it."""
    try:
        recent = conversations_of(request).recent
        before = await run_in_threadpool(recent, turn.conversation_id, turn.turn_id)
        earlier = [one.answer for one in before.turns if one.answer.topic is None]
        history = [one.question for one in earlier][1 - TURNS :]
        next_questions = engine_of(request).next_questions
        return await next_questions(answerer_of(request), turn.answer, history, earlier)
    except (Busy, StorageFailed):
        return ()


def _form(request: Request) -> dict[str, Any]:
    """Return what the form of a question needs, with no choice of documents."""
    documents = documents_of(request)
    return {
        "max_characters": MAX_CHARACTERS,
        "publishers": publishers_of(documents),
        "some": len(documents) > 1,
        **choice(ALL_DOCUMENTS),
    }


def _check_owned(request: Request, conversation_id: str) -> None:
    """Turn away whoever may read a conversation but not change it."""
    if not conversations_of(request).owns(owner_of(request), conversation_id):
        raise HTTPException(403, _NOT_YOURS)


def _recent_and_owned(
    request: Request, conversation_id: str, before: str | None
) -> tuple[RecentTurns, bool]:
    recent = _recent_or_404(request, conversation_id, before)
    return recent, conversations_of(request).owns(owner_of(request), conversation_id)


def _recent_or_404(
    request: Request, conversation_id: str, before: str | None = None
) -> RecentTurns:
    recent = conversations_of(request).recent(conversation_id, before)
    if not recent.turns:
        raise HTTPException(404, _NO_CONVERSATION)
    return recent


def _turn_or_404(request: Request, turn_id: str) -> Turn:
    turn = conversations_of(request).turn(turn_id)
    if turn is None:
        raise HTTPException(404, "There is no such answer; it was deleted or has expired.")
    return turn
