"""Checks on every request, of its sender, host, type and size; and headers on every response.

Each is a plain ASGI middleware. What is refused goes out in the shape of every other error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import ip_address
from types import MappingProxyType

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footprints.web.paths import path_of

Refuse = Callable[[Request, int, str, Mapping[str, str] | None], Response]
"""Makes the response for a refusal: of its status, with a sentence and headers."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+?\.?)(:\d{1,5})?", re.ASCII)
_JSON = re.compile(r"application/([\w.-]+\+)?json", re.ASCII)
_FORMS = re.compile(r"application/x-www-form-urlencoded|multipart/form-data")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that change nothing."""

_POLICY, _FRAME = "Content-Security-Policy", "frame-ancestors"
_NO_FRAME = f"{_FRAME} 'none'"
SECURITY_HEADERS = {
    _POLICY: (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src 'self'; form-action 'self'; base-uri 'none'; {_NO_FRAME}"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with that, browsers send `Origin: null` with the forms of our own pages.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


_DEFAULTS = SECURITY_HEADERS | {"Cache-Control": "no-store"}
"""Nearly every page can show a question; what is public says by itself that it may be stored."""


class SecurityHeaders:
    """Gives every response the headers that keep a browser safe, unless it has its own.

    Pages may stand in a frame of the sites named, but not those where documents are managed:
    another site could have somebody press a button there unawares.
    """

    def __init__(self, app: ASGIApp, embed_from: Sequence[str] = ()) -> None:
        self._app = app
        policy = _DEFAULTS[_POLICY].replace(_NO_FRAME, f"{_FRAME} {' '.join(embed_from)}")
        self._framed = _DEFAULTS | ({_POLICY: policy} if embed_from else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers as the response starts."""
        is_ours_alone = path_of(scope).startswith("/admin") if scope["type"] == "http" else True

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (_DEFAULTS if is_ours_alone else self._framed).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)


class TrustedProxies:
    """Trusts a number of proxies on who the client is; with none, nobody."""

    def __init__(self, app: ASGIApp, proxies: int) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the client and the scheme that the outermost proxy saw into the scope."""
        if scope["type"] == "http" and self._proxies:
            headers = Headers(scope=scope)
            scope = dict(scope)
            if address := self._forwarded_for(headers):
                scope["client"] = (address, 0)
            scheme = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
            if scheme in {"http", "https"}:
                scope["scheme"] = scheme
        await self._app(scope, receive, send)

    def _forwarded_for(self, headers: Headers) -> str | None:
        """Return what the outermost proxy of ours wrote; what stands before it is hearsay."""
        seen = ",".join(headers.getlist("x-forwarded-for")).split(",")
        if len(seen) < self._proxies:
            return None
        address = seen[-self._proxies].strip()
        try:
            ip_address(address)
        except ValueError:
            return None
        return address


class HeadAsGet:
    """Answers HEAD as GET, with the same headers and no body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask as GET, and send what comes without its body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # In place, as the log reads from the scope which route was taken.
        scope["method"] = "GET"
        try:
            await self._app(scope, receive, send_head)
        finally:
            scope["method"] = "HEAD"


class KnownHosts:
    """Refuses what is sent to a name that is not the server's.

    Another site may let its own name lead to this address, and its pages would then be of the
    same origin to a browser (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, names: Iterable[str], refuse: Refuse) -> None:
        """Answer to these names alone, or to any if one is ``*``."""
        self._app = app
        self._names = {_one_spelling(name) for name in names}
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is sent to a name of ours."""
        if scope["type"] == "http" and "*" not in self._names and not self._is_ours(scope):
            detail = (
                "This server does not answer to the name in the request; "
                "whoever runs it can add the name to FOOTPRINTS_HOSTS."
            )
            response = self._refuse(Request(scope), 421, detail, None)
            return await response(scope, receive, send)
        await self._app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        hosts = Headers(scope=scope).getlist("host")
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        return found is not None and _one_spelling(found[1]) in self._names


def _one_spelling(name: str) -> str:
    """Write every spelling of a name or an address the same way."""
    bare = name.lower().removesuffix(".").strip("[]")
    try:
        return str(ip_address(bare))
    except ValueError:
        return bare


class OneLength:
    """Refuses a request that gives the length of its body in two ways.

    A proxy that believes the other one would take what follows for another client's request.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request with one of them, or none."""
        if scope["type"] == "http" and {"content-length", "transfer-encoding"} <= set(
            Headers(scope=scope)
        ):
            detail = "The request has a Content-Length and a Transfer-Encoding; send only one."
            response = self._refuse(Request(scope), 400, detail, {"Connection": "close"})
            return await response(scope, receive, send)
        await self._app(scope, receive, send)


class PlainPaths:
    """Refuses paths with control characters, which lead nowhere.

    Routes would take one that ends in a line feed for the same without it; limits would not.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request for a path without such characters."""
        if scope["type"] == "http" and _CONTROL.search(path_of(scope)):
            response = self._refuse(Request(scope), 404, "There is nothing at this address.", None)
            return await response(scope, receive, send)
        await self._app(scope, receive, send)


class SameOrigin:
    """Refuses what a browser sends from another site's page to change something here."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is safe or of our own pages, or does not come from a browser."""
        if (
            scope["type"] == "http"
            and scope["method"] not in SAFE_METHODS
            and not _is_same_origin(Headers(scope=scope))
        ):
            detail = "This was sent from a page of another site; send it from a page of this one."
            response = self._refuse(Request(scope), 403, detail, None)
            return await response(scope, receive, send)
        await self._app(scope, receive, send)


def _is_same_origin(headers: Headers) -> bool:
    """Judge by Sec-Fetch-Site, or by Origin in browsers that do not send it."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin, host = headers.get("origin"), headers.get("host", "")
    return origin is None or (host != "" and origin.partition("://")[2].lower() == host.lower())


class KnownTypes:
    """Refuses a body that is not of the type that is read here: JSON by the API, else a form."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request of the right type, or without a body."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            known, cure = _FORMS, "Send the form as application/x-www-form-urlencoded."
            if path_of(scope).startswith("/api/"):
                known, cure = _JSON, "Send JSON with Content-Type: application/json."
            given = _type_of(Headers(scope=scope))
            if given is not None and not known.fullmatch(given):
                response = self._refuse(Request(scope), 415, cure, None)
                return await response(scope, receive, send)
        await self._app(scope, receive, send)


def _type_of(headers: Headers) -> str | None:
    """Return the type of the body without its parameters; None if there is neither."""
    given = headers.get("content-type")
    if given is not None:
        return given.partition(";")[0].strip().lower()
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    return "" if has_body else None


class BodyLimit:
    """Refuses a body that is too large: unread if it says so, else when it has become so."""

    def __init__(
        self,
        app: ASGIApp,
        most: int,
        refuse: Refuse,
        larger: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Bound every body to a number of bytes.

        ``larger`` allows some paths more; they say by themselves what is wrong with what is too
        large, and so it is not refused before they have begun to read.
        """
        self._app = app
        self._most = most
        self._refuse = refuse
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request whose body is counted while it is read."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path = path_of(scope)
        most = self._larger.get(path, self._most)
        detail = f"The body of the request is too large; send {most} bytes or fewer."
        headers = {"Connection": "close"}
        if path not in self._larger and _says_more(
            Headers(scope=scope).get("content-length", ""), most
        ):
            response = self._refuse(Request(scope), 413, detail, headers)
            return await response(scope, receive, send)
        taken = 0

        async def receive_some() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413, detail, headers)
            return message

        await self._app(scope, receive_some, send)


def _says_more(length: str, most: int) -> bool:
    # Python does not read thousands of digits as a number.
    return length.isdecimal() and (len(length) > 20 or int(length) > most)
