"""What a page of a PDF says is read, or said to be left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from conftest import ROOT

from footprints.corpus.loaders.layout import Layout
from footprints.corpus.loaders.pdf import read_pdf
from footprints.types import BlockKind

MADE = ROOT / "tests" / "files"
FILES = sorted([*MADE.glob("*.pdf"), *MADE.glob("wild/*.pdf")])
HYPHEN = re.compile("[-\u2010\u00ad\x02\ufffe]\\s*")


def words_of(text: str) -> Counter[str]:
    """Count the words of a text, those broken at the ends of lines made whole."""
    plain = re.sub(r"\[(\d+)\]", r"\1", unicodedata.normalize("NFKC", text).casefold())
    return Counter(re.findall(r"[^\W_]+", HYPHEN.sub("", plain)))


def read_on(layout: Layout, page: int) -> Counter[str]:
    """Count the words of the blocks that stand on a page."""
    words = Counter[str]()
    for block in layout.blocks:
        first, *last = map(int, re.findall(r"\d+", block.locator or ""))
        if first <= page <= max([first, *last]):
            words += words_of(layout.at(block))
    return words


def said(layout: Layout, page: int) -> set[str]:
    """Return what may be missing: what was named, page numbers, the heads of a table gone on."""
    heads = [b for b in layout.blocks if b.kind is BlockKind.TABLE_ROW and b.level]
    named = [*layout.warnings, *(layout.at(block) for block in heads), str(page)]
    lines = re.findall(r"numbers of lines: (\d+) to (\d+)", " ".join(layout.warnings))
    counted = {str(line) for first, last in lines for line in range(int(first), int(last) + 1)}
    return set(words_of(" ".join(named))) | counted


def is_half(word: str, read: Counter[str]) -> bool:
    """Tell half of a word that the end of a column broke."""
    return any(one != word and (one.startswith(word) or one.endswith(word)) for one in read)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_lost_unsaid(path: Path) -> None:
    """Every word that PDFium finds on a page is read there, or the reading names it."""
    layout = read_pdf(path.read_bytes())
    with pdfium.PdfDocument(path) as document:
        for number, page in enumerate(document, 1):
            there = words_of(page.get_textpage().get_text_range())
            read = read_on(layout, number)
            missing = set(there - read) - said(layout, number)
            assert not {word for word in missing if not is_half(word, read)}, f"page {number}"
