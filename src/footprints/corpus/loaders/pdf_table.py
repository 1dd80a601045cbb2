"""Tables on the page of a PDF: by the lines drawn around their cells, or by their columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from footprints.corpus.loaders.pdf_glyph import Box, Glyph
from footprints.corpus.loaders.pdf_lines import (
    Line,
    Vocabulary,
    cells_of,
    from_the_top,
    lines_of,
    words_of,
)
from footprints.corpus.loaders.pdf_page import Page

_NEAR = 2.5
"""Lines so near to each other, in points, are the same line or meet."""

_GRAZING = 0.15
"""A line between two letters touches them no deeper, in multiples of their size."""

_FEWEST_ENDS = 2
_NARROWEST = 8.0
"""An open side of a table is so far from its last edge, in points: the ticks of a graph are not."""

_FEWEST_ROWS = 3
_FEWEST_FRAMED = 5
"""A cell with so many rows of cells in it is a frame around them, if there are several."""

_FEWEST_FRAMES = 2
_FRAMED = 0.7
_GOING_ON = 0.35
"""So many lines of running text begin in small letters, at least."""

_MOST_RULINGS = 2000
_MOST_CELLS = 20_000
_NUMBER = re.compile(r"[-–£$€%(]?\s?\d[\d.,\s%)]*[a-z%]?")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells at a place of a page; the first row may be a header."""

    box: Box
    rows: tuple[tuple[str, ...], ...]
    has_header: bool
    glyphs: frozenset[int]
    """The ids of the glyphs in it."""

    frames: tuple[tuple[Glyph, ...], ...] = ()
    """What stands in each cell of one that has no rows, as its cells hold rows of their own."""


def ruled_tables(page: Page, glyphs: Sequence[Glyph], vocabulary: Vocabulary) -> list[Table]:
    """Find the tables whose cells are drawn with lines, from the top of the page down."""
    if len(page.rulings) > _MOST_RULINGS:
        return []
    tables = []
    for group in _connected(page.rulings):
        uprights = [edge for edge in group if _upright(edge)]
        level = [edge for edge in group if not _upright(edge)]
        across, down = _places(edge.x0 for edge in uprights), _places(edge.y0 for edge in level)
        xs = _with_ends(across, [(edge.x0, edge.x1) for edge in level], len(down))
        ys = _with_ends(down, [(edge.y0, edge.y1) for edge in uprights], len(across))
        if len(xs) < 3 or len(ys) < 3 or len(xs) * len(ys) > _MOST_CELLS:
            continue
        table = _table(group, xs, ys, glyphs, vocabulary, page.number)
        if table:
            tables.append(table)
    return sorted(tables, key=lambda table: table.box.y0)


def columns_of(lines: Iterable[Line]) -> list[tuple[float, float]]:
    """Return where the columns of a table without drawn lines stand, from left to right."""
    columns: list[tuple[float, float]] = []
    for line in sorted(lines, key=lambda line: line.x0):
        if columns and line.x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], line.x1))
        else:
            columns.append((line.x0, line.x1))
    return columns


def is_header(rows: Sequence[Sequence[str]], bold: Sequence[bool]) -> bool:
    """Tell whether the first row says what is in the columns below it."""
    if len(rows) < 2 or not all(cell.strip() for cell in rows[0][1:]):
        return False
    if bold[0] and not all(bold[1:]):
        return True
    numbers = {at for row in rows[1:] for at, cell in enumerate(row) if _NUMBER.fullmatch(cell)}
    named = [cell for at, cell in enumerate(rows[0]) if at in numbers]
    return bool(named) and not all(
        re.fullmatch(r"[£$]?\d[\d.,]*\s?%?", cell) and not _is_year(cell) for cell in named
    )


def _is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d([/–-]\d\d(\d\d)?)?", cell.strip()))


def _upright(edge: Box) -> bool:
    return edge.y1 - edge.y0 > edge.x1 - edge.x0


def _connected(edges: Sequence[Box]) -> list[list[Box]]:
    """Group lines that touch."""
    groups: list[list[Box]] = []
    for edge in edges:
        touching = [group for group in groups if any(_touch(edge, other) for other in group)]
        groups = [group for group in groups if not any(group is one for one in touching)]
        groups.append([edge, *(one for group in touching for one in group)])
    return groups


def _touch(one: Box, other: Box) -> bool:
    return (
        one.x0 - _NEAR <= other.x1
        and other.x0 - _NEAR <= one.x1
        and one.y0 - _NEAR <= other.y1
        and other.y0 - _NEAR <= one.y1
    )


def _places(values: Iterable[float]) -> list[float]:
    """Return values in order, those that are nearly the same once."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _with_ends(
    places: list[float], lines: Sequence[tuple[float, float]], crossing: int
) -> list[float]:
    """Add the open sides of a table, where several of the lines across it end beyond the last."""
    if not places or not crossing:
        return places
    fewest = min(_FEWEST_ENDS, crossing)
    first, last = min(start for start, _ in lines), max(end for _, end in lines)
    begun = sum(start - first <= _NEAR for start, _ in lines) >= fewest
    ended = sum(last - end <= _NEAR for _, end in lines) >= fewest
    before = [first] if begun and places[0] - first > _NARROWEST else []
    after = [last] if ended and last - places[-1] > _NARROWEST else []
    return [*before, *places, *after]


def _table(
    group: Sequence[Box],
    xs: Sequence[float],
    ys: Sequence[float],
    glyphs: Sequence[Glyph],
    vocabulary: Vocabulary,
    page: int,
) -> Table | None:
    inside: dict[tuple[int, int], list[Glyph]] = {}
    for part in (part for word in words_of(glyphs) for part in _parted(word, xs)):
        column = _between(xs, (part[0].x0 + part[-1].x1) / 2)
        row = _between(ys, (part[0].y0 + part[0].y1) / 2)
        if row is not None and column is not None:
            inside.setdefault(_start(group, xs, ys, row, column), []).extend(part)
    ids = frozenset(id(glyph) for cell in inside.values() for glyph in cell)
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    if _are_frames(list(inside.values()), page):
        return Table(box, (), False, ids, tuple(tuple(inside[place]) for place in sorted(inside)))
    ys, inside = _by_bands(ys, _by_rows(ys, inside, page), page)
    words = {
        place: vocabulary.join([line.text for line in _in_cell(cell, page)])
        for place, cell in inside.items()
    }
    rows = [
        tuple(words.get((row, column), "") for column in range(len(xs) - 1))
        for row in range(len(ys) - 1)
    ]
    shown = [row for row in rows if any(cell.strip() for cell in row)]
    if len([cell for row in shown for cell in row if cell.strip()]) < 2:
        return None
    bold = [_is_bold(inside, row) for row, cells in enumerate(rows) if any(map(str.strip, cells))]
    return Table(box, tuple(shown), is_header(shown, bold), ids)


def _in_cell(cell: Sequence[Glyph], page: int) -> list[Line]:
    """Return the lines of a cell as they are written, or by place where that goes back in a row."""
    lines = lines_of(cell, page)
    back = any(
        after.x1 <= before.x0 and before.y0 < after.middle < before.y1
        for before, after in pairwise(lines)
    )
    return list(from_the_top(lines)) if back else lines


def _are_frames(cells: Sequence[Sequence[Glyph]], page: int) -> bool:
    """Tell cells of which several, with nearly all the words, hold rows of cells themselves."""
    framing = []
    for cell in cells:
        lines = [part for line in lines_of(cell, page) for part in cells_of(line)]
        rows = Counter(round(line.middle) for line in lines)
        if sum(parts > 1 for parts in rows.values()) >= _FEWEST_FRAMED:
            framing.append(len(cell))
    return len(framing) >= _FEWEST_FRAMES and sum(framing) > _FRAMED * sum(map(len, cells))


def _parted(word: list[Glyph], xs: Sequence[float]) -> Iterator[list[Glyph]]:
    """Yield a word in parts where a line runs between its letters, unless it leaves the table."""
    near = _GRAZING * word[0].size
    begun = 0
    if xs[0] <= word[0].x0 and word[-1].x1 <= xs[-1]:
        for at, (left, right) in enumerate(pairwise(word), start=1):
            if any(left.x1 - near <= x <= right.x0 + near for x in xs):
                yield word[begun:at]
                begun = at
    yield word[begun:]


Cells = dict[tuple[int, int], list[Glyph]]


def _by_rows(ys: Sequence[float], inside: Cells, page: int) -> Cells:
    """Part a cell over several rows of the table that holds a line of its own for each of them."""
    parted = Cells()
    for (row, column), cell in inside.items():
        rows = [_between(ys, (glyph.y0 + glyph.y1) / 2) or 0 for glyph in cell]
        beside = {at for at, other in inside if other != column} & set(rows)
        is_form = len(beside) >= _FEWEST_ROWS and _is_form(lines_of(cell, page), len(set(rows)))
        for word in words_of(cell):
            middle = (word[0].y0 + word[0].y1) / 2
            at = _between(ys, middle) if is_form else row
            parted.setdefault((row if at is None else at, column), []).extend(word)
    return parted


def _is_form(lines: Sequence[Line], rows: int) -> bool:
    """Tell lines that each belong to a row from running text beside the rows."""
    going_on = sum(line.text.lstrip()[:1].islower() for line in lines)
    return len(lines) >= rows and going_on < _GOING_ON * len(lines)


def _by_bands(ys: Sequence[float], inside: Cells, page: int) -> tuple[list[float], Cells]:
    """Part rows between two drawn lines that hold a row of the table on each line of text."""
    places, parted = [ys[0]], Cells()
    for row in range(len(ys) - 1):
        cells = {column: cell for (place, column), cell in inside.items() if place == row}
        cuts = _bands({column: lines_of(cell, page) for column, cell in cells.items()})
        for column, cell in cells.items():
            for glyph in cell:
                band = sum((glyph.y0 + glyph.y1) / 2 > cut for cut in cuts)
                parted.setdefault((len(places) - 1 + band, column), []).append(glyph)
        places += [*cuts, ys[row + 1]]
    return places, parted


def _bands(cells: dict[int, list[Line]]) -> list[float]:
    """Return the heights between the lines of a row if each is a row by itself, else nothing."""
    longest = max(cells.values(), key=len, default=[])
    heights = [line.middle for line in longest]
    if len(cells) < 2 or len(heights) < 2 or heights != sorted(heights):
        return []
    full = [lines for lines in cells.values() if len(lines) == len(heights)]
    numbers = [ls for ls in full if all(_NUMBER.fullmatch(line.text.strip(" .")) for line in ls)]
    if len(full) < 2 or not numbers:
        return []
    near = longest[0].size / 2
    for lines in cells.values():
        if any(min(abs(line.middle - height) for height in heights) > near for line in lines):
            return []
    return [(above + below) / 2 for above, below in pairwise(heights)]


def _between(places: Sequence[float], value: float) -> int | None:
    for at in range(len(places) - 1):
        if places[at] <= value < places[at + 1]:
            return at
    return None


def _start(
    group: Sequence[Box], xs: Sequence[float], ys: Sequence[float], row: int, column: int
) -> tuple[int, int]:
    """Return the first place of the cell that a place belongs to, where cells are joined."""
    while column > 0 and not _has_edge(group, xs[column], _middle(ys, row), upright=True):
        column -= 1
    while row > 0 and not _has_edge(group, ys[row], _middle(xs, column), upright=False):
        row -= 1
    return row, column


def _has_edge(group: Sequence[Box], at: float, along: float, upright: bool) -> bool:
    for edge in group:
        if _upright(edge) is not upright:
            continue
        across, start, end = (edge.x0, edge.y0, edge.y1) if upright else (edge.y0, edge.x0, edge.x1)
        if abs(across - at) <= _NEAR and start - _NEAR <= along <= end + _NEAR:
            return True
    return False


def _middle(places: Sequence[float], at: int) -> float:
    return (places[at] + places[at + 1]) / 2


def _is_bold(inside: dict[tuple[int, int], list[Glyph]], row: int) -> bool:
    shown = [
        glyph.bold
        for (place, _), cell in inside.items()
        for glyph in cell
        if place == row and not glyph.text.isspace()
    ]
    return bool(shown) and all(shown)
