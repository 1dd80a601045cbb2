"""PDF, page by page: by its tags where it has them, else by the places of its glyphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pypdfium2 as pdfium

from footprints.corpus.clean import clean
from footprints.corpus.dates import date_of
from footprints.corpus.loaders.layout import Layout, author_of
from footprints.corpus.loaders.pdf_glyph import Glyph
from footprints.corpus.loaders.pdf_heads import without_heads
from footprints.corpus.loaders.pdf_lines import Vocabulary, lines_of
from footprints.corpus.loaders.pdf_page import Page
from footprints.corpus.loaders.pdf_pages import (
    in_time,
    parts_of,
    read_pages,
    warnings_of,
    warnings_of_lost,
)
from footprints.corpus.loaders.pdf_pieces import Piece, pieces_by_place, pieces_of_lines
from footprints.corpus.loaders.pdf_tags import pieces_by_tags, says_what_is_what
from footprints.errors import BadCorpus
from footprints.types import UNKNOWN, BlockKind, PartialDate

MAX_PAGES = 3000
_PASSWORD = 4
_LONGEST_HEADING = 200
_BIGGER = 0.7
_DEEPEST = 6
_MOST_BOOKMARKS = 5000
_ENDED = re.compile(r"[.!?:;”’\"')\]]\s*\Z")
_BROKEN = re.compile(r"\w[-\u2010\u00ad]\Z")
_JUNK_TITLE = re.compile(
    r"untitled.*|microsoft word.*|document\d*|.*\.(docx?|indd|pdf|odt|xlsx?|pptx?|qxd|tex)",
    re.IGNORECASE,
)


def read_pdf(content: bytes) -> Layout:
    """Read a PDF into its blocks, each with its page.

    Raises:
        BadCorpus: it has a password, no text, too many pages or is damaged.
    """
    with _open(content) as document:
        document.init_forms()
        count = len(document)
        if count > MAX_PAGES:
            raise BadCorpus(f"has more than {MAX_PAGES} pages; split it.")
        pages = read_pages(document)
        outline = _outline(document)
        said = document.get_metadata_dict()
    layout = Layout()
    found = without_heads(pages.read, frozenset(outline))
    body = pages.without_line_numbers(found.glyphs)
    pages.count_words(body)
    layout.warnings += [*warnings_of(pages), *found.warnings]
    vocabulary = Vocabulary(
        line for page in pages.read for line in lines_of(body[page.number], page.number)
    )
    pieces = in_time(pages, lambda page: _pieces(page, body[page.number], vocabulary))
    layout.warnings += warnings_of_lost(pages)
    layout.parts += parts_of(pages, body)
    pieces = list(_across_pages(pieces, vocabulary))
    _find_headings(pieces, outline)
    for piece in pieces:
        _add(layout, piece)
    title = clean(said.get("Title", ""))
    if title and not _JUNK_TITLE.fullmatch(title):
        layout.proposed = replace(UNKNOWN, title=title)
    layout.author, layout.made = author_of(said.get("Author")), _made(said.get("CreationDate", ""))
    return layout


def _made(said: str) -> PartialDate | None:
    """Return the day of a date as PDF writes it: ``D:20220701120000Z``."""
    return date_of(said.removeprefix("D:")[:8])


def _open(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise BadCorpus("has a password; save it without one.") from error
        raise BadCorpus("is damaged or not a PDF file; save it again.") from error


def _pieces(page: Page, glyphs: Sequence[Glyph], vocabulary: Vocabulary) -> list[Piece]:
    read = pieces_by_tags if says_what_is_what(page, glyphs) else pieces_by_place
    pieces = read(page, glyphs, vocabulary)
    for beside in page.sideways:
        for piece in pieces_of_lines(lines_of(beside, page.number), vocabulary):
            piece.size, piece.bold = 0, False  # It heads nothing that follows.
            pieces.append(piece)
    return pieces


def _across_pages(pieces: Sequence[Piece], vocabulary: Vocabulary) -> Iterator[Piece]:
    """Join what a page's end cut in two, and drop the header that a table repeats."""
    header: tuple[str, ...] = ()
    before: Piece | None = None
    for piece in pieces:
        turned = before is not None and piece.page > before.last_page
        if piece.kind is BlockKind.TABLE_ROW:
            in_table = before is not None and before.kind is BlockKind.TABLE_ROW
            if turned and in_table and piece.cells == header:
                continue
            header = piece.cells if piece.level else header if in_table else ()
        elif turned and before is not None and _goes_on(before, piece):
            before.text = vocabulary.join([before.text, piece.text])
            before.last_page = piece.last_page
            continue
        if before is not None:
            yield before
        before = piece
    if before is not None:
        yield before


def _goes_on(before: Piece, piece: Piece) -> bool:
    if before.kind not in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
        return False
    if piece.kind is not BlockKind.PARAGRAPH or abs(before.size - piece.size) > _BIGGER:
        return False
    if _BROKEN.search(before.text):
        return True
    return not _ENDED.search(before.text) and piece.text[:1].islower()


def _outline(document: pdfium.PdfDocument) -> dict[str, int]:
    """Return the levels of the outline's entries by their words, casefolded."""
    levels: dict[str, int] = {}
    for number, mark in enumerate(document.get_toc(max_depth=_DEEPEST)):
        if number >= _MOST_BOOKMARKS:
            break
        levels.setdefault(_plain(mark.get_title()), mark.level + 1)
    levels.pop("", None)
    return levels


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", clean(text).casefold()).strip()


def _find_headings(pieces: Sequence[Piece], outline: dict[str, int]) -> None:
    """Make paragraphs headings: by the outline, else by their size, unless tags say it."""
    if any(piece.kind is BlockKind.HEADING for piece in pieces):
        return
    body = _body_size(pieces)
    by_outline = {}
    for piece in pieces:
        level = outline.get(_plain(piece.text))
        if level and piece.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
            by_outline[id(piece)] = level
    big = [piece for piece in pieces if _stands_out(piece, body)]
    looks = sorted({_look(piece) for piece in big}, reverse=True)
    ranks = {look: rank for rank, look in enumerate(looks, start=1)}
    known = {_look(piece): by_outline[id(piece)] for piece in big if id(piece) in by_outline}
    for piece in pieces:
        if id(piece) in by_outline:
            _promote(piece, by_outline[id(piece)])
    for piece in big:
        if id(piece) not in by_outline:
            _promote(piece, _level(_look(piece), known, ranks))


def _promote(piece: Piece, level: int) -> None:
    if piece.kind is BlockKind.LIST_ITEM and piece.lines:
        piece.text = clean(" ".join(line.text for line in piece.lines))
    piece.kind, piece.level = BlockKind.HEADING, min(level, _DEEPEST)


Look = tuple[float, bool]
"""How a heading looks: its size, rounded, and whether it is bold."""


def _look(piece: Piece) -> Look:
    return round(piece.size * 2) / 2, piece.bold


def _level(look: Look, known: dict[Look, int], ranks: dict[Look, int]) -> int:
    """Return the level of a look; one that the outline knows lends it its level."""
    if not known:
        return ranks[look]
    if look in known:
        return known[look]
    above = [level for other, level in known.items() if other > look]
    return max(above) + 1 if above else 1


def _body_size(pieces: Sequence[Piece]) -> float:
    sizes: Counter[float] = Counter()
    for piece in pieces:
        if piece.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
            sizes[round(piece.size * 2) / 2] += len(piece.text)
    return sizes.most_common(1)[0][0] if sizes else 0


def _stands_out(piece: Piece, body: float) -> bool:
    if piece.kind is not BlockKind.PARAGRAPH or piece.level or len(piece.text) > _LONGEST_HEADING:
        return False
    if not any(map(str.isalpha, piece.text)):
        return False
    if piece.size > body + _BIGGER:
        return True
    bold = piece.bold and abs(piece.size - body) <= _BIGGER
    return bold and not piece.text.rstrip().endswith((".", ";", ","))


def _add(layout: Layout, piece: Piece) -> None:
    where = f"page {piece.page}"
    if piece.last_page > piece.page:
        where = f"pages {piece.page}–{piece.last_page}"
    if piece.kind is BlockKind.TABLE_ROW:
        layout.add_row(list(piece.cells), bool(piece.level), where)
    else:
        layout.add(piece.kind, piece.text, piece.level, where)
