"""Make more PDFs of ../wild: ``python make_pdf_pages.py FOLDER``.

Bullets that are drawn, drop capitals, raised signs, shadows, words broken by soft hyphens, words
typed onto a page, and tables over a page break: with ReportLab, Chromium and LibreOffice.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from make_pdf import NAMES, WORDS, printed
from reportlab.lib.pagesizes import A5  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

RULES = [
    "Keep dogs on a lead near the ewes, and shut each gate that",
    "you open.",
    "Light no fires.",
    "Take your litter home.",
]


def bullets(path: Path) -> None:
    """Write a list whose bullets are drawn, an item of two lines, and a chart with a dot in it."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    page.setFont("Helvetica", 10)
    page.drawString(50, 540, "Visitors to the common must:")
    for at, line in enumerate(RULES):
        if line != "you open.":
            page.rect(56, 521 - 14 * at, 4, 4, stroke=0, fill=1)
        page.drawString(70, 520 - 14 * at, line)
    page.drawString(50, 440, "The rules were made in 2019.")
    page.circle(200, 300, 3, stroke=0, fill=1)
    page.drawString(210, 290, "The hut")
    page.save()


def initials(path: Path) -> None:
    """Write two paragraphs with drop capitals, one of them a word by itself."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    ferry = "he ferry was run by one family for\ntwo hundred years, until the road was\nbuilt."
    bridge = (
        "bridge took its place, and the house\nat the landing was let to an angling or\na club."
    )
    for top, capital, text in ((520, "T", ferry), (420, "A", bridge)):
        page.setFont("Times-Roman", 31)
        page.drawString(50, top - 12, capital)
        page.setFont("Times-Roman", 11)
        for at, line in enumerate(text.split("\n")):
            page.drawString(50 + (22 if at < 2 else 0), top - 13 * at, line)
    page.save()


def signs(path: Path) -> None:
    """Write an ordinal, a footnote sign on a sum, and a date without a space between its parts."""
    page = Canvas(str(path), pagesize=A5, invariant=1)

    def write(x: float, y: float, *parts: tuple[str, int, int]) -> None:
        for word, size, up in parts:
            page.setFont("Helvetica", size)
            page.drawString(x, y + up, word)
            x += page.stringWidth(word, "Helvetica", size)

    let = (" meeting let the field for £250", 11, 0)
    write(50, 520, ("The 21", 11, 0), ("st", 7, 4), let, ("9", 7, 4), (" a year.", 11, 0))
    write(50, 500, ("It was held on 20", 11, 0))
    write(139, 500, ("June 2023 at the hall.", 11, 0))
    write(50, 60, ("9", 7, 3), (" Paid in two parts.", 9, 0))
    page.save()


def shadows(path: Path) -> None:
    """Write a heading with a shadow, letter by letter, and a word drawn twice."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    page.setFont("Helvetica", 16)
    x = 50.0
    for letter in "Moorings committee":
        page.drawString(x, 520, letter)
        page.drawString(x + 1, 519, letter)
        x += page.stringWidth(letter, "Helvetica", 16)
    page.setFont("Helvetica", 11)
    page.drawString(50, 490, "All berths are let for 2024.")
    page.drawString(50.4, 490, "All berths are let for 2024.")
    page.save()


def typed(path: Path) -> None:
    """Write a page without a form, a name and a date typed onto it behind their labels."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    page.setFont("Helvetica", 11)
    for at, (label, value) in enumerate([("Name of keeper", "Ann Moss"), ("Day", "4 May 2023")]):
        page.drawString(50, 520 - 30 * at, label)
        place = [160, 515 - 30 * at, 280, 533 - 30 * at]
        page.freeTextAnnotation(value, "/Helv 11 Tf 0 g", place, relative=1)
    page.save()


def turnover(path: Path) -> None:
    """Write a table that goes on over a page without its column heads, and one with them again."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    page.setFont("Courier", 10)
    rows = [(name, str(12 + at), str(at * 40 + 5)) for at, name in enumerate(NAMES)]
    for first, part in ((True, rows[:4]), (False, rows[4:])):
        page.setFont("Courier", 10)
        shown = [("Hedge", "Metres", "Cost"), *part] if first else part
        top = 120 if first else 540
        for at, row in enumerate(shown):
            for column, word in enumerate(row):
                page.drawString(56 + 110 * column, top - 18 * at, word)
        for at in range(len(shown) + 1):
            page.line(50, top + 13 - 18 * at, 380, top + 13 - 18 * at)
        for x in (50, 160, 270, 380):
            page.line(x, top + 13, x, top + 13 - 18 * len(shown))
        page.showPage()
    page.save()


def by_chromium(folder: Path) -> None:
    """Print what HTML can show of these."""
    first = "<style>p::first-letter{float:left;font-size:3.2em;line-height:.8}</style>"
    printed(folder / "initials-chromium.pdf", f"{first}<p>{WORDS} {WORDS}<p>A {WORDS} {WORDS}")
    signs = "<p>The 21<sup>st</sup> meeting let it for £250<sup>9</sup> a year, on 20&thinsp;June."
    printed(folder / "signs-chromium.pdf", signs)
    broken = "The com&shy;mittee on recre&shy;ation met the well-known part-time ward&shy;ens. "
    narrow = f"<p style='width:9em;font-family:serif'>{broken * 3}"
    printed(folder / "hyphens-chromium.pdf", narrow)


def by_libreoffice(folder: Path) -> None:
    """Convert HTML with LibreOffice, untagged: a list, and a table of two pages with one head."""
    rows = "".join(f"<tr><td>{n} {at}<td>{at * 7}" for at in range(1, 9) for n in NAMES)
    table = f"<table border=1><thead><tr><th>Tree<th>Count</thead><tbody>{rows}</tbody></table>"
    items = "".join(f"<li>{line}" for line in RULES[2:])
    options = '{"UseTaggedPDF":{"type":"boolean","value":"false"}}'
    command = ["soffice", "--headless", "--infilter=HTML (StarWriter)", "--convert-to"]
    for name, body in (("turnover", table), ("bullets", f"<p>Visitors must:<ul>{items}</ul>")):
        with tempfile.TemporaryDirectory() as scratch:
            page = Path(scratch, f"{name}-libreoffice.html")
            page.write_text(f"<!doctype html><meta charset=utf-8>{body}")
            told = [
                *command,
                f"pdf:writer_pdf_Export:{options}",
                "--outdir",
                str(folder),
                str(page),
            ]
            subprocess.run(told, check=True, capture_output=True)


def main() -> None:
    """Make every file."""
    folder = Path(sys.argv[1]).resolve()
    for make in (bullets, initials, signs, shadows, typed, turnover):
        make(folder / f"{make.__name__}-reportlab.pdf")
    by_chromium(folder)
    by_libreoffice(folder)


if __name__ == "__main__":
    main()
