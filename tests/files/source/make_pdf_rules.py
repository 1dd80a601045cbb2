"""Make PDFs of ../wild with other rules and margins: ``python make_pdf_rules.py FOLDER``.

Lines that are numbered in the margin, pages in a mirror, rules that frame lists of rows, and tables
whose sides are open: with ReportLab, and Chromium through pdftocairo, which drops the tags.
"""

from __future__ import annotations

import sys
from pathlib import Path

from make_pdf_order import untagged
from reportlab.lib.pagesizes import A4, A5  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

HEARING = (
    "MRS MOSS: Was the gate open when you|came down to the weir that morning?"
    "||MR REED: It was, and so was the sluice,|which I had shut on the night before."
    "||MRS MOSS: Who holds a key to it?||MR REED: The wardens, and the miller,"
    "|though he gave his back in 2019, as he|says, and has not been near it since."
)
BILL = (
    "(1) A warden may close a weir for as long as the water stands higher than the mark, and must "
    "say so on a board at the gate. (2) A board under subsection (1) is to be seen from the bank, "
    "and stays for a day after the weir is opened again. (3) Who takes a board away is liable to a "
    "fine of up to £250, and to a further £20 for each day on which there is none. (4) In this "
    "section “mark” means the notch that was cut into the pier of the bridge in 1911, or what the "
    "wardens put in its place when the pier is mended."
)
POLLS = {
    "Mill Ward": [("Ann Moss", "Ind", "312"), ("John Reed", "Grn", "298")],
    "Weir Ward": [("Ida Furze", "Lab", "410"), ("Tom Elder", "Con", "405"), ("Jo Ash", "Ind", "7")],
    "Quay Ward": [("Max Holly", "Con", "120"), ("Eve Alder", "Lab", "119")],
}
QUESTIONS = {
    "Shall the weir be mended?": [("Yes", "901"), ("No", "77")],
    "Shall the quay be lit?": [("Yes", "455"), ("No", "523")],
    "Shall the mill be let?": [("Yes", "640"), ("No", "338")],
}
HALLS = [
    ("Hall", "Seats", "Rate"),
    ("Mill Hall", "80", "£12.50"),
    ("Weir Room, with its kitchen", "24", "£8.00"),
    ("Loft", "12", "£5.25"),
]
FLOOD = ["The water came over the bank at noon, and", "stood in the lower field until the Sunday."]
BELOW = {
    -1: ["Below the weir it rose by a yard, so that", "the miller’s cart was lost."],
    1: ["The bridge stood, but for its parapet,", "which is to be mended."],
}


def numbered(path: Path) -> None:
    """Write two pages of a hearing, the numbers of their lines last."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    lines = HEARING.split("|")
    for first in (0, 3):
        page.setFont("Courier", 10)
        said = lines[first:]
        for at, line in enumerate(said):
            page.drawString(80, 520 - 24 * at, line)
        for at in range(len(lines)):
            page.drawRightString(60, 520 - 24 * at, str(at + 1))
        page.showPage()
    page.save()


def mirrored(path: Path) -> None:
    """Write a page as it is seen in a mirror, one upside down in it, and one that is not."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    width, height = A5
    for across, down in ((-1, 1), (1, -1), (1, 1)):
        page.translate(width if across < 0 else 0, height if down < 0 else 0)
        page.scale(across, down)
        page.setFont("Helvetica", 12)
        for at, line in enumerate(FLOOD if across + down else BELOW[across]):
            page.drawString(60, 500 - 16 * at, line)
        page.showPage()
    page.save()


def frames(path: Path) -> None:
    """Write polls in two columns between rules, the names first and then all numbers."""
    page = Canvas(str(path), pagesize=A4, invariant=1)
    page.setFont("Helvetica", 9)
    page.drawString(60, 784, "Parish of Thornby: polls of 5 May 2022")
    for x in (50, 290, 550):
        page.line(x, 775, x, 500)
    for y in (800, 775, 500):
        page.line(50, y, 550, y)
    for x in (50, 550):
        page.line(x, 800, x, 775)
    numbers = []
    for left, right, polls in ((60, 280, POLLS), (300, 540, QUESTIONS)):
        y = 760
        for title, rows in polls.items():
            page.drawString(left, y, title)
            for name, *party, votes in rows:
                y -= 14
                page.drawString(left, y, name)
                page.drawString(left + 120, y, "".join(party))
                numbers.append((right, y, votes))
            y -= 28
    for number in numbers:
        page.drawRightString(*number)
    page.save()


def opened(path: Path) -> None:
    """Write a table with rules between its columns and rows, but none around it."""
    page = Canvas(str(path), pagesize=A5, invariant=1)
    page.setFont("Times-Roman", 11)
    page.drawString(40, 540, "What it costs to hire a hall:")
    edges = (40, 230, 300, 380)
    for at, row in enumerate(HALLS):
        for x, words in zip(edges, row, strict=False):
            page.drawString(x + 5, 500 - 20 * at, words)
    for at in range(len(HALLS) - 1):
        page.line(edges[0], 494 - 20 * at, edges[-1], 494 - 20 * at)
    for x in edges[1:-1]:
        page.line(x, 515, x, 434)
    page.save()


def by_chromium(folder: Path) -> None:
    """Print what HTML can show of these, without tags."""
    bill = "<div style='width:250px;line-height:26px;text-align:justify'>{}</div>"
    put = "<div style='position:absolute;left:420px;top:{}px'>{}</div>"
    fives = [put.format(26 * number - 15, number) for number in range(5, 16, 5)]
    untagged(folder / "numbered-chromium.pdf", bill.format(BILL) + "".join(fives))
    flipped = "<div style='transform:scaleX(-1)'>{}</div><div style='break-before:page'>{}</div>"
    flood = "<br>".join([*FLOOD, "Then it fell, and left a bar of mud", "as high as the gate."])
    untagged(folder / "mirrored-chromium.pdf", flipped.format(flood, "It was cleared in May."))
    style = "<style>table{border-collapse:collapse}td,th{padding:4px 9px;text-align:left}"
    columns = [
        "<br>".join(
            f"<b>{title}</b><table class=in>"
            + "".join(f"<tr><td width=180>{'<td width=60>'.join(row)}" for row in rows)
            + "</table>"
            for title, rows in polls.items()
        )
        for polls in (POLLS, QUESTIONS)
    ]
    framed = f"{style}.out>tbody>tr>td{{border:1px solid}}.in td{{padding:0}}</style>"
    framed += "<table class=out><tr><td colspan=2>Polls of 5 May 2022<tr><td>"
    untagged(folder / "frames-chromium.pdf", framed + "<td>".join(columns) + "</table>")
    open_ = f"{style}tr+tr>*{{border-top:1px solid}}td+td,th+th{{border-left:1px solid}}</style>"
    head, *rows = ("<td>".join(row) for row in HALLS)
    table = f"<table><tr><th>{head.replace('td', 'th')}<tr><td>{'<tr><td>'.join(rows)}</table>"
    untagged(folder / "opened-chromium.pdf", f"{open_}<p>To hire a hall:{table}")


def main() -> None:
    """Make every file."""
    folder = Path(sys.argv[1]).resolve()
    for make in (numbered, mirrored, frames, opened):
        make(folder / f"{make.__name__}-reportlab.pdf")
    by_chromium(folder)


if __name__ == "__main__":
    main()
