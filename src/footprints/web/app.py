"""The web application: a factory, its lifespan, and the server that runs it."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from footprints.answer.answerer import Answerer
from footprints.errors import BadSettings, PortInUse
from footprints.settings import Settings
from footprints.web import api, pages
from footprints.web.assets import WEB


def create_app(
    open_answerer: Callable[[], Answerer], started: Callable[[], None] = lambda: None
) -> FastAPI:
    """Make the application; its one answerer is opened when it starts, then ``started`` called."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.answerer = open_answerer()
        started()
        yield

    app = FastAPI(
        title="Footprints", docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan
    )
    app.include_router(pages.router)
    app.include_router(api.router)
    app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")
    api.add_error_handlers(app, page=pages.error_page)
    return app


def serve_forever(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until interrupted; ``announce`` is given the address once it can be asked.

    Raises:
        PortInUse: another program listens there.
        NoIndex, IndexMismatch, IndexDamaged, BadEncoder: see ``Answerer.open``.
    """
    with closing(_listen(settings.host, settings.port)) as listener:
        answerer = Answerer.open(settings)
        host, port = listener.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        app = create_app(lambda: answerer, started=lambda: announce(address))
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow is loaded."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
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
            f"Port {port} of {host} cannot be listened on ({error.strerror}); "
            "choose another with --host or --port."
        ) from error
    return listener
