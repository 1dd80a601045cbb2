"""What the application holds between requests."""

from __future__ import annotations

from fastapi import Request

from footprints.answer.answerer import Answerer


def answerer_of(request: Request) -> Answerer:
    """Return the application's one answerer."""
    answerer: Answerer = request.app.state.answerer
    return answerer
