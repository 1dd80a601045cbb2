"""Limits: how much each client may ask per minute, and how much all may ask at a time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType
from typing import Protocol

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footprints.errors import Busy
from footprints.web.paths import path_of
from footprints.web.safety import SAFE_METHODS, Refuse

_COSTLY_PATHS = frozenset({"/api/ask", "/api/search"})
_QUESTIONS = frozenset({("POST", "/ask"), ("POST", "/api/ask"), ("GET", "/api/search")})
_MINUTE = 60
_TOO_MANY = "Too many questions are waiting; ask again in a moment."

_KEPT_PATHS = ("/c/", "/a/", "/api/answers/")
_READS = 5
"""How many times as often as asking a client may read conversations and answers."""


class RateStore(Protocol):
    """Counts requests; one shared by several servers must count for all of them."""

    async def hit(self, client: str, window: int) -> int:
        """Count one more request of a client, and return how many it made in this window.

        Windows are numbered; those before the latest need not be kept.
        """
        ...


class MemoryRates:
    """Counts in memory, and keeps no more than the current window."""

    def __init__(self) -> None:
        self._window = -1
        self._hits: Counter[str] = Counter()

    async def hit(self, client: str, window: int) -> int:
        """Count one more request of a client, and return how many it made in this window."""
        if window != self._window:
            self._window = window
            self._hits.clear()
        self._hits[client] += 1
        return self._hits[client]


class RateLimit:
    """Refuses a client that asks, sends forms or reads what is kept too often in a minute."""

    def __init__(
        self,
        app: ASGIApp,
        per_minute: int,
        rates: RateStore,
        refuse: Refuse,
        clock: Callable[[], float] = time.time,
        *,
        stricter: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Set the requests per minute, 0 for any number; ``stricter`` paths allow fewer forms.

        Reading conversations and answers has a separate, larger limit.
        """
        self._app = app
        self._per_minute = per_minute
        self._rates = rates
        self._refuse = refuse
        self._clock = clock
        self._stricter = stricter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request within the limit, or one that costs nothing."""
        if scope["type"] == "http":
            window, second = divmod(int(self._clock()), _MINUTE)
            for client, most in self._counted(scope):
                if await self._rates.hit(client, window) > most:
                    wait = _MINUTE - second
                    detail = f"Too many requests from you within a minute; wait {wait} seconds."
                    headers = {"Retry-After": str(wait)}
                    response = self._refuse(Request(scope), 429, detail, headers)
                    return await response(scope, receive, send)
        await self._app(scope, receive, send)

    def _counted(self, scope: Scope) -> Iterator[tuple[str, int]]:
        """Yield the names under which a request counts, and the limit per minute of each."""
        if self._per_minute and _is_limited(scope):
            yield client_of(scope), self._per_minute
        path = path_of(scope)
        if self._per_minute and scope["method"] in SAFE_METHODS and path.startswith(_KEPT_PATHS):
            yield f"reading {client_of(scope)}", self._per_minute * _READS
        if path in self._stricter and scope["method"] not in SAFE_METHODS:
            yield f"{path} {client_of(scope)}", self._stricter[path]


def client_of(scope: Scope) -> str:
    """Return what tells one client from another: its address, or the /64 network of IPv6."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or address.packed[:8].hex())
    return host


def _is_limited(scope: Scope) -> bool:
    return scope["method"] not in SAFE_METHODS or path_of(scope) in _COSTLY_PATHS


class Admission:
    """Bounds how many questions are in progress, from their last byte to the end of the response.

    The pages of conversations are bounded by themselves: whoever was let in with a question is
    not kept from the page that it leads to.
    """

    def __init__(self, app: ASGIApp, most: int, refuse: Refuse) -> None:
        """Set how many questions, and as many pages, are in progress at a time."""
        self._app = app
        self._most = most
        self._refuse = refuse
        self._inside: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what there is a place for, or what needs none."""
        kind = _kind_of(scope) if scope["type"] == "http" else None
        if kind is None:
            return await self._app(scope, receive, send)
        headers = {"Retry-After": str(Busy.retry_after)}
        if self._is_full(kind):
            # Before anything is read of it, so that a refusal costs next to nothing.
            response = self._refuse(Request(scope), 503, _TOO_MANY, headers)
            return await response(scope, receive, send)
        enters = scope["method"] in SAFE_METHODS
        self._inside[kind] += enters

        async def receive_and_enter() -> Message:
            nonlocal enters
            message = await receive()
            # Not before the last byte: whoever sends slowly would keep the others out.
            if not enters and not message.get("more_body"):
                if self._is_full(kind):
                    raise HTTPException(503, _TOO_MANY, headers)
                enters = True
                self._inside[kind] += 1
            return message

        try:
            await self._app(scope, receive_and_enter, send)
        finally:
            self._inside[kind] -= enters

    def _is_full(self, kind: str) -> bool:
        return self._inside[kind] >= self._most


def _kind_of(scope: Scope) -> str | None:
    """Return the kind of place that a request needs."""
    method, path = scope["method"], path_of(scope)
    if (method, path) in _QUESTIONS:
        return "questions"
    return "pages" if method == "GET" and path.startswith("/c/") else None
