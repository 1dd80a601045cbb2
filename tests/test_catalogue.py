"""The catalogue says what each file is, or is refused with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder

from footprints.corpus.catalogue import Entry, read_abbreviations, read_catalogue, read_scope
from footprints.corpus.snapshot import Corpus
from footprints.errors import BadCorpus
from footprints.index.build import build_index
from footprints.index.lexicon import abbreviations
from footprints.index.opening import open_index
from footprints.settings import Settings
from footprints.types import ANY_CORPUS, Encoder, PartialDate, Scope


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a corpus folder with two files."""
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("text")
    return tmp_path


def entry(id_: str = "a", file: str = "a.md", more: str = "") -> str:
    """Write an entry."""
    return f'[[document]]\nid = "{id_}"\nfile = "{file}"\n{more}\n'


def refusal(folder: Path, content: str | bytes) -> str:
    """Return the message, a single line, with which a catalogue is refused."""
    path = folder / "sources.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadCorpus) as caught:
        read_catalogue(folder)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_entries_by_file(folder: Path) -> None:
    """Entries are found by file name, and what they do not say is unknown."""
    (folder / "sources.toml").write_text(
        entry("x", "a.md", 'title = "T"\npublished = 2016-08-02\ninferred = ["title"]')
        + entry("y", "b.md")
    )
    assert read_catalogue(folder) == {
        "a.md": Entry(
            id="x", file="a.md", title="T", published=PartialDate("2016-08-02"), inferred=("title",)
        ),
        "b.md": Entry(id="y", file="b.md"),
    }
    assert read_catalogue(folder)["b.md"].publisher is None


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("2016-08-02", "2016-08-02"),
        ('"2 August 2016"', "2016-08-02"),
        ('"August 2016"', "2016-08"),
        ('"2016-08"', "2016-08"),
        ("2016", "2016"),
        ('"2016"', "2016"),
    ],
)
def test_a_date_as_far_as_it_is_known(folder: Path, written: str, known: str) -> None:
    """A day, a month or a year is taken as what it is, with quotation marks or without."""
    dates = f"published = {written}\nretrieved = {written}"
    (folder / "sources.toml").write_text(entry("x", "a.md", dates))
    found = read_catalogue(folder)["a.md"]
    assert (found.published, found.retrieved) == (known, known)


@pytest.mark.parametrize("content", [None, "", "# only a comment", "document = []"])
def test_no_entries(folder: Path, content: str | None) -> None:
    """Without a catalogue, or with an empty one, there are no entries."""
    if content is not None:
        (folder / "sources.toml").write_text(content)
    assert read_catalogue(folder) == {}


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('colour = "red"', "colour"),
        ('Title = "T"', "Title"),
        ('title = ""', "title"),
        ("describes = 2016", "describes"),
        ('published = "soon"', "published"),
        ('published = "2016-02-30"', "published"),
        ('published = "2099"', "published"),
        ("published = 2099-01-01", "published"),
        ("published = 0", "published"),
        ("published = true", "published"),
        ('url = "javascript:alert(1)"', "url"),
        ('url = "www.example.org"', "url"),
        ('url = "https://example.org/a page"', "url"),
        ('retrieved = "2020-02-30"', "retrieved"),
        ('inferred = ["colour"]', "inferred"),
        ('inferred = ["id"]', "inferred"),
        ('inferred = "describes"', "inferred"),
    ],
)
def test_a_wrong_key_or_value(folder: Path, line: str, key: str) -> None:
    """An unknown key, a date that isn't one or a value of the wrong kind is named with its file."""
    message = refusal(folder, entry("x", "b.md") + entry(more=line))
    assert "a.md" in message
    assert f"'{key}" in message


@pytest.mark.parametrize("id_", ["", "A", "a b", "-a", "a/b", "a_b", "é", "a:1-2"])
def test_a_wrong_id(folder: Path, id_: str) -> None:
    """An id is lower-case letters, digits and hyphens, as it stands in addresses."""
    message = refusal(folder, entry(id_))
    assert "a.md" in message
    assert "'id'" in message


@pytest.mark.parametrize(("line", "key"), [('id = "a"', "file"), ('file = "a.md"', "id")])
def test_a_missing_key(folder: Path, line: str, key: str) -> None:
    """An entry needs an id and a file."""
    assert f"'{key}'" in refusal(folder, f"[[document]]\n{line}\n")


@pytest.mark.parametrize("date_", ["2016-13-01", "2016-02-30", "2016-8-2", "August"])
def test_a_bare_date_that_is_none(folder: Path, date_: str) -> None:
    """A date that TOML itself cannot read is named by its line."""
    assert "line 4" in refusal(folder, entry(more=f"published = {date_}"))


def test_an_entry_without_its_file(folder: Path) -> None:
    """An entry whose file is not there is named with the cure."""
    message = refusal(folder, entry(file="gone.md"))
    assert "file 'gone.md' is not in" in message
    assert message.endswith("add it or remove its entry.")


@pytest.mark.parametrize("path", ["captures/a.txt", "../a.md", "/etc/passwd", "./a.md", ".."])
def test_a_path_for_a_file(folder: Path, path: str) -> None:
    """A file is named within its folder, never by a path that could lead out of it."""
    message = refusal(folder, entry(file=path))
    assert f"file '{path}' must be a name in {folder}, not a path." in message


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (entry("a", "b.md"), "two entries have the id 'a'"),
        (entry("b", "a.md"), "two entries have the file 'a.md'"),
    ],
)
def test_two_equal_entries(folder: Path, second: str, says: str) -> None:
    """Two entries may have neither the same id nor the same file."""
    message = refusal(folder, entry() + second)
    assert f"{says}; make them different." in message


@pytest.mark.parametrize("content", ["[[document]\n", "id = ", b"title = 'caf\xe9'", b"a = '\0'"])
def test_bad_toml(folder: Path, content: str | bytes) -> None:
    """A catalogue that is not TOML is named."""
    assert "is not valid TOML" in refusal(folder, content)


def test_an_unknown_top_key(folder: Path) -> None:
    """A misspelt table is not passed over in silence."""
    message = refusal(folder, entry().replace("document", "documents"))
    assert "unknown key 'documents'; entries go under [[document]]," in message


@pytest.mark.parametrize("content", ["document = 3", '[document]\nid = "a"\nfile = "a.md"'])
def test_one_bracket_too_few(folder: Path, content: str) -> None:
    """Entries that are not a list of tables are refused with how to write them."""
    assert "write [[document]] with two brackets" in refusal(folder, content)


def test_an_entry_that_is_no_table(folder: Path) -> None:
    """An entry that is no table is named by its number."""
    assert "entry 1" in refusal(folder, 'document = ["a.md"]')


def test_a_catalogue_that_is_a_folder(folder: Path) -> None:
    """A folder named sources.toml is refused, not crashed on."""
    (folder / "sources.toml").mkdir()
    with pytest.raises(BadCorpus, match=r"sources\.toml"):
        read_catalogue(folder)


def test_a_catalogue_that_is_a_dangling_link(folder: Path) -> None:
    """A link to a catalogue that is gone is not the same as having none."""
    (folder / "sources.toml").symlink_to(folder / "gone.toml")
    with pytest.raises(BadCorpus, match=r"sources\.toml"):
        read_catalogue(folder)


ABBREVIATIONS = "abbreviations.toml"


def write_abbreviations(folder: Path, content: str | bytes) -> Path:
    """Write what abbreviations stand for, and return the file."""
    path = folder / ABBREVIATIONS
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_abbreviations(folder: Path) -> None:
    """A line says what an abbreviation stands for, as it is written."""
    write_abbreviations(folder, '# ours\nLN = "Long Name"\n"A&E" = "accident and emergency"\n')
    assert read_abbreviations(folder) == {"LN": "Long Name", "A&E": "accident and emergency"}


@pytest.mark.parametrize("content", [None, "", "# only a comment"])
def test_no_abbreviations(folder: Path, content: str | None) -> None:
    """Without such a file, or with an empty one, no abbreviation is known beforehand."""
    if content is not None:
        write_abbreviations(folder, content)
    assert read_abbreviations(folder) == {}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("LN = 1", "LN"),
        ('LN = ""', "LN"),
        ('LN = "…"', "LN"),
        ('LN = ["Long Name"]', "LN"),
        ("[LN]\nlong = 'Long Name'", "LN"),
        ('OK = "fine"\nLN = true', "LN"),
    ],
)
def test_a_wrong_abbreviation(folder: Path, content: str, key: str) -> None:
    """A line that does not say what an abbreviation stands for is named, with how to write it."""
    path = write_abbreviations(folder, content)
    with pytest.raises(BadCorpus) as caught:
        read_abbreviations(folder)
    assert str(caught.value) == f'{path}: write {key} as a line {key} = "what it stands for".'


@pytest.mark.parametrize("content", ["LN = ", "LN", b"LN = 'caf\xe9'"])
def test_abbreviations_that_are_not_toml(folder: Path, content: str | bytes) -> None:
    """A file of abbreviations that is not TOML is named."""
    path = write_abbreviations(folder, content)
    with pytest.raises(BadCorpus, match="is not valid TOML") as caught:
        read_abbreviations(folder)
    assert str(caught.value).startswith(str(path))


def test_a_file_of_abbreviations_is_no_document(folder: Path) -> None:
    """The catalogue refuses an entry for it, as it is no page that anyone could quote."""
    write_abbreviations(folder, 'LN = "Long Name"')
    assert "is not a document" in refusal(folder, entry(file=ABBREVIATIONS))


def test_changed_abbreviations_make_the_index_stale(tiny: Settings) -> None:
    """After any change to the abbreviations, also their first line, the index is built anew."""
    encoder = FakeEncoder()
    build_index(tiny, lambda: encoder)
    for content in ('LN = "Long Name"', 'LN = "Local Network"'):
        write_abbreviations(tiny.corpus_dir, content)
        assert build_index(tiny, lambda: encoder).built
        assert not build_index(tiny, lambda: encoder).built
        long_forms = open_index(tiny, encoder)[0].facts.lexicon.long_forms
        assert long_forms == {"LN": content.partition('"')[2].strip('"')}
    (tiny.corpus_dir / ABBREVIATIONS).unlink()
    assert build_index(tiny, lambda: encoder).built
    assert open_index(tiny, encoder)[0].facts.lexicon.long_forms == {}


def test_wrong_abbreviations_leave_the_index_alone(tiny: Settings) -> None:
    """Wrong abbreviations stop the build before the encoder is loaded; the old index serves."""
    encoder = FakeEncoder()
    old = build_index(tiny, lambda: encoder).manifest
    write_abbreviations(tiny.corpus_dir, "LN = 1")

    def never() -> Encoder:
        raise AssertionError("the encoder was loaded")

    with pytest.raises(BadCorpus, match="write LN as a line"):
        build_index(tiny, never)
    assert open_index(tiny, encoder)[1] == old


def test_the_abbreviations_of_this_corpus(corpus_dir: Path) -> None:
    """They are in capitals, and none is written down that a page spells out itself."""
    known = read_abbreviations(corpus_dir)
    pages = Corpus.of(corpus_dir).documents()
    spelled_out = {
        short
        for page in pages
        for block in page.blocks
        for short, _ in abbreviations(page.at(block))
    }
    assert all(short == short.upper() for short in known)
    assert known.keys() - spelled_out == known.keys()
    assert spelled_out


def test_a_scope(folder: Path) -> None:
    """The catalogue says how the corpus is headed and introduced, one or both."""
    assert read_scope(folder) == ANY_CORPUS
    (folder / "sources.toml").write_text('[corpus]\nheading = "Ask about tea"\n' + entry())
    assert read_scope(folder) == Scope("Ask about tea", ANY_CORPUS.introduction)
    assert list(read_catalogue(folder)) == ["a.md"]


@pytest.mark.parametrize("table", ["[corpus]\ntitle = 'A'", "[corpus]\nheading = 1", "corpus = 1"])
def test_a_wrong_scope(folder: Path, table: str) -> None:
    """Anything else about the corpus as a whole is refused with its place."""
    (folder / "sources.toml").write_text(table)
    with pytest.raises(BadCorpus, match=r"sources\.toml: \[corpus\].*heading and an introduction"):
        read_scope(folder)
