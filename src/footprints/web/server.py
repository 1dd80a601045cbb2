"""The server under the application: uvicorn, with bounds on what one connection may take.

uvicorn bounds how long a connection may be idle between two requests, but not how long one
request may be on its way, how slowly a response may be taken, nor how many connections there are
before they have asked for anything. Hypercorn and Granian do not bound all of these either.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import resource
import socket
from typing import Any

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from footprints.errors import BadSettings, PortInUse
from footprints.web.admin.routes import UPLOADS

REQUEST_SECONDS = 10.0
"""A request that takes longer than this to arrive ends its connection."""

UPLOAD_SECONDS = 300.0
"""An upload may take this long, if bytes arrive every ``REQUEST_SECONDS``."""

RESPONSE_SECONDS = 60.0
"""In this time a client must take ``_LEAST_TAKEN`` bytes of a response, or all that is left."""

_LEAST_TAKEN = 65_536

_IDLE_SECONDS = 5
"""How long a connection may wait between two requests."""

_FINISH_SECONDS = 30
"""How long a stopping server waits for what is in flight."""

_BACKLOG = 256
"""The most connections that are accepted at a time."""

_ENOUGH_HANDLES = 10_240
"""How many open files to ask for where there is no limit; macOS gives no more."""

_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Retry-After: 5\r\n"
    b"Connection: close\r\n"
    b"Content-Length: 47\r\n\r\n"
    b"Too many connections are open; try again later."
)

_log = logging.getLogger(__name__)


class Connection(H11Protocol):
    """One connection, which is closed when it is one too many or keeps the server waiting.

    uvicorn's ``limit_concurrency`` is how many there may be. It would let more of them in and
    refuse their requests only.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._most, self.limit_concurrency = self.limit_concurrency, None
        self._receiving: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._ends = 0.0
        self._heard = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or refuse at once."""
        super().connection_made(transport)
        if self._most is not None and len(self.connections) > self._most:
            self.logger.warning("Too many connections are open; one more was refused.")
            transport.write(_FULL)
            transport.close()
        else:
            self._watch_request()

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        self._heard = True
        super().data_received(data)
        self._watch_request()

    def on_response_complete(self) -> None:
        """Go on to the next request."""
        super().on_response_complete()
        self._watch_request()
        self._watch_response()

    def pause_writing(self) -> None:
        """Let nothing more be written until the client has taken some."""
        super().pause_writing()
        self._watch_response()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        for timer in (self._receiving, self._sending):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def _watch_request(self) -> None:
        """Keep the time as long as a request is awaited or not whole."""
        if self.conn.their_state in {h11.IDLE, h11.SEND_BODY} and not self.transport.is_closing():
            if self._receiving is None:
                self._ends = self.loop.time() + UPLOAD_SECONDS
                self._receiving = self.loop.call_later(REQUEST_SECONDS, self._is_late)
        elif self._receiving:
            self._receiving.cancel()
            self._receiving = None

    def _is_late(self) -> None:
        if self._heard and self._is_upload() and self.loop.time() < self._ends:
            self._heard = False
            self._receiving = self.loop.call_later(REQUEST_SECONDS, self._is_late)
        else:
            self.transport.abort()

    def _is_upload(self) -> bool:
        """Tell whether a file is being read, which one has to be signed in for."""
        # Wherever the server is behind a sub-path: what is no upload is answered unread.
        reads = self.cycle is not None and not self.cycle.response_complete
        return reads and self.scope["path"].endswith(UPLOADS)

    def _watch_response(self) -> None:
        """Keep the time as long as something is not taken."""
        left = self.transport.get_write_buffer_size()
        if left and self._sending is None:
            self._sending = self.loop.call_later(RESPONSE_SECONDS, self._look_again, left)

    def _look_again(self, before: int) -> None:
        self._sending = None
        if self.transport.get_write_buffer_size() > max(0, before - _LEAST_TAKEN):
            self.transport.abort()
        else:
            self._watch_response()


def server_of(app: Starlette) -> uvicorn.Server:
    """Make the server; the application brings its settings, and handles proxies and the log."""
    handles = raise_handles()
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        # Up to three times the backlog is accepted before the first of it is refused.
        backlog=min(_BACKLOG, handles // 8),
        limit_concurrency=most_connections(app.state.settings.max_connections, handles),
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow is loaded.

    Raises:
        PortInUse: another program listens there.
        BadSettings: this machine has no such address, or does not let us listen there.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio sends at once only where the protocol is named; else a reply waits 40 ms for the
        # receiver's word that its head has come (Nagle's algorithm and delayed acknowledgement).
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except OSError:
            listener.close()
            raise
    except (socket.gaierror, UnicodeError) as error:
        raise BadSettings(f"{host!r} is not an address of this machine; correct --host.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"Port {port} of {host} is in use; stop what uses it or choose another with --port."
            ) from error
        raise BadSettings(
            f"Footprints cannot listen on port {port} of {host} ({error.strerror}); "
            "choose another with --host or --port."
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address that browsers and programs call."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def most_connections(wanted: int, handles: int) -> int:
    """Return how many connections there may be, so that files can be opened beside them."""
    most = handles // 4
    if most < wanted:
        _log.warning(
            f"At most {most} connections are accepted, as this process may only have {handles} "
            f"files open; raise that limit (ulimit -Hn) to {4 * wanted}."
        )
    return min(wanted, most)


def raise_handles() -> int:
    """Raise the number of files this process may open to its limit, and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = hard if hard != resource.RLIM_INFINITY else max(soft, _ENOUGH_HANDLES)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most
