"""The pages for those who look after the documents: who gets in, and what they can do there."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, current_thread
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest
from browsing import SAME_ORIGIN, Page, assert_harmless
from conftest import DEVON, ROOT
from fakes import FakeEncoder
from fastapi import FastAPI
from fastapi.routing import APIRoute
from full import full_disk
from hang import HANG
from pydantic import SecretStr
from serving import HOSTS, app_of, until
from shortage import no_file_handles
from starlette.testclient import TestClient

from footprints.answer.answerer import Answerer
from footprints.index import build, generations
from footprints.index.build import build_index
from footprints.index.generations import current_folder
from footprints.settings import Settings
from footprints.web import admin, audit, uploads
from footprints.web.app import create_app
from footprints.web.audit import Action
from footprints.web.desk import Desk
from footprints.web.jobs import Job, Stage
from footprints.web.undecided import Undecided

if TYPE_CHECKING:
    from httpx2 import Response

TOKEN = "a token of some length"  # noqa: S105
ENCODER = FakeEncoder()
REPORT = b"# Report\n\nDilys leads Dorset. It has a plan."


JUDGE = Desk._judge
CASES = [
    {"id": "c-1", "kind": "fact", "question": "Who leads Devon?", "answerable": True}
    | {"gold": [[{"doc_id": "devon", "quote": "Angela leads Devon."}]]},
    {"id": "c-2", "kind": "fact", "question": "Who leads Kent?", "answerable": True}
    | {"gold": [[{"doc_id": "kent", "quote": "Nobody leads Kent."}]]},
]


@dataclass(frozen=True)
class Gate:
    """What a gate says, without asking anything."""

    why: str | None = None
    forcible: bool = True
    unchecked: str | None = "Nothing was checked."
    changed: tuple[()] = ()
    asked: int = 0
    differences: tuple[()] = ()
    gone: tuple[()] = ()
    newly_answered: tuple[()] = ()

    def reason(self, force: bool = False) -> str | None:
        """Say why the build must not serve, or None."""
        return None if force and self.forcible else self.why


@pytest.fixture(autouse=True)
def gate(monkeypatch: pytest.MonkeyPatch) -> list[Gate]:
    """Let everything through, unless a test puts another gate here."""
    gates = [Gate()]
    monkeypatch.setattr(Desk, "_judge", lambda *_: gates[0])
    return gates


@pytest.fixture
def settings(tiny: Settings, tmp_path: Path) -> Settings:
    """Build an index of three small documents, and set a token."""
    build_index(tiny, lambda: ENCODER)
    return tiny.model_copy(
        update={
            "data_dir": tmp_path / "data",
            "admin_token": SecretStr(TOKEN),
            "admin_per_minute": 1000,
            "rate_per_minute": 0,
            "hosts": HOSTS,
        }
    )


def app_with(settings: Settings) -> FastAPI:
    """Make an application that follows its index closely."""
    return create_app(
        lambda: Answerer.open(settings, lambda _: ENCODER), settings=settings, follow=0.01
    )


@contextmanager
def browsing(app: FastAPI) -> Iterator[TestClient]:
    """Browse an application; redirects are not followed."""
    with TestClient(app, headers=SAME_ORIGIN, follow_redirects=False) as client:
        yield client


@contextmanager
def signed_in(settings: Settings) -> Iterator[TestClient]:
    """Browse as somebody who has signed in."""
    with browsing(app_with(settings)) as client:
        assert sign_in(client).status_code == 303
        yield client


def sign_in(client: TestClient, token: str = TOKEN) -> Response:
    """Send the form with a token."""
    return client.post("/admin/sign-in", data={"token": token})


def desk(client: TestClient) -> Desk:
    """Return the desk of the application behind a client."""
    found: Desk = client.app.state.desk  # type: ignore[attr-defined]
    return found


def upload(client: TestClient, name: str = "report.md", content: bytes = REPORT) -> Response:
    """Upload a file."""
    return client.post("/admin/uploads", files={"file": (name, content)})


def uploaded(client: TestClient, name: str = "report.md", content: bytes = REPORT) -> str:
    """Upload a file, and return the address of its page."""
    response = upload(client, name, content)
    assert response.status_code == 303, Page(response).words
    return str(response.headers["location"])


def index(client: TestClient, address: str, **known: str) -> Stage:
    """Index an uploaded file, and wait until somebody has to decide."""
    response = client.post(f"{address}/index", data=known)
    assert response.status_code == 303, Page(response).words
    return worked(client)


def worked(client: TestClient) -> Stage:
    """Wait until the job has ended or waits for a decision."""
    jobs = desk(client).jobs
    until(lambda: jobs.job is not None and jobs.job.stage is not Stage.WORKING)
    assert jobs.job
    return jobs.job.stage


def decide(client: TestClient, how: str, **fields: str) -> None:
    """Accept or drop what waits."""
    assert client.post(f"/admin/build/{how}", data=fields).status_code == 303


def words(client: TestClient, address: str) -> str:
    """Return the words of a page."""
    response = client.get(address)
    assert response.status_code == 200
    return Page(response).words


def corpus(settings: Settings) -> dict[str, bytes]:
    """Return every file of the corpus folder."""
    return {path.name: path.read_bytes() for path in settings.corpus_dir.iterdir()}


def done(client: TestClient) -> list[Action]:
    """Return what the log says was done, oldest first."""
    return [record.action for record in reversed(desk(client).log.read(100).records)]


# Who gets in


def admin_routes() -> list[tuple[str, str]]:
    """Return every method and path of the pages."""
    routes = [*admin.entrance.routes, *admin.router.routes]
    assert all(isinstance(route, APIRoute) for route in routes)
    return [
        (method, re.sub(r"\{.*?\}", "devon", route.path))
        for route in routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]


ROUTES = admin_routes()
ENTRANCE = [("GET", admin.SIGN_IN), ("POST", admin.SIGN_IN)]


@pytest.mark.parametrize(("method", "path"), [one for one in ROUTES if one not in ENTRANCE])
def test_nobody_gets_in_without_the_token(settings: Settings, method: str, path: str) -> None:
    """Without a session, with a made-up one or one that has ended, every path leads to the door."""
    before = corpus(settings)
    with browsing(app_with(settings)) as client:
        ended = desk(client).sessions.sign_in(TOKEN)
        assert ended
        desk(client).sessions.sign_out(ended)
        for cookie in ("", "made-up", TOKEN, ended, "a" * 10_000):
            client.cookies.set(admin._COOKIE, cookie)
            response = client.request(
                method, path, data={"token": TOKEN} if method != "GET" else {}
            )
            assert (response.status_code, response.headers["location"]) == (303, admin.SIGN_IN)
            in_place = client.request(method, path, headers={"HX-Request": "true"})
            assert (in_place.status_code, in_place.headers["hx-redirect"]) == (401, admin.SIGN_IN)
            for seen in (response.text, in_place.text):
                assert "devon.md" not in seen
        assert desk(client).jobs.job is None
        assert done(client) == []
    assert corpus(settings) == before


def test_every_path_is_guarded_or_the_door() -> None:
    """Only the form to sign in can be reached without a session; the others are all tried above."""
    assert [one for one in ROUTES if one in ENTRANCE] == ENTRANCE
    assert {route.path for route in admin.entrance.routes if isinstance(route, APIRoute)} == {
        admin.SIGN_IN
    }
    assert len(ROUTES) > 12


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_token_set_nothing_is_there(method: str, path: str) -> None:
    """Where no token is set, no path of these pages exists, and nothing links to them."""
    with browsing(app_of()) as client:
        response = client.request(method, path)
        assert response.status_code == 404
        for page in ("/", "/documents", "/about"):
            assert "/admin" not in client.get(page).text


@pytest.mark.parametrize(
    "token",
    ["", " ", TOKEN + " ", TOKEN[:-1], TOKEN.upper(), "é", "a" * 1000, "*" * 10],
)
def test_a_wrong_token_opens_nothing(settings: Settings, token: str) -> None:
    """A wrong token is said by its field, gives no cookie and is in the log without the token."""
    with browsing(app_with(settings)) as client:
        response = sign_in(client, token)
        page = Page(response)
        assert response.status_code == 401
        assert "set-cookie" not in response.headers
        assert page.all("input", name="token")[0]["aria-describedby"] == "token-error"
        assert done(client) == [Action.FAILED_SIGN_IN]
        assert client.get("/admin/documents").status_code == 303
    assert TOKEN[:-1] not in (settings.data_dir / "documents.log").read_text()


def test_the_cookie(settings: Settings) -> None:
    """The cookie is a random id that no script and no other site gets, over https only there."""
    with browsing(app_with(settings.model_copy(update={"trusted_proxies": 1}))) as client:
        plain = sign_in(client).headers["set-cookie"]
        secure = client.post(
            "/admin/sign-in",
            data={"token": TOKEN},
            headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "1.1.1.1"},
        ).headers["set-cookie"]
    for cookie in (plain, secure):
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/admin" in cookie
        assert TOKEN not in cookie
    assert ("Secure" in plain, "Secure" in secure) == (False, True)
    assert plain.split(";")[0] != secure.split(";")[0]


def test_signing_out(settings: Settings) -> None:
    """Who signs out is out, also with the old cookie."""
    with signed_in(settings) as client:
        session = client.cookies[admin._COOKIE]
        response = client.post("/admin/sign-out")
        assert response.headers["location"] == admin.SIGN_IN
        client.cookies.set(admin._COOKIE, session, path="/admin")
        assert client.get("/admin/documents").status_code == 303
        assert done(client) == [Action.SIGN_IN, Action.SIGN_OUT]


@pytest.mark.parametrize(("method", "path"), [one for one in ROUTES if one[0] == "POST"])
def test_no_other_site_can_send_its_forms(settings: Settings, method: str, path: str) -> None:
    """A form of another site's page is refused, with the session's cookie and a file too."""
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    with signed_in(settings) as client:
        plain = client.request(method, path, headers=foreign, data={"token": TOKEN})
        file = client.request(method, path, headers=foreign, files={"file": ("a.md", REPORT)})
        assert (plain.status_code, file.status_code) == (403, 403)
        assert done(client) == [Action.SIGN_IN]


def test_trying_tokens_is_slow(settings: Settings) -> None:
    """A client may try a few times a minute only, the right token then included; others go on."""
    settings = settings.model_copy(update={"admin_per_minute": 3, "trusted_proxies": 1})
    with browsing(app_with(settings)) as client:
        client.headers["X-Forwarded-For"] = "1.1.1.1"
        assert [sign_in(client, "wrong").status_code for _ in range(4)] == [401, 401, 401, 429]
        assert sign_in(client).status_code == 429
        assert client.get("/admin/sign-in").status_code == 200
        assert client.post("/ask", data={"question": "Who leads Devon?"}).status_code == 303
        client.headers["X-Forwarded-For"] = "2.2.2.2"
        assert sign_in(client).status_code == 303
        assert [upload(client, f"{n}.md").status_code for n in range(4)] == [303, 303, 303, 429]


def test_trying_tokens_at_another_spelling(settings: Settings) -> None:
    """The door is at no other address where trying is not counted."""
    with browsing(app_with(settings)) as client:
        response = client.post("/admin/sign-in%0A", data={"token": TOKEN}, headers=SAME_ORIGIN)
        assert response.status_code == 404
        assert "nothing at this address" in Page(response).words


def test_private_pages_are_not_kept(settings: Settings) -> None:
    """No page of these may be kept by a browser or a proxy, and none runs a script of its own."""
    with signed_in(settings) as client:
        address = uploaded(client)
        index(client, address)
        for path in ("/admin/documents", "/admin/build", address, "/admin/sign-in"):
            response = client.get(path)
            assert response.headers["cache-control"] == "no-store"
            assert_harmless(Page(response))


# Uploading


def assert_private(folder: Path) -> None:
    """Check that a folder and all that is in it are for one account alone."""
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_is_kept_of_documents_is_private(settings: Settings) -> None:
    """Uploads, the log and what is undecided are for the server's own account, from the start."""
    data = settings.data_dir
    with signed_in(settings) as client:
        uploaded(client)
        assert_private(data)
        index(client, uploaded(client, "other.md"))
        assert client.app.state.desk.undecided.change  # type: ignore[attr-defined]
        assert_private(data)
    for path in (data, *data.rglob("*")):
        path.chmod(0o777)
    with signed_in(settings):
        assert_private(data)


def test_a_file_is_shown_as_it_was_read(settings: Settings) -> None:
    """An uploaded file is shown block by block, with what it says of itself; nothing is indexed."""
    before = corpus(settings)
    with signed_in(settings) as client:
        address = uploaded(client, "report.pdf", (ROOT / "tests/files/report.pdf").read_bytes())
        page = Page(client.get(address))
        assert "heading 1, page 1" in page.words
        (title,) = page.all("input", name="title")
        assert title["value"]
        assert page.all("input", name="describes")[0]["value"] == ""
        assert "report.pdf" in words(client, "/admin/documents")
    assert corpus(settings) == before


def test_nothing_is_invented(settings: Settings) -> None:
    """What a file does not say of itself stays empty."""
    with signed_in(settings) as client:
        page = Page(client.get(uploaded(client)))
        values = [page.all("input", name=name)[0]["value"] for name in ("publisher", "published")]
        assert values == ["", ""]


REFUSED = {
    "no document": ("report.exe", b"MZ", "is not one of"),
    "other kind": ("report.pdf", (ROOT / "tests/files/guide.docx").read_bytes(), "by its content"),
    "scanned": ("scan.pdf", (ROOT / "tests/files/refused/scanned.pdf").read_bytes(), "scan.pdf"),
    "password": ("p.pdf", (ROOT / "tests/files/refused/password.pdf").read_bytes(), "password"),
    "empty": ("report.md", b"", "is empty"),
    "hidden": (".report.md", REPORT, "hidden"),
    "lock file": ("~$report.docx", REPORT, "is a lock file of Word; take the document itself"),
    "reversed": ("\u202edm.exe.md", REPORT, "no one sees"),
    "long name": ("a" * 160 + ".md", REPORT, "shorten it"),
    "catalogue": ("sources.toml", b"", "is not one of"),
}


@pytest.mark.parametrize(("name", "content", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_document_is_refused(
    settings: Settings, name: str, content: bytes, says: str
) -> None:
    """A file that cannot be read is refused by its field, is logged, and leaves nothing behind."""
    before = corpus(settings)
    with signed_in(settings) as client:
        response = upload(client, name, content)
        page = Page(response)
        assert response.status_code == 400
        assert says in page.words
        assert page.all("input", name="file")[0]["aria-describedby"].startswith("file-error")  # type: ignore[union-attr]
        assert_harmless(page)
        assert done(client)[-1] is Action.REFUSED_UPLOAD
        assert list(desk(client).uploads.all()) == []
        assert list((settings.data_dir / "documents" / "uploads").glob("*")) == []
    assert corpus(settings) == before


def test_a_name_of_a_folder_is_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file without an ending is refused even if a folder where the server runs has its name."""
    (tmp_path / "here" / "pages").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    with signed_in(settings) as client:
        response = upload(client, "pages")
        assert response.status_code == 400
        assert "pages is not one of" in Page(response).words


def test_a_bug_leaves_no_upload(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong while a file is read, nothing of it stays on the disk."""

    def bug(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(uploads, "read_layout", bug)
    with signed_in(settings) as client, pytest.raises(KeyError):
        upload(client)
    assert list((settings.data_dir / "documents" / "uploads").glob("*")) == []


@pytest.mark.parametrize(
    "name", ["../../escape.md", "C:\\folder\\escape.md", "/etc/escape.md", "a/../escape.md"]
)
def test_a_path_is_only_a_name(settings: Settings, name: str) -> None:
    """Whatever path a file says it had, it is stored under its bare name in the corpus only."""
    with signed_in(settings) as client:
        assert index(client, uploaded(client, name)) is Stage.READY
    assert (settings.corpus_dir / "escape.md").read_bytes() == REPORT
    assert not list(settings.corpus_dir.parent.glob("escape.md"))


def test_hostile_words_are_words(settings: Settings) -> None:
    """What a file or its name says is shown as text."""
    content = b"# <img src=x onerror=alert(1)>\n\n<script>alert(2)</script> & {{ 7 * 7 }}"
    with signed_in(settings) as client:
        address = uploaded(client, "<b>&.md", content)
        shown = [client.get(address), client.get("/admin/documents")]
        index(client, address, title="<script>alert(3)</script>")
        shown += [client.get("/admin/build"), client.get("/admin/documents")]
    for response in shown:
        assert_harmless(Page(response))
        assert "<b>&.md" in Page(response).words


def test_a_large_file_is_refused(settings: Settings) -> None:
    """A file past the limit is refused, whether its length is said or not."""
    settings = settings.model_copy(update={"max_upload": 100_000, "max_body": 1000})
    with signed_in(settings) as client:
        assert upload(client, content=b"a word " * 14_000).status_code == 303
        said = upload(client, content=b"a" * 120_000)
        between = upload(client, content=b"a" * 100_500)

        def stream() -> Iterator[bytes]:
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n'
            for _ in range(100):
                yield b"a" * 10_000
            yield b"\r\n--x--\r\n"

        headers = {"content-type": "multipart/form-data; boundary=x"}
        unsaid = client.post("/admin/uploads", content=stream(), headers=headers)
        assert [said.status_code, between.status_code, unsaid.status_code] == [413, 413, 413]
        for response in (said, between, unsaid):
            assert "larger than 98 kB" in Page(response).words
        assert client.post("/admin/sign-in", content=b"a" * 2000).status_code == 413


def test_a_stranger_uploads_nothing(settings: Settings) -> None:
    """The body of somebody who is not signed in is not even read."""
    read = 0

    def stream() -> Iterator[bytes]:
        nonlocal read
        for _ in range(5):
            read += 1
            yield b"a" * 1000

    with browsing(app_with(settings)) as client:
        headers = {"content-type": "multipart/form-data; boundary=x"}
        response = client.post("/admin/uploads", content=stream(), headers=headers)
        assert response.status_code == 303
        assert read <= 1
        assert not (settings.data_dir / "documents" / "uploads").exists()


def test_no_file(settings: Settings) -> None:
    """A form without a file is told so by the field."""
    with signed_in(settings) as client:
        for response in (
            client.post("/admin/uploads", data={}),
            client.post("/admin/uploads", data={"file": "words"}),
            client.post("/admin/uploads", files={"file": ("", b"")}),
        ):
            assert response.status_code == 400
            assert "Choose a file." in Page(response).words


def test_one_file_is_read_at_a_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that waited long enough while another is read is told to come again."""
    monkeypatch.setattr(uploads, "_PATIENCE", 0)
    with signed_in(settings) as client:
        with desk(client).uploads._reading:
            response = upload(client)
        assert response.status_code == 409
        assert "Another file is being read" in Page(response).words
        assert uploaded(client)


def test_only_so_many_wait(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past so many waiting files the next is refused until one is discarded."""
    monkeypatch.setattr("footprints.web.uploads.MOST", 2)
    with signed_in(settings) as client:
        first, _ = uploaded(client, "1.md"), uploaded(client, "2.md")
        refused = upload(client, "3.md")
        assert refused.status_code == 400
        assert "discard one first" in Page(refused).words
        assert client.post(f"{first}/discard").status_code == 303
        assert client.get(first).status_code == 404
        assert uploaded(client, "3.md")


# Indexing


def test_from_upload_to_service(settings: Settings) -> None:
    """A file is uploaded, indexed, put into service, and soon answers; all of it is in the log."""
    with signed_in(settings) as client:
        address = uploaded(client)
        facts = {"title": "A report", "publisher": "A trust", "published": "2016-08-02"}
        assert index(client, address, **facts) is Stage.READY
        ready = words(client, "/admin/build")
        assert "Documents added: report" in ready
        assert "Passages: 1 added" in ready
        question = {"question": "Who leads Dorset?"}
        assert "Dilys" not in client.post("/api/ask", json=question).text
        decide(client, "accept")
        until(lambda: "In service:" in words(client, "/admin/build"))
        answer = client.post("/api/ask", json=question).json()
        given = answer["citations"] or answer["further"]
        assert any("Dilys leads Dorset." in one["quote"] for one in given)
        assert answer["index_build"] == current_folder(settings.index_dir).name
        listed = words(client, "/admin/documents")
        assert "A report A trust, 2 August 2016 · report.md Indexed" in listed
        assert done(client) == [
            Action.SIGN_IN,
            Action.UPLOAD,
            Action.ADD,
            Action.STAGED,
            Action.ACCEPT,
        ]
        assert client.get(address).status_code == 404
        accepted = desk(client).log.read(1).records[0]
        assert (accepted.file, accepted.build) == ("report.md", answer["index_build"])
        assert desk(client).log.read(1).broken_at is None
    assert (settings.corpus_dir / "report.md").read_bytes() == REPORT


def test_dropping_what_was_uploaded(settings: Settings) -> None:
    """What is dropped leaves no trace in the folder, is never served, and waits where it was."""
    before, served = corpus(settings), current_folder(settings.index_dir)
    with signed_in(settings) as client:
        address = uploaded(client)
        index(client, address, title="A report")
        assert "report.md" in corpus(settings)
        decide(client, "drop")
        assert "Dropped: report.md" in words(client, "/admin/build")
        assert client.get(address).status_code == 200
        assert index(client, address, title="Another title") is Stage.READY
        decide(client, "drop")
    assert corpus(settings) == before
    assert current_folder(settings.index_dir) == served
    assert not list(settings.index_dir.glob(".staged-*"))


@pytest.mark.parametrize("how", ["accept", "drop"])
def test_removing_a_document(settings: Settings, how: str) -> None:
    """A document goes when that is accepted, and comes back to the last byte when not."""
    catalogue = '# Kept.\n\n[[document]]\nid = "the-devon"\nfile = "devon.md"\ntitle = "Devon!"\n'
    (settings.corpus_dir / "sources.toml").write_text(f"{catalogue}\n# At the end.\n")
    build_index(settings, lambda: ENCODER)
    before = corpus(settings)
    with signed_in(settings) as client:
        page = Page(client.get("/admin/documents/the-devon/remove"))
        assert "Remove devon.md?" in page.words
        assert corpus(settings) == before
        assert client.post("/admin/documents/the-devon/remove").status_code == 303
        assert worked(client) is Stage.READY
        assert "devon.md" not in corpus(settings)
        assert "Documents removed: the-devon" in words(client, "/admin/build")
        assert client.get("/documents/the-devon").status_code == 200
        decide(client, how)
        if how == "accept":
            until(lambda: client.get("/documents/the-devon").status_code == 404)
            assert "devon.md" not in corpus(settings)
        else:
            assert corpus(settings) == before
            assert client.get("/documents/the-devon").status_code == 200
        assert Action.REMOVE in done(client)
        assert not (settings.data_dir / "documents" / "undecided").exists()


def test_a_document_without_an_entry(settings: Settings) -> None:
    """A file that has no entry is removed and comes back all the same."""
    before = corpus(settings)
    with signed_in(settings) as client:
        client.post("/admin/documents/notes/remove")
        assert worked(client) is Stage.READY
        assert "notes.txt" not in corpus(settings)
        decide(client, "drop")
    assert corpus(settings) == before


def test_the_gate_holds_back(settings: Settings, gate: list[Gate]) -> None:
    """What the gate holds back serves only if a person says so once more."""
    gate[0] = Gate("Answers are significantly worse: decision 1 → 0.")
    with signed_in(settings) as client:
        index(client, uploaded(client))
        page = words(client, "/admin/build")
        assert "Held back: Answers are significantly worse" in page
        assert "Put into service all the same" in page
        decide(client, "accept")
        assert worked(client) is Stage.READY
        assert Action.ACCEPT not in done(client)
        decide(client, "accept", anyway="true")
        until(lambda: "In service:" in words(client, "/admin/build"))


def test_documents_that_came_with_the_wheel(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They can be neither added to nor removed, and the page says what to do instead."""
    with signed_in(settings) as client:
        address, before = uploaded(client), corpus(settings)
        monkeypatch.setattr(Settings, "is_bundled", True)
        refused = [
            upload(client, "other.md", REPORT),
            client.post(f"{address}/index"),
            client.post("/admin/documents/devon/remove"),
        ]
        assert [response.status_code for response in refused] == [400] * 3
        assert all("make a folder corpus here" in Page(one).words for one in refused)
    assert corpus(settings) == before


def test_the_real_gate(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The cases of the evaluation are asked, and those that left with a document are named."""
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "own.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in CASES))
    monkeypatch.setattr(Desk, "_judge", JUDGE)
    monkeypatch.setattr("footprints.evals.cases.cases_of", lambda settings: cases)
    with signed_in(settings) as client:
        client.post("/admin/documents/devon/remove")
        assert worked(client) is Stage.READY
        page = words(client, "/admin/build")
        assert "1 question of the evaluation was asked" in page
        assert "Who leads Devon? (c-1, devon)" in page


def test_what_nobody_may_force(settings: Settings, gate: list[Gate]) -> None:
    """An index that misquotes cannot be put into service by anybody."""
    gate[0] = Gate("2 answers quote what their documents do not say.", forcible=False)
    with signed_in(settings) as client:
        index(client, uploaded(client))
        assert "all the same" not in words(client, "/admin/build")
        decide(client, "accept", anyway="true")
        assert Action.ACCEPT not in done(client)
        decide(client, "drop")


def test_one_at_a_time(settings: Settings) -> None:
    """While one build waits for a decision, another is refused with a sentence."""
    with signed_in(settings) as client:
        second = uploaded(client, "second.md", b"# Second\n\nAnother.")
        index(client, uploaded(client))
        before = corpus(settings)
        for response in (
            client.post(f"{second}/index"),
            client.post("/admin/documents/devon/remove"),
            client.post("/admin/index"),
            client.post("/admin/undo"),
        ):
            assert response.status_code == 409
            assert "report.md is being indexed or waits for a decision" in Page(response).words
        assert corpus(settings) == before
        decide(client, "accept")
        assert index(client, second) is Stage.READY


def test_deciding_twice(settings: Settings) -> None:
    """A decision that was made already is told so, and does nothing."""
    with signed_in(settings) as client:
        index(client, uploaded(client))
        decide(client, "drop")
        for how in ("accept", "drop"):
            response = client.post(f"/admin/build/{how}")
            assert response.status_code == 409
            assert "No build waits" in Page(response).words


@pytest.mark.parametrize(
    ("known", "wrong"),
    [({"published": "2 August"}, "published"), ({"published": "2016-13-01"}, "published")],
)
def test_a_wrong_value_is_said_by_its_field(
    settings: Settings, known: dict[str, str], wrong: str
) -> None:
    """A date that is none is said by its field, and what else was written stays."""
    with signed_in(settings) as client:
        address = uploaded(client)
        response = client.post(f"{address}/index", data={"title": "My title", **known})
        page = Page(response)
        assert response.status_code == 400
        assert page.all("input", name=wrong)[0]["aria-invalid"] == "true"
        assert page.all("input", name="title")[0]["value"] == "My title"
        assert desk(client).jobs.job is None


def test_a_name_that_is_taken(settings: Settings) -> None:
    """A file whose name the folder has already changes nothing, and says so."""
    before = corpus(settings)
    with signed_in(settings) as client:
        assert index(client, uploaded(client, "devon.md")) is Stage.FAILED
        assert "is already there" in words(client, "/admin/build")
        assert done(client)[-1] is Action.FAILED
    assert corpus(settings) == before


def test_progress_is_shown(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a build is made the page says how far it is, and comes again without a script."""
    begun, go_on = Event(), Event()
    real = build.stage

    def slow(given: Settings, encoder: Any, progress: Any) -> Any:
        progress("Encoding", 256, 1024)
        progress("Encoding", 512, 1024)
        begun.set()
        assert go_on.wait(HANG)
        return real(given, encoder, progress)

    monkeypatch.setattr("footprints.web.jobs.stage", slow)
    with signed_in(settings) as client:
        client.post(f"{uploaded(client)}/index")
        assert begun.wait(HANG)
        page = Page(client.get("/admin/build"))
        assert "Encoding: 512 of 1,024" in page.words
        assert "seconds left" in page.words
        assert page.all("meta", **{"http-equiv": "refresh"})
        (bar,) = page.all("progress")
        assert (bar["value"], bar["max"]) == ("512", "1024")
        part = client.get("/admin/build", headers={"HX-Request": "true"})
        assert "<html" not in part.text
        assert 'hx-trigger="every 1s"' in part.text
        assert client.post("/api/ask", json={"question": "Who leads Devon?"}).status_code == 200
        go_on.set()
        worked(client)
        part = client.get("/admin/build", headers={"HX-Request": "true"})
        assert part.headers["hx-refresh"] == "true"
        assert not Page(client.get("/admin/build")).all("meta", **{"http-equiv": "refresh"})


def test_stopping_gives_a_build_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is told to stop does not wait for a build, and the change can be undone."""
    begun = Event()

    def endless(given: Settings, encoder: Any, progress: Any) -> None:
        while True:
            begun.set()
            progress("Encoding", 1, 1_000_000)

    before = corpus(settings)
    with monkeypatch.context() as patched:
        patched.setattr("footprints.web.jobs.stage", endless)
        with signed_in(settings) as client:
            client.post(f"{uploaded(client)}/index")
            assert begun.wait(HANG)
    with signed_in(settings) as client:
        assert "report.md was added" in words(client, "/admin/documents")
        client.post("/admin/undo")
        assert done(client)[-3:] == [Action.FAILED, Action.SIGN_IN, Action.UNDO]
    assert corpus(settings) == before


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit])
@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Undecided, "add"),
        (Job, "show"),
        (Desk, "_judge"),
        (Desk, "_settle"),
        (Desk, "_what_changed"),
    ],
)
def test_a_bug_ends_a_job_with_a_sentence(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    place: type,
    name: str,
    error: type[BaseException],
) -> None:
    """Whatever goes wrong in a job, the page and the log say so, and the change can be undone."""
    before, real, broken = corpus(settings), getattr(place, name), True

    def bug(*given: Any) -> Any:
        if broken and current_thread().name.startswith("documents"):
            raise error
        return real(*given)

    monkeypatch.setattr(place, name, bug)
    with signed_in(settings) as client:
        address = uploaded(client)
        # Only where there is nothing to index a job settles anything itself.
        client.post("/admin/index" if name == "_settle" else f"{address}/index")
        assert worked(client) is Stage.FAILED
        assert "Something went wrong here" in words(client, "/admin/build")
        if name != "_what_changed":  # what the log would say of it
            assert done(client)[-1] is Action.FAILED
        broken = False
        assert client.post("/admin/undo").status_code == 303
        assert corpus(settings) == before
        assert index(client, address) is Stage.READY


def test_what_cannot_be_logged_ends_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job whose log is full when it ends has failed, and says why, and can be undone."""
    before, full = corpus(settings), ExitStack()
    monkeypatch.setattr(Desk, "_judge", lambda *_: full.enter_context(full_disk()))
    with signed_in(settings) as client:
        with full:
            assert index(client, uploaded(client)) is Stage.FAILED
        assert "nothing is done that is not logged" in words(client, "/admin/build")
        assert done(client)[-1] is Action.ADD
        assert client.post("/admin/undo").status_code == 303
    assert corpus(settings) == before


@pytest.mark.parametrize("how", ["accept", "drop"])
def test_a_bug_in_a_decision(settings: Settings, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """A decision that fails for no known reason is an end: the old index serves, as it is said."""
    before, served = corpus(settings), current_folder(settings.index_dir)
    with signed_in(settings) as client:
        index(client, uploaded(client))
        with monkeypatch.context() as patched:
            patched.setattr(f"footprints.web.jobs.{how}", lambda *_: 1 / 0)
            response = client.post(f"/admin/build/{how}")
        assert response.status_code == 500
        assert "nothing was put into service" in Page(response).words
        assert worked(client) is Stage.FAILED
        assert "nothing was put into service" in words(client, "/admin/build")
        assert done(client)[-2:] == [Action(how), Action.FAILED]
        assert current_folder(settings.index_dir) == served
        assert client.post("/admin/undo").status_code == 303
    assert corpus(settings) == before


def test_a_bug_after_the_switch(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong when the new build serves already does not call it failed."""
    with signed_in(settings) as client:
        index(client, uploaded(client))
        monkeypatch.setattr("footprints.index.generations._remove_old", lambda *_: 1 / 0)
        decide(client, "accept")
        until(lambda: "In service:" in words(client, "/admin/build"))
        assert done(client)[-1] is Action.ACCEPT
        assert desk(client).undecided.change is None


@pytest.mark.parametrize("how", ["accept", "drop"])
def test_a_decision_waits_for_another_build(settings: Settings, how: str) -> None:
    """While another process builds neither decision is made, and either can be made later."""
    with signed_in(settings) as client:
        index(client, uploaded(client))
        with generations.build_lock(settings.index_dir):
            response = client.post(f"/admin/build/{how}")
        assert response.status_code == 409
        assert "Another build is under way" in Page(response).words
        assert done(client)[-2:] == [Action(how), Action.FAILED]
        assert worked(client) is Stage.READY
        decide(client, how)


def test_a_decision_outlives_a_shortage(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that cannot be put into service for want of file handles waits on until it can."""

    def short(*_: object) -> None:
        with no_file_handles():
            current_folder(settings.index_dir)

    with signed_in(settings) as client:
        index(client, uploaded(client))
        with monkeypatch.context() as patched:
            patched.setattr("footprints.web.jobs.accept", short)
            response = client.post("/admin/build/accept")
        assert response.status_code == 503
        assert "cannot be read just now (Too many open files)" in Page(response).words
        assert worked(client) is Stage.READY
        decide(client, "accept")


# Stopping


@dataclass
class Slow:
    """A build that takes until it is stopped, or until it may go on."""

    begun: Event
    go_on: Event


@pytest.fixture(params=["stage", "judge"])
def slow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """Make the build slow in one of its two parts."""
    slow, real = Slow(Event(), Event()), build.stage

    def until_it_may(progress: Any) -> None:
        while not slow.go_on.wait(0.01):
            slow.begun.set()
            progress("Working", 1, 1000)

    def stage(given: Settings, encoder: Any, progress: Any) -> Any:
        until_it_may(progress)
        return real(given, encoder, progress)

    def judge(desk: Desk, staged: Any, progress: Any) -> Any:
        until_it_may(progress)
        return Gate()

    if request.param == "stage":
        monkeypatch.setattr("footprints.web.jobs.stage", stage)
    else:
        monkeypatch.setattr(Desk, "_judge", judge)
    return slow


def begun(client: TestClient, slow: Slow, address: str) -> None:
    """Begin a build that is slow."""
    assert client.post(address).status_code == 303
    assert slow.begun.wait(HANG)


def nothing_is_staged(settings: Settings) -> bool:
    """Tell whether only builds that serve or served are there."""
    return not [*settings.index_dir.glob(".staged-*"), *settings.index_dir.glob(".building-*")]


def test_stopping_a_build(settings: Settings, slow: Slow) -> None:
    """A build that is stopped leaves nothing; its file waits again, and can be indexed."""
    before, served = corpus(settings), current_folder(settings.index_dir)
    with signed_in(settings) as client:
        address = uploaded(client)
        begun(client, slow, f"{address}/index")
        page = Page(client.get("/admin/build"))
        assert page.all("form", action="/admin/build/stop")
        assert client.post("/admin/build/stop").headers["location"] == "/admin/build"
        assert worked(client) is Stage.STOPPED
        shown = words(client, "/admin/build")
        assert "Stopped: report.md The chat answers as before" in shown
        assert "Stopped: report.md." in words(client, "/admin/documents")
        assert done(client)[-3:] == [Action.ADD, Action.STOP, Action.STOPPED]
        assert desk(client).log.read(1).records[0].file == "report.md"
        assert corpus(settings) == before
        assert nothing_is_staged(settings)
        assert current_folder(settings.index_dir) == served
        assert client.get(address).status_code == 200
        slow.go_on.set()
        assert index(client, address) is Stage.READY


def test_stopping_a_removal(settings: Settings, slow: Slow) -> None:
    """A document whose removal is stopped is back in the folder."""
    before = corpus(settings)
    with signed_in(settings) as client:
        begun(client, slow, "/admin/documents/devon/remove")
        assert "devon.md" not in corpus(settings)
        client.post("/admin/build/stop")
        assert worked(client) is Stage.STOPPED
    assert corpus(settings) == before


def test_stopping_twice(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """To ask twice does no harm while it stops, and the page no longer asks; then it is too late.

    A build that was about to be ready when it was asked to stop is stopped, and never both.
    """
    before, begun, go_on = corpus(settings), Event(), Event()

    def judge(*_: object) -> Gate:
        begun.set()
        assert go_on.wait(HANG)
        return Gate()

    monkeypatch.setattr(Desk, "_judge", judge)
    with signed_in(settings) as client:
        client.post(f"{uploaded(client)}/index")
        assert begun.wait(HANG)
        for _ in range(2):
            assert client.post("/admin/build/stop").status_code == 303
        page = Page(client.get("/admin/build"))
        assert "It stops at its next step." in page.words
        assert not page.all("form", action="/admin/build/stop")
        go_on.set()
        assert worked(client) is Stage.STOPPED
        assert corpus(settings) == before
        assert nothing_is_staged(settings)
        for how in ("stop", "accept", "drop"):
            assert client.post(f"/admin/build/{how}").status_code == 409
        assert worked(client) is Stage.STOPPED
        assert Action.STAGED not in done(client)


def test_nothing_to_stop(settings: Settings) -> None:
    """Where nothing is worked on that is said, and what waits for a decision waits on."""
    with signed_in(settings) as client:
        for stage in (None, Stage.READY):
            if stage:
                assert index(client, uploaded(client)) is stage
            response = client.post("/admin/build/stop")
            assert response.status_code == 409
            assert "Nothing is being indexed now" in Page(response).words
            assert Action.STOP not in done(client)
        decide(client, "accept")


@pytest.mark.parametrize("delay", [number / 100 for number in range(8)])
def test_stopping_at_any_moment(settings: Settings, delay: float) -> None:
    """Whenever it is asked to stop, a build is either stopped or waits for a decision."""
    before = corpus(settings)
    with signed_in(settings) as client:
        client.post(f"{uploaded(client)}/index")
        sleep(delay)
        status = client.post("/admin/build/stop").status_code
        stage = worked(client)
        assert (status, stage) in {(303, Stage.STOPPED), (409, Stage.READY)}
        assert (corpus(settings) == before) is (stage is Stage.STOPPED)
        assert nothing_is_staged(settings) is (stage is Stage.STOPPED)
        ended = [one for one in done(client) if one in {Action.STAGED, Action.STOPPED}]
        assert ended == [Action.STAGED if stage is Stage.READY else Action.STOPPED]


def test_stopping_undoes_no_work_of_others(settings: Settings, slow: Slow) -> None:
    """Where somebody else has changed the added file, it stays, and the page says so."""
    with signed_in(settings) as client:
        begun(client, slow, f"{uploaded(client)}/index")
        (settings.corpus_dir / "report.md").write_text("# Mine\n\nBy hand.")
        client.post("/admin/build/stop")
        assert worked(client) is Stage.FAILED
        assert "is another file now" in words(client, "/admin/build")
        assert done(client)[-2:] == [Action.STOPPED, Action.FAILED]
    assert (settings.corpus_dir / "report.md").read_text() == "# Mine\n\nBy hand."


def test_a_log_that_cannot_be_written_stops_everything(settings: Settings) -> None:
    """Nothing is done that cannot be logged, and every page says so."""
    with signed_in(settings) as client:
        address = uploaded(client)
        before = corpus(settings)
        log = settings.data_dir / "documents.log"
        log.unlink()
        log.mkdir()
        for response in (
            client.post(f"{address}/index"),
            upload(client),
            client.post("/admin/documents/devon/remove"),
            client.post("/admin/index"),
            client.post("/admin/undo"),
            client.post(f"{address}/discard"),
            sign_in(client),
            sign_in(client, "wrong"),
        ):
            assert response.status_code == 507
            assert "nothing is done that is not logged; make room" in Page(response).words
        assert desk(client).jobs.job is None
        assert [one.name for one in desk(client).uploads.all()] == ["report.md"]
        assert len(desk(client).sessions._ends) == 1
        assert corpus(settings) == before
        log.rmdir()
        assert index(client, address) is Stage.READY
        log.unlink()
        log.mkdir()
        for how in ("accept", "drop"):
            assert client.post(f"/admin/build/{how}").status_code == 507
        assert worked(client) is Stage.READY
        assert client.post("/admin/sign-out").status_code == 507
        log.rmdir()


def test_a_full_disk(settings: Settings) -> None:
    """A file for which there is no room is said by its field, in memory or not; nothing stays."""
    large = b"a word " * 200_000
    with signed_in(settings) as client:
        room = (settings.data_dir / "documents.log").stat().st_size + 1000
        for content in (b"# Long\n\n" + b"A word. " * 500, large):
            with full_disk(room):
                response = upload(client, content=content)
            assert response.status_code == 507
            page = Page(response)
            assert page.all("input", name="file")[0]["aria-describedby"].startswith("file-error")  # type: ignore[union-attr]
            assert "make room" in page.words
        assert list((settings.data_dir / "documents" / "uploads").glob("*")) == []
        assert uploaded(client, "large.md", large)


def test_a_disk_that_fills_up_before_a_change(settings: Settings) -> None:
    """A change for which there is no room fails with a sentence; its file waits as before."""
    before = corpus(settings)
    with signed_in(settings) as client:
        address = uploaded(client, content=b"# Long\n\n" + b"A word. " * 500)
        with full_disk((settings.data_dir / "documents.log").stat().st_size + 2000):
            assert index(client, address) is Stage.FAILED
        assert "make room there" in words(client, "/admin/build")
        assert done(client)[-1] is Action.FAILED
        assert desk(client).undecided.change is None
        assert corpus(settings) == before
        assert index(client, address) is Stage.READY


def test_the_log_is_read_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at the documents reads no line of the log twice."""
    with signed_in(settings) as client:
        assert upload(client).status_code == 303
        seen: list[bytes] = []
        read = audit._record

        def noted(line: bytes) -> audit.Record | None:
            seen.append(line)
            return read(line)

        monkeypatch.setattr(audit, "_record", noted)
        client.get("/admin/documents")
    assert len(seen) == len(set(seen)) == 2


# What is in the folder


def test_how_documents_stand(settings: Settings) -> None:
    """What is in the folder by hand, changed, refused or gone is told apart."""
    folder = settings.corpus_dir
    (folder / "scan.pdf").write_bytes((ROOT / "tests/files/refused/scanned.pdf").read_bytes())
    build_index(settings, lambda: ENCODER)
    (folder / "new.md").write_text("# New\n\nText.")
    (folder / "devon.md").write_text(DEVON + "\n\nMore.")
    (folder / "kent.md").unlink()
    for name in ("~$devon.docx", "devon.md~"):
        (folder / name).write_text("x")
    with signed_in(settings) as client:
        page = words(client, "/admin/documents")
        assert "new.md Waiting" in page
        assert "~" not in page
        assert "devon.md Changed in the folder" in page
        assert "kent.md Gone from the folder" in page
        assert re.search(r"scan\.pdf Refused: scan\.pdf holds pictures", page)
        assert re.search(r"notes\.txt Indexed", page)
        assert client.post("/admin/index").status_code == 303
        assert worked(client) is Stage.READY
        look = "Look at: new.md: It has no entry in sources.toml: who says it and when is unknown."
        assert look in words(client, "/admin/build")
        decide(client, "accept")
        until(lambda: "In service:" in words(client, "/admin/build"))
        page = words(client, "/admin/documents")
        assert "Waiting" not in page
        assert "kent" not in page
        client.post("/admin/index")
        assert worked(client) is Stage.NOTHING
        assert "nothing to index" in words(client, "/admin/build")


def test_without_the_last_document(settings: Settings) -> None:
    """Where nothing is left to index the page says that the index of before still answers."""
    for path in settings.corpus_dir.iterdir():
        path.unlink()
    with signed_in(settings) as client:
        client.post("/admin/index")
        assert worked(client) is Stage.FAILED
        assert "with 3 documents, still answers." in words(client, "/admin/build")
        given = client.post("/api/ask", json={"question": "Who leads Devon?"}).json()
        assert given["citations"] + given["further"]


def test_no_other_file_is_removed(settings: Settings) -> None:
    """A file that was refused for its id has no link that would remove the one that has it."""
    (settings.corpus_dir / "devon.txt").write_text("Another.")
    build_index(settings, lambda: ENCODER)
    with signed_in(settings) as client:
        page = Page(client.get("/admin/documents"))
        assert "both get the id" in page.words
        assert len(page.all("a", href="/admin/documents/devon/remove")) == 1


@pytest.mark.parametrize("kind", ["added", "removed"])
@pytest.mark.parametrize("then", ["index", "undo"])
def test_after_a_crash(settings: Settings, kind: str, then: str) -> None:
    """What a server left undecided when it died is shown by the next, to be indexed or undone."""
    before = corpus(settings)
    with signed_in(settings) as client:
        if kind == "added":
            index(client, uploaded(client))
        else:
            client.post("/admin/documents/devon/remove")
            worked(client)
    changed = corpus(settings)
    assert changed != before
    with signed_in(settings) as client:
        assert f"was {kind}, and not decided on" in words(client, "/admin/documents")
        second = uploaded(client, "second.md", b"# Second\n\nAnother.")
        refused = client.post(f"{second}/index")
        assert refused.status_code == 409
        assert "is not decided on" in Page(refused).words
        assert client.post(f"/admin/{then}").status_code == 303
        if then == "index":
            assert worked(client) is Stage.READY
            decide(client, "accept")
            until(lambda: "In service:" in words(client, "/admin/build"))
            assert corpus(settings) == changed
        else:
            assert corpus(settings) == before
        assert "not decided on" not in words(client, "/admin/documents")


def test_somebody_else_builds_meanwhile(settings: Settings) -> None:
    """A build that another one has overtaken is not put into service, and the page says why."""
    with signed_in(settings) as client:
        index(client, uploaded(client))
        (settings.corpus_dir / "new.md").write_text("# New\n\nText.")
        build_index(settings, lambda: ENCODER)
        response = client.post("/admin/build/accept")
        assert response.status_code == 409
        assert "no longer there" in Page(response).words or "come to serve" in Page(response).words
        assert done(client)[-2:] == [Action.ACCEPT, Action.FAILED]
        client.post("/admin/index")
        assert worked(client) is Stage.NOTHING
        assert "not decided on" not in words(client, "/admin/documents")


def test_somebody_else_changes_the_same_file(settings: Settings) -> None:
    """What somebody else wrote into an added file is not deleted by undoing."""
    with signed_in(settings) as client:
        index(client, uploaded(client))
        (settings.corpus_dir / "report.md").write_text("# Mine\n\nBy hand.")
        response = client.post("/admin/build/drop")
        assert "is another file now" in Page(response).words
    assert (settings.corpus_dir / "report.md").read_text() == "# Mine\n\nBy hand."


def test_a_folder_that_is_not_there(settings: Settings) -> None:
    """The page says what is wrong with the folder instead of failing."""
    with signed_in(settings) as client:
        settings.corpus_dir.rename(settings.corpus_dir.parent / "elsewhere")
        assert "There is no corpus folder" in words(client, "/admin/documents")
