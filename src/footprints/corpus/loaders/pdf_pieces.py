"""The pieces of a PDF page, told by the places of its lines where nothing else says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median

from footprints.corpus.loaders.pdf_glyph import Box, Glyph
from footprints.corpus.loaders.pdf_lines import (
    BROKEN,
    Line,
    Vocabulary,
    cells_of,
    from_the_top,
    lines_of,
)
from footprints.corpus.loaders.pdf_order import in_reading_order, is_running
from footprints.corpus.loaders.pdf_page import Page
from footprints.corpus.loaders.pdf_table import Table, columns_of, is_header, ruled_tables
from footprints.corpus.loaders.plain import MARKER, without_bullet
from footprints.types import BlockKind

_SAME_SIZE = 0.6
_FEWEST_ROWS = 3
"""A table without drawn lines has so many rows, at least."""

_LEADING = 1.35
_USUAL_LEADING = 1.25
_NEIGHBOURS = 8
_TYPE = 10.0
"""How large what stands in for a table is set, in points."""

_BULLETS = frozenset("•◦▪‣·●○■⁃\uf0b7*–+-")
_ENDS = (".", "!", "?", ":", ";", "”", "’", '"', ")")


@dataclass(slots=True)
class Piece:
    """A block to be. ``cells`` are those of a table row; ``size`` is in points."""

    kind: BlockKind
    text: str
    page: int
    level: int = 0
    cells: tuple[str, ...] = ()
    size: float = 0
    bold: bool = False
    last_page: int = 0
    tagged: bool = False
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let a piece end on the page where it begins, unless more is said."""
        self.last_page = self.last_page or self.page


def pieces_by_place(page: Page, glyphs: Sequence[Glyph], vocabulary: Vocabulary) -> list[Piece]:
    """Read a page by the places of its glyphs: tables, then lines gathered into paragraphs."""
    tables = ruled_tables(page, glyphs, vocabulary)
    written, stand_ins = _written(glyphs, tables, page.number)
    pieces: list[Piece] = []
    for table, part in groupby(in_reading_order(written), lambda line: stand_ins.get(id(line))):
        if table:
            pieces += _rows(table.rows, table.has_header, page.number)
            for frame in table.frames:
                lines = list(from_the_top(lines_of(frame, page.number)))
                pieces += pieces_of_lines(lines, vocabulary, fewest_rows=1)
        else:
            pieces += pieces_of_lines(list(part), vocabulary)
    return pieces


def _written(
    glyphs: Sequence[Glyph], tables: Sequence[Table], page: int
) -> tuple[list[Line], dict[int, Table]]:
    """Return lines as they are written, and which of them only stand in for a table, by id."""
    table_of = {one: table for table in tables for one in table.glyphs}
    lines: list[Line] = []
    stand_ins: dict[int, Table] = {}
    waiting = list(tables)
    for table, part in groupby(glyphs, lambda glyph: table_of.get(id(glyph))):
        if table is None:
            lines += lines_of(part, page)
        elif table in waiting:
            waiting.remove(table)
            box = table.box
            lines.append(Line([], box.x0, box.x1, box.y0, box.y1, _TYPE, page))
            stand_ins[id(lines[-1])] = table
    return lines, stand_ins


def pieces_of_lines(
    lines: Sequence[Line], vocabulary: Vocabulary, fewest_rows: int = _FEWEST_ROWS
) -> list[Piece]:
    """Gather lines into paragraphs, list items and the rows of tables without drawn lines."""
    pieces: list[Piece] = []
    leading = _typical_leading(lines)
    for run in _tables_and_text(lines, fewest_rows):
        if isinstance(run, Table):
            pieces += _rows(run.rows, run.has_header, lines[0].page)
            continue
        groups: list[list[Line]] = []
        for at, line in enumerate(run):
            if groups and _goes_on(run, at, groups[-1], leading):
                groups[-1].append(line)
            else:
                groups.append([line])
        pieces += _with_levels(groups, vocabulary)
    return pieces


def _rows(rows: Sequence[Sequence[str]], has_header: bool, page: int) -> Iterator[Piece]:
    for at, row in enumerate(rows):
        header = has_header and at == 0
        yield Piece(BlockKind.TABLE_ROW, "", page, int(header), tuple(row))


def _tables_and_text(lines: Sequence[Line], fewest_rows: int) -> Iterator[list[Line] | Table]:
    """Yield tables that are told by their columns alone, and the lines between them."""
    text: list[Line] = []
    rows: list[list[Line]] = []
    for row in [*_visual_rows(lines), []]:
        if len(_cells(row)) > 1 and not MARKER.match(row[0].text):
            rows.append(row)
            continue
        cells = [_cells(one) for one in rows]
        table = _table_of(cells) if len(cells) >= fewest_rows else None
        if table and _is_prose(table):
            text += _down_columns(cells)
        elif table:
            if text:
                yield text
            yield table
            text = []
        else:
            text += [line for one in rows for line in one]
        rows = []
        text += row
    if text:
        yield text


def _cells(row: Sequence[Line]) -> list[Line]:
    return [cell for line in row for cell in cells_of(line)]


def _table_of(rows: list[list[Line]]) -> Table | None:
    """Make a table of rows that keep to the same columns."""
    columns = columns_of(line for row in rows for line in row)
    if len(columns) < 2 or max(map(len, rows)) > len(columns):
        return None
    cells = []
    for row in rows:
        words = [""] * len(columns)
        for line in row:
            at = next(i for i, (x0, x1) in enumerate(columns) if x0 <= line.x0 <= x1)
            words[at] = f"{words[at]} {line.text.strip()}".strip()
        cells.append(tuple(words))
    bold = [all(line.bold for line in row) for row in rows]
    return Table(Box(0, 0, 0, 0), tuple(cells), is_header(cells, bold), frozenset())


def _is_prose(table: Table) -> bool:
    """Tell columns of running text, whose lines go on into the next, from those of a table."""
    for column in zip(*table.rows, strict=True):
        lines = [cell for cell in column if cell]
        going_on = sum(line[0].islower() for line in lines[1:])
        if len(lines) < 3 or median(len(line.split()) for line in lines) < 3:
            return False
        if 2 * going_on < len(lines) - 1:
            return False
    return True


def _down_columns(rows: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines of columns of text, one column after the other."""
    lines = [line for row in rows for line in row]
    columns = columns_of(lines)
    return [line for x0, x1 in columns for line in lines if x0 <= line.x0 <= x1]


def _visual_rows(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lines that stand side by side, from left to right, together."""
    row: list[Line] = []
    for line in lines:
        if row and row[-1].x1 < line.x0 and row[-1].y0 < line.middle < row[-1].y1:
            row.append(line)
            continue
        if row:
            yield row
        row = [line]
    if row:
        yield row


def _typical_leading(lines: Sequence[Line]) -> float:
    """Return the usual distance of lines, in multiples of their size."""
    steps = [
        (after.middle - before.middle) / before.size
        for before, after in pairwise(lines)
        if before.size > 0 and abs(before.size - after.size) < _SAME_SIZE
    ]
    near = [step for step in steps if 0.8 < step < 2]
    if not near and is_running(lines):  # A transcript's lines are far apart.
        near = [step for step in steps if 2 <= step < 3]
    return median(near) if near else _USUAL_LEADING


def _goes_on(lines: Sequence[Line], at: int, group: Sequence[Line], leading: float) -> bool:
    """Tell whether a line continues the paragraph before it."""
    line, before = lines[at], group[-1]
    if abs(line.size - before.size) > _SAME_SIZE or line.bold != before.bold:
        return False
    full = _is_full(lines, at - 1)
    if MARKER.match(line.text) and (line.text.strip()[0] in _BULLETS or not full):
        return False
    step = line.middle - before.middle
    if step < 0:
        return full and not before.text.rstrip().endswith(_ENDS)
    if step > leading * _LEADING * before.size:
        return False
    if BROKEN.search(before.text.rstrip()) and line.text.lstrip()[:1].islower():
        return True
    is_title = before.bold and len(group) == 1
    return full or (is_title and line.x0 <= before.x0 + before.size)


def _is_full(lines: Sequence[Line], at: int) -> bool:
    """Tell whether the first word of the next line would not have fitted on a line."""
    line, after = lines[at], lines[at + 1]
    right = max(one.x1 for one in _column(lines, at))
    return right - line.x1 < after.first_word + 0.4 * line.size


def _column(lines: Sequence[Line], at: int) -> Iterator[Line]:
    """Yield the lines right above and below a line that belong to the same column of text."""
    yield lines[at]
    for near in (lines[at + 1 : at + _NEIGHBOURS], lines[max(0, at - _NEIGHBOURS) : at][::-1]):
        before = lines[at]
        for line in near:
            apart = abs(line.middle - before.middle) > 2.5 * line.size
            if apart or abs(line.size - before.size) > _SAME_SIZE:
                break
            if abs(line.x0 - before.x0) > 4 * line.size:
                break
            yield line
            before = line


def _with_levels(groups: Sequence[Sequence[Line]], vocabulary: Vocabulary) -> Iterator[Piece]:
    """Yield the pieces of groups of lines; how far a marker is set in is its depth."""
    markers: list[float] = []
    text_at = 0.0
    for group in groups:
        first = group[0]
        text = vocabulary.join([line.text for line in group])
        piece = Piece(
            BlockKind.PARAGRAPH,
            text,
            first.page,
            size=first.size,
            bold=all(line.bold for line in group),
            last_page=group[-1].page,
            lines=list(group),
        )
        marker = MARKER.match(text)
        if marker and not piece.bold:
            while markers and first.x0 < markers[-1] - 2:
                markers.pop()
            if not markers or first.x0 > markers[-1] + 2:
                markers.append(first.x0)
            text_at = _text_place(first, marker.end())
            piece.kind, piece.level = BlockKind.LIST_ITEM, len(markers)
            piece.text = without_bullet(text)
        elif markers and abs(first.x0 - text_at) < 3 and text_at > markers[-1] + 3:
            piece.level = len(markers)
        else:
            markers = []
        yield piece


def _text_place(line: Line, marker: int) -> float:
    """Return where the text behind a marker begins."""
    behind = [glyph.x0 for glyph in line.glyphs[marker:] if not glyph.text.isspace()]
    return behind[0] if behind else line.x0
