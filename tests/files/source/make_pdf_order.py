"""Make still more PDFs of ../wild: ``python make_pdf_order.py FOLDER``.

Pages that are written in another order than they are read in, forms whose rows stand beside one
long cell, powers, stamps, and lists to choose from: with ReportLab, Chromium, and Chromium through
pdftocairo, which drops the tags.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from make_pdf import printed
from reportlab.lib.pagesizes import A4, A5  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfdoc import (  # type: ignore[import-untyped]
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObjectReference,
    xObjectName,
)
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

BLOCKS = {
    40: ["Moss & Daughter", "2 Quay Street", "Thornby"],
    230: ["Parish of Thornby", "The Old School", "Thornby"],
}
PAIRS = [
    ("Hedge cut", "£120"),
    ("Gate mended", "£45"),
    ("Ditch cleared", "£310"),
    ("Stile moved", "£80"),
    ("Sum", "£555"),
    ("To be paid by", "4 May 2023"),
]
SMALL = ["Work is done by the terms of the wardens.", "Ask for them at the hall."]
LINES = [
    ("1 Rent of the field", "1", "£250"),
    ("2 Grazing", "2", "£90"),
    ("3 Sale of hay. See the note", "3", "£61"),
    ("4 Fines", "4", "£12"),
    ("5 Sum of lines 1 to 4", "5", "£413"),
]


def invoice(path: Path) -> None:
    """Write the small print before what it stands below, and the title last."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    page.setFont("Helvetica", 9)
    for x, block in BLOCKS.items():
        for at, line in enumerate(block):
            page.drawString(x, 500 - 12 * at, line)
    for at, line in enumerate(SMALL):
        page.drawString(40, 60 - 12 * at, line)
    for at, (label, value) in enumerate(PAIRS):
        page.drawString(40, 420 - 14 * at, label)
        page.drawString(230, 420 - 14 * at, value)
    page.setFont("Helvetica-Bold", 14)
    page.drawString(40, 550, "Invoice 17")
    page.save()


def ledger(path: Path) -> None:
    """Write a form: a long cell of lines, a row for each beside it, a word across its edge."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    page.setFont("Helvetica", 9)
    for at, row in enumerate(LINES):
        for x, words in zip((70, 306, 340), row, strict=True):
            page.drawString(x, 500 - 20 * at, words)
        page.line(300, 513 - 20 * at, 390, 513 - 20 * at)
    page.drawString(20, 450, "Treasurer")
    page.line(300, 413, 390, 413)
    page.line(60, 513, 390, 513)
    page.line(60, 413, 390, 413)
    page.line(43, 513, 43, 480)
    page.line(43, 513, 60, 513)
    for x in (60, 300, 330, 390):
        page.line(x, 513, x, 413)
    page.save()


def powers(path: Path) -> None:
    """Write powers of letters, brackets and units, and signs of notes beside them."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    texts = [
        "The area is πr^2, and (a + b)^2 = a^2 + 2ab + b^2.",
        "A pond of 40 m^2 holds 10^-3 of it (see the plan)^4.",
        "The rent is £250^9 a year, by the Act^12 of 1949.",
        "The roof of 40m^2 costs £4m^3 to mend.",
    ]
    for at, text in enumerate(texts):
        x = 40.0
        for part in text.replace("^", "\0^").replace("-", "\u2212").split("\0"):
            digits = 1 + len(part[1:]) - len(part[1:].lstrip("\u22120123456789"))
            raised, rest = (part[1:digits], part[digits:]) if part[0] == "^" else ("", part)
            for words, size, up in ((raised, 7, 4), (rest, 11, 0)):
                page.setFont("Helvetica", size)
                page.drawString(x, 520 - 24 * at + up, words)
                x += page.stringWidth(words, "Helvetica", size)
    page.save()


def choices(path: Path) -> None:
    """Write a form with a list to choose from and a choice that is shown by another name."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    page.setFont("Helvetica", 11)
    page.drawString(40, 520, "Days")
    page.drawString(40, 400, "Berth")
    days = [("Monday", "mo"), ("Tuesday", "tu"), ("Wednesday", "we")]
    place = {"x": 120, "width": 140}
    page.acroForm.listbox(name="days", value="tu", options=days, y=470, height=60, **place)
    berths = [("North 1", "n1"), ("South 4", "s4")]
    page.acroForm.choice(name="berth", value="s4", options=berths, y=394, height=20, **place)
    page.save()


def stamp(path: Path) -> None:
    """Put a stamp onto the words of a page, between a mark and a remark."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    page.setFont("Helvetica", 11)
    page.drawString(40, 520, "The wardens let the lower field to Ann Moss.")
    page.highlightAnnotation("Ask Ann", Rect=[40, 515, 100, 530], relative=1)
    _stamped(page, [100, 500, 220, 540], ["APPROVED"])
    page.textAnnotation("Who is she?", Rect=[300, 515, 320, 535], relative=1)
    page.save()


def received(path: Path) -> None:
    """Stamp two lines below the words of one page, and nothing onto the next."""
    page = Canvas(str(path), pagesize=A4, invariant=1)
    page.drawString(60, 760, "The hedge was cut in March.")
    _stamped(page, [300, 80, 480, 140], ["Received 4 May 2023", "Parish of Thornby"])
    page.showPage()
    page.drawString(60, 760, "The ditch was cleared in April.")
    page.save()


def _stamped(page: Canvas, place: list[int], lines: list[str]) -> None:
    page.beginForm(lines[0], 0, 0, place[2] - place[0], place[3] - place[1])
    page.setFont("Helvetica-Bold", 14)
    for at, line in enumerate(lines):
        page.drawString(10, 12 + 18 * (len(lines) - 1 - at), line)
    page.endForm()
    shown = PDFObjectReference(xObjectName(lines[0]))
    named = {"Type": PDFName("Annot"), "Subtype": PDFName("Stamp"), "F": 4}
    page._addAnnotation(
        PDFDictionary(named | {"Rect": PDFArray(place), "AP": PDFDictionary({"N": shown})})
    )


def by_chromium(folder: Path) -> None:
    """Print what HTML can show of these, the first two without tags."""
    put = "<div style='position:absolute;left:{}px;top:{}px'>{}</div>"
    parts = [put.format(x, 120, "<br>".join(block)) for x, block in BLOCKS.items()]
    parts.append(put.format(40, 800, "<br>".join(SMALL)))
    parts += [
        put.format(x, 220 + 24 * at, words)
        for at, pair in enumerate(PAIRS)
        for x, words in zip((40, 300), pair, strict=True)
    ]
    parts.append(put.format(40, 30, "<b style='font-size:1.6em'>Invoice 17</b>"))
    untagged(folder / "invoice-chromium.pdf", "".join(parts))
    first, *others = [f"<td>{number}<td>{value}" for _, number, value in LINES]
    words = "<br>".join(words for words, _, _ in LINES)
    style = (
        "<style>table{border-collapse:collapse;line-height:24px}td{border:1px solid;padding:0 9px}"
    )
    rows = "".join(f"<tr>{other}" for other in others)
    table = f"{style}</style><table><tr><td rowspan=5>{words}{first}{rows}</table>"
    untagged(folder / "ledger-chromium.pdf", table)
    texts = (
        "x<sup>2</sup> + y<sup>2</sup> = (x + iy)(x − iy), and f<sup>−1</sup>(y) = x.",
        "The pond of 3 km<sup>2</sup> costs £4m<sup>7</sup> (as agreed)<sup>8</sup>.",
    )
    printed(folder / "powers-chromium.pdf", "".join(f"<p>{text}" for text in texts))


def untagged(path: Path, html: str) -> None:
    """Print a page of HTML to a PDF without tags."""
    tagged = path.with_suffix(".tagged.pdf")
    printed(tagged, html)
    command = ["pdftocairo", "-pdf", str(tagged), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    tagged.unlink()


def main() -> None:
    """Make every file."""
    folder = Path(sys.argv[1]).resolve()
    for make in (invoice, ledger, powers, choices, stamp, received):
        make(folder / f"{make.__name__}-reportlab.pdf")
    by_chromium(folder)


if __name__ == "__main__":
    main()
