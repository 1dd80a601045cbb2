"""The commands that look at files and change the corpus folder, by their public face."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from footprints.cli import main
from footprints.corpus.catalogue import read_catalogue

FILES = ROOT / "tests" / "files"
Run = Callable[..., tuple[int, str, str]]


class Terminal(io.TextIOWrapper):
    """Standard input at which a person sits."""

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty corpus, named by the settings, in an empty working folder."""
    (tmp_path / "corpus").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTPRINTS_CORPUS_DIR", str(tmp_path / "corpus"))
    return tmp_path / "corpus"


@pytest.fixture
def run(corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command; ``typed`` is what a person answers at a terminal."""

    def run(*arguments: str, typed: str | None = None) -> tuple[int, str, str]:
        kind = io.TextIOWrapper if typed is None else Terminal
        monkeypatch.setattr(sys, "argv", ["footprints", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", kind(io.BytesIO((typed or "").encode())))
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


def test_read_shows_blocks(run: Run, corpus: Path) -> None:
    """A file is shown as it would be read, with what it says of itself; nothing is kept."""
    code, out, err = run("read", str(FILES / "page.html"))
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:3] == [
        "title: Community hubs explained",
        "publisher: Severn Vale Care Partnership",
        "published: 2022-03-14",
    ]
    left_out = [line for line in lines if line.startswith("Left out: ")]
    assert "Left out: Home Care Community hubs" in left_out
    assert len(left_out) == 8
    assert ["heading", "2", "#where-they-are", "Where", "they", "are"] in map(str.split, lines)
    assert list(corpus.iterdir()) == []


def test_read_as_json(run: Run) -> None:
    """With --json the same comes as one object, tabs between cells and all."""
    code, out, _ = run("read", str(FILES / "report.pdf"), "--json")
    reading = json.loads(out)
    assert code == 0
    assert reading["file"] == "report.pdf"
    assert reading["publisher"] is None
    assert [one.partition(":")[0] for one in reading["warnings"]] == [
        "Left out as running head",
        "Left out as running foot",
    ]
    assert reading["parts"][0] == {
        "place": "page 1",
        "words": 319,
        "how": "by its layout",
        "left_out": "12 words of running heads and feet",
    }
    rows = [block for block in reading["blocks"] if block["kind"] == "table_row"]
    assert rows[0] == {
        "kind": "table_row",
        "level": 1,
        "locator": "page 1",
        "text": "District\tLead council\tPlanned\tSpent",
    }
    assert rows[-1]["locator"] == "page 2"


def test_read_warns(run: Run, tmp_path: Path) -> None:
    """What may have been misread is said."""
    (tmp_path / "a.html").write_text("<title>A</title><p>Some words.")
    out = run("read", "a.html")[1]
    assert "Warning: The page does not mark its main content" in out


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("guide.pdf", "page 3: 40 words, by its tags; left out: 7 words of running heads and feet"),
        ("wild/wards.pptx", "slide 1: 14 words, 1 paragraph, 2 list items"),
        ("wild/wards.xlsx", "Wards: 33 words, 1 paragraph, 4 table rows"),
        ("wild/wards.csv", "no heading: 19 words, 4 table rows"),
        ("guide.docx", "Who leads it: 54 words, 2 paragraphs, 7 list items"),
    ],
)
def test_read_shows_parts(run: Run, name: str, says: str) -> None:
    """Every page, slide, sheet or heading has a line that says what was read there."""
    assert says in run("read", str(FILES / name))[1].splitlines()


@pytest.mark.parametrize("command", [["read"], ["add"]])
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.docx", b"%PDF-1.7", "is a PDF by its content; rename it to end in .pdf."),
        ("a.exe", b"words", "is not one of"),
        ("gone.md", None, "There is no file"),
    ],
)
def test_a_file_that_cannot_be_read(
    run: Run, tmp_path: Path, command: list[str], name: str, content: bytes | None, says: str
) -> None:
    """A refusal is one sentence on standard error."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = run(*command, name)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_add_without_a_terminal(run: Run, corpus: Path) -> None:
    """Files are added with what is given and what they say themselves, said and not asked."""
    code, out, err = run("add", str(FILES / "page.html"), str(FILES / "report.pdf"))
    assert (code, err) == (0, "")
    assert f"Added {corpus / 'page.html'} as page; to index it, run: footprints index" in out
    assert "published, as the file says: 2022-03-14" in out
    assert "publisher, as the file says: Severn Vale Care Partnership" in out
    entries = read_catalogue(corpus)
    assert entries["page.html"].published == "2022-03-14"
    assert (entries["report.pdf"].publisher, entries["report.pdf"].published) == (None, None)


def test_add_with_everything_given(run: Run, corpus: Path) -> None:
    """Every field of an entry can be given."""
    given = "--title T --publisher P --published 2020-01 --describes 2019 --id t --inferred title"
    assert run("add", str(FILES / "guide.docx"), *given.split())[0] == 0
    entry = read_catalogue(corpus)["guide.docx"]
    assert (entry.id, entry.title, entry.publisher, entry.describes) == ("t", "T", "P", "2019")
    assert (entry.published, entry.inferred) == ("2020-01", ("title",))


def test_add_asks_on_a_terminal(run: Run, corpus: Path) -> None:
    """On a terminal the rest is asked for; Enter takes what the file says or leaves it unknown."""
    code, out, _ = run("add", str(FILES / "page.html"), "--title", "Hubs", typed="Vale\n2021\n\n")
    assert code == 0
    assert "publisher [Severn Vale Care Partnership]:" in out
    assert "title" not in out
    entry = read_catalogue(corpus)["page.html"]
    assert (entry.title, entry.publisher, entry.describes) == ("Hubs", "Vale", None)
    assert entry.published == "2021"


def test_add_says_where_it_was_taken_from(run: Run, corpus: Path) -> None:
    """The original page and the day it was taken from there are given, never asked for."""
    given = ("--url", "https://example.org/hubs", "--retrieved", "3 May 2017")
    code, out, _ = run("add", str(FILES / "page.html"), *given, typed="\n\n\n\n")
    assert code == 0
    assert "retrieved" not in out
    entry = read_catalogue(corpus)["page.html"]
    assert (entry.url, entry.retrieved) == ("https://example.org/hubs", "2017-05-03")
    run("remove", "page")
    assert (
        "retrieved: ‘soon’ is not a date"
        in run("add", str(FILES / "page.html"), "--retrieved", "soon")[2]
    )


def test_add_refuses_one_title_for_many(run: Run, corpus: Path) -> None:
    """A title or an id belongs to one file."""
    code, _, err = run("add", "a.md", "b.md", "--title", "T")
    assert code == 2
    assert "one by one" in err
    assert list(corpus.iterdir()) == []


def test_remove(run: Run, corpus: Path) -> None:
    """A document is taken out by its id, and it is said what stays."""
    run("add", str(FILES / "page.html"))
    code, out, err = run("remove", "page")
    assert (code, err) == (0, "")
    assert f"Removed {corpus / 'page.html'}" in out
    assert "stays in older builds" in out
    assert read_catalogue(corpus) == {}
    assert run("remove", "page")[0] == 2
