"""Spreadsheets: every sheet a heading, its column heads and its rows, numbers as they are shown."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from lxml import etree

from footprints.corpus.loaders.archive import opened_archive, parse
from footprints.corpus.loaders.grid import add_sheet
from footprints.corpus.loaders.layout import Layout
from footprints.errors import BadCorpus

MAX_CELLS = 2_000_000
"""No sheet for people has more cells, empty ones counted."""

_PLAIN_NUMBER = re.compile(r"[^0#?]*(?:[#0]+(?:,[#0]+)*)(?:\.[0#]+)?%?[^0#?,./]*")
"""A format that writes a number out in full: no fraction, no thousands left off, no power."""

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATES = (date, datetime, time, timedelta)

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT = f"{{{_ODF}table:1.0}}", f"{{{_ODF}text:1.0}}"
_STYLE = f"{{{_ODF}style:1.0}}"


def read_xlsx(content: bytes) -> Layout:
    """Read a workbook into its blocks.

    Raises:
        BadCorpus: it has more cells than a sheet for people has, or a password.
    """
    import openpyxl

    opened_archive(content, "a workbook").close()
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    layout = Layout()
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in shown:
        if sheet.max_row * sheet.max_column > MAX_CELLS:
            raise BadCorpus(f"has more than {MAX_CELLS:,} cells in a sheet; split it.")
        add_sheet(layout, sheet.title, [*_rows(sheet)], alone=len(shown) == 1)
        layout.warnings += _left_out(sheet)
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    layout.warnings += [f"Left out: the hidden sheet ‘{name}’." for name in hidden]
    layout.warnings += [f"Left out: the chart ‘{sheet.title}’." for sheet in book.chartsheets]
    return layout


def _rows(sheet: Any) -> Iterator[list[str]]:
    """Yield the rows that are shown; a cell that spans several is said in each."""
    spanning = {
        (row, area.min_col): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, sheet.max_row) + 1)
    }
    columns = [at for at in range(1, sheet.max_column + 1) if not _is_hidden_column(sheet, at)]
    for row in range(1, sheet.max_row + 1):
        if not sheet.row_dimensions[row].hidden:
            places = (spanning.get((row, column), (row, column)) for column in columns)
            yield [_shown(sheet.cell(*place)) for place in places]


def _is_hidden_column(sheet: Any, at: int) -> bool:
    return any(one.hidden and one.min <= at <= one.max for one in sheet.column_dimensions.values())


def _left_out(sheet: Any) -> Iterator[str]:
    """Say what of a sheet is not read."""
    if any(one.hidden for one in sheet.row_dimensions.values()):
        yield f"Left out: hidden rows of ‘{sheet.title}’."
    if any(one.hidden for one in sheet.column_dimensions.values()):
        yield f"Left out: hidden columns of ‘{sheet.title}’."
    if sheet._charts or sheet._images:
        yield f"Left out: charts or pictures in ‘{sheet.title}’; words in them are not read."


def _shown(cell: Any) -> str:
    """Return what a cell shows; a number in a format that is not simple stands as it is."""
    value, form = cell.value, cell.number_format or "General"
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, _DATES):
        from xlsx2html.format import format_cell

        return str(format_cell(cell, locale="en_GB")).replace('"', "")
    if isinstance(value, (int, float)):
        parts = _LITERAL.sub("", form).split(";")
        if form != "General" and all(map(_PLAIN_NUMBER.fullmatch, parts)):
            from xlsx2html.format.number import format_decimal

            return str(format_decimal(value, form, locale="en_GB")).replace('"', "")
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    return str(value)


def read_ods(content: bytes) -> Layout:
    """Read an OpenDocument spreadsheet, which holds its cells as they are shown."""
    with opened_archive(content, "a spreadsheet") as archive:
        tree = parse(archive, "content.xml")
    if tree is None:
        raise BadCorpus("is damaged or not a spreadsheet; save it again.")
    hiding = {
        style.get(f"{_STYLE}name")
        for style in tree.iter(f"{_STYLE}style")
        if any(one.get(f"{_TABLE}display") == "false" for one in style)
    }
    layout, tables = Layout(), [*tree.iter(f"{_TABLE}table")]
    hidden = [one for one in tables if one.get(f"{_TABLE}style-name") in hiding]
    for table in tables:
        name = table.get(f"{_TABLE}name", "")
        if table in hidden:
            layout.warnings.append(f"Left out: the hidden sheet ‘{name}’.")
        else:
            add_sheet(layout, name, [*_ods_rows(table)], alone=len(tables) - len(hidden) == 1)
    return layout


def _ods_rows(table: etree._Element) -> Iterator[list[str]]:
    cells_left = MAX_CELLS
    for row in table.iter(f"{_TABLE}table-row"):
        if row.get(f"{_TABLE}visibility", "visible") != "visible":
            continue
        cells: list[str] = []
        for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            lines = ("".join(map(str, line.itertext())) for line in cell.iterchildren(f"{_TEXT}p"))
            cells += [" ".join(lines)] * _repeats(cell, "columns")
        while cells and not cells[-1]:
            cells.pop()
        times = _repeats(row, "rows") if cells else 1
        cells_left -= times * len(cells)
        if cells_left < 0:
            raise BadCorpus(f"has more than {MAX_CELLS:,} cells in a sheet; split it.")
        for _ in range(times):
            yield cells


def _repeats(element: etree._Element, what: str) -> int:
    said = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return min(int(said), MAX_CELLS) if said.isdecimal() else 1


def read_csv(text: str) -> Layout:
    """Read values that commas, semicolons or tabs keep apart."""
    layout = Layout()
    try:
        dialect: Any = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = [*csv.reader(text.splitlines(keepends=True), dialect)]
    except csv.Error as error:
        raise BadCorpus(f"is not a table of values ({error}); save it again as CSV.") from error
    add_sheet(layout, "Sheet", rows, alone=True)
    return layout
