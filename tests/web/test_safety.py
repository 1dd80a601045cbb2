"""Headers on every response; no names and forms of others; no large bodies; nothing hidden."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from managing import TOKEN
from serving import app_of, browsing, tiny_answerer
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from footprints.answer.question import checked
from footprints.errors import BadQuestion
from footprints.settings import load_settings
from footprints.web.app import create_app
from footprints.web.safety import SECURITY_HEADERS

BODY = {"question": "Who leads Devon?"}
JSON = b"application/json"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """Ask a tiny index."""
    with TestClient(app_of(), follow_redirects=False) as browser:
        yield browser


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/documents/devon", 200),
        ("GET", "/none", 404),
        ("GET", "/static/style.css", 200),
        ("GET", "/static/none", 404),
        ("GET", "/api/documents", 200),
        ("GET", "/api/openapi.json", 200),
        ("GET", "/metrics", 200),
        ("GET", "/api/ask", 405),
        ("POST", "/api/ask", 422),
    ],
)
def test_every_response_is_safe(client: TestClient, method: str, address: str, status: int) -> None:
    """Every response, of whatever kind, has the security headers and an id."""
    response = client.request(method, address)
    assert response.status_code == status
    assert (
        SECURITY_HEADERS.items()
        <= {name: response.headers.get(name) for name in SECURITY_HEADERS}.items()
    )
    assert "unsafe" not in response.headers["content-security-policy"]
    assert len(response.headers["x-request-id"]) == 32


def routes_of(routes: Iterable[Any]) -> Iterator[Any]:
    """Give every route of an application, those of its routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from routes_of(inner.routes) if inner else [route]


def test_no_page_that_may_show_a_question_is_stored(tmp_path: Path) -> None:
    """Whatever a route responds with, to whatever method, no cache keeps it."""
    token = "a token of some length"  # noqa: S105
    app, seen = app_of(admin_token=token, data_dir=tmp_path), []
    with TestClient(app, follow_redirects=False) as browser:
        address = browser.post("/ask", data=BODY).headers["location"]
        conversation, _, turn = address.removeprefix("/c/").partition("#")
        known = {"conversation_id": conversation, "doc_id": "devon"}
        asked = [route for route in routes_of(app.routes) if route.path != "/static"]
        # Deleting last, so that there is something to be seen until then.
        for route in sorted(asked, key=lambda route: "delete" in route.path):
            path = re.sub(r"{(\w+)}", lambda of: known.get(of[1], turn), route.path)
            for method in sorted({"GET", "HEAD", "POST", *route.methods}):
                for headers in ({}, {"hx-request": "true"}):
                    data = BODY | {"helpful": "yes", "conversation": conversation}
                    response = browser.request(
                        method, path, headers=headers, params=BODY, data=data
                    )
                    assert response.headers["cache-control"] == "no-store", (method, path)
                    seen.append((method, route.path, response.status_code))
    for shown in ("/c/{conversation_id}", "/a/{turn_id}", "/documents/{doc_id}", "/api/search"):
        assert ("GET", shown, 200) in seen
    assert ("POST", "/a/{turn_id}/feedback", 200) in seen
    assert all(status < 500 for _, _, status in seen)


def test_what_is_public_is_stored_and_asked_for_again(client: TestClient) -> None:
    """Browsers keep our style and scripts, and ask by ETag whether they are still the same."""
    style = client.get("/static/style.css")
    assert style.headers["cache-control"] == "no-cache"
    same = client.get("/static/style.css", headers={"if-none-match": style.headers["etag"]})
    assert (same.status_code, same.headers["cache-control"]) == (304, "no-cache")
    assert client.get("/static/none").headers["cache-control"] == "no-store"


def test_what_nobody_expected_is_safe_too() -> None:
    """A bug is a 500 in the shape of its door, with the headers, and without its message."""
    app = app_of()

    @app.get("/api/bug")
    @app.get("/bug")
    def bug() -> None:
        raise KeyError("secret")

    with TestClient(app, raise_server_exceptions=False) as browser:
        api, page = browser.get("/api/bug"), browser.get("/bug")
    for response in (api, page):
        assert response.status_code == 500
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "x-request-id" in response.headers
        assert "secret" not in response.text
    assert api.json()["detail"] == "Something went wrong here; try again later."
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("address", ["/api/ask%0A", "/api/search%0a", "/api/ask%00"])
def test_a_control_character_in_a_path(client: TestClient, address: str) -> None:
    """A path that only a control character tells from another is not that other."""
    response = client.post(address, json=BODY)
    assert (response.status_code, response.json()["status"]) == (404, 404)
    assert "x-request-id" in response.headers


FOREIGN: list[dict[str, str]] = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "nonsense"},
    {"sec-fetch-site": ""},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"origin": "http://evil.example"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://testserver:81"},
    {"origin": "http://evil.example/http://testserver"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://["},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_foreign_origin(client: TestClient, headers: dict[str, str]) -> None:
    """What a browser sends from another site is a 403 in the shape of its door, and not done."""
    api = client.post("/api/ask", json=BODY, headers=headers)
    assert (api.status_code, api.json()["status"]) == (403, 403)
    page = client.post("/ask", data=BODY, headers=headers)
    assert page.status_code == 403
    assert "another site" in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "http://testserver"},
        {"origin": "https://testserver"},
        {"origin": "http://TestServer"},
        {"origin": "https://test:8443", "host": "test:8443"},
    ],
)
def test_our_own_origin(client: TestClient, headers: dict[str, str]) -> None:
    """Our own pages and programs that are no browsers are let in."""
    assert client.post("/api/ask", json=BODY, headers=headers).status_code == 200


def test_a_foreign_page_may_link_here(client: TestClient) -> None:
    """What only reads is not asked where it comes from."""
    assert client.get("/documents", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def chunks(size: int) -> Iterator[bytes]:
    """Send a body of this size without saying so before."""
    for _ in range(size // 1000):
        yield b"x" * 1000


@pytest.mark.parametrize(
    ("address", "kind"),
    [("/api/ask", "application/json"), ("/ask", "application/x-www-form-urlencoded")],
)
@pytest.mark.parametrize("streamed", [True, False])
def test_a_large_body(client: TestClient, address: str, kind: str, streamed: bool) -> None:
    """A body over the limit is a 413, whether it says its size or not."""
    content = chunks(66_000) if streamed else b"x" * 66_000
    response = client.post(address, content=content, headers={"content-type": kind})
    assert response.status_code == 413
    assert "65536 bytes" in response.text
    assert response.headers["connection"] == "close"


def test_a_body_is_not_read_beyond_the_limit() -> None:
    """Of a body that never ends no more is read than the limit."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 100
            yield b"x" * 100

    async def send() -> int:
        async with browsing(app_of(max_body=1000)) as client:
            headers = {"content-type": "application/json"}
            response = await client.post("/api/ask", content=endless(), headers=headers)
            return response.status_code

    assert asyncio.run(send()) == 413
    assert read <= 1200


@pytest.mark.parametrize("length", ["1" * 21, "9" * 5000])
def test_an_absurd_length(client: TestClient, length: str) -> None:
    """A length of very many digits is too large, not a failure."""
    headers = {"content-length": length}
    assert client.post("/api/ask", content=b"{}", headers=headers).status_code == 413


@pytest.mark.parametrize("length", ["²", "-1", "x", ""])
def test_a_length_that_is_no_number(client: TestClient, length: str) -> None:
    """A length that is no number is the server's business, and does not trip us."""
    headers = [(b"content-length", length.encode("latin-1")), (b"content-type", JSON)]
    assert client.post("/api/ask", content=b"{}", headers=headers).status_code == 422


def test_a_body_within_the_limit(client: TestClient) -> None:
    """A body of just the limit is read."""
    body = b'{"question": "Who leads Devon?"}'
    headers = {"content-type": "application/json"}
    assert client.post("/api/ask", content=body.ljust(65_536), headers=headers).status_code == 200


@pytest.mark.parametrize("character", ["\0", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\x9f"])
def test_control_characters(character: str) -> None:
    """A control character is refused with its name."""
    with pytest.raises(BadQuestion, match=rf"control character, U\+{ord(character):04X}; delete"):
        checked(f"Who leads{character} Devon?")


@pytest.mark.parametrize("character", ["\U000e0000", "\U000e0041", "\U000e007f"])
def test_tag_characters(character: str) -> None:
    """A tag character, which can hide a text in a text, is refused with its name."""
    with pytest.raises(BadQuestion, match=rf"tag character, U\+{ord(character):04X}; delete it\."):
        checked(f"Who leads Devon{character}?")


def test_what_a_keyboard_writes_is_taken() -> None:
    """Tabs, line ends of any system and zero-width characters are cleaned, not refused."""
    assert checked("Who\tleads\r\nthe\nDevon\u200b STP\ufeff?\r") == "Who leads the Devon STP?"


def test_hidden_characters_over_http(client: TestClient) -> None:
    """The API tells which character it does not take, also in the history."""
    for body in ({"question": "Who\x07?"}, {"question": "Who?", "history": ["A\U000e0041"]}):
        response = client.post("/api/ask", json=body)
        assert response.status_code == 400
        assert "character, U+" in response.json()["detail"]


@pytest.mark.parametrize(
    ("proxies", "headers", "seen"),
    [
        (0, {"x-forwarded-for": "9.9.9.9", "x-forwarded-proto": "https"}, ("testclient", "http")),
        (1, {"x-forwarded-for": "9.9.9.9", "x-forwarded-proto": "https"}, ("9.9.9.9", "https")),
        (1, {"x-forwarded-for": "6.6.6.6, 9.9.9.9"}, ("9.9.9.9", "http")),
        (2, {"x-forwarded-for": "6.6.6.6, 9.9.9.9,1.1.1.1"}, ("9.9.9.9", "http")),
        (2, {"x-forwarded-for": "9.9.9.9"}, ("testclient", "http")),
        (1, {"x-forwarded-for": "9.9.9.9, nonsense"}, ("testclient", "http")),
        (1, {"x-forwarded-for": "2001:db8::1"}, ("2001:db8::1", "http")),
        (1, {"x-forwarded-proto": "javascript"}, ("testclient", "http")),
        (1, {"x-forwarded-proto": "http, HTTPS"}, ("testclient", "https")),
        (1, {}, ("testclient", "http")),
    ],
)
def test_proxies(proxies: int, headers: dict[str, str], seen: tuple[str, str]) -> None:
    """Only the proxies that the settings speak of are believed about the client and TLS."""
    app = app_of(tiny_answerer(), trusted_proxies=proxies)

    @app.get("/api/seen")
    def what_is_seen(request: Request) -> list[str]:
        assert request.client
        return [request.client.host, request.url.scheme]

    with TestClient(app) as browser:
        assert browser.get("/api/seen", headers=headers).json() == list(seen)


HOSTILE: list[list[tuple[bytes, bytes]]] = [
    [(b"host", b"evil.example\xff\x00")],
    [(b"x-request-id", b"mine")],
    [(b"x-forwarded-for", b"\xff" * 5000)],
    [(b"origin", b"\xff\xfe")],
    [(b"sec-fetch-site", b"same-origin\xff")],
    [(b"content-type", b"\xff/\xff; charset=\xff")],
    [(b"content-type", b"application/json; charset=utf-7")],
    [(b"accept", b"*" * 60_000)],
    [(b"cookie", b"\xff=;;;=\x00")],
]


@pytest.mark.parametrize("headers", HOSTILE)
def test_hostile_headers(client: TestClient, headers: list[tuple[bytes, bytes]]) -> None:
    """No header makes the server fail or comes back."""
    for response in (
        client.post("/api/ask", content=b'{"question": "Who leads?"}', headers=headers),
        client.get("/", headers=headers),
    ):
        assert response.status_code < 500
        assert response.headers["x-request-id"] != "mine"
        assert "evil" not in response.text + str(response.headers)


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        ({}, "localhost", 200),
        ({}, "LocalHost:8000", 200),
        ({}, "localhost.", 200),
        ({}, "localhost.:8000", 200),
        ({}, "127.0.0.1:8000", 200),
        ({}, "[::1]", 200),
        ({}, "[::1]:8000", 200),
        ({}, "[0:0:0:0:0:0:0:1]:80", 200),
        ({}, "evil.example", 421),
        ({}, "localhost.evil.example", 421),
        ({}, "evil.example:localhost", 421),
        ({}, "localhost@evil.example", 421),
        ({}, "localhost..", 421),
        ({}, "localhost:port", 421),
        ({}, "::1", 421),
        ({}, "[::1", 421),
        ({}, "[::1].", 421),
        ({}, "", 421),
        ({}, "localhost, evil.example", 421),
        ({"host": "0.0.0.0"}, "0.0.0.0", 421),  # noqa: S104
        ({"host": "::"}, "[::]", 421),
        ({"host": "192.0.2.1"}, "192.0.2.1:8000", 200),
        ({"host": "chat.example"}, "CHAT.example", 200),
        ({"host": "2001:db8::1"}, "[2001:DB8:0::1]:8000", 200),
        ({"hosts": ("chat.example",)}, "chat.example", 200),
        ({"hosts": ("chat.example",)}, "127.0.0.1", 200),
        ({"hosts": ("chat.example",)}, "localhost", 421),
        ({"hosts": ("*",)}, "evil.example", 200),
        ({"hosts": ("*",)}, "", 200),
    ],
)
def test_names(settings: dict[str, Any], host: str, status: int) -> None:
    """The server answers to the names it is told of, in any spelling, and to no other."""
    app = create_app(tiny_answerer, settings=load_settings(**settings))
    with TestClient(app) as browser:
        assert browser.get("/healthz", headers={"host": host}).status_code == status


@pytest.mark.parametrize("hosts", [[], [(b"host", b"localhost")] * 2])
def test_one_name(hosts: list[tuple[bytes, bytes]]) -> None:
    """A request without a name, or with two, is refused."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": hosts}
    asyncio.run(app_of()(scope, receive, send))
    assert sent[0]["status"] == 421


def test_another_name_is_told_the_cure(client: TestClient) -> None:
    """Who asks by a name that is not ours is told what to set, in the shape of its door."""
    headers = {"host": "evil.example"}
    api, page = (client.get(path, headers=headers) for path in ("/api/documents", "/"))
    assert api.json()["detail"].endswith("can add the name to FOOTPRINTS_HOSTS.")
    assert page.headers["content-type"].startswith("text/html")
    for response in (api, page):
        assert response.status_code == 421
        assert "FOOTPRINTS_HOSTS" in response.text
        assert "evil" not in response.text


@pytest.mark.parametrize(
    "kind",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"],
)
def test_the_api_takes_json(client: TestClient, kind: str | None) -> None:
    """A body that does not say that it is JSON is a 415 that says what to send."""
    headers = {} if kind is None else {"content-type": kind}
    response = client.post("/api/ask", content=b'{"question": "Who?"}', headers=headers)
    assert response.status_code == 415
    assert response.json()["detail"] == "Send JSON with Content-Type: application/json."


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_json_is_taken(client: TestClient, kind: str) -> None:
    """JSON is taken, however its type is spelled."""
    headers = {"content-type": kind}
    response = client.post("/api/ask", content=b'{"question": "Who leads?"}', headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("address", ["/ask", "/a/none/feedback", "/admin/sign-in"])
@pytest.mark.parametrize("kind", [None, "application/json", "text/plain"])
def test_a_form_is_taken(client: TestClient, address: str, kind: str | None) -> None:
    """A form that comes as something else is a 415 that says what to send."""
    headers = {} if kind is None else {"content-type": kind}
    response = client.post(address, content=b'{"question": "Who?"}', headers=headers)
    assert response.status_code == 415
    assert "application/x-www-form-urlencoded" in response.text


def test_nothing_needs_no_type(client: TestClient) -> None:
    """What is sent without a body and a type, as to delete, is taken."""
    assert client.post("/c/none/delete").status_code == 303
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/c/none/delete", headers=form).status_code == 303


@pytest.mark.parametrize(
    "address",
    ["/", "/documents", "/documents/devon", "/none", "/static/style.css", "/api/documents",
     "/api/search?question=Who", "/healthz", "/metrics", "/ask"],
)  # fmt: skip
def test_head_is_get_without_the_body(client: TestClient, address: str) -> None:
    """HEAD gives the status and the headers of GET, the length of the body included."""
    got, only = client.get(address), client.head(address)
    assert (only.status_code, only.content) == (got.status_code, b"")
    varying = {"x-request-id", "content-length"}
    assert only.headers.keys() == got.headers.keys()
    assert all(only.headers[name] == got.headers[name] for name in {*got.headers} - varying)
    if address in {"/", "/documents", "/static/style.css"}:
        assert only.headers["content-length"] == got.headers["content-length"]


@pytest.mark.usefixtures("clock")
def test_head_counts_as_get() -> None:
    """What costs is counted however it is asked for."""
    with TestClient(app_of(rate_per_minute=2)) as browser:
        statuses = [browser.head("/api/search?question=Who").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_only_named_sites_may_frame_the_chat() -> None:
    """Without names nobody may; with them those sites alone, and nobody where one manages."""
    sites = ("https://a.example.org", "http://localhost:8080")
    for given, ancestors in (((), "'none'"), (sites, " ".join(sites))):
        app = app_of(embed_from=given, admin_token=TOKEN)
        with TestClient(app) as client:
            for path, allowed in (("/", ancestors), ("/admin/sign-in", "'none'")):
                policy = client.get(path).headers["Content-Security-Policy"]
                assert policy.endswith(f"; frame-ancestors {allowed}")
                assert policy.startswith("default-src 'none'; ")


@pytest.mark.parametrize(
    ("address", "sites", "sent"),
    [
        ("https://testserver", "https://a.org", "SameSite=none; Secure; Partitioned"),
        ("http://testserver", "https://a.org", "SameSite=lax"),
        ("https://testserver", "", "SameSite=lax; Secure"),
    ],
)
def test_the_cookie_of_a_frame(address: str, sites: str, sent: str) -> None:
    """It is sent to a frame of another site where one is named, over HTTPS alone."""
    with TestClient(app_of(embed_from=sites), address, follow_redirects=False) as client:
        cookie = client.post("/ask", data={"question": "Devon?"}).headers["Set-Cookie"]
        assert cookie.endswith(f"Path=/; {sent}")
