"""The pages for managing documents: who gets in, and what nobody else sees."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import SAME_ORIGIN, Page, assert_harmless
from fastapi.routing import APIRoute
from managing import (
    REPORT,
    TOKEN,
    browsing,
    corpus,
    desk,
    done,
    index,
    kept,
    sign_in,
    signed_in,
    upload,
    uploaded,
)
from serving import app_of
from starlette.testclient import TestClient

from footprints.settings import Settings
from footprints.web.admin import routes
from footprints.web.admin.log import Action

pytest_plugins = "managed"


def admin_routes() -> list[tuple[str, str]]:
    """Return every method and path of the pages."""
    found = [*routes.entrance.routes, *routes.router.routes]
    assert all(isinstance(route, APIRoute) for route in found)
    return [
        (method, re.sub(r"\{.*?\}", "devon", route.path))
        for route in found
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]


ROUTES = admin_routes()
ENTRANCE = [("GET", routes.SIGN_IN), ("POST", routes.SIGN_IN)]


@pytest.mark.parametrize(("method", "path"), [one for one in ROUTES if one not in ENTRANCE])
def test_nobody_gets_in_without_the_token(managed: Settings, method: str, path: str) -> None:
    """Without a session, with a made-up one or one that has ended, every path leads to the door."""
    before = corpus(managed)
    with browsing(managed) as client:
        ended = desk(client).door.sessions.sign_in(TOKEN)
        assert ended
        desk(client).door.sessions.sign_out(ended)
        for cookie in ("", "made-up", TOKEN, ended, "a" * 10_000):
            client.cookies.set(routes._COOKIE, cookie)
            response = client.request(
                method, path, data={"token": TOKEN} if method != "GET" else {}
            )
            assert (response.status_code, response.headers["location"]) == (303, routes.SIGN_IN)
            in_place = client.request(method, path, headers={"HX-Request": "true"})
            assert in_place.status_code == 401
            assert in_place.headers["hx-redirect"] == routes.SIGN_IN
            assert "devon.md" not in response.text + in_place.text
            assert response.text == ""
        assert desk(client).job is None
        assert done(client) == []
    assert corpus(managed) == before


def test_every_path_is_guarded_or_the_door() -> None:
    """Only the form to sign in can be reached without a session; the others are all tried above."""
    assert [one for one in ROUTES if one in ENTRANCE] == ENTRANCE
    assert {route.path for route in routes.entrance.routes if isinstance(route, APIRoute)} == {
        routes.SIGN_IN
    }
    assert len(ROUTES) > 12


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_token_set_nothing_is_there(method: str, path: str) -> None:
    """Where no token is set, no path of these pages exists, and nothing links to them."""
    with TestClient(app_of(), headers=SAME_ORIGIN) as client:
        assert client.request(method, path).status_code == 404
        for page in ("/", "/documents", "/about"):
            assert "/admin" not in client.get(page).text


@pytest.mark.parametrize(
    "token",
    ["", " ", TOKEN + " ", TOKEN[:-1], TOKEN.upper(), "é", "a" * 1000, "*" * 10],
)
def test_a_wrong_token_opens_nothing(managed: Settings, token: str) -> None:
    """A wrong token is said by its field, gives no cookie and is in the log without the token."""
    with browsing(managed) as client:
        response = sign_in(client, token)
        assert response.status_code == 401
        assert "set-cookie" not in response.headers
        (field,) = Page(response).all("input", name="token")
        assert field["aria-describedby"] == "token-error"
        assert done(client) == [Action.FAILED_SIGN_IN]
        assert client.get("/admin/documents").status_code == 303
    assert TOKEN[:-1] not in (managed.data_dir / "documents.log").read_text()


def test_the_cookie(managed: Settings) -> None:
    """The cookie is a random id that no script and no other site gets, over https only there."""
    with browsing(managed.model_copy(update={"trusted_proxies": 1})) as client:
        plain = sign_in(client).headers["set-cookie"]
        client.headers.update({"X-Forwarded-Proto": "https", "X-Forwarded-For": "1.1.1.1"})
        secure = sign_in(client).headers["set-cookie"]
    for cookie in (plain, secure):
        assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/admin"))
        assert TOKEN not in cookie
    assert ("Secure" in plain, "Secure" in secure) == (False, True)
    assert plain.split(";")[0] != secure.split(";")[0]


def test_signing_out(managed: Settings) -> None:
    """Who signs out is out, also with the old cookie."""
    with signed_in(managed) as client:
        session = client.cookies[routes._COOKIE]
        response = client.post("/admin/sign-out")
        assert response.headers["location"] == routes.SIGN_IN
        client.cookies.set(routes._COOKIE, session, path="/admin")
        assert client.get("/admin/documents").status_code == 303
        assert done(client) == [Action.SIGN_IN, Action.SIGN_OUT]


@pytest.mark.parametrize(("method", "path"), [one for one in ROUTES if one[0] == "POST"])
def test_no_other_site_can_send_its_forms(managed: Settings, method: str, path: str) -> None:
    """A form of another site's page is refused, with the session's cookie and a file too."""
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    with signed_in(managed) as client:
        plain = client.request(method, path, headers=foreign, data={"token": TOKEN})
        file = client.request(method, path, headers=foreign, files={"file": ("a.md", REPORT)})
        assert (plain.status_code, file.status_code) == (403, 403)
        assert done(client) == [Action.SIGN_IN]


@pytest.mark.usefixtures("clock")
def test_trying_tokens_is_slow(managed: Settings) -> None:
    """A client may try a few times a minute only, the right token then included; others go on."""
    managed = managed.model_copy(update={"admin_per_minute": 3, "trusted_proxies": 1})
    with browsing(managed) as client:
        client.headers["X-Forwarded-For"] = "1.1.1.1"
        assert [sign_in(client, "wrong").status_code for _ in range(4)] == [401, 401, 401, 429]
        assert sign_in(client).status_code == 429
        assert client.get("/admin/sign-in").status_code == 200
        assert client.post("/ask", data={"question": "Who leads Devon?"}).status_code == 303
        client.headers["X-Forwarded-For"] = "2.2.2.2"
        assert sign_in(client).status_code == 303
        assert [upload(client, f"{n}.md", b"%d" % n).status_code for n in range(4)] == [
            303,
            303,
            303,
            429,
        ]


@pytest.mark.usefixtures("clock")
def test_trying_tokens_at_another_spelling(managed: Settings) -> None:
    """The door is at no other address where trying is not counted."""
    with browsing(managed) as client:
        response = client.post("/admin/sign-in%0A", data={"token": TOKEN})
        assert response.status_code == 404
        assert "nothing at this address" in Page(response).words


def test_private_pages_are_not_kept(managed: Settings) -> None:
    """No page of these may be kept by a browser or a proxy, and none runs a script of its own."""
    with signed_in(managed) as client:
        address = uploaded(client)
        index(client, address)
        for path in ("/admin/documents", "/admin/build", address, "/admin/sign-in"):
            response = client.get(path)
            assert response.headers["cache-control"] == "no-store"
            assert_harmless(Page(response))


def assert_private(folder: Path) -> None:
    """Check that a folder and all that is in it are for one account alone."""
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_is_kept_of_documents_is_private(managed: Settings) -> None:
    """Uploads and the log are for the server's own account, from the start."""
    data = managed.data_dir
    with signed_in(managed) as client:
        uploaded(client)
        assert_private(data)
    for path in (data, *data.rglob("*")):
        path.chmod(0o777)
    with signed_in(managed):
        assert_private(data)


def test_a_stranger_uploads_nothing(managed: Settings) -> None:
    """The body of somebody who is not signed in is not even read."""
    read = 0

    def stream() -> Iterator[bytes]:
        nonlocal read
        for _ in range(5):
            read += 1
            yield b"a" * 1000

    with browsing(managed) as client:
        headers = {"content-type": "multipart/form-data; boundary=x"}
        response = client.post("/admin/uploads", content=stream(), headers=headers)
        assert response.status_code == 303
        assert read <= 1
        assert kept(managed) == []
