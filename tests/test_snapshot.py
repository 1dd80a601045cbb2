"""A corpus is a snapshot of its folder: what is there, without the bytes of its files."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shortage import no_file_handles

from footprints.corpus import snapshot
from footprints.corpus.catalogue import Entry
from footprints.corpus.edit import add_document, remove_document
from footprints.corpus.read import SourceFile, read_bytes
from footprints.corpus.snapshot import Corpus
from footprints.errors import BadCorpus, CannotRead
from footprints.types import Facts, PartialDate

NEW = SourceFile(Path("/elsewhere/new.md"), b"# New\n\nText.")
ENTRY = Entry(
    id="other",
    file="new.md",
    title='"New" \\ 1\n',
    published=PartialDate("2020-01-02"),
    inferred=("title", "published"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of three documents."""
    for name in ("a.md", "b.md", "c.txt"):
        (tmp_path / name).write_text(f"Words of {name}.")
    return tmp_path


def test_one_file_is_in_memory_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes of a file are let go before those of the next are read; a snapshot has none."""
    alive: list[int] = []
    most: list[int] = []

    class Counted(bytes):
        """Bytes that are counted for as long as anything holds them."""

        def __del__(self) -> None:
            alive.remove(id(self))

    def counted(path: Path) -> bytes:
        content = Counted(read_bytes(path))
        alive.append(id(content))
        most.append(len(alive))
        return content

    monkeypatch.setattr(snapshot, "read_bytes", counted)
    corpus = Corpus.of(folder)
    assert most == []
    sources, _ = corpus.read()
    assert [source.origin for source in sources] == ["a.md", "b.md", "c.txt"]
    assert most == [1, 1, 1]
    assert alive == []


def test_what_is_known_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose digest is known takes no bytes, and is the same source without its document."""
    sources, _ = Corpus.of(folder).read()
    monkeypatch.setattr(snapshot, "read_bytes", lambda path: 1 / 0)
    again, refused = Corpus.of(folder).read({source.digest for source in sources})
    assert [one.digest for one in again] == [one.digest for one in sources]
    assert [one.document for one in again] == [None] * 3
    assert refused == {}


@pytest.mark.parametrize("change", [lambda path: path.write_text("Other words."), Path.unlink])
def test_a_file_that_changes_meanwhile(folder: Path, change: object) -> None:
    """A file that is another by the time it is read, or gone, is refused; the rest is read."""
    corpus = Corpus.of(folder)
    assert callable(change)
    change(folder / "b.md")
    sources, refused = corpus.read()
    assert [source.origin for source in sources] == ["a.md", "c.txt"]
    assert refused == {"b.md": f"{folder / 'b.md'} changed while it was read; index again."}


def test_progress_is_told_after_every_file(folder: Path) -> None:
    """A file counts when it has been dealt with, refused ones too."""
    (folder / "b.md").write_bytes(b"\xff")
    told: list[tuple[int, int]] = []
    Corpus.of(folder).read(progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_else_stands_there(folder: Path) -> None:
    """Sub-folders and what programs leave beside documents are named, hidden files are not."""
    (folder / "captures").mkdir()
    (folder / ".git").mkdir()
    left = ("~$report.docx", "a.md~", "#a.md#", "a.BAK", "a.md.orig", "a.swp", "~WRD1.tmp")
    for name in (*left, ".a.md.swp", ".#a.md", ".~lock.a.docx#", "omitted.toml", "x\ny~"):
        (folder / name).write_text("x = 1")
    corpus = Corpus.of(folder)
    assert [path.name for path in corpus.paths] == ["a.md", "b.md", "c.txt"]
    assert corpus.left_out == {
        "captures": "a folder",
        "~$report.docx": "a lock file of Word",
        "~WRD1.tmp": "a temporary file",
        **dict.fromkeys(("a.md~", "#a.md#", "a.BAK", "a.md.orig", "a.swp"), "a backup"),
        r"'x\ny~'": "a backup",
    }
    assert corpus.refused == {}


def test_what_is_left_out_is_no_document(tmp_path: Path) -> None:
    """A folder of nothing but leftovers has no documents."""
    (tmp_path / "captures").mkdir()
    (tmp_path / "~$report.docx").write_bytes(b"x")
    with pytest.raises(BadCorpus, match="has no documents"):
        Corpus.of(tmp_path).read()


def test_an_empty_folder_may_get_its_first_document(tmp_path: Path) -> None:
    """What a folder without documents would be with one can be read."""
    (source,), refused = Corpus.of(tmp_path).with_added(NEW, ENTRY).read()
    assert (source.doc_id, refused) == (ENTRY.id, {})


def test_leftovers_are_not_of_the_corpus(folder: Path) -> None:
    """A lock file that comes and goes while somebody writes does not change the corpus."""
    before = Corpus.of(folder).digest
    (folder / "~$a.docx").write_bytes(b"x")
    assert Corpus.of(folder).digest == before


def test_documents_are_all_or_none(folder: Path) -> None:
    """Who wants all documents is told of the first that cannot be read."""
    (folder / "b.md").write_bytes(b"\xff")
    with pytest.raises(BadCorpus, match=r"b\.md is not UTF-8"):
        Corpus.of(folder).documents()


# What a folder would be


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def described(folder: Path) -> Path:
    """Give one of the documents an entry, and the folder a file that cannot be read."""
    entry = '# Known.\n[[document]]\nid = "first"   # of all\nfile = "a.md"\n'
    (folder / "sources.toml").write_text(entry)
    (folder / "LICENSE").write_text("Text.")
    return folder


@pytest.mark.parametrize("entry", [ENTRY, Entry(id="new", file="new.md")])
def test_with_a_document(described: Path, entry: Entry) -> None:
    """What it would be with a document is what it is when that is added, and changes nothing."""
    before = contents(described)
    would_be = Corpus.of(described).with_added(NEW, entry)
    assert contents(described) == before
    read = would_be.read()
    add_document(described, NEW, entry)
    corpus = Corpus.of(described)
    assert (would_be.digest, read) == (corpus.digest, corpus.read())
    assert (would_be.paths, would_be.files) == (corpus.paths, corpus.files)


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


dates = st.builds(
    lambda day, known: PartialDate(day.isoformat()[:known]),
    st.dates(max_value=date(2022, 1, 1)),
    st.sampled_from([4, 7, 10]),
)


@given(title=words, publisher=words, describes=words, published=dates)
def test_whatever_is_known_of_it(
    title: str, publisher: str, describes: str, published: PartialDate
) -> None:
    """An entry is written so that it is read as what it is, whatever its words."""
    known = Facts(title, publisher, published, describes)
    entry = Entry(id="other", file="new.md", **asdict(known))
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.md").write_text("Words.")
        would_be = Corpus.of(folder).with_added(NEW, entry)
        add_document(folder, NEW, entry)
        assert Corpus.of(folder).entries == would_be.entries
        assert Corpus.of(folder).digest == would_be.digest


@pytest.mark.parametrize("doc_id", ["first", "b", "c"])
def test_without_a_document(described: Path, doc_id: str) -> None:
    """What it would be without a document is what it is when that is removed; nothing changes."""
    before = contents(described)
    would_be = Corpus.of(described).without(doc_id)
    assert contents(described) == before
    read = would_be.read()
    remove_document(described, doc_id)
    corpus = Corpus.of(described)
    assert (would_be.digest, read) == (corpus.digest, corpus.read())
    assert (would_be.paths, would_be.files) == (corpus.paths, corpus.files)


def test_a_document_in_place_of_another(described: Path) -> None:
    """A name that would be free can be given again, and a document that would be there is lost."""
    corpus = Corpus.of(described)
    again = SourceFile(Path("/elsewhere/a.md"), b"Other words.")
    replaced = corpus.without("first").with_added(again, Entry(id="first", file="a.md"))
    documents = [source.document for source in replaced.read()[0]]
    assert [one and one.text for one in documents] == [
        "Other words.",
        "Words of b.md.",
        "Words of c.txt.",
    ]
    assert corpus.with_added(NEW, ENTRY).without("other").digest == corpus.digest


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (Entry(id="x", file="b.md"), r"b\.md is already there; remove it first"),
        (Entry(id="first", file="new.md"), r"a\.md has the id 'first'; give another"),
        (Entry(id="b", file="new.md"), r"b\.md has the id 'b'; give another"),
    ],
)
def test_what_would_not_be_new(described: Path, entry: Entry, says: str) -> None:
    """A name or an id that is taken is refused as when the document were added."""
    with pytest.raises(BadCorpus, match=says):
        Corpus.of(described).with_added(NEW, entry)


def test_what_cannot_go(tmp_path: Path) -> None:
    """A document that is not there, or the only one, cannot be done without."""
    (tmp_path / "a.md").write_text("Text.")
    with pytest.raises(BadCorpus, match=r"No document in .* has the id 'b'"):
        Corpus.of(tmp_path).without("b")
    with pytest.raises(BadCorpus, match=r"a\.md is the only document; add another before"):
        Corpus.of(tmp_path).without("a")


def test_a_shortage_of_handles_refuses_no_file(folder: Path) -> None:
    """Where no file can be opened the snapshot fails as a whole, and says nothing of a file."""
    with no_file_handles(), pytest.raises(CannotRead, match="Too many open files"):
        Corpus.of(folder)
