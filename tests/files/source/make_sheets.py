"""Make workbooks, tables of values and a presentation: ``python make_sheets.py FOLDER``."""

from __future__ import annotations

import csv
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from pptx import Presentation

WARDS: list[list[Any]] = [
    ["Ward", "Beds", "Share", "Counted"],
    ["Hazel 3", 1212, 0.125, date(2024, 5, 3)],
    ["Hazel 4", 14, 0.375, date(2024, 5, 4)],
    ["Hazel 5", 9, 0.5, date(2024, 5, 4)],
]


SIDEWAYS = [
    ["Opened", "1911", "1958", "1936", "1974"],
    ["Pool", "Abbey", "Castle", "Dyke", "Esk"],
    ["Depth in metres", "1.2", "2.0", "0.9", "1.1"],
    ["Opens at", "07:00", "06:30", "09:00", "08:00"],
    ["Ticket", "£4.20", "£5.00", "£3.10", "£3.10"],
]
"""A table on its side: its heads stand in the first column."""

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = "".join(
    f' xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "style", "table", "text")
)


def ods(path: Path) -> None:
    """Write a spreadsheet with a sheet on its side, a hidden one and cells that span others."""

    def cell(words: str, more: str = "") -> str:
        return f"<table:table-cell{more}><text:p>{words}</text:p></table:table-cell>"

    def sheet(name: str, rows: list[str], look: str = "shown") -> str:
        lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        return f'<table:table table:name="{name}" table:style-name="{look}">{lines}</table:table>'

    looks = "".join(
        f'<style:style style:name="{name}" style:family="table">'
        f'<style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("shown", "true"), ("kept", "false"))
    )
    gates = [
        cell("Gates of the park", ' table:number-columns-spanned="3"')
        + '<table:covered-table-cell table:number-columns-repeated="2"/>',
        *("".join(map(cell, row)) for row in (
            ["Gate", "Opened by", "Shut at"],
            ["North", "the warden", "19:00"],
            ["Mill", "the café", "21:30"],
        )),
        cell("River") + cell("locked", ' table:number-columns-repeated="2"'),
    ]  # fmt: skip
    content = (
        f"<office:document-content{NAMESPACES}><office:automatic-styles>{looks}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        + sheet("Gates", gates)
        + sheet("Pools", ["".join(map(cell, row)) for row in SIDEWAYS])
        + sheet("Wages", [cell("£11")], "kept")
        + "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr(zipfile.ZipInfo("mimetype"), kind)
        archive.writestr(zipfile.ZipInfo("content.xml"), content)


def main(folder: Path) -> None:
    """Write every file."""
    ods(folder / "park.ods")
    with (folder / "pools.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(SIDEWAYS)
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Wards"
    sheet.append(["Table 1: wards of the Hazel building"])
    for row in WARDS:
        sheet.append(row)
    for line in range(3, 6):
        for column, form in (("B", "#,##0"), ("C", "0.0%"), ("D", "d mmmm yyyy")):
            sheet[f"{column}{line}"].number_format = form
    book.create_sheet("Draft").sheet_state = "hidden"
    book.save(folder / "wards.xlsx")
    with (folder / "wards.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(WARDS)
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "What wards are for"
    frame = slide.placeholders[1].text_frame
    frame.text = "Care close to home"
    frame.add_paragraph().text = "Shorter waits"
    slide.notes_slide.notes_text_frame.text = "Thank the porters."
    show.save(str(folder / "wards.pptx"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
