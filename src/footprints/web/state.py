"""What the application holds between requests."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from footprints.answer.answerer import Answerer
from footprints.errors import Busy, StorageFailed
from footprints.index.facts import IndexedDocument
from footprints.types import Answer
from footprints.web.conversations import Conversations
from footprints.web.engine import Engine
from footprints.web.live import Live


def answerer_of(request: Request) -> Answerer:
    """Return the answerer of a request, the same from its first step to its last.

    Raises:
        Busy: see ``engine_of``.
    """
    if not hasattr(request.state, "answerer"):
        engine_of(request)
        request.state.answerer = live_of(request).answerer
    answerer: Answerer = request.state.answerer
    return answerer


def documents_of(request: Request) -> Sequence[IndexedDocument]:
    """Return what is known of the documents that a request is answered from.

    Raises:
        Busy: see ``engine_of``.
    """
    return answerer_of(request).index.facts.documents


def live_of(request: Request) -> Live:
    """Return what knows the build in use."""
    live: Live = request.app.state.live
    return live


def engine_of(request: Request) -> Engine:
    """Return the application's one engine.

    Raises:
        Busy: it is not there yet, or no longer.
    """
    engine: Engine | None = getattr(request.app.state, "engine", None)
    if engine is None or not engine.is_open:
        raise Busy("The index is not open; try again in a moment.")
    return engine


async def note(request: Request, answer: Answer, asker: str) -> None:
    """Count how an answer ended; that it cannot be counted is no reason not to show it."""
    gaps, answerer = request.app.state.gaps, answerer_of(request)
    with suppress(StorageFailed):
        await run_in_threadpool(gaps.note, answer, answerer, asker)


def conversations_of(request: Request) -> Conversations:
    """Return the application's conversations."""
    conversations: Conversations = request.app.state.conversations
    return conversations


def is_fragment(request: Request) -> bool:
    """Tell whether htmx asks for a part of the page in place."""
    return "HX-Request" in request.headers
