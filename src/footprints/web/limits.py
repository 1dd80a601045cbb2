"""A rate limit for each client, so that one cannot keep the others waiting."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType
from typing import Protocol

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from footprints.web.safety import SAFE_METHODS, Refuse

_COSTLY_PATHS = frozenset({"/api/ask", "/api/search"})
_MINUTE = 60

_KEPT_PATHS = ("/c/", "/a/", "/api/answers/")
_READS = 5
"""So many times as often as it may ask, a client may read what is kept."""


class RateStore(Protocol):
    """Counts requests; one that several servers share must count for all of them."""

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
        """Allow so many a minute, 0 for any number; forms to ``stricter`` paths also fewer each.

        Reading what is kept has a larger budget of its own.
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
                    detail = f"Too many requests from you in this minute; wait {wait} seconds."
                    headers = {"Retry-After": str(wait)}
                    response = self._refuse(Request(scope), 429, detail, headers)
                    return await response(scope, receive, send)
        await self._app(scope, receive, send)

    def _counted(self, scope: Scope) -> Iterator[tuple[str, int]]:
        """Give under which names a request counts, and how often each may in a minute."""
        if self._per_minute and _is_limited(scope):
            yield client_of(scope), self._per_minute
        path = scope["path"]
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
    return scope["method"] not in SAFE_METHODS or scope["path"] in _COSTLY_PATHS
