"""A rate limit for each client."""

from __future__ import annotations

import asyncio

import pytest
from serving import app_of, tiny_answerer
from starlette.testclient import TestClient

from footprints.settings import load_settings
from footprints.web import limits
from footprints.web.app import create_app
from footprints.web.limits import MemoryRates, client_of

BODY = {"question": "Who leads Devon?"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stop the clock a quarter through a minute."""
    now = [60_000_015.0 // 60 * 60 + 15]
    monkeypatch.setattr(limits.RateLimit.__init__, "__defaults__", (lambda: now[0],))
    return now


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

    shared, settings = Shared(), load_settings(rate_per_minute=1)
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
