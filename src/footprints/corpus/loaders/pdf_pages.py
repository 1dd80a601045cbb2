"""The pages of a PDF one by one, each in its own time, and what to say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import pypdfium2 as pdfium

from footprints.corpus.loaders.layout import Part
from footprints.corpus.loaders.pdf_forms import fields_of
from footprints.corpus.loaders.pdf_glyph import Glyph
from footprints.corpus.loaders.pdf_heads import SCANNED
from footprints.corpus.loaders.pdf_lines import lines_of
from footprints.corpus.loaders.pdf_numbers import without_line_numbers
from footprints.corpus.loaders.pdf_page import Page, read_page
from footprints.corpus.loaders.pdf_pieces import Piece
from footprints.corpus.loaders.pdf_tags import says_what_is_what
from footprints.corpus.loaders.within import TookTooLong, Within
from footprints.errors import BadCorpus

SECONDS = 5.0
"""Processor seconds that reading a page may take, and as many that arranging its words may."""

_STAMP = 8
"""No more words beside a picture of a page are a stamp on it."""


@dataclass(slots=True)
class Pages:
    """The pages of a PDF in order, those that are damaged empty.

    By the number of a page: its fields that are filled in, the numbers of its lines, and its words
    without and with those and what repeats at its ends.
    """

    read: list[Page] = field(default_factory=list)
    values: dict[int, int] = field(default_factory=dict)
    lines: dict[int, range] = field(default_factory=dict)
    words: dict[int, int] = field(default_factory=dict)
    all_words: dict[int, int] = field(default_factory=dict)
    damaged: list[int] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)

    def without_line_numbers(self, body: Mapping[int, list[Glyph]]) -> dict[int, list[Glyph]]:
        """Return what stands on each page without the numbers of its lines."""
        left = {}
        for page in self.read:
            left[page.number], self.lines[page.number] = without_line_numbers(
                body[page.number], page.rulings
            )
        return left

    def count_words(self, body: Mapping[int, list[Glyph]]) -> None:
        """Count the words of each page, with those of ``body`` alone."""
        for page in self.read:
            beside = sum(map(_words, page.sideways))
            self.words[page.number] = _words(body[page.number]) + beside
            self.all_words[page.number] = _words(page.glyphs) + beside


def read_pages(document: pdfium.PdfDocument) -> Pages:
    """Read every page; one that is damaged or takes too long is lost, not the file."""
    pages = Pages()
    for number in range(1, len(document) + 1):
        page = Page(number, (), (), (), False)
        try:
            with Within(SECONDS), closing(document[number - 1]) as opened:
                pages.values[number] = sum(1 for _ in fields_of(opened))
                page = read_page(opened, number)
                # All that follows goes over its lines again: they are part of what it costs.
                lines_of(page.glyphs, number)
        except TookTooLong:
            pages.given_up.append(number)
        except pdfium.PdfiumError:
            pages.damaged.append(number)
        pages.read.append(page)
    return pages


def refusal_of(pages: Pages) -> BadCorpus:
    """Say why a PDF without words cannot be read."""
    if pages.given_up:
        return BadCorpus(f"takes longer than {SECONDS:g} seconds a page to read; make it simpler.")
    if any(page.has_pictures for page in pages.read):
        return BadCorpus(
            "holds pictures of pages without text, as from a scanner; "
            "run it through text recognition (OCR) first."
        )
    if pages.damaged:
        return BadCorpus("is damaged; save it again.")
    return BadCorpus("has no text; give it text or remove it.")


def in_time(pages: Pages, arrange: Callable[[Page], list[Piece]]) -> list[Piece]:
    """Return the pieces of all pages; one that takes too long is given up.

    Raises:
        BadCorpus: so is all that has words.
    """
    pieces: list[Piece] = []
    for page in pages.read:
        try:
            with Within(SECONDS):
                pieces += arrange(page)
        except TookTooLong:
            pages.given_up.append(page.number)
    if not pieces:
        raise refusal_of(pages)
    return pieces


def warnings_of(pages: Pages) -> Iterator[str]:
    """Say what on the pages was not read.

    Raises:
        BadCorpus: that is all of them.
    """
    silent = {number for number, words in pages.all_words.items() if not words}
    scans = [
        page.number
        for page in pages.read
        if page.pictured >= SCANNED and pages.words[page.number] <= _STAMP
    ]
    if len(silent | set(scans)) == len(pages.read):
        raise refusal_of(pages)
    pictures = [page.number for page in pages.read if page.number in silent and page.has_pictures]
    if pictures:
        yield f"No text on {_numbers(pictures)}, only pictures; text recognition would add it."
    stamped = [number for number in scans if number not in silent]
    if stamped:
        yield (
            f"Only a few words beside a picture of the page on {_numbers(stamped)}; "
            "text recognition would add the rest."
        )
    for counted in dict.fromkeys(filter(None, pages.lines.values())):
        on = [number for number, lines in pages.lines.items() if lines == counted]
        lines = f"{counted[0]} to {counted[-1]}"
        lines += f" in steps of {counted.step}" if counted.step > 1 else ""
        yield f"Left out as numbers of lines: {lines} ({_numbers(on)})."
    askew = [page.number for page in pages.read if page.askew]
    if askew:
        yield f"Text at an angle was left out on {_numbers(askew)}."


def warnings_of_lost(pages: Pages) -> Iterator[str]:
    """Name the pages that could not be read."""
    for numbers, what in (
        (pages.damaged, "damaged"),
        (pages.given_up, f"given up after {SECONDS:g} seconds"),
    ):
        if numbers:
            are = "were" if len(numbers) > 1 else "was"
            where = _numbers(sorted(numbers)).capitalize()
            yield f"{where} {are} {what}: nothing that stands there was read."


def parts_of(pages: Pages, body: Mapping[int, list[Glyph]]) -> Iterator[Part]:
    """Say of each page how many words were read, how, and what was left out."""
    for page in pages.read:
        number = page.number
        words, lines = pages.words[number], len(pages.lines[number])
        at_ends = pages.all_words[number] - words - lines
        reasons = {
            "all of it: it took too long": number in pages.given_up,
            "all of it: it is damaged": number in pages.damaged,
            f"{at_ends} words of running heads and feet": at_ends > 0,
            "the numbers of its lines": lines,
            "text at an angle": page.askew,
            "a picture of the page": page.pictured >= SCANNED,
        }
        left_out = [reason for reason, is_so in reasons.items() if is_so]
        if not words or number in pages.given_up:
            yield Part(
                f"page {number}", 0, "not read" if left_out else "empty", "; ".join(left_out)
            )
            continue
        how = "by its tags" if says_what_is_what(page, body[number]) else "by its layout"
        if pages.values[number]:
            how += ", with what is filled into its form"
        yield Part(f"page {number}", words, how, "; ".join(left_out))


def _words(glyphs: Sequence[Glyph]) -> int:
    return sum(len(line.text.split()) for line in lines_of(glyphs, 0))


def _numbers(pages: Sequence[int]) -> str:
    shown = ", ".join(map(str, pages[:10])) + (" …" if len(pages) > 10 else "")
    return f"page {shown}" if len(pages) == 1 else f"pages {shown}"
