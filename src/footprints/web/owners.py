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
    """Let the browser keep the secret as long as the conversation that was just added to.

    Where another site may frame the chat, the browser sends it there too, if over HTTPS, and keeps
    it apart for each such site.
    """
    settings, secure = request.app.state.settings, request.url.scheme == "https"
    is_framed = secure and bool(settings.embed_from)
    response.set_cookie(
        COOKIE,
        owner,
        max_age=settings.keep_days * _DAY,
        path=request.scope.get("root_path") or "/",
        secure=secure,
        httponly=True,
        samesite="none" if is_framed else "lax",
    )
    if is_framed:
        # Python's own cookies do not know this attribute before 3.14.
        name, value = response.raw_headers.pop()
        response.raw_headers.append((name, value + b"; Partitioned"))
