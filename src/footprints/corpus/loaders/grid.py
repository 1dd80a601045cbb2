"""Grids: the rows of a sheet in, its title, column heads and rows out as blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from footprints.corpus.clean import clean
from footprints.corpus.loaders.layout import Layout
from footprints.types import BlockKind

Grid = Sequence[Sequence[str]]

_NUMBER = re.compile(r"[^A-Za-z]*\d[\d\s.,/%:-]*")
"""A value rather than a name: an amount, a share, a date."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME = "name"
_UNNAMED = re.compile(r"(?:sheet|tabelle|feuille|hoja|foglio)\s*\d*", re.IGNORECASE)
"""What programs call a sheet to which nobody gave a name."""


def add_sheet(layout: Layout, name: str, grid: Grid, alone: bool = False) -> None:
    """Append a sheet: its name as a heading, what stands above its columns, and its rows.

    The name of one that is ``alone`` is left out if a program gave it.
    """
    rows = _trimmed([[clean(cell) for cell in row] for row in grid])
    if not rows:
        return
    if not (alone and _UNNAMED.fullmatch(name)):
        layout.add(BlockKind.HEADING, name, level=1)
    rows = _upright(rows)
    heads = _heads(rows)
    last = max((at for at, row in enumerate(rows) if sum(map(bool, row)) > 1), default=0)
    for number, row in enumerate(rows):
        filled = [cell for cell in row if cell]
        if len(filled) == 1 and (len(row) == 1 or (row[0] and not (heads < number < last))):
            layout.add(BlockKind.PARAGRAPH, filled[0])
        else:
            layout.add_row(row, header=number == heads)


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Leave out the rows and columns in which nothing stands, and fill the rest up to one width."""
    kept = [row for row in rows if any(row)]
    width = max(map(len, kept), default=0)
    full = [row + [""] * (width - len(row)) for row in kept]
    columns = [at for at in range(width) if any(row[at] for row in full)]
    return [[row[at] for at in columns] for row in full]


def _upright(rows: list[list[str]]) -> list[list[str]]:
    """Turn a table that lies on its side, below its title; what may stand upright is left alone."""
    first = next((at for at, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    table = rows[first:]
    if not _lies(table):
        return rows
    width = len(table)
    above = [[row[0], *[""] * (width - 1)] for row in rows[:first] if row[0]]
    return [*above, *map(list, zip(*table, strict=True))] if len(above) == first else rows


def _lies(table: Sequence[Sequence[str]]) -> bool:
    """Tell a table whose heads stand in its first column.

    Its first row has values and is no row of heads; every row has values of one kind, and not all
    rows of the same.
    """
    if len(table) < 2 or len(table[0]) < 3 or not all(map(all, table)):
        return False
    heads, values = [row[0] for row in table], [row[1:] for row in table]
    if any(map(_NUMBER.fullmatch, heads)) or len(set(heads)) < len(heads):
        return False
    kinds = [{_kind_of(value, row) for value in row} for row in values]
    return (
        kinds[0] != {_NAME} and all(len(one) == 1 for one in kinds) and len(set.union(*kinds)) > 1
    )


def _kind_of(value: str, row: Sequence[str]) -> str:
    """Return what is left of a value without its digits; years that go on are of their own kind."""
    if not _NUMBER.fullmatch(value):
        return _NAME
    if all(map(_YEAR.fullmatch, row)) and sorted(set(row)) == list(row):
        return "year"
    return re.sub(r"[\d.,\s]+", "0", value)


def _heads(rows: Sequence[Sequence[str]]) -> int:
    """Return which row has the heads of the columns: the first full one, if it has only names."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return -1
    for number, row in enumerate(rows[:-1]):
        if all(row):
            return -1 if any(map(_NUMBER.fullmatch, row)) else number
    return -1
