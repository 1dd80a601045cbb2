"""The log: one line of JSON a request, without what was asked."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from serving import app_of
from starlette.testclient import TestClient

from footprints.web.logs import JsonLines, configure_logs

QUESTION = "Who leads Xanadu?"


Read = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def logged() -> Iterator[Read]:
    """Configure the log as the server does, and return what reads its lines."""
    root, stream = logging.getLogger(), StringIO()
    handlers, level = root.handlers, root.level
    root.handlers = []
    configure_logs(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("footprints").setLevel(logging.NOTSET)


def test_a_line_for_each_request(logged: Read) -> None:
    """A request is one line: its id, method, route, status and time."""
    with TestClient(app_of()) as client:
        response = client.post("/api/ask", json={"question": QUESTION})
    (line,) = logged()
    assert line.keys() == {
        "time", "level", "event", "request_id", "method", "route", "status", "ms"
    }  # fmt: skip
    assert line["request_id"] == response.headers["x-request-id"]
    assert (line["event"], line["level"]) == ("request", "info")
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/ask", 200)
    assert 0 < line["ms"] < 5000


def test_every_request_has_its_own_id() -> None:
    """The id is made here: it is never the same, and not what the asker says it is."""
    with TestClient(app_of()) as client:
        ids = [
            client.get("/healthz", headers={"x-request-id": "mine"}).headers["x-request-id"]
            for _ in range(3)
        ]
    assert len({*ids, "mine"}) == 4


@pytest.mark.parametrize(
    ("address", "route", "status"),
    [
        ("/documents/devon?start=1&end=4", "/documents/{doc_id}", 200),
        ("/api/documents/secret", "/api/documents/{doc_id}", 404),
        ("/api/search?question=secret", "/api/search", 200),
        ("/secret", None, 404),
    ],
)
def test_addresses_are_logged_as_routes(
    logged: Read, address: str, route: str | None, status: int
) -> None:
    """An address is logged as its route, as ids and questions stand in addresses."""
    with TestClient(app_of()) as client:
        client.get(address)
    (line,) = logged()
    assert (line["route"], line["status"]) == (route, status)
    assert "secret" not in str(line)


def test_refusals_are_logged(logged: Read) -> None:
    """What is turned away before the application is reached is logged as well."""
    with TestClient(app_of()) as client:
        client.post("/api/ask", headers={"origin": "http://evil.example"})
    (line,) = logged()
    assert (line["status"], line["route"]) == (403, None)


def test_no_question_is_logged(logged: Read) -> None:
    """No question and no history is in the log unless that is switched on."""
    with TestClient(app_of()) as client:
        for question in (QUESTION, "Xanadu\0", "Xanadu" * 100):
            body = {"question": question, "history": [QUESTION]}
            client.post("/api/ask", json=body)
            client.get("/api/search", params=body)
            client.post("/ask", data=body)
    lines = logged()
    assert len(lines) >= 9
    assert "xanadu" not in str(lines).lower()


def test_questions_are_logged_when_switched_on(logged: Read) -> None:
    """Switched on, a question is logged with the id of its request."""
    with TestClient(app_of(log_questions=True)) as client:
        client.post("/api/ask", json={"question": QUESTION})
    asked, request = logged()
    assert (asked["event"], asked["question"]) == ("asked", QUESTION)
    assert asked["request_id"] == request["request_id"]


def test_a_bug_is_logged_without_its_message(logged: Read) -> None:
    """A bug is logged by its kind and place; its message, which may quote a question, is not."""
    app = app_of()

    @app.get("/api/bug")
    def bug() -> None:
        try:
            raise KeyError("secret")
        except KeyError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
            raise

    with TestClient(app, raise_server_exceptions=False) as client:
        client.get("/api/bug")
    said, request = logged()
    assert (said["event"], said["error"]) == ("Exception in ASGI application", "KeyError")
    assert said["at"][-1].startswith("test_logs.py:")
    assert said["at"][-1].endswith(" bug")
    assert (request["status"], request["level"]) == (500, "info")
    assert "secret" not in str(said) + str(request)


@pytest.mark.parametrize("text", ["two\nlines", '"quoted"', "a\u2028b", "\x1b[31m", "\ud800"])
def test_a_record_is_one_line(text: str) -> None:
    """Whatever a record says, it is one line of JSON that can be written."""
    record = logging.LogRecord("x", logging.WARNING, "x", 1, "%s", (text,), None)
    line = JsonLines().format(record)
    assert line.encode()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["event"] == text


Tell = Callable[..., None]


@pytest.fixture
def tell(logged: Read, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Return what logs at a moment that the test names."""

    def at(second: float, level: int, message: str, *given: object, error: bool = False) -> None:
        monkeypatch.setattr("time.time", lambda: 1_000_000.0 + second)
        try:
            raise OSError("secret")
        except OSError as caught:
            logging.getLogger("footprints.x").log(
                level, message, *given, exc_info=caught if error else None
            )

    return at


def test_trouble_that_goes_on_is_told_once_a_minute(logged: Read, tell: Tell) -> None:
    """The same trouble is a line at first, and one a minute with how often it was there since."""
    for second in range(150):
        tell(second, logging.ERROR, "no room for %s", second, error=True)
    lines = logged()
    assert [line.get("repeated") for line in lines] == [None, 59, 60]
    assert {(line["event"], line["error"]) for line in lines} == {("no room for 0", "OSError")}
    assert [line["time"][14:19] for line in lines] == ["46:40", "47:40", "48:40"]
    assert ["at" in line for line in lines] == [True, False, False]
    assert "secret" not in str(lines)


def test_what_was_repeated_is_told_in_the_end(logged: Read, tell: Tell) -> None:
    """A count that waits is written by whatever is logged after the minute, and only once."""
    tell(0, logging.WARNING, "odd")
    tell(1, logging.WARNING, "odd")
    tell(61, logging.INFO, "request")
    tell(200, logging.INFO, "request")
    tell(201, logging.WARNING, "odd")
    events = [(line["event"], line.get("repeated")) for line in logged()]
    assert events == [
        ("odd", None), ("odd", 1), ("request", None), ("request", None), ("odd", None)
    ]  # fmt: skip


def test_different_trouble_is_told_at_once(logged: Read, tell: Tell) -> None:
    """Other words, another kind of exception and lines that are no trouble are all written."""
    tell(0, logging.WARNING, "odd")
    tell(1, logging.WARNING, "odder")
    tell(2, logging.WARNING, "odd", error=True)
    for second in range(3):
        tell(second, logging.INFO, "request")
    assert len(logged()) == 6
