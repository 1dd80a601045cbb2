"""The child that reads: what it may say, when it is stopped, and what becomes of what it says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from children import SLOW, pretend

from footprints.contract import reading_of
from footprints.corpus.loaders import LOADERS, sandbox
from footprints.corpus.loaders.layout import Layout
from footprints.corpus.loaders.plain import read_plain
from footprints.corpus.read import SourceFile, first_heading, read_layout
from footprints.corpus.snapshot import Corpus
from footprints.errors import BadCorpus
from footprints.types import BlockKind

LONG = b"A paragraph of a few words.\n\n" * 2000


class Enough(Exception):
    """Whoever waits has had enough."""


def test_a_child_that_says_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a child that does not stop talking no more is taken in than any document has."""
    monkeypatch.setattr(sandbox, "_MOST_SAID", 1_000_000)
    child = pretend("while True: os.write(1, b'x' * 10_000)", tmp_path, monkeypatch)
    with pytest.raises(BadCorpus, match=r"^has more than 20,000,000 characters or .*; split it\.$"):
        sandbox.in_child(".pdf")(b"")
    assert child.is_gone()


def test_what_may_be_said_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child may say as many bytes as may be said, and not one more."""
    said = "paragraph\t0\t\twords\n"
    monkeypatch.setattr(sandbox, "_MOST_SAID", len(said))
    pretend(f"os.write(1, {said.encode()!r})", tmp_path, monkeypatch)
    assert sandbox.in_child(".pdf")(b"").text == "words"
    monkeypatch.setattr(sandbox, "_MOST_SAID", len(said) - 1)
    with pytest.raises(BadCorpus, match="split it"):
        sandbox.in_child(".pdf")(b"")


def test_a_child_that_talks_before_it_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither waits for the other: a child may say much before it takes what it is given."""
    code = """
sys.stdout.write("warning\\twords\\n" * 100_000)
sys.stderr.write("words" * 100_000)
sys.stdout.write(f"paragraph\\t0\\t\\t{len(sys.stdin.buffer.read())}\\n")
"""
    pretend(code, tmp_path, monkeypatch)
    layout = sandbox.in_child(".pdf")(bytes(5_000_000))
    assert (layout.text, len(layout.warnings)) == ("5000000", 100_000)


def test_a_child_that_does_not_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that takes nothing of a large file may still say what it wants."""
    pretend("os.close(0); print('paragraph\\t0\\t\\twords')", tmp_path, monkeypatch)
    assert sandbox.in_child(".pdf")(bytes(5_000_000)).text == "words"


def test_a_child_that_falls_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that neither speaks nor works is ended by the clock."""
    pretend(SLOW, tmp_path, monkeypatch)
    with pytest.raises(BadCorpus, match=r"^takes longer than 0\.1 seconds to read"):
        sandbox.in_child(".pdf", seconds=0.1)(b"")


def test_a_child_that_stays_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that has said all and does not end is ended."""
    monkeypatch.setattr(sandbox, "_LEAVING", 0.1)
    child = pretend(f"os.close(1); {SLOW}", tmp_path, monkeypatch)
    with pytest.raises(BadCorpus, match="takes longer"):
        sandbox.in_child(".pdf")(b"")
    assert child.is_gone()


def test_what_a_tick_raises_ends_a_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits is asked several times a second, and can end the child at once."""
    child = pretend(SLOW, tmp_path, monkeypatch)

    def tick() -> None:
        if child.has_begun():
            raise Enough

    with pytest.raises(Enough):
        read_layout(SourceFile(Path("a.pdf"), b"%PDF-1.7"), tick)
    assert child.is_gone()


def test_progress_ends_a_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress of reading many files is told while one of them is read, and can end it."""
    (tmp_path / "child").mkdir()
    child = pretend(SLOW, tmp_path / "child", monkeypatch)
    heard: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        heard.append((done, total))
        if child.has_begun():
            raise Enough

    contents = {"a.md": b"# A", "b.pdf": b"%PDF-1.7", "c.md": b"# C"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Enough):
        Corpus.of(tmp_path).read(progress=progress)
    assert len(heard) > 1
    assert set(heard) == {(1, 3)}
    assert child.is_gone()


@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_long_text_is_read_apart(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long text is read in a child, and what is short here, where that takes less time."""
    pretend("print('paragraph\\t0\\t\\tapart')", tmp_path, monkeypatch)
    assert LOADERS[suffix](LONG).text == "apart"
    assert LOADERS[suffix](b"here").text == "here"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"words",
        b"refused",
        b"paragraph\t0\twords",
        b"chapter\t0\t\twords",
        b"paragraph\t-1\t\twords",
        b"paragraph\t1001\t\twords",
        b"paragraph\tx\t\twords",
        b"paragraph\t" + b"9" * 5000 + b"\t\twords",
        b"paragraph\t0\t" + b"x" * 201 + b"\twords",
        b"paragraph\t0\t\t\xff",
        b"published\tsoon",
    ],
)
def test_what_no_reader_says(line: bytes) -> None:
    """A line that no reader would say is refused with all the others."""
    with pytest.raises(BadCorpus, match=r"^yielded nothing that can be used; save it again\.$"):
        sandbox.heard([b"paragraph\t0\t\twords\n", line + b"\n"])


def test_what_a_child_says_is_cleaned() -> None:
    """What no one sees is taken out of what a child says, wherever it says it."""
    layout = sandbox.heard(
        [
            "paragraph\t0\tpage\u202e 3\tw\u200bords\tand\r more\n".encode(),
            "warning\tw\u202eords\n".encode(),
            "title\t\u200b\n".encode(),
            b"published\t2016-08-02\n",
        ]
    )
    assert (layout.text, layout.blocks[0].locator) == ("words and more", "page 3")
    assert layout.warnings == ["words"]
    assert (layout.proposed.title, str(layout.proposed.published)) == (None, "2016-08-02")
    with pytest.raises(BadCorpus, match=r"^is bad\.$"):
        sandbox.heard(["refused\tis \u202ebad.\n".encode()])


def test_more_than_a_document_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many blocks, characters or lines are refused, whether the child or we count them."""
    layout = read_plain("one\n\ntwo\n\nthree")
    lines = [f"{line}\n".encode() for line in sandbox.told(layout)]
    for name, most in [("MAX_BLOCKS", 2), ("MAX_CHARACTERS", 14), ("_MOST_LINES", 2)]:
        with monkeypatch.context() as patch:
            patch.setattr(sandbox, name, most)
            with pytest.raises(BadCorpus, match="split it"):
                sandbox.heard(lines)
    monkeypatch.setattr(sandbox, "MAX_BLOCKS", 2)
    assert [line.split("\t")[0] for line in sandbox.told(layout)] == ["refused"]


def test_text_is_joined_once() -> None:
    """The text of a layout is joined when it has grown, not whenever it is asked for."""
    layout = read_plain("one\n\ntwo")
    text = layout.text
    assert layout.text is text
    layout.add(BlockKind.PARAGRAPH, "three")
    assert layout.text == "one\n\ntwo\n\nthree"
    assert [layout.at(block) for block in layout.blocks] == ["one", "two", "three"]


def all_the_way(paragraphs: int) -> float:
    """Return the seconds of a processor that a file takes to be read, said, heard and shown."""
    source = "A short one.\nOf two lines.\n\n" * paragraphs + "unbroken\n" * paragraphs
    began = time.process_time()
    layout = sandbox.heard(f"{line}\n".encode() for line in sandbox.told(read_plain(source)))
    layout.add(BlockKind.HEADING, "The end", 1)
    assert first_heading(layout) == "The end"
    shown = reading_of("a.txt", layout)
    assert type(shown).model_validate_json(shown.model_dump_json()) == shown
    return time.process_time() - began


def test_reading_takes_linear_time() -> None:
    """Eight times as many paragraphs take about eight times as long, and nowhere near 64 times."""
    few = min(all_the_way(2000) for _ in range(3))
    many = min(all_the_way(16_000) for _ in range(2))
    assert many < 24 * few


def test_a_layout_is_said_and_heard_as_it_is() -> None:
    """Every kind of block, its level, place and cells come through, and what a file says too."""
    layout = Layout()
    layout.add(BlockKind.HEADING, "A", 2, "#a")
    layout.add_row(["", "b", ""], True)
    layout.add_row(["c", "", ""], False, "page 3")
    layout.add(BlockKind.LIST_ITEM, "d", 3)
    layout.warnings.append("Look\nat this.")
    heard = sandbox.heard(f"{line}\n".encode() for line in sandbox.told(layout))
    assert (heard.text, heard.blocks) == (layout.text, layout.blocks)
    assert heard.warnings == ["Look at this."]
