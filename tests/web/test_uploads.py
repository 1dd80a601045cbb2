"""Uploading: what is kept and shown, what is refused, and what ends the reading of a file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import httpx2
import pytest
from browsing import SAME_ORIGIN, Page, assert_harmless
from children import SLOW, Child, pretend
from conftest import ROOT
from full import full_disk
from hang import HANG
from managing import (
    REPORT,
    TOKEN,
    app_with,
    corpus,
    decide,
    desk,
    done,
    index,
    kept,
    refusal,
    signed_in,
    upload,
    uploaded,
    words,
)
from serving import listening, until

from footprints.errors import IndexBusy
from footprints.settings import Settings
from footprints.web.admin import uploads
from footprints.web.admin.job import Stage
from footprints.web.admin.log import Action
from footprints.web.admin.uploads import Stopped, Uploads

pytest_plugins = "managed"

PDF = b"%PDF-1.7"


def file(name: str) -> bytes:
    """Return one of the files that are read in the tests."""
    return (ROOT / "tests" / "files" / name).read_bytes()


# What is shown


def test_a_file_is_shown_as_it_was_read(managed: Settings) -> None:
    """An uploaded file is shown block by block, with what it says of itself; nothing is indexed."""
    before = corpus(managed)
    with signed_in(managed) as client:
        page = Page(client.get(uploaded(client, "report.pdf", file("report.pdf"))))
        assert "heading 1, page 1" in page.words
        (title,) = page.all("input", name="title")
        assert title["value"]
        assert page.all("input", name="describes")[0]["value"] == ""
        assert "Pending uploads report.pdf" in words(client, "/admin/documents")
    assert corpus(managed) == before


def test_what_was_left_out_is_shown(managed: Settings) -> None:
    """Menus and footers that are no part of a document are shown, so that one can see it is so."""
    with signed_in(managed) as client:
        page = Page(client.get(uploaded(client, "page.html", file("page.html"))))
        assert "What was left out (8)" in page.words
        assert "Home Care Community hubs" in page.words
        page = Page(client.get(uploaded(client, "report.pdf", file("report.pdf"))))
        assert "page 1: 12 words of running heads and feet" in page.words
        assert "What was left out" not in Page(client.get(uploaded(client))).words


def test_nothing_is_invented(managed: Settings) -> None:
    """What a file does not say of itself stays empty."""
    with signed_in(managed) as client:
        page = Page(client.get(uploaded(client)))
        values = [page.all("input", name=name)[0]["value"] for name in ("publisher", "published")]
        assert values == ["", ""]


def test_hostile_words_are_words(managed: Settings) -> None:
    """What a file or its name says is shown as text."""
    content = b"# <img src=x onerror=alert(1)>\n\n<script>alert(2)</script> & {{ 7 * 7 }}"
    with signed_in(managed) as client:
        address = uploaded(client, "<b>&.md", content)
        shown = [client.get(address), client.get("/admin/documents")]
        index(client, address, title="<script>alert(3)</script>")
        shown += [client.get("/admin/build"), client.get("/admin/documents")]
    for response in shown:
        assert_harmless(Page(response))
    said = [Page(response).words for response in shown]
    assert ["<b>&.md" in words for words in said] == [True, True, False, True]
    assert "Adding ‘<script>alert(3)</script>’" in said[2]


# What is refused


REFUSED = {
    "no document": ("report.exe", b"MZ", "is not one of"),
    "other kind": ("report.pdf", file("guide.docx"), "by its content"),
    "scanned": ("scan.pdf", file("refused/scanned.pdf"), "scan.pdf"),
    "password": ("p.pdf", file("refused/password.pdf"), "password"),
    "empty": ("report.md", b"", "is empty"),
    "hidden": (".report.md", REPORT, "hidden"),
    "lock file": ("~$report.docx", REPORT, "is a lock file of Word; take the document itself"),
    "reversed": ("\u202edm.exe.md", REPORT, "invisible characters"),
    "long name": ("a" * 160 + ".md", REPORT, "shorten it"),
    "catalogue": ("sources.toml", b"", "is not one of"),
}


@pytest.mark.parametrize(("name", "content", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_document_is_refused(
    managed: Settings, name: str, content: bytes, says: str
) -> None:
    """A file that cannot be read is refused by its field, is logged, and leaves nothing behind."""
    before = corpus(managed)
    with signed_in(managed) as client:
        response = upload(client, name, content)
        page = Page(response)
        assert says in refusal(response, 400)
        assert "file-error" in str(page.all("input", name="file")[0]["aria-describedby"])
        assert_harmless(page)
        assert done(client)[-1] is Action.REFUSED_UPLOAD
        assert [*desk(client).uploads.all(), *kept(managed)] == []
    assert corpus(managed) == before


def test_a_name_of_a_folder_is_refused(
    managed: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file without an ending is refused even if a folder where the server runs has its name."""
    (tmp_path / "here" / "pages").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    with signed_in(managed) as client:
        assert "pages is not one of" in refusal(upload(client, "pages"), 400)


def test_a_large_file_is_refused(managed: Settings) -> None:
    """A file past the limit is refused, whether its length is said or not."""
    managed = managed.model_copy(update={"max_upload": 100_000, "max_body": 1000})

    def stream() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n'
        for _ in range(100):
            yield b"a" * 10_000
        yield b"\r\n--x--\r\n"

    with signed_in(managed) as client:
        assert upload(client, content=b"a word " * 14_000).status_code == 303
        said = upload(client, content=b"a" * 120_000)
        between = upload(client, content=b"a" * 100_500)
        headers = {"content-type": "multipart/form-data; boundary=x"}
        unsaid = client.post("/admin/uploads", content=stream(), headers=headers)
        for response in (said, between, unsaid):
            assert "larger than 98 kB" in refusal(response, 413)
        assert client.post("/admin/sign-in", content=b"a" * 2000).status_code == 413


def test_no_file(managed: Settings) -> None:
    """A form without a file is told so by the field."""
    with signed_in(managed) as client:
        for response in (
            client.post("/admin/uploads", data={}),
            client.post("/admin/uploads", data={"file": "words"}),
            client.post("/admin/uploads", files={"file": ("", b"")}),
        ):
            assert "Choose a file." in refusal(response, 400)


def test_only_so_many_are_pending(managed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past so many pending files the next is refused until one is deleted."""
    monkeypatch.setattr(uploads, "MOST", 2)
    with signed_in(managed) as client:
        first, _ = uploaded(client, "1.md"), uploaded(client, "2.md", REPORT + b" More.")
        assert "delete one first" in refusal(upload(client, "3.md", REPORT + b" Most."), 400)
        assert client.post(f"{first}/discard").status_code == 303
        assert client.get(first).status_code == 404
        assert uploaded(client, "3.md", REPORT + b" Most.")


@pytest.mark.parametrize(
    "name", ["../../escape.md", "C:\\folder\\escape.md", "/etc/escape.md", "a/../escape.md"]
)
def test_a_path_is_only_a_name(managed: Settings, name: str) -> None:
    """Whatever path a file says it had, it is stored under its bare name in the corpus only."""
    with signed_in(managed) as client:
        assert index(client, uploaded(client, name)) is Stage.READY
        decide(client, "accept")
    assert corpus(managed)["escape.md"] == REPORT
    assert not list(managed.corpus_dir.parent.glob("escape.md"))


# What leaves nothing


def test_a_bug_leaves_no_upload(managed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong while a file is read, nothing of it stays on the disk."""

    def bug(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(uploads, "read_layout", bug)
    with signed_in(managed) as client, pytest.raises(KeyError):
        upload(client)
    assert kept(managed) == []


def test_a_full_disk(managed: Settings) -> None:
    """A file for which there is no room is said by its field, in memory or not; nothing stays."""
    large = b"a word " * 200_000
    with signed_in(managed) as client:
        room = (managed.data_dir / "documents.log").stat().st_size + 1000
        for content in (b"# Long\n\n" + b"A word. " * 500, large):
            with full_disk(room):
                response = upload(client, content=content)
            assert "make room" in refusal(response, 507)
            (field,) = Page(response).all("input", name="file")
            assert "file-error" in str(field["aria-describedby"])
        assert kept(managed) == []
        assert uploaded(client, "large.md", large)


# What ends the reading


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    """Let every file that is read apart take longer than any test waits."""
    return pretend(SLOW, tmp_path, monkeypatch)


@pytest.fixture
def pending(tmp_path: Path) -> Uploads:
    """Return a place for pending files, with none in it."""
    return Uploads(tmp_path / "uploads")


def keeping(pending: Uploads, tick: Callable[[], None] = lambda: None) -> Future[object]:
    """Begin to keep a file, in a thread of its own."""
    with_one = ThreadPoolExecutor(1)
    try:
        return with_one.submit(pending.keep, "a.pdf", io.BytesIO(PDF), tick)
    finally:
        with_one.shutdown(wait=False)


def test_what_a_tick_raises_ends_an_upload(pending: Uploads, slow: Child, tmp_path: Path) -> None:
    """Whoever uploads a file can end its reading; nothing of it stays, and the next is read."""

    def leave() -> None:
        if slow.has_begun():
            raise KeyError

    with pytest.raises(KeyError):
        pending.keep("a.pdf", io.BytesIO(PDF), leave)
    assert slow.is_gone()
    assert list((tmp_path / "uploads").iterdir()) == []
    assert pending.keep("a.md", io.BytesIO(b"# A")).name == "a.md"


def test_closing_ends_the_reading_and_the_waiting(
    pending: Uploads, slow: Child, tmp_path: Path
) -> None:
    """A server that ends reads no file to its end, nor the one that waits for it."""
    reading = keeping(pending)
    slow.wait()
    queued = keeping(pending)
    pending.close()
    for one in (reading, queued):
        with pytest.raises(Stopped, match="try again when it is back"):
            one.result(timeout=HANG)
    assert slow.is_gone()
    assert list((tmp_path / "uploads").iterdir()) == []


def test_one_file_is_read_at_a_time(
    managed: Settings, slow: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that waited long enough for another to be read is told to come again."""
    monkeypatch.setattr(uploads, "_PATIENCE", 0.0)
    with signed_in(managed) as client:
        reading = keeping(desk(client).uploads)
        slow.wait()
        assert "Another file is being read" in refusal(upload(client, "b.md", b"# B"), 409)
        with pytest.raises(IndexBusy):
            desk(client).uploads.keep("b.md", io.BytesIO(b"# B"))
    # Closing the desk ends the reading, which a stopping server would wait for.
    assert isinstance(reading.exception(timeout=HANG), Stopped)
    assert slow.is_gone()


def test_a_browser_that_leaves_ends_its_upload(managed: Settings, slow: Child) -> None:
    """Nothing is read on for somebody who has closed the page, and nothing of it is kept."""
    app = app_with(managed)
    with listening(app) as address, httpx2.Client(base_url=address, headers=SAME_ORIGIN) as client:
        client.post("/admin/sign-in", data={"token": TOKEN})
        sent = client.build_request("POST", "/admin/uploads", files={"file": ("a.pdf", PDF)})
        with closing(HTTPConnection(sent.url.host, sent.url.port)) as browser:
            browser.request("POST", sent.url.path, sent.read(), dict(sent.headers))
            slow.wait()
        until(slow.is_gone)
        until(lambda: kept(managed) == [])
