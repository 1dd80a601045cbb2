"""Who is signed in to manage documents: a token in, a session that ends by itself out."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from pydantic import SecretStr

from footprints.errors import CannotWrite
from footprints.web.admin.log import Action, Log

HOURS = 8
"""So long after signing in a session ends."""

_MOST = 100
"""So many sessions there may be; the oldest ends for one more."""


class Sessions:
    """The sessions of one server, which end with it. Only their random ids leave it, in cookies."""

    def __init__(self, token: SecretStr, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = _digest(token.get_secret_value())
        self._clock = clock
        self._ends: dict[str, float] = {}

    def sign_in(self, token: str) -> str | None:
        """Begin a session and return its id, or None if the token is wrong.

        How long that takes does not depend on the token.
        """
        if not hmac.compare_digest(_digest(token), self._token):
            return None
        while len(self._ends) >= _MOST:
            del self._ends[next(iter(self._ends))]
        session = secrets.token_urlsafe(32)
        self._ends[session] = self._clock() + HOURS * 3600
        return session

    def is_open(self, session: str) -> bool:
        """Tell whether a session was begun here and has not ended."""
        if self._ends.get(session, 0) > self._clock():
            return True
        self.sign_out(session)
        return False

    def sign_out(self, session: str) -> None:
        """End a session."""
        self._ends.pop(session, None)


class Door:
    """Lets in who has the token, and logs who comes and goes."""

    def __init__(self, token: SecretStr, log: Log) -> None:
        self.sessions = Sessions(token)
        self._log = log

    def sign_in(self, token: str, client: str) -> str | None:
        """Begin a session and return its id, or None if the token is wrong.

        Raises:
            CannotWrite: that cannot be logged; there is no session.
        """
        session = self.sessions.sign_in(token)
        try:
            self._log.write(Action.SIGN_IN if session else Action.FAILED_SIGN_IN, client)
        except CannotWrite:
            self.sessions.sign_out(session or "")
            raise
        return session

    def sign_out(self, session: str, client: str) -> None:
        """End a session."""
        self.sessions.sign_out(session)
        self._log.write(Action.SIGN_OUT, client)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
