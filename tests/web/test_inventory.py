"""What the page says of the folder and the index: how every document stands."""

from __future__ import annotations

import re

import pytest
from browsing import Page
from conftest import DEVON, ROOT
from managing import ENCODER, begun, decide, desk, in_service, signed_in, words

from footprints.errors import CannotRead
from footprints.index.build import build_index
from footprints.settings import Settings
from footprints.web.admin import views
from footprints.web.admin.job import Stage

pytest_plugins = "managed"

SCANNED = (ROOT / "tests/files/refused/scanned.pdf").read_bytes()


def test_how_documents_stand(managed: Settings) -> None:
    """What is new in the folder, changed, refused, kept or gone is told apart, until indexed."""
    folder = managed.corpus_dir
    (folder / "scan.pdf").write_bytes(SCANNED)
    build_index(managed, lambda: ENCODER)
    (folder / "new.md").write_text("# New\n\nText.")
    (folder / "devon.md").write_text(DEVON + "\n\nMore.")
    (folder / "kent.md").unlink()
    for name in ("~$devon.docx", "devon.md~"):
        (folder / name).write_text("x")
    with signed_in(managed) as client:
        page = words(client, "/admin/documents")
        assert "new.md In the folder but not indexed yet" in page
        assert "~" not in page
        assert "devon.md Changed since it was indexed" in page
        assert "kent.md No longer in the folder" in page
        assert "scan.pdf Cannot be indexed: scan.pdf holds pictures" in page
        assert "notes.txt Indexed" in page
        assert begun(client, "/admin/index") is Stage.READY
        look = "Check new.md: It has no entry in sources.toml: its publisher and date are unknown."
        assert look in words(client, "/admin/build")
        decide(client, "accept")
        in_service(client)
        page = words(client, "/admin/documents")
        assert "not indexed yet" not in page
        assert "kent" not in page
        (folder / "notes.txt").write_bytes(b"")
        assert begun(client, "/admin/index") is Stage.READY
        decide(client, "accept")
        in_service(client)
        kept = r"notes\.txt Can no longer be indexed, so answers .*: notes\.txt is empty"
        assert re.search(kept, words(client, "/admin/documents"))
        assert begun(client, "/admin/index") is Stage.NOTHING
        assert "already up to date" in words(client, "/admin/build")


def test_without_the_last_document(managed: Settings) -> None:
    """Where nothing is left to index the page says that the previous index is still in use."""
    for path in managed.corpus_dir.iterdir():
        path.unlink()
    with signed_in(managed) as client:
        assert begun(client, "/admin/index") is Stage.FAILED
        assert "with 3 documents, is still in use." in words(client, "/admin/build")
        given = client.post("/api/ask", json={"question": "Who leads Devon?"}).json()
        assert given["citations"] + given["further"]


def test_no_other_file_is_removed(managed: Settings) -> None:
    """A file that was refused for its id has no link that would remove the one that has it."""
    (managed.corpus_dir / "devon.txt").write_text("Another.")
    build_index(managed, lambda: ENCODER)
    with signed_in(managed) as client:
        page = Page(client.get("/admin/documents"))
        assert "both get the id" in page.words
        assert len(page.all("a", href="/admin/documents/devon/remove")) == 1


@pytest.mark.parametrize("path", ["uploads/none", "documents/none/remove"])
def test_what_is_not_there(managed: Settings, path: str) -> None:
    """An upload or a document that is not there is not found, and nothing is begun."""
    with signed_in(managed) as client:
        assert client.get(f"/admin/{path}").status_code == 404
        assert client.post(f"/admin/{path}").status_code in {404, 405}
        assert desk(client).job is None


def test_a_folder_that_is_not_there(managed: Settings) -> None:
    """The page says what is wrong with the folder instead of failing."""
    with signed_in(managed) as client:
        managed.corpus_dir.rename(managed.corpus_dir.parent / "elsewhere")
        assert "There is no corpus folder" in words(client, "/admin/documents")


def test_a_folder_that_cannot_be_read_just_now(
    managed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shortage of the machine is said on the page, too."""

    def short(*_: object) -> None:
        raise CannotRead("The folder cannot be listed just now; try again.")

    monkeypatch.setattr(views, "inventory", short)
    with signed_in(managed) as client:
        assert "cannot be listed just now" in words(client, "/admin/documents")
