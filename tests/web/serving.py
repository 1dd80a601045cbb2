"""Applications over a tiny index, and an answerer that takes as long as a test wants."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from threading import Event, Lock, current_thread
from time import monotonic, sleep
from typing import Any, ParamSpec

import httpx2
from fakes import FakeEncoder
from fastapi import FastAPI
from hang import HANG
from starlette.applications import Starlette
from tiny import document, index_of

from footprints.answer.answerer import Answerer
from footprints.settings import load_settings
from footprints.types import Answer
from footprints.web.app import create_app
from footprints.web.server import server_of

HOSTS = ("test", "testserver", "localhost", "127.0.0.1")
"""What the tests ask by."""

ENCODER = FakeEncoder()
INDEX = index_of(
    ENCODER, document("# Devon\n\nAngela leads Devon. It has a plan.", "devon", "Devon")
)


def tiny_answerer() -> Answerer:
    """Make an answerer of one small document."""
    return Answerer(INDEX, ENCODER, "tiny")


class SlowAnswerer(Answerer):
    """Begins an answer at once and ends it when the gate is opened."""

    def __init__(self) -> None:
        super().__init__(INDEX, ENCODER, "tiny")
        self.gate = Event()
        self.threads: set[str] = set()
        self.most_at_once = 0
        self._lock = Lock()
        self._now = 0

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer when the gate is open."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            self.threads.add(current_thread().name)
        assert self.gate.wait(HANG)
        with self._lock:
            self._now -= 1
        return super().answer(question, history)


def app_of(answerer: Answerer | None = None, **settings: Any) -> FastAPI:
    """Make an application without a rate limit, unless the settings say otherwise."""
    opened = answerer or tiny_answerer()
    given = load_settings(**{"rate_per_minute": 0, "hosts": HOSTS, **settings})
    return create_app(lambda: opened, settings=given)


@asynccontextmanager
async def browsing(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Start an application in this event loop, and give a client of it."""
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


P = ParamSpec("P")


def in_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test in an event loop of its own."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = monotonic() + HANG
    while not is_so():
        assert monotonic() < deadline
        sleep(0.01)


@contextmanager
def listening(app: Starlette) -> Iterator[str]:
    """Serve an application over a socket, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = server_of(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(HANG)
