"""Under a sub-path of its host every link, form and redirect holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from browsing import SAME_ORIGIN, Page
from conftest import DEVON
from fakes import FakeEncoder
from serving import HOSTS, app_of
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from footprints.answer.answerer import Answerer
from footprints.errors import BadSettings
from footprints.index.build import build_index
from footprints.settings import Settings, load_settings
from footprints.web.admin.desk import Desk
from footprints.web.admin.job import Job
from footprints.web.app import create_app

ROOT = "/footprints"
TOKEN = "a token of some length"  # noqa: S105
ENCODER = FakeEncoder()
FIELDS = {"question": "Who leads Devon?", "helpful": "yes", "token": TOKEN}


class Stripping:
    """A proxy that takes the sub-path off, and answers to nothing outside of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on without the sub-path."""
        if scope["type"] == "http":
            assert scope["path"].startswith(f"{ROOT}/"), scope["path"]
            scope = {**scope, "path": scope["path"].removeprefix(ROOT)}
        await self._app(scope, receive, send)


@pytest.fixture
def settings(tiny: Settings, tmp_path: Path) -> Settings:
    """Build an index, and return settings with everything switched on."""
    build_index(tiny, lambda: ENCODER)
    return load_settings(
        corpus_dir=tiny.corpus_dir,
        index_dir=tiny.index_dir,
        data_dir=tmp_path / "data",
        admin_token=TOKEN,
        admin_per_minute=1000,
        rate_per_minute=0,
        hosts=HOSTS,
        root_path=ROOT,
    )


@contextmanager
def browsing(settings: Settings, strips: bool) -> Iterator[tuple[TestClient, Desk]]:
    """Browse under the sub-path, behind a proxy that takes it off or passes it on."""
    app = create_app(lambda: Answerer.open(settings, lambda _: ENCODER), settings=settings)
    with (
        TestClient(app),
        TestClient(
            Stripping(app) if strips else app, headers=SAME_ORIGIN, follow_redirects=False
        ) as client,
    ):
        yield client, app.state.desk


def addresses(page: Page) -> tuple[set[str], set[str]]:
    """Return where a page leads, and where it sends forms to."""
    links, forms = set(), set()
    for _, found in page.tags:
        links |= {str(found[key]) for key in ("href", "src", "hx-get") if key in found}
        forms |= {str(found[key]) for key in ("action", "hx-post") if key in found}
    return links, forms


def walk(client: TestClient, *starts: str) -> set[str]:
    """Follow every link from these pages, check each address, and return where forms lead."""
    waiting, seen, forms = [*starts], set(starts), set[str]()
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        assert response.status_code < 400, address
        found = {response.headers.get("location", "")} - {""}
        if response.headers.get("content-type", "").startswith("text/html"):
            links, sent = addresses(Page(response))
            forms |= sent
            found |= links
        for link in found | forms:
            assert link.startswith((f"{ROOT}/", "#")), (address, link)
            assert not link.startswith(ROOT * 2), (address, link)
        new = {urldefrag(link).url for link in found} - seen - {""}
        seen |= new
        waiting += new
    return forms


@pytest.mark.parametrize("strips", [True, False])
def test_every_address_begins_with_the_sub_path(settings: Settings, strips: bool) -> None:
    """Whatever a page links to, loads or sends a form to is under the sub-path, and is there."""
    with browsing(settings, strips) as (client, desk):
        asked = client.post(f"{ROOT}/ask", data=FIELDS)
        in_place = client.post(f"{ROOT}/ask", data=FIELDS, headers={"HX-Request": "true"})
        assert asked.headers["location"].startswith(f"{ROOT}/c/")
        assert in_place.headers["hx-push-url"].startswith(f"{ROOT}/c/")
        unknown = client.get(f"{ROOT}/admin/documents", headers={"HX-Request": "true"})
        assert unknown.headers["hx-redirect"] == f"{ROOT}/admin/sign-in"
        signed_in = client.post(f"{ROOT}/admin/sign-in", data=FIELDS)
        assert signed_in.headers["location"] == f"{ROOT}/admin/documents"
        assert f"Path={ROOT}/admin;" in signed_in.headers["set-cookie"]
        file = {"file": ("report.md", DEVON.replace("Devon", "Kent").encode())}
        kept = client.post(f"{ROOT}/admin/uploads", files=file).headers["location"]
        desk.job = Job("report.md")
        starts = [asked.headers["location"], kept, f"{ROOT}/", f"{ROOT}/admin/build"]
        forms = walk(client, *starts)
        desk.job = None
        assert {form.split("/")[2] for form in forms} == {"ask", "a", "c", "documents", "admin"}
        for form in sorted(forms, key=lambda one: ("sign-out" in one, "delete" in one)):
            if re.search("/(index|remove|stop|discard|uploads|documents)$", form):
                # It begins or ends work, wants a file, or searches: that it is there is enough.
                assert client.get(form).status_code in {200, 405}
                continue
            sent = client.post(form, data=FIELDS)
            assert sent.status_code < 400, form
            assert sent.headers.get("location", f"{ROOT}/").startswith(f"{ROOT}/")


@pytest.mark.parametrize("path", [ROOT, f"{ROOT}/", "/"])
def test_the_sub_path_alone_is_the_first_page(path: str) -> None:
    """The sub-path leads to the form, with a slash and without."""
    with TestClient(app_of(root_path=ROOT)) as client:
        assert 'id="question"' in client.get(path).text


@pytest.mark.parametrize("path", [f"{ROOT}/static/none", f"{ROOT}/none", f"{ROOT}x/about"])
def test_what_is_not_there_leads_back(path: str) -> None:
    """A page that says that there is nothing links to what is there."""
    with TestClient(app_of(root_path=ROOT)) as client:
        missing = client.get(path)
    assert missing.status_code == 404
    assert f"{ROOT}/" in Page(missing).links
    assert all(link.startswith((f"{ROOT}/", "#")) for link in Page(missing).links)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("prefix", [ROOT, ""])
def test_what_stands_before_knows_the_path(prefix: str) -> None:
    """Limits, sizes, types and shapes are those of the address without the sub-path."""
    app = app_of(root_path=ROOT, admin_token=TOKEN, admin_per_minute=1, rate_per_minute=2)
    with TestClient(app) as client:
        sign_in = f"{prefix}/admin/sign-in"
        assert [client.post(sign_in).status_code for _ in range(2)] == [401, 429]
        search = f"{prefix}/api/search?question=Who"
        assert client.get(search).json()["status"] == 429
        assert client.get(f"{prefix}/api/none").json()["status"] == 404
        assert client.get(f"{prefix}/healthz").json() == {"status": "ok"}
    with TestClient(app_of(root_path=ROOT)) as client:
        for path, cure in (("/api/ask", "Send JSON"), ("/ask", "Send the form")):
            assert cure in client.post(f"{prefix}{path}", content=b"x").text
        assert client.post(f"{prefix}/api/ask%0A", json={}).status_code == 404


def test_the_description_names_the_sub_path() -> None:
    """The description of the API says where its addresses begin."""
    with TestClient(app_of(root_path=ROOT)) as client:
        described = client.get(f"{ROOT}/api/openapi.json").json()
    assert described["servers"] == [{"url": ROOT}]


@pytest.mark.parametrize("root", ["/api", "/a", "/c/x", "/static", "/documents", "/admin/x"])
def test_a_sub_path_that_is_an_address(root: str) -> None:
    """A sub-path that begins as an address of the server is refused with the cure."""
    with pytest.raises(BadSettings, match="choose another with FOOTPRINTS_ROOT_PATH"):
        app_of(root_path=root)
