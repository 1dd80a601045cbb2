"""Files that were uploaded: what ends the reading of one, and that nothing of it stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import httpx2
import pytest
from browsing import SAME_ORIGIN
from children import SLOW, Child, pretend
from hang import HANG
from serving import app_of, listening, until
from starlette.testclient import TestClient

from footprints.corpus.catalogue import Entry
from footprints.corpus.read import SourceFile
from footprints.errors import IndexBusy
from footprints.settings import Settings
from footprints.web import uploads
from footprints.web.desk import Desk
from footprints.web.jobs import Stopped
from footprints.web.undecided import Undecided
from footprints.web.uploads import Uploads

TOKEN = "a token of some length"  # noqa: S105
PDF = b"%PDF-1.7"


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    """Let every file that is read apart take longer than any test waits."""
    return pretend(SLOW, tmp_path, monkeypatch)


@pytest.fixture
def waiting(tmp_path: Path) -> Uploads:
    """Return a place for files that wait, with none in it."""
    return Uploads(tmp_path / "uploads")


def kept(waiting: Uploads, tick: Callable[[], None] = lambda: None) -> Future[object]:
    """Begin to keep a file, in a thread of its own."""
    with_one = ThreadPoolExecutor(1)
    try:
        return with_one.submit(waiting.keep, "a.pdf", io.BytesIO(PDF), tick)
    finally:
        with_one.shutdown(wait=False)


def test_what_a_tick_raises_ends_an_upload(waiting: Uploads, slow: Child, tmp_path: Path) -> None:
    """Whoever uploads a file can end its reading; nothing of it stays, and the next is read."""

    def leave() -> None:
        if slow.has_begun():
            raise KeyError

    with pytest.raises(KeyError):
        waiting.keep("a.pdf", io.BytesIO(PDF), leave)
    assert slow.is_gone()
    assert list((tmp_path / "uploads").iterdir()) == []
    assert waiting.keep("a.md", io.BytesIO(b"# A")).name == "a.md"


def test_closing_ends_the_reading_and_the_waiting(
    waiting: Uploads, slow: Child, tmp_path: Path
) -> None:
    """A server that ends reads no file to its end, nor the one that waits for it."""
    reading = kept(waiting)
    slow.wait()
    queued = kept(waiting)
    waiting.close()
    for one in (reading, queued):
        with pytest.raises(Stopped, match="try again when it is back"):
            one.result(timeout=HANG)
    assert slow.is_gone()
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_file_waits_only_so_long(
    waiting: Uploads, slow: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another file is read for long, the next one is told so."""
    monkeypatch.setattr(uploads, "_PATIENCE", 0.0)
    reading = kept(waiting)
    slow.wait()
    with pytest.raises(IndexBusy, match="Another file is being read"):
        waiting.keep("b.md", io.BytesIO(b"# B"))
    waiting.close()
    assert isinstance(reading.exception(timeout=HANG), Stopped)


def test_a_desk_that_closes_ends_its_readings(tiny: Settings, tmp_path: Path, slow: Child) -> None:
    """Closing the desk ends the reading of an upload, which a stopping server waits for."""
    settings = tiny.model_copy(update={"data_dir": tmp_path / "data"})
    with TestClient(app_of(**{**settings.model_dump(), "admin_token": TOKEN})) as client:
        desk: Desk = client.app.state.desk  # type: ignore[attr-defined]
        reading = kept(desk.uploads)
        slow.wait()
    assert isinstance(reading.exception(timeout=HANG), Stopped)
    assert slow.is_gone()


def test_a_change_that_is_stopped_was_none(tiny: Settings, tmp_path: Path, slow: Child) -> None:
    """Where the file to add is not read to its end, nothing is left to be decided."""
    undecided = Undecided(tmp_path / "undecided", tiny.corpus_dir)

    def stop() -> None:
        if slow.has_begun():
            raise Stopped("The server was stopped.")

    with pytest.raises(Stopped):
        undecided.add(SourceFile(Path("a.pdf"), PDF), Entry(id="a", file="a.pdf"), "", stop)
    assert undecided.change is None
    assert not (tiny.corpus_dir / "a.pdf").exists()
    assert slow.is_gone()


def test_a_browser_that_leaves_ends_its_upload(tiny: Settings, tmp_path: Path, slow: Child) -> None:
    """Nothing is read on for somebody who has closed the page, and nothing of it is kept."""
    settings = tiny.model_copy(update={"data_dir": tmp_path / "data"})
    app = app_of(**{**settings.model_dump(), "admin_token": TOKEN})
    with listening(app) as address, httpx2.Client(base_url=address, headers=SAME_ORIGIN) as client:
        client.post("/admin/sign-in", data={"token": TOKEN})
        sent = client.build_request("POST", "/admin/uploads", files={"file": ("a.pdf", PDF)})
        with closing(HTTPConnection(sent.url.host, sent.url.port)) as browser:
            browser.request("POST", sent.url.path, sent.read(), dict(sent.headers))
            slow.wait()
        until(slow.is_gone)
        until(lambda: not list((tmp_path / "data" / "documents" / "uploads").iterdir()))
