"""Documents are added and removed with their entries; what people wrote stays."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from full import full_disk

from footprints.corpus import edit
from footprints.corpus.catalogue import Entry, read_catalogue
from footprints.corpus.edit import add_document, apply, draft, read_outside, remove_document
from footprints.corpus.read import SourceFile
from footprints.corpus.snapshot import Corpus
from footprints.errors import BadCorpus, CannotWrite, NotStaged
from footprints.types import PartialDate

CATALOGUE = """\
# What each document is.

[[document]]
id = "one"   # the first
file = "one.md"

# About the second.
[[document]]
id = "two"
file = "two.md"
title = "Two"
# The end.
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Make a corpus of two documents with entries."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "one.md").write_text("# One\n\nText.")
    (folder / "two.md").write_text("# Two\n\nText.")
    (folder / "sources.toml").write_text(CATALOGUE)
    return folder


def new(name: str = "three.md", content: bytes = b"# Three\n\nText.") -> SourceFile:
    """Return a file that is not in the corpus yet."""
    return SourceFile(Path("/elsewhere") / name, content)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return the content of every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_document_is_added(corpus: Path) -> None:
    """The file is copied, its entry is appended, and every comment stays."""
    entry = Entry(id="three", file="three.md", title='"Three"', published=PartialDate("2020-01-02"))
    assert add_document(corpus, new(), entry) == corpus / "three.md"
    assert (corpus / "three.md").read_bytes() == b"# Three\n\nText."
    assert (corpus / "sources.toml").read_text().startswith(CATALOGUE)
    assert read_catalogue(corpus)["three.md"] == entry
    assert sorted(snapshot(corpus)) == ["one.md", "sources.toml", "three.md", "two.md"]


@pytest.mark.parametrize("content", [None, "", "# Only this.\n", "document = []\n"])
def test_the_first_document(tmp_path: Path, content: str | None) -> None:
    """A folder without a catalogue, or with an empty one, gets one."""
    if content is not None:
        (tmp_path / "sources.toml").write_text(content)
    add_document(tmp_path, new(), Entry(id="three", file="three.md"))
    assert list(read_catalogue(tmp_path)) == ["three.md"]
    assert ("# Only this." in (tmp_path / "sources.toml").read_text()) == (
        content == "# Only this.\n"
    )


@pytest.mark.parametrize(
    ("file", "entry", "says"),
    [
        (new("one.md"), Entry(id="x", file="one.md"), "one.md is already there; remove it first"),
        (new(), Entry(id="two", file="three.md"), "has the id 'two'; give another with --id"),
        (new(content=b"\xff"), Entry(id="x", file="three.md"), "is not UTF-8"),
        (new(content=b""), Entry(id="x", file="three.md"), "is empty"),
    ],
)
def test_what_cannot_be_added(corpus: Path, file: SourceFile, entry: Entry, says: str) -> None:
    """Nothing is overwritten, and nothing changes when a file is refused."""
    before = snapshot(corpus)
    with pytest.raises(BadCorpus, match=says):
        add_document(corpus, file, entry)
    assert snapshot(corpus) == before


def test_an_id_that_a_bare_file_has(corpus: Path) -> None:
    """A file without an entry is not pushed out by one that is added with its id."""
    (corpus / "three.txt").write_text("Three.")
    before = snapshot(corpus)
    with pytest.raises(BadCorpus, match=r"three\.txt has the id 'three'; .* rename the new file"):
        add_document(corpus, new(), Entry(id="three", file="three.md"))
    assert snapshot(corpus) == before


def test_a_link_is_not_written_through(corpus: Path, tmp_path: Path) -> None:
    """A link that stands where the file would go is not followed out of the folder."""
    (corpus / "three.md").symlink_to(tmp_path / "outside.md")
    with pytest.raises(BadCorpus, match="already there"):
        add_document(corpus, new(), Entry(id="three", file="three.md"))
    assert not (tmp_path / "outside.md").exists()


def test_a_disk_that_is_full(corpus: Path) -> None:
    """When the catalogue cannot be written, the file is taken back; it is not the adder's fault."""
    before = snapshot(corpus)
    with full_disk(len(before["sources.toml"])), pytest.raises(CannotWrite, match="make room"):
        add_document(corpus, new(), Entry(id="three", file="three.md"))
    assert snapshot(corpus) == before


def test_a_document_that_cannot_be_removed(corpus: Path) -> None:
    """When there is no room for the shorter catalogue, file and catalogue stay."""
    before = snapshot(corpus)
    with full_disk(), pytest.raises(CannotWrite, match="make room"):
        remove_document(corpus, "one")
    assert snapshot(corpus) == before


def test_a_failed_write_leaves_what_was(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that fails half way leaves the old file, and nothing beside it."""
    before = snapshot(corpus)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(CannotWrite, match=r"one\.md cannot be written \(No space left on device\)"):
        edit.write_atomically(corpus / "one.md", b"new")
    assert snapshot(corpus) == before


def test_rights_of_a_written_file(corpus: Path) -> None:
    """A new file may be read by all, and an old one keeps its rights."""
    (corpus / "sources.toml").chmod(0o640)
    add_document(corpus, new(), Entry(id="three", file="three.md"))
    assert stat.S_IMODE((corpus / "three.md").stat().st_mode) == 0o644
    assert stat.S_IMODE((corpus / "sources.toml").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("doc_id", "left", "kept"),
    [
        ("one", "two", ["# What each", "# About the second.", "# The end."]),
        ("two", "one", ["# What each", "# the first", "# About the second.", "# The end."]),
    ],
)
def test_a_document_is_removed(corpus: Path, doc_id: str, left: str, kept: list[str]) -> None:
    """The file and its entry are gone; the other entry and the comments around it stay."""
    assert remove_document(corpus, doc_id) == f"{doc_id}.md"
    assert set(snapshot(corpus)) == {f"{left}.md", "sources.toml"}
    text = (corpus / "sources.toml").read_text()
    assert [entry["id"] for entry in tomllib.loads(text)["document"]] == [left]
    assert all(comment in text for comment in kept)


@pytest.mark.parametrize(
    "text",
    [
        CATALOGUE,
        CATALOGUE.rstrip(),
        CATALOGUE + "\n\n",
        CATALOGUE.replace("\n", "\r\n"),
        None,
        "",
        "\n",
        "# Only this.",
        "# Ä comment.\n\n",
    ],
)
@pytest.mark.parametrize("first", ["three", "four"])
def test_adding_and_removing_changes_nothing(corpus: Path, text: str | None, first: str) -> None:
    """Removing what was added, in any order, brings the folder back to the last byte."""
    (corpus / "sources.toml").unlink()
    if text is not None:
        (corpus / "sources.toml").write_bytes(text.encode())
    before = snapshot(corpus)
    for name in ("three", "four"):
        add_document(corpus, new(f"{name}.md"), Entry(id=name, file=f"{name}.md", title=name))
    remove_document(corpus, first)
    remove_document(corpus, "four" if first == "three" else "three")
    assert snapshot(corpus) == before


@pytest.mark.parametrize("name", ["one.md", "other.md"])
def test_a_document_is_replaced(corpus: Path, name: str) -> None:
    """A new file stands in the place of the old one, under its id and among its comments."""
    entry = Entry(id="one", file=name, title="New", published=PartialDate("2022-07-01"))
    file = new(name, b"# One\n\nNew.")
    would_be = Corpus.of(corpus).with_replaced("one", file, entry.model_copy(update={"id": "x"}))
    apply(would_be)
    assert Corpus.of(corpus).digest == would_be.digest
    assert set(snapshot(corpus)) == {name, "two.md", "sources.toml"}
    assert (corpus / name).read_bytes() == file.content
    assert read_catalogue(corpus)[name] == entry
    text = (corpus / "sources.toml").read_text()
    assert text.startswith('# What each document is.\n\n[[document]]\nid = "one"   # the first\n')
    assert text.endswith(CATALOGUE[CATALOGUE.index("\n# About the second.") :])


def test_the_only_document_is_replaced(corpus: Path) -> None:
    """What has no entry, and is alone, can be replaced too."""
    remove_document(corpus, "two")
    (corpus / "sources.toml").unlink()
    entry = Entry(id="one", file="other.md", title="New")
    apply(Corpus.of(corpus).with_replaced("one", new("other.md"), entry))
    assert set(snapshot(corpus)) == {"other.md", "sources.toml"}
    assert read_catalogue(corpus) == {"other.md": entry}


def test_a_name_that_another_document_has(corpus: Path) -> None:
    """A document is not replaced by a file that would overwrite another."""
    with pytest.raises(BadCorpus, match=r"two\.md is already there"):
        Corpus.of(corpus).with_replaced("one", new("two.md"), Entry(id="one", file="two.md"))


@pytest.mark.parametrize("name", ["one.md", "other.md"])
def test_a_replacement_that_fails(corpus: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the catalogue or the old file cannot be changed, the folder is as it was."""
    entry = Entry(id="one", file=name, title="New")
    would_be = Corpus.of(corpus).with_replaced("one", new(name), entry)
    before, write = snapshot(corpus), edit.write_atomically

    def fail(path: Path, content: bytes) -> None:
        if path.name == "sources.toml" and content != before["sources.toml"]:
            raise CannotWrite("full")
        write(path, content)

    def keep(path: Path) -> None:
        raise CannotWrite("kept")

    with monkeypatch.context() as patched:
        patched.setattr(edit, "write_atomically", fail)
        with pytest.raises(CannotWrite, match="full"):
            apply(would_be)
    assert snapshot(corpus) == before
    if name == "other.md":
        monkeypatch.setattr(edit, "_unlink", keep)
        with pytest.raises(CannotWrite, match="kept"):
            apply(would_be)
        assert snapshot(corpus) == before


def test_both_documents_removed(corpus: Path) -> None:
    """A catalogue whose last entry went is still one."""
    remove_document(corpus, "one")
    remove_document(corpus, "two")
    assert read_catalogue(corpus) == {}


def test_entries_in_one_line(corpus: Path) -> None:
    """Entries that are written as one list are taken out too."""
    (corpus / "sources.toml").write_text(
        'document = [{id = "one", file = "one.md"}, {id = "two", file = "two.md"}]'
    )
    remove_document(corpus, "one")
    assert list(read_catalogue(corpus)) == ["two.md"]


def test_a_document_without_entry_is_removed(corpus: Path) -> None:
    """A file that was only put into the folder goes by the id that its name makes."""
    (corpus / "My page.txt").write_text("Text.")
    assert remove_document(corpus, "my-page") == "My page.txt"
    assert sorted(snapshot(corpus)) == ["one.md", "sources.toml", "two.md"]


def test_a_file_that_cannot_be_removed(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the file itself cannot go, its entry comes back to the last byte."""
    before = snapshot(corpus)

    def fail(_: Path) -> None:
        raise OSError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", fail)
        with pytest.raises(CannotWrite, match=r"one\.md cannot be removed \(Permission denied\)"):
            remove_document(corpus, "one")
    assert snapshot(corpus) == before


def test_a_snapshot_is_applied(corpus: Path) -> None:
    """The folder becomes what it would be, and comments stay; applying twice does no harm."""
    entry = Entry(id="three", file="three.md", describes="2016")
    would_be = Corpus.of(corpus).without("two").with_added(new(), entry)
    apply(would_be)
    assert Corpus.of(corpus).digest == would_be.digest
    assert set(snapshot(corpus)) == {"one.md", "sources.toml", "three.md"}
    assert "# The end." in (corpus / "sources.toml").read_text()
    before = snapshot(corpus)
    apply(would_be)
    apply(Corpus.of(corpus))
    assert snapshot(corpus) == before


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda folder: (folder / "one.md").write_text("# One\n\nOther text."),
        lambda folder: (folder / "three.md").write_text("# Three"),
        lambda folder: (folder / "two.md").rename(folder / "2.txt"),
        lambda folder: (folder / "sources.toml").write_text(CATALOGUE.replace('"Two"', '"2"')),
        lambda folder: (folder / "abbreviations.toml").write_text('LN = "Long Name"'),
    ],
)
def test_a_snapshot_of_what_is_no_more(corpus: Path, meanwhile: Callable[[Path], object]) -> None:
    """A folder whose documents changed meanwhile in any way stays as it is."""
    entry = Entry(id="three", file="three.md")
    would_be = Corpus.of(corpus).with_added(new(), entry)
    (corpus / "sources.toml").write_text(CATALOGUE + "# A comment changes nothing.\n")
    meanwhile(corpus)
    before = snapshot(corpus)
    with pytest.raises((NotStaged, BadCorpus)):
        apply(would_be)
    assert snapshot(corpus) == before


@pytest.mark.parametrize("doc_id", ["three", "", "..", "sources", "license", "../corpus/one"])
def test_an_id_that_is_none(corpus: Path, doc_id: str) -> None:
    """An id that no document has is named, and nothing changes."""
    (corpus / "LICENSE").write_text("Text.")
    before = snapshot(corpus)
    with pytest.raises(BadCorpus, match=r"No document in .* has the id .*footprints documents"):
        remove_document(corpus, doc_id)
    assert snapshot(corpus) == before


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"published": "March", "retrieved": "soon"},
            "^published: ‘March’ is not a date such as 2 August 2016, August 2016 or 2016; "
            "correct it. retrieved: ‘soon’ is not a date .*; correct it.$",
        ),
        ({"published": "May 2099"}, "^published: ‘May 2099’ is in the future; correct it.$"),
        ({"describes": "quick"}, "^describes: A period has a year, such as 2016/17; correct it.$"),
        (
            {"describes": "2023 to 2022"},
            "^describes: The period ends in 2022, before it begins in 2023; correct it.$",
        ),
        (
            {"describes": "quick", "published": "March"},
            "^describes: A period has a year, .* published: ‘March’ is not a date .*; correct it.$",
        ),
        ({"id": "A b"}, "^id: .*; correct it.$"),
        ({"inferred": ["colour"]}, "^inferred: .*; correct it.$"),
    ],
)
def test_a_wrong_value(given: dict[str, object], says: str) -> None:
    """A value that an entry cannot have is named with the cure."""
    with pytest.raises(BadCorpus, match=says):
        draft(new(), given, None)


@pytest.mark.parametrize("name", [".hidden.md", "sources.toml", "a.exe", "a\nb.md"])
def test_a_name_that_would_not_be_read(tmp_path: Path, name: str) -> None:
    """A file that the corpus would pass over is not copied into it."""
    (tmp_path / name).write_text("text")
    with pytest.raises(BadCorpus, match=r"; (rename|convert) it"):
        read_outside(tmp_path / name)


def test_no_folder_to_add_to(tmp_path: Path) -> None:
    """A corpus folder that is not there is not made in passing."""
    with pytest.raises(BadCorpus, match="There is no corpus folder"):
        add_document(tmp_path / "gone", new(), Entry(id="three", file="three.md"))
