"""The pages of a PDF: each in its own time, each with what was read of it and how."""

from __future__ import annotations

import ctypes
from itertools import count
from pathlib import Path

import pytest
from conftest import ROOT
from test_hostile import PAGE, pdf, simple_pdf, stream

from footprints.corpus.loaders import pdf_pages
from footprints.corpus.loaders.layout import Part
from footprints.corpus.loaders.pdf import read_pdf
from footprints.corpus.loaders.pdf_page import Page
from footprints.corpus.loaders.pdf_pages import Pages, in_time
from footprints.corpus.loaders.pdf_pieces import Piece
from footprints.corpus.loaders.within import TookTooLong, Within
from footprints.corpus.read import SourceFile, read_layout
from footprints.errors import BadCorpus
from footprints.types import BlockKind

FILES = ROOT / "tests" / "files"
SHORT = 0.5

# What is raised while Python tidies an object away is dropped, told of, and raised again.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def crowded(words: int) -> bytes:
    """Write a page of very many little words, each at its own place."""
    places = ((12 * (at % 300), 8 * (at // 300)) for at in range(words))
    return stream(b"BT /F 4 Tf " + b" ".join(b"1 0 0 1 %d %d Tm (ab)Tj" % at for at in places))


def two_pages(second: bytes, kids: bytes = b"3 0 R 6 0 R") -> bytes:
    """Write a page with two words and a large page."""
    large = PAGE.replace(b"300 300", b"9000 9000").replace(b"/Contents 4", b"/Contents 7")
    objects = simple_pdf(pages=b"/Kids[" + kids + b"]/Count 2")
    return pdf([*objects, large, second])


def endless() -> None:
    """Compute until somebody ends it."""
    for _ in count():
        pass


def test_a_page_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that takes too long is given up and named; the others are read."""
    monkeypatch.setattr(pdf_pages, "SECONDS", SHORT)
    layout = read_pdf(two_pages(crowded(50_000)))
    assert layout.text == "Harmless words."
    assert layout.warnings == [
        "Page 2 was given up after 0.5 seconds: nothing that stands there was read."
    ]
    assert layout.parts == [
        Part("page 1", 2, "by its layout"),
        Part("page 2", 0, "not read", "all of it: it took too long"),
    ]


def test_a_pdf_of_pages_that_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF is refused with the reason if nothing is left of it."""
    monkeypatch.setattr(pdf_pages, "SECONDS", SHORT)
    with pytest.raises(BadCorpus, match=r"^takes longer than 0\.5 seconds a page to read"):
        read_pdf(two_pages(crowded(50_000), kids=b"6 0 R 6 0 R"))


def test_words_that_take_too_long_to_arrange(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose words take too long to put in order is given up too."""
    monkeypatch.setattr(pdf_pages, "SECONDS", 0.05)
    pages = Pages([Page(number, (), (), (), False) for number in (1, 2)])

    piece = Piece(BlockKind.PARAGRAPH, "Words.", page=1)

    def arrange(page: Page) -> list[Piece]:
        if page.number == 2:
            endless()
        return [piece]

    assert in_time(pages, arrange) == [piece]
    assert pages.given_up == [2]


def test_a_damaged_page() -> None:
    """A page that is not there is named; a PDF of nothing else is refused."""
    layout = read_pdf(two_pages(stream(b""), kids=b"3 0 R 99 0 R"))
    assert layout.text == "Harmless words."
    assert layout.warnings == ["Page 2 was damaged: nothing that stands there was read."]
    assert layout.parts[1] == Part("page 2", 0, "not read", "all of it: it is damaged")
    with pytest.raises(BadCorpus, match="is damaged; save it again"):
        read_pdf(two_pages(stream(b""), kids=b"98 0 R 99 0 R"))


class Argument:
    """What ctypes takes endlessly long to take."""

    @property
    def _as_parameter_(self) -> int:
        endless()
        return 1


def test_the_limit_inside_a_call() -> None:
    """The limit is told from any other error, also where a library makes one of it."""
    with pytest.raises(TookTooLong), Within(0.05):
        endless()
    with pytest.raises(TookTooLong), Within(0.05):
        ctypes.CDLL(None).abs(Argument())
    with pytest.raises(ZeroDivisionError), Within(SHORT):
        print(1 / 0)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("guide.pdf", Part("page 1", 174, "by its tags", "7 words of running heads and feet")),
        ("untagged.pdf", Part("page 1", 179, "by its layout", "7 words of running heads and feet")),
        (
            "wild/form.pdf",
            Part("page 1", 8, "by its layout, with what is filled into its form"),
        ),
    ],
)
def test_how_a_page_was_read(name: str, part: Part) -> None:
    """Of each page it is said how many words were read, how, and what was left out."""
    path = Path(FILES, name)
    layout = read_layout(SourceFile(path, path.read_bytes()))
    assert layout.parts[0] == part
