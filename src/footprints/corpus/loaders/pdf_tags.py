"""Pieces of a tagged page: a PDF that says itself what is a heading, an item or a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from footprints.corpus.loaders.pdf_glyph import NO_MARK, Glyph
from footprints.corpus.loaders.pdf_lines import Line, Vocabulary, lines_of
from footprints.corpus.loaders.pdf_page import Page, Tag
from footprints.corpus.loaders.pdf_pieces import Piece, pieces_of_lines
from footprints.corpus.loaders.pdf_table import columns_of
from footprints.corpus.loaders.plain import MARKER, without_bullet
from footprints.types import BlockKind

_HEADING = re.compile("H([1-6]?)")
_WHOLE = frozenset({"P", "LI", "LBody", "Caption", "Note", "FENote", "BlockQuote", "TOCI", "Title"})
_BLOCKS = _WHOLE | frozenset({"L", "Table", "TR", "Sect", "Div", "Part", "Art", "Document", "TOC"})

_MARKED = 0.7
_REFERRED = 0.95


def says_what_is_what(page: Page, glyphs: Sequence[Glyph]) -> bool:
    """Tell whether the tags of a page speak of nearly all its text."""
    marks = {mark for tag in page.tags for mark in tag.marks()}
    shown = [glyph.mark for glyph in glyphs if not glyph.text.isspace()]
    marked = [mark for mark in shown if mark != NO_MARK]
    if not marks or len(marked) < _MARKED * len(shown):
        return False
    return sum(mark in marks for mark in marked) >= _REFERRED * len(marked)


def pieces_by_tags(page: Page, glyphs: Sequence[Glyph], vocabulary: Vocabulary) -> list[Piece]:
    """Read a page by its tags; what they leave out stands before or after the rest."""
    reader = _TagReader(page.number, glyphs, vocabulary)
    for tag in page.tags:
        reader.read(tag)
    top = min((g.y0 for g in glyphs if g.mark in reader.found), default=0.0)
    rest = lines_of((g for g in glyphs if g.mark not in reader.found), page.number)
    above, below = (
        [line for line in rest if line.y1 <= top],
        [line for line in rest if line.y1 > top],
    )
    before, after = (pieces_of_lines(part, vocabulary) for part in (above, below))
    for piece in before + after:
        piece.tagged = True
    return [*before, *reader.pieces, *after]


class _TagReader:
    """Goes through the tags of a page once, in order."""

    def __init__(self, page: int, glyphs: Sequence[Glyph], vocabulary: Vocabulary) -> None:
        self.pieces: list[Piece] = []
        self.found: set[int] = set()
        self._page = page
        self._vocabulary = vocabulary
        self._glyphs: dict[int, list[Glyph]] = {}
        for glyph in glyphs:
            self._glyphs.setdefault(glyph.mark, []).append(glyph)
        self._depth = 0
        self._begins_item = False
        self._label = ""

    def read(self, tag: Tag, whole: bool = False) -> None:
        """Read an element; ``whole`` is whether its own text is one paragraph."""
        heading = _HEADING.fullmatch(tag.name)
        if heading:
            self._add(self._lines(tag.marks()), BlockKind.HEADING, int(heading[1] or 2))
        elif tag.name == "Table":
            self._table(tag)
        elif tag.name == "L":
            self._depth += 1
            self._inside(tag, whole=False)
            self._depth -= 1
        elif tag.name == "LI":
            self._begins_item = True
            self._inside(tag, whole=True)
            self._begins_item = False
        elif tag.name == "Lbl":
            lines = self._lines(tag.marks())
            label = " ".join(line.text.strip() for line in lines)
            if not MARKER.fullmatch(label):
                self._text(lines, whole=True)
            elif any(map(str.isalnum, label)):
                self._label = f"{label} "
        else:
            self._inside(tag, whole or tag.name in _WHOLE)

    def _inside(self, tag: Tag, whole: bool) -> None:
        """Read the parts of an element, runs of text between its blocks together."""
        marks: list[int] = []
        for part in tag.parts:
            if isinstance(part, int):
                marks.append(part)
            elif _is_inline(part):
                marks += part.marks()
            else:
                self._text(self._lines(marks), whole)
                marks = []
                self.read(part, whole)
        self._text(self._lines(marks), whole)

    def _lines(self, marks: Iterable[int]) -> list[Line]:
        once = list(marks)
        self.found.update(once)
        glyphs = [glyph for mark in once for glyph in self._glyphs.get(mark, ())]
        return lines_of(glyphs, self._page)

    def _text(self, lines: list[Line], whole: bool) -> None:
        if not lines:
            return
        if whole or self._begins_item:
            kind = BlockKind.LIST_ITEM if self._begins_item else BlockKind.PARAGRAPH
            self._add(lines, kind, self._depth)
            self._begins_item = False
            return
        for piece in pieces_of_lines(lines, self._vocabulary):
            piece.tagged = True
            if piece.kind is BlockKind.PARAGRAPH:
                piece.level = self._depth
            self.pieces.append(piece)

    def _add(self, lines: list[Line], kind: BlockKind, level: int) -> None:
        text = self._vocabulary.join([line.text for line in lines])
        if not text.strip():
            return
        if kind is BlockKind.LIST_ITEM:
            text = self._label + without_bullet(text)
        self._label = ""
        self.pieces.append(
            Piece(
                kind,
                text,
                self._page,
                level,
                size=max(line.size for line in lines),
                bold=all(line.bold for line in lines),
                tagged=True,
                lines=lines,
            )
        )

    def _table(self, table: Tag) -> None:
        captions = [part for part in _below(table) if part.name == "Caption"]
        for caption in captions:
            self._text(self._lines(caption.marks()), whole=True)
        rows = [
            [part for part in row.parts if isinstance(part, Tag) and part.name in {"TH", "TD"}]
            for row in _below(table)
            if row.name == "TR"
        ]
        read = [[self._lines(cell.marks()) for cell in row] for row in rows]
        columns = columns_of(line for row in read for cell in row for line in cell)
        widest = max(map(len, rows), default=0)
        for row, cells in zip(rows, read, strict=True):
            words = [self._vocabulary.join([line.text for line in cell]) for cell in cells]
            if len(row) < widest == len(columns):
                words = _in_columns(words, cells, columns)
            header = len(row) > 1 and all(cell.name == "TH" for cell in row)
            self.pieces.append(
                Piece(BlockKind.TABLE_ROW, "", self._page, int(header), tuple(words), tagged=True)
            )


def _is_inline(tag: Tag) -> bool:
    if tag.name in _BLOCKS or tag.name == "Lbl" or _HEADING.fullmatch(tag.name):
        return False
    return all(isinstance(part, int) or _is_inline(part) for part in tag.parts)


def _below(table: Tag) -> list[Tag]:
    """Return the rows of a table and what else stands right below it or its parts."""
    found: list[Tag] = []
    for part in table.parts:
        if isinstance(part, Tag):
            found += _below(part) if part.name in {"THead", "TBody", "TFoot"} else [part]
    return found


def _in_columns(
    words: Sequence[str], cells: Sequence[Sequence[Line]], columns: Sequence[tuple[float, float]]
) -> list[str]:
    """Put the cells of a row that lacks some where they stand on the page."""
    placed = [""] * len(columns)
    for text, cell in zip(words, cells, strict=True):
        if cell:
            at = next(i for i, (x0, x1) in enumerate(columns) if x0 <= cell[0].x0 <= x1)
            placed[at] = f"{placed[at]} {text}".strip()
    return placed
