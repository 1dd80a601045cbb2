"""So much a minute from each client, and so much at a time from all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from serving import HOSTS, SlowAnswerer, app_of, browsing, in_loop, tiny_answerer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from footprints.settings import load_settings
from footprints.web.app import create_app
from footprints.web.limits import Admission, MemoryRates, client_of

BODY = {"question": "Who leads Devon?"}


pytestmark = pytest.mark.usefixtures("clock")


def test_too_many_requests(clock: list[float]) -> None:
    """Past the limit a client gets 429 with the seconds to wait, and after them it may go on."""
    with TestClient(app_of(rate_per_minute=3)) as browser:
        statuses = [browser.post("/api/ask", json=BODY).status_code for _ in range(3)]
        refused = browser.post("/api/ask", json=BODY)
        clock[0] += int(refused.headers["retry-after"])
        again = browser.post("/api/ask", json=BODY)
    assert statuses == [200, 200, 200]
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "45")
    assert refused.headers["content-type"] == "application/problem+json"
    assert "wait 45 seconds" in refused.json()["detail"]
    assert again.status_code == 200


def test_what_is_limited() -> None:
    """Asking, searching and sending forms count together; reading does not, and is not stopped."""
    with TestClient(app_of(rate_per_minute=2)) as browser:
        assert browser.post("/api/ask", json=BODY).status_code == 200
        assert browser.get("/api/search", params=BODY).status_code == 200
        assert browser.get("/api/search", params=BODY).status_code == 429
        assert browser.post("/api/ask", json=BODY).status_code == 429
        page = browser.post("/ask", data=BODY)
        assert (page.status_code, page.headers["retry-after"]) == (429, "45")
        assert page.headers["content-type"].startswith("text/html")
        for address in ("/", "/documents", "/api/documents", "/healthz", "/metrics"):
            assert browser.get(address).status_code == 200


def test_reading_what_is_kept_is_limited() -> None:
    """Conversations and answers are read several times as often as asked, and counted apart."""
    addresses = ("/c/none", "/c/none.md", "/a/none", "/a/none.txt", "/api/answers/none")
    with TestClient(app_of(rate_per_minute=2)) as browser:
        statuses = [browser.get(addresses[turn % 5]).status_code for turn in range(10)]
        assert statuses == [404] * 10
        for address in addresses:
            refused = browser.get(address)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "45")
        assert browser.post("/api/ask", json=BODY).status_code == 200
        assert browser.get("/documents").status_code == 200


def test_a_foreign_page_does_not_use_up_the_limit() -> None:
    """What is refused for its origin does not count against whose browser sent it."""
    with TestClient(app_of(rate_per_minute=1)) as browser:
        headers = {"sec-fetch-site": "cross-site"}
        assert browser.post("/api/ask", json=BODY, headers=headers).status_code == 403
        assert browser.post("/api/ask", json=BODY).status_code == 200


def test_clients_are_counted_apart() -> None:
    """Behind a proxy that is trusted each client has a limit of its own."""
    with TestClient(app_of(rate_per_minute=1, trusted_proxies=1)) as browser:
        for address in ("1.1.1.1", "2.2.2.2"):
            headers = {"x-forwarded-for": f"9.9.9.9, {address}"}
            assert browser.post("/api/ask", json=BODY, headers=headers).status_code == 200
            assert browser.post("/api/ask", json=BODY, headers=headers).status_code == 429


def test_a_header_does_not_make_another_client() -> None:
    """Without a trusted proxy no header changes who the client is."""
    with TestClient(app_of(rate_per_minute=1)) as browser:
        assert browser.post("/api/ask", json=BODY).status_code == 200
        headers = {"x-forwarded-for": "1.1.1.1", "forwarded": "for=1.1.1.1"}
        assert browser.post("/api/ask", json=BODY, headers=headers).status_code == 429


def test_another_store() -> None:
    """The store can be exchanged, so that several servers count together."""

    class Shared:
        def __init__(self) -> None:
            self.asked: list[tuple[str, int]] = []

        async def hit(self, client: str, window: int) -> int:
            self.asked.append((client, window))
            return len(self.asked)

    shared, settings = Shared(), load_settings(rate_per_minute=1, hosts=HOSTS)
    for status in (200, 429):
        with TestClient(create_app(tiny_answerer, settings=settings, rates=shared)) as browser:
            assert browser.post("/api/ask", json=BODY).status_code == status
    assert shared.asked == [("testclient", 1_000_000)] * 2


def test_memory_forgets() -> None:
    """The store in memory keeps nothing of the minutes before."""

    async def count() -> list[int]:
        rates = MemoryRates()
        hits = [("a", 1), ("a", 1), ("b", 1), ("a", 2)]
        return [await rates.hit(client, window) for client, window in hits]

    assert asyncio.run(count()) == [1, 2, 1, 1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1.2.3.4", "1.2.3.5", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:1.2.3.4", "1.2.3.4", True),
        ("::ffff:1.2.3.4", "::ffff:1.2.3.5", False),
        ("testclient", "other", False),
    ],
)
def test_who_is_one_client(one: str, other: str, same: bool) -> None:
    """A client is an address, of IPv6 a /64 network, which one person may have all of."""
    assert (client_of({"client": (one, 1)}) == client_of({"client": (other, 2)})) is same


def test_a_client_without_an_address() -> None:
    """On a Unix socket there is no address, and all count as one."""
    assert client_of({"client": None}) == client_of({}) == ""


# So much at a time from all.

SLOW = b"slow"
QUESTIONS = [("POST", "/ask"), ("POST", "/api/ask"), ("GET", "/api/search")]


class Stage:
    """What is bounded to two at a time. It ends when it is let go."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.refused = 0
        self.bounded = Admission(self._perform, 2, self._refuse)

    async def ask(self, method: str, path: str, *body: bytes) -> str:
        """Send a request, piece by piece, and return what becomes of it."""
        sent: list[Message] = []
        parts = list(body) or [b""]

        async def receive() -> Message:
            if parts == [SLOW]:
                await self.gate.wait()
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path, "headers": []}
        try:
            await self.bounded(scope, receive, send)
        except HTTPException as error:
            assert (error.status_code, error.headers) == (503, {"Retry-After": "1"})
            self.refused += 1
        return "done" if sent and sent[0]["status"] == 200 else "refused"

    async def _perform(self, scope: Scope, receive: Receive, send: Send) -> None:
        while scope["method"] == "POST" and (await receive())["more_body"]:
            pass
        await self.gate.wait()
        await Response()(scope, receive, send)

    def _refuse(
        self, _: Request, status: int, detail: str, headers: Mapping[str, str] | None
    ) -> Response:
        assert (status, headers) == (503, {"Retry-After": "1"})
        self.refused += 1
        return Response(status_code=status)


@pytest.mark.parametrize("first", QUESTIONS)
@pytest.mark.parametrize("second", QUESTIONS)
@in_loop
async def test_so_many_questions_at_a_time(first: tuple[str, str], second: tuple[str, str]) -> None:
    """Of questions, however asked, no more are in progress than may be; then there is room."""
    stage = Stage()
    asked = [asyncio.create_task(stage.ask(*first)) for _ in range(2)]
    await asyncio.sleep(0.01)
    assert await stage.ask(*second) == "refused"
    stage.gate.set()
    assert await asyncio.gather(*asked) == ["done", "done"]
    assert await stage.ask(*second) == "done"
    assert stage.refused == 1


@in_loop
async def test_the_page_of_an_answer_has_a_place_of_its_own() -> None:
    """However many questions there are, who was answered sees the page; pages are bounded too."""
    stage = Stage()
    asked = [asyncio.create_task(stage.ask("POST", "/ask")) for _ in range(2)]
    asked += [asyncio.create_task(stage.ask("GET", "/c/one")) for _ in range(2)]
    await asyncio.sleep(0.01)
    assert stage.refused == 0
    assert await stage.ask("GET", "/c/another") == "refused"
    stage.gate.set()
    assert await asyncio.gather(*asked) == ["done"] * 4


@in_loop
async def test_what_is_never_refused() -> None:
    """Files, pages that cost little and what watches the server are not bounded."""
    stage = Stage()
    paths = ("/static/style.css", "/healthz", "/readyz", "/metrics", "/", "/documents/devon")
    asked = [asyncio.create_task(stage.ask("GET", path)) for path in paths * 3]
    await asyncio.sleep(0.01)
    stage.gate.set()
    assert set(await asyncio.gather(*asked)) == {"done"}


@in_loop
async def test_who_sends_slowly_keeps_nobody_out() -> None:
    """A question takes a place when it is whole; where there is none then, it is refused."""
    stage = Stage()
    slow = [asyncio.create_task(stage.ask("POST", "/ask", b"x", SLOW)) for _ in range(5)]
    await asyncio.sleep(0.01)
    quick = [asyncio.create_task(stage.ask("POST", "/ask", b"x", b"y")) for _ in range(2)]
    await asyncio.sleep(0.01)
    assert stage.refused == 0
    stage.gate.set()
    assert await asyncio.gather(*quick) == ["done", "done"]
    assert (await asyncio.gather(*slow)).count("refused") == stage.refused


@in_loop
async def test_a_refusal_is_for_people_or_for_programs() -> None:
    """Who finds no place gets a page or problem details, and is counted."""
    slow = SlowAnswerer()
    app = app_of(slow, workers=1, queue=0)
    async with browsing(app) as client:
        first = asyncio.create_task(client.post("/api/ask", json=BODY))
        while not slow.threads:
            await asyncio.sleep(0.01)
        page = await client.post("/ask", data=BODY)
        program = await client.get("/api/search", params=BODY)
        for path in ("/healthz", "/readyz", "/static/style.css", "/c/none"):
            assert (await client.get(path)).status_code in {200, 404}
        counted = (await client.get("/metrics")).text
        slow.gate.set()
        assert (await first).status_code == 200
    for refused, kind in ((page, "text/html"), (program, "application/problem+json")):
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert refused.headers["content-type"].startswith(kind)
        assert "ask again in a moment" in refused.text
    assert 'footprints_rejected_total{status="503"} 2.0' in counted
