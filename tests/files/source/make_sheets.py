"""Make a workbook, a table of values and a presentation: ``python make_sheets.py FOLDER``."""

from __future__ import annotations

import csv
import sys
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


def main(folder: Path) -> None:
    """Write the three files."""
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
