"""The server over real sockets: who keeps it waiting is cut off, and the others are served."""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPResponse
from time import monotonic, sleep

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import Response
from serving import SlowAnswerer, app_of, listening, until

from footprints.web import server
from footprints.web.admin.routes import UPLOADS
from footprints.web.server import most_connections, raise_handles

ASK = (
    b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: 32\r\n\r\n"
)
BODY = b'{"question": "Who leads Devon?"}'
ALIVE = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten what the server waits, so that the tests need not."""
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.5)
    monkeypatch.setattr(server, "UPLOAD_SECONDS", 2.0)
    monkeypatch.setattr(server, "RESPONSE_SECONDS", 0.5)
    monkeypatch.setattr(server, "_IDLE_SECONDS", 1)


@contextmanager
def dialled(address: str) -> Iterator[socket.socket]:
    """Open a connection and send nothing yet."""
    url = httpx2.URL(address)
    with closing(socket.create_connection((url.host, url.port or 80), timeout=5)) as line:
        yield line


def answered(line: socket.socket) -> tuple[int, bytes]:
    """Read one response, and return its status and body."""
    response = HTTPResponse(line)
    response.begin()
    return response.status, response.read()


def seconds_until_closed(line: socket.socket) -> float:
    """Read until the server closes, and return how long that took."""
    began = monotonic()
    try:
        while line.recv(65_536):
            pass
    except ConnectionError:
        pass
    return monotonic() - began


def send_slowly(line: socket.socket, data: bytes, pause: float) -> float:
    """Send byte by byte until the server hangs up, and return how long it took part."""
    began = monotonic()
    line.settimeout(pause)
    for at in range(len(data)):
        try:
            line.sendall(data[at : at + 1])
            if not line.recv(65_536):
                break
        except TimeoutError:
            continue
        except ConnectionError:
            break
    return monotonic() - began


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HTT", ALIVE[:-2], ASK, ASK + BODY[:-1], ALIVE + ALIVE[:-2]],
    ids=["nothing", "half a line", "half a head", "no body", "half a body", "pipelined"],
)
def test_a_request_that_is_not_whole_ends(begun: bytes) -> None:
    """A connection on which a request is awaited or begun is closed when its time is over."""
    with listening(app_of()) as address, dialled(address) as line:
        line.sendall(begun)
        assert 0.3 < seconds_until_closed(line) < 2


@pytest.mark.parametrize("data", [ALIVE * 3, ASK + BODY], ids=["head", "body"])
def test_bytes_that_drip_buy_no_time(data: bytes) -> None:
    """Whoever sends a byte now and then is closed no later, and others are answered meanwhile."""
    with listening(app_of()) as address, dialled(address) as line:
        others: list[int] = []
        asked = threading.Thread(
            target=lambda: others.append(
                httpx2.post(f"{address}/api/ask", json={"question": "Who leads?"}).status_code
            )
        )
        asked.start()
        assert 0.3 < send_slowly(line, data, 0.1) < 2
        asked.join()
    assert others == [200]


def test_a_whole_request_has_all_the_time_that_its_answer_takes() -> None:
    """The time for a request does not go on while it is answered."""
    slow = SlowAnswerer()
    with listening(app_of(slow)) as address, dialled(address) as line:
        line.sendall(ASK + BODY)
        sleep(1)
        slow.gate.set()
        assert answered(line)[0] == 200


def test_a_connection_is_kept_for_a_while() -> None:
    """Between two requests a connection stays open, and each has the whole time for itself."""
    with listening(app_of()) as address, dialled(address) as line:
        for _ in range(3):
            line.sendall(ALIVE)
            assert answered(line)[0] == 200
            sleep(0.3)
        line.sendall(ALIVE)
        assert answered(line)[0] == 200
        assert seconds_until_closed(line) < 2


@contextmanager
def uploading() -> Iterator[str]:
    """Serve an address that takes files, and others that do not read what they are sent."""
    app = app_of()

    @app.post(UPLOADS)
    async def take(request: Request) -> int:
        async with request.form() as form:
            return len(form)

    with listening(app) as address:
        yield address


def head(path: str, length: int) -> bytes:
    """Return the head of a form of this length."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    ).encode()


def test_an_upload_may_take_longer(caplog: pytest.LogCaptureFixture) -> None:
    """A file that keeps coming is taken beyond the time for a request, but not for ever."""
    with uploading() as address:
        with dialled(address) as line:
            line.sendall(head(UPLOADS, 10))
            for _ in range(10):
                sleep(0.1)
                line.sendall(b"x")
            assert answered(line) == (200, b"1")
        with dialled(address) as line:
            line.sendall(head(UPLOADS, 1000))
            assert 1.5 < send_slowly(line, b"x" * 1000, 0.1) < 4
        with dialled(address) as line:
            line.sendall(head(UPLOADS, 10) + b"x")
            assert 0.5 < seconds_until_closed(line) < 2
    # Nor is it a failure of ours that a client is cut off.
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.parametrize("path", ["/none/admin/uploads", "/a/none/feedback"])
def test_what_is_refused_has_no_more_time(path: str) -> None:
    """A body that nobody reads is cut off as soon as any other."""
    with listening(app_of()) as address, dialled(address) as line:
        line.sendall(head(path, 1000))
        assert 0.3 < send_slowly(line, b"x" * 1000, 0.1) < 2


def large(app: FastAPI) -> FastAPI:
    """Add an address that gives more than a connection holds on its way."""

    @app.get("/large")
    def give() -> Response:
        return Response(b"x" * 30_000_000)

    return app


def test_who_does_not_take_the_response_is_cut_off() -> None:
    """A response that the client leaves lying does not hold its connection; one taken is whole."""
    with listening(large(app_of())) as address, dialled(address) as line:
        line.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        taken = len(line.recv(1000))
        sleep(1.5)
        try:
            while some := len(line.recv(1_000_000)):
                taken += some
        except ConnectionError:
            pass
        assert taken < 30_000_000
        assert len(httpx2.get(f"{address}/large").content) == 30_000_000


def test_what_is_answered_is_sent_at_once() -> None:
    """A connection that is taken does not hold back the end of a reply until its head is there."""

    async def delays() -> bool:
        taken: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line = writer.get_extra_info("socket")
            taken.set_result(not line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with closing(server.listen("127.0.0.1", 0)) as listener:
            async with await asyncio.start_server(take, sock=listener):
                _, writer = await asyncio.open_connection(*listener.getsockname())
                writer.close()
                return await taken

    assert not asyncio.run(delays())


def test_one_connection_too_many() -> None:
    """Beyond the cap a connection is a quick 503; when others have gone there is room again."""
    with listening(app_of(max_connections=3)) as address:
        with ExitStack() as stack:
            for _ in range(3):
                stack.enter_context(dialled(address))
            began = monotonic()
            with dialled(address) as line:
                response = HTTPResponse(line)
                response.begin()
                assert (response.status, response.headers["Retry-After"]) == (503, "5")
                assert response.read().endswith(b"try again later.")
                assert line.recv(1) == b""
            assert monotonic() - began < 0.4
        until(lambda: httpx2.get(f"{address}/healthz").status_code == 200)


def test_many_idle_connections() -> None:
    """Hundreds of connections that send nothing stop the server for no longer than their time."""
    with listening(app_of(max_connections=50)) as address, ExitStack() as stack:
        for _ in range(400):
            stack.enter_context(dialled(address))
        began = monotonic()
        until(lambda: httpx2.get(f"{address}/healthz").status_code == 200)
        assert monotonic() - began < 3


def test_handles_never_run_out(caplog: pytest.LogCaptureFixture) -> None:
    """As many files may be open as the system allows, and connections get a quarter of them."""
    allowed = raise_handles()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (allowed, allowed)
    with caplog.at_level(logging.WARNING):
        assert most_connections(512, 4096) == 512
        assert caplog.text == ""
        assert most_connections(512, 1024) == 256
    assert "raise that limit (ulimit -Hn) to 2048" in caplog.text


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 32\r\n",
        b"Content-Length: 5\r\nContent-Length: 32\r\n",
        b"Content-Length: 5, 32\r\n",
    ],
)
def test_a_body_with_two_ends(lengths: bytes) -> None:
    """A request that says in two ways where it ends is a 400, and what follows is not read."""
    hidden = b"0\r\n\r\n" + ALIVE
    with listening(app_of()) as address, dialled(address) as line:
        line.sendall(ASK.replace(b"Content-Length: 32\r\n", lengths) + hidden)
        sent = b""
        while some := line.recv(65_536):
            sent += some
    assert sent.startswith(b"HTTP/1.1 400 ")
    assert sent.count(b"HTTP/1.1") == 1
    assert b"\r\nconnection: close\r\n" in sent.lower()


def test_head_over_a_socket() -> None:
    """HEAD gives the headers of GET and leaves the connection ready for the next request."""
    with listening(app_of()) as address, httpx2.Client(base_url=address) as client:
        got, only = client.get("/documents"), client.head("/documents")
        assert (only.status_code, only.content) == (200, b"")
        assert only.headers["content-length"] == got.headers["content-length"]
        assert json.loads(client.get("/healthz").text) == {"status": "ok"}
