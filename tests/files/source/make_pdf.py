"""Make the PDFs of ../wild that ReportLab and Chromium make: ``python make_pdf.py FOLDER``.

Each kind of trouble is set in ReportLab with other words and sizes than the file that first showed
it, and once more by Chromium from HTML, which tags it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A4, landscape  # type: ignore[import-untyped]
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

NAMES = ["Alder", "Beech", "Cherry", "Damson", "Elder", "Furze", "Guelder", "Holly"]
WORDS = "The river wardens walk the bank each week and write down what they find there."


def heads(path: Path) -> None:
    """Write five pages with a running head, a page number, and numbered schedules."""
    page = Canvas(str(path), pagesize=A4, invariant=1)
    for number, name in enumerate(NAMES[:5], 1):
        page.setFont("Helvetica", 9)
        page.drawString(60, 810, "Parish of Thornby: rules of 2024")
        page.drawString(60, 30, f"Page {number} of 5")
        page.setFont("Helvetica", 10)
        page.drawString(60, 770, f"Schedule {number}")
        hedge = f"The {name.lower()} hedge is cut in week {number * 7} of the year."
        page.drawString(60, 740, hedge)
        page.drawString(60, 55, f"Wardens present: {9 + number * 2}.")
        page.showPage()
    page.save()


def sideways(path: Path) -> None:
    """Write a table on its side without saying so, with a label that stands upright."""
    page = Canvas(str(path), pagesize=A4, invariant=1)
    page.rotate(90)
    page.setFont("Times-Roman", 10)
    rows = [("Tree", "Height", "Age")]
    rows += [(name, f"{at + 3}.5", str(at * 11)) for at, name in enumerate(NAMES, 1)]
    for at, row in enumerate(rows):
        for column, word in enumerate(row):
            page.drawString(80 + 160 * column, -100 - 16 * at, word)
    page.rotate(-90)
    page.drawString(40, 40, "Sheet of the tree officer")
    page.save()


def banded(path: Path) -> None:
    """Write a wide table with a rule only below its head and every fourth row."""
    page = Canvas(str(path), pagesize=landscape(A4), invariant=1)
    page.setFont("Courier", 9)
    rows = [("Ward", "Trees", "Cost")]
    rows += [(name, str(40 + at), str(at * 310 + 90)) for at, name in enumerate(NAMES)]
    for at, row in enumerate(rows):
        for column, word in enumerate(row):
            page.drawString(66 + 150 * column, 500 - 15 * at, word)
    for y in (512, 496, 436, 376):
        page.line(60, y, 510, y)
    for x in (60, 210, 360, 510):
        page.line(x, 512, x, 376)
    page.save()


def columns(path: Path) -> None:
    """Write three columns of prose line by line across the page."""
    page = Canvas(str(path), pagesize=landscape(A4), invariant=1)
    page.setFont("Times-Roman", 12)
    texts = [
        "The upper lake is kept for\nsailing from April until the\ngeese come back to them.",
        "The lower lake is kept for\nanglers who have a permit\nand who leave the reeds be.",
        "The mill pond is drained in\nevery third winter so that\nthe sluice can be mended.",
    ]
    for at in range(3):
        for column, text in enumerate(texts):
            page.drawString(60 + 240 * column, 480 - 15 * at, text.split("\n")[at])
    page.save()


def form(path: Path) -> None:
    """Write a form with a name, a choice and boxes to tick."""
    page = Canvas(str(path), pagesize=A4, invariant=1)
    page.setFont("Helvetica", 11)
    page.drawString(60, 760, "Application for a mooring")
    page.drawString(60, 720, "Name of the boat")
    page.acroForm.textfield(name="boat", value="Grey Heron", x=240, y=714, width=200, height=20)
    page.drawString(60, 680, "Length")
    lengths = ["5 metres", "7 metres"]
    place = {"x": 240, "y": 674, "width": 120, "height": 20}
    page.acroForm.choice(name="length", value=lengths[1], options=lengths, **place)
    for at, (label, checked) in enumerate([("Has an engine", True), ("Has a mast", False)]):
        page.acroForm.checkbox(name=f"box{at}", checked=checked, x=60, y=636 - 30 * at, size=14)
        page.drawString(84, 640 - 30 * at, label)
    page.save()


def hyphens(path: Path) -> None:
    """Write words broken at the ends of lines beside compounds broken at their own hyphen."""
    page = Canvas(str(path), pagesize=A4, invariant=1)
    page.setFont("Times-Roman", 11)
    lines = [
        "The full-time warden is paid by the council. Another full-",
        "time post is open until the end of the month, and a part-",
        "time one is being talked about by the committee on recre-",
        "ation, which meets every Tuesday and looks after recreation in",
        "the parks of the town.",
    ]
    for at, line in enumerate(lines):
        page.drawString(60, 700 - 14 * at, line)
    page.save()


def feet(path: Path) -> None:
    """Write a table that begins and ends every page, in rows that differ in numbers alone."""
    page = Canvas(str(path), pagesize=landscape(A4), invariant=1)
    for number in range(3):
        page.setFont("Helvetica", 12)
        for at in range(9):
            lot = 9 * number + at + 1
            for column, word in enumerate((f"Lot {lot}", f"{lot + 3} chairs", f"£{lot * 4}.00")):
                page.drawString(70 + 220 * column, 560 - 65 * at, word)
        page.showPage()
    page.save()


def stamped(path: Path) -> None:
    """Write a page of text and three pictures of pages, of which one has a stamp and one a head."""
    page = Canvas(str(path), pagesize=A4, invariant=1)
    page.setFont("Times-Roman", 12)
    page.drawString(70, 760, "Minutes of the harbour board, 4 June 2024")
    page.drawString(70, 730, WORDS)
    page.showPage()
    for said, place in (("", 0), ("RECEIVED 7 JUNE 2024", 60), ("Harbour board: annex", 820)):
        page.drawImage(_picture(), 0, 0, *A4)
        page.drawString(70, place, said)
        page.showPage()
    page.save()


def only_stamps(path: Path) -> None:
    """Write pictures of pages in the wide format, each with a stamp across its corner."""
    page = Canvas(str(path), pagesize=landscape(A4), invariant=1)
    for number in range(2):
        page.drawImage(_picture(), 20, 20, 800, 555)
        page.setFont("Courier-Bold", 16)
        page.drawString(600, 40, f"COPY {number + 1} OF 2")
        page.showPage()
    page.save()


def _picture() -> ImageReader:
    """Draw grey lines where the words of a page would be."""
    picture = Image.new("L", (120, 170), 255)
    for at in range(10, 160, 6):
        picture.paste(90, (12, at, 108 - at * 7 % 40, at + 2))
    return ImageReader(picture)


def printed(path: Path, html: str) -> None:
    """Print HTML with Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(f"<!doctype html><meta charset=utf-8><title>Made</title>{html}")
        chromium = ["chromium", "--headless", "--no-sandbox", "--no-pdf-header-footer"]
        subprocess.run([*chromium, f"--print-to-pdf={path}", page], check=True, capture_output=True)


def by_chromium(folder: Path) -> None:
    """Print one page for each kind that HTML can show."""
    rows = "".join(f"<tr><td>{n}<td>{at * 7}<td>£{at * 13}" for at, n in enumerate(NAMES, 1))
    style = "<style>tr:nth-child(even){background:#ddd}td{padding:0 2em}</style>"
    head = "<tr><th>Tree<th>Count<th>Cost"
    printed(folder / "banded-chromium.pdf", f"{style}<table>{head}{rows}</table>")
    prose = f"<p>{WORDS} {WORDS}</p>" * 3
    printed(folder / "columns-chromium.pdf", f"<div style='columns:2'>{prose}</div>")
    turned = f"<div style='writing-mode:vertical-rl'><h1>Turned</h1><p>{WORDS}</p></div>"
    printed(folder / "sideways-chromium.pdf", turned)
    words = "difficult officers find first floor offices affluent and flats efficient"
    printed(folder / "ligatures-chromium.pdf", f"<p style='font-family:serif'>{words}</p>" * 2)
    fields = (
        "<p><label>Boat <input value='Grey Heron'></label><p><label><input type=checkbox checked>"
        " Engine</label>"
    )
    printed(folder / "form-chromium.pdf", fields)
    rows = "".join(f"<tr><td>Stall {n}<td>{n * 2} metres<td>£{n * 5}" for n in range(1, 41))
    style = "<style>@page{margin:0}td{padding:.6em 3em}</style>"
    printed(folder / "feet-chromium.pdf", f"{style}<table>{rows}</table>")
    day = "<section style='break-before:page'><p>Present: {} members.<p>{}<p>Minutes: page {}"
    notes = (WORDS, "The weir was mended in May.", "Nobody had seen the otter since March.")
    days = "".join(day.format(7 + at * at, note, at) for at, note in enumerate(notes, 1))
    printed(folder / "minutes-chromium.pdf", days)
    head = "<div style='position:fixed;top:0;font-size:10px'>Parish of Thornby</div>"
    section = "<section style='break-before:page'><h2>Appendix"
    parts = "".join(f"{section} {number}</h2><p>{WORDS}" for number in (1, 2, 3))
    printed(folder / "heads-chromium.pdf", f"{head}<div style='padding-top:2em'>{parts}</div>")


def main() -> None:
    """Make every file."""
    folder = Path(sys.argv[1]).resolve()
    for make in (heads, sideways, banded, columns, form, hyphens, feet, stamped):
        make(folder / f"{make.__name__}-reportlab.pdf")
    only_stamps(folder.parent / "refused" / "stamps-reportlab.pdf")
    by_chromium(folder)


if __name__ == "__main__":
    main()
