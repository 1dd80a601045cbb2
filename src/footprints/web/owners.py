"""The owner of a conversation: a secret in a cookie of the browser that began it.

Anyone with the address of an answer can read that answer, and anyone with the address of a
conversation can read all of it. Continuing it, rating its answers and deleting it take the secret.
"""

from __future__ import annotations

import re
import secrets

from fastapi import Request
from starlette.responses import Response

COOKIE = "footprints_owner"

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_DAY = 24 * 60 * 60


def new_owner() -> str:
    """Make a secret that cannot be guessed."""
    return secrets.token_urlsafe(32)


def owner_of(request: Request) -> str | None:
    """Return the secret of the browser that sends a request, or None if it has none yet."""
    secret = request.cookies.get(COOKIE, "")
    return secret if _SECRET.fullmatch(secret) else None


def remember_owner(request: Request, response: Response, owner: str) -> None:
    """Let the browser keep the secret as long as the conversation that was just added to."""
    response.set_cookie(
        COOKIE,
        owner,
        max_age=request.app.state.settings.keep_days * _DAY,
        path=request.scope.get("root_path") or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
