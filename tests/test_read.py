"""A corpus folder is read into Documents, or refused with the cure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hang import HANG

from footprints.corpus.snapshot import Corpus
from footprints.errors import BadCorpus
from footprints.types import Document

CATALOGUE = """\
[[document]]
id = "south-west"
file = "a.md"
title = "South West"
publisher = "RCN"
published = 2016-08-02
describes = "2016"
inferred = ["describes"]
"""


def read(folder: Path) -> list[Document]:
    """Read a corpus as a build does."""
    return Corpus.of(folder).documents()


def digest(folder: Path) -> str:
    """Return the digest of a corpus as a build does."""
    return Corpus.of(folder).digest


def refusal(folder: Path) -> str:
    """Return the message with which a corpus is refused, a single line."""
    with pytest.raises(BadCorpus) as caught:
        read(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_document_has_what_its_entry_says(tmp_path: Path) -> None:
    """What the catalogue knows of a file is on its Document, beside its clean text."""
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf# Areas\r\n\r\nSix\xc2\xa0areas.")
    (tmp_path / "sources.toml").write_text(CATALOGUE)
    (document,) = read(tmp_path)
    assert document.doc_id == "south-west"
    assert (document.title, document.publisher) == ("South West", "RCN")
    assert (document.published, document.describes) == ("2016-08-02", "2016")
    assert (document.inferred, document.origin) == (("describes",), "a.md")
    assert document.text == "Areas\n\nSix areas."


@pytest.mark.parametrize(
    ("name", "text", "doc_id", "title"),
    [
        ("My page.md", "intro\n\n## First *heading*\n\n# Second", "my-page", "First heading"),
        ("My page.md", "no heading", "my-page", "My page"),
        ("Übersicht_2016.TXT", "text", "ubersicht-2016", "Übersicht_2016"),
        ("__a--b__.markdown", "text", "a-b", "__a--b__"),
    ],
)
def test_a_file_without_entry(
    tmp_path: Path, name: str, text: str, doc_id: str, title: str
) -> None:
    """A file without an entry is read with a warning, titled by its first heading or its name."""
    (tmp_path / name).write_text(text)
    ((source,), _) = Corpus.of(tmp_path).read()
    assert source.warnings == (
        "It has no entry in sources.toml: its publisher and date are unknown.",
    )
    document = source.document
    assert document
    assert (document.doc_id, document.title, document.origin) == (doc_id, title, name)
    assert (document.publisher, document.published, document.describes) == (None, None, None)
    assert document.inferred == ()


def test_names_without_latin_letters_get_ids_of_their_own(tmp_path: Path) -> None:
    """Files named in another script get ids that differ, stay the same and are well formed."""
    for name in ("綜合.md", "照護.md", "—.md"):
        (tmp_path / name).write_text("text")
    ids = [document.doc_id for document in read(tmp_path)]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"document-[0-9a-f]{8}", id_) for id_ in ids)
    assert ids == [document.doc_id for document in read(tmp_path)]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("zero.md", b"text\0text", "not text (a zero byte at offset 4); save it as UTF-8 text"),
        ("latin.txt", b"caf\xe9 x", "not UTF-8 (bytes e9 20 78 at offset 3); save it as UTF-8"),
        ("cut.md", b"caf\xc3", "not UTF-8 (bytes c3 at offset 3); save it as UTF-8"),
        ("utf16.md", "text".encode("utf-16-le"), "not text (a zero byte at offset 1)"),
        ("half.md", b"\xff\xfe\x00\xd8", "not UTF-16 (bytes 00 d8 at offset 2); save it as UTF-8"),
        ("empty.md", b"", "empty; give it text or remove it"),
        ("blank.txt", b" \r\n\t\n\xc2\xa0", "empty; give it text or remove it"),
        ("bom.md", b"\xef\xbb\xbf", "empty; give it text or remove it"),
        ("targets.md", b"[a]: http://b.c", "empty; give it text or remove it"),
        ("page.pages", b"PK", ".txt, .xlsx; convert it or move it elsewhere"),
        (
            "LICENSE",
            b"MIT",
            "not one of .csv, .docx, .htm, .html, .markdown, .md, .ods, .pdf, .pptx, .txt, .xlsx",
        ),
    ],
)
def test_a_file_that_cannot_be_a_document(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    """A file that cannot be read as text is named with what is wrong, where, and the cure."""
    (tmp_path / name).write_bytes(content)
    message = refusal(tmp_path)
    assert str(tmp_path / name) in message
    assert says in message


def test_a_folder_named_like_a_document(tmp_path: Path) -> None:
    """A folder whose name ends like a document's is a mistake, not passed over."""
    (tmp_path / "x.md").mkdir()
    assert refusal(tmp_path) == f"{tmp_path / 'x.md'} is a folder named like a document; rename it."


@pytest.mark.parametrize("target", ["gone.md", "x.md"], ids=["nowhere", "itself"])
def test_a_dangling_link(tmp_path: Path, target: str) -> None:
    """A link that leads nowhere is named."""
    (tmp_path / "x.md").symlink_to(tmp_path / target)
    message = refusal(tmp_path)
    assert str(tmp_path / "x.md") in message
    assert message.endswith("correct or remove the link.")


def test_a_link_within_the_folder(tmp_path: Path) -> None:
    """A link to a file in a folder of the corpus is read as that file."""
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "original").write_text("text")
    (tmp_path / "x.md").symlink_to("captures/original")
    assert [document.text for document in read(tmp_path)] == ["text"]


def test_a_link_out_of_the_folder(tmp_path: Path) -> None:
    """A link to a file elsewhere is refused: who may add a file may not publish any other."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "elsewhere").write_text("text")
    (corpus / "x.md").symlink_to("../elsewhere")
    assert refusal(corpus) == (
        f"{corpus / 'x.md'} is a link to a file elsewhere; put the file itself there."
    )


def test_each_file_by_itself(tmp_path: Path) -> None:
    """Files that cannot be read are named with their reasons, and all others are read."""
    for name, content in {
        "a.md": b"one",
        "b.md": b"\xff",
        "c.pdf": b"two",
        "d.exe": b"three",
        "e.txt": b"four",
        "A.txt": b"five",
    }.items():
        (tmp_path / name).write_bytes(content)
    documents, refused = Corpus.of(tmp_path).read()
    assert [document.origin for document in documents] == ["A.txt", "e.txt"]
    assert [*refused] == ["d.exe", "a.md", "b.md", "c.pdf"]
    assert all(str(tmp_path / name) in refused[name] for name in ("b.md", "c.pdf"))
    assert "both get the id 'a'" in refused["a.md"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A named pipe among the documents is refused by name; reading it would never end."""
    os.mkfifo(tmp_path / "x.md")
    code = (
        f"from footprints.corpus.snapshot import *; Corpus.of(Path({str(tmp_path)!r})).documents()"
    )
    command = [sys.executable, "-c", code]
    read = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)
    assert "BadCorpus" in read.stderr
    assert str(tmp_path / "x.md") in read.stderr


def test_a_file_without_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read is named with the reason."""
    (tmp_path / "x.md").write_text("text")

    def refuse(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    message = refusal(tmp_path)
    assert (
        message == f"{tmp_path / 'x.md'} cannot be read (Permission denied); check its permissions."
    )


def test_a_folder_without_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A corpus folder that may not be listed is named."""

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert str(tmp_path) in refusal(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    """A corpus folder that is not there is named, with how to name another."""
    missing = tmp_path / "corpus"
    cure = "make it or name one with --corpus."
    assert refusal(missing) == f"There is no corpus folder {missing}; {cure}"


def test_a_file_for_a_folder(tmp_path: Path) -> None:
    """A file is not taken for a corpus."""
    (tmp_path / "corpus.md").write_text("text")
    assert "There is no corpus folder" in refusal(tmp_path / "corpus.md")


def test_an_empty_folder(tmp_path: Path) -> None:
    """A corpus without documents is refused, with the formats that would do."""
    (tmp_path / "captures").mkdir()
    cure = (
        "put .csv, .docx, .htm, .html, .markdown, .md, .ods, .pdf, .pptx, .txt, .xlsx files in it."
    )
    assert refusal(tmp_path) == f"{tmp_path} has no documents; {cure}"


@pytest.mark.parametrize("names", [("a b.md", "a-b.md"), ("a.md", "a.txt"), ("é.md", "e.md")])
def test_two_names_that_make_one_id(tmp_path: Path, names: tuple[str, str]) -> None:
    """Two files whose names make the same id are both named, with the cure."""
    for name in names:
        (tmp_path / name).write_text("text")
    message = refusal(tmp_path)
    assert all(name in message for name in names)
    assert f"give one an entry in {tmp_path / 'sources.toml'}" in message


def test_a_name_that_makes_the_id_of_an_entry(tmp_path: Path) -> None:
    """A file without an entry may not take the id that another has by its entry."""
    (tmp_path / "a.md").write_text("text")
    (tmp_path / "South West.md").write_text("text")
    (tmp_path / "sources.toml").write_text(CATALOGUE)
    message = refusal(tmp_path)
    assert "a.md" in message
    assert "South West.md" in message
    assert "'south-west'" in message


@pytest.mark.parametrize("name", ["captures", ".hidden.md", "omitted.toml"])
def test_an_entry_for_what_is_no_document(tmp_path: Path, name: str) -> None:
    """An entry for a folder, a hidden file or a TOML file, which are not read, is refused."""
    (tmp_path / "captures").mkdir()
    for file in ("a.md", ".hidden.md", "omitted.toml"):
        (tmp_path / file).write_text("# text")
    entry = f'[[document]]\nid = "other"\nfile = "{name}"\n'
    (tmp_path / "sources.toml").write_text(CATALOGUE + entry)
    assert f"'{name}'" in refusal(tmp_path)


def test_the_digest_is_of_names_bytes_and_catalogue(tmp_path: Path) -> None:
    """The digest changes with any byte, name, file, entry or abbreviation, and nothing else."""
    (tmp_path / "a.md").write_text("one")
    (tmp_path / "b.md").write_text("two")
    digests = [digest(tmp_path)]
    (tmp_path / "a.md").touch()
    (tmp_path / "captures").mkdir()
    assert digest(tmp_path) == digests[0]
    (tmp_path / "a.md").write_text("onE")
    digests.append(digest(tmp_path))
    (tmp_path / "a.md").rename(tmp_path / "c.md")
    digests.append(digest(tmp_path))
    (tmp_path / "d.md").write_text("three")
    digests.append(digest(tmp_path))
    (tmp_path / "b.md").unlink()
    digests.append(digest(tmp_path))
    (tmp_path / "sources.toml").write_text("# Nothing is known yet.\ndocument = []")
    assert digest(tmp_path) == digests[-1]
    entry = '[[document]]\nid = "d"\nfile = "d.md"\n'
    (tmp_path / "sources.toml").write_text(entry)
    digests.append(digest(tmp_path))
    (tmp_path / "sources.toml").write_text(entry + 'title = "D"')
    digests.append(digest(tmp_path))
    (tmp_path / "abbreviations.toml").write_text('LN = "Long Name"')
    digests.append(digest(tmp_path))
    assert len(set(digests)) == len(digests)


def test_the_digest_tells_names_from_bytes(tmp_path: Path) -> None:
    """Moving words between two files, or from a name into a file, changes the digest."""
    digests = set()
    for number, (first, second) in enumerate([("ab", "c"), ("a", "bc"), ("abc", "")]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "a.md").write_text(first)
        (folder / "b.md").write_text(second)
        digests.add(digest(folder))
    assert len(digests) == 3


def test_the_corpus_of_this_repository(corpus_dir: Path) -> None:
    """The five pages have entries, dates only where they give one, and say what is inferred."""
    documents = {document.doc_id: document for document in read(corpus_dir)}
    assert sorted(documents) == [
        "hee-east-of-england",
        "lga-stp-review",
        "nhs-england-stp-faq",
        "rcn-south-east",
        "rcn-south-west",
    ]
    dated = {id_: page.published for id_, page in documents.items() if page.published}
    assert dated == {"hee-east-of-england": "2016-08-02"}
    assert all("describes" in document.inferred for document in documents.values())
