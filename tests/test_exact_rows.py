"""A table of hundreds of rows that are nearly the same is answered by the very row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from test_hostile import FONT, PAGE, body, docx, paragraph, pdf, stream
from tiny import answerer_of

from footprints.answer.answerer import Answerer
from footprints.corpus.read import SourceFile, read_document
from footprints.index.encoder import BundledEncoder
from footprints.types import BlockKind, Document

TREES = [
    "Alder", "Ash", "Beech", "Birch", "Cedar", "Elm", "Hazel", "Holly", "Larch", "Lime", "Maple",
    "Oak", "Pine", "Rowan", "Yew",
]  # fmt: skip
MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
HEADS = ["Ward", "Code", "Nurses", "Porters", "Budget", "Opened"]
ROWS = [
    [
        f"{TREES[at % 15]} {at // 15 + 1}",
        f"WD-{1000 + 7 * at}/{'ABCDEFGH'[at % 8]}",
        str(10 + 7 * at % 23),
        str(2 + 5 * at % 11),
        f"£{1200 + 37 * at:,}",
        f"{at % 28 + 1} {MONTHS[at % 7]} {1980 + at % 40}",
    ]
    for at in range(300)
]
TABLE = [HEADS, *ROWS]


def as_csv() -> bytes:
    """Write the table as values."""
    file = io.StringIO()
    csv.writer(file).writerows(TABLE)
    return file.getvalue().encode()


def as_xlsx() -> bytes:
    """Write the table as a workbook, counts as numbers."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in TABLE:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(file)
    return file.getvalue()


def as_html() -> bytes:
    """Write the table as a page."""
    heads = "".join(f"<th>{head}" for head in HEADS)
    rows = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in ROWS)
    return f"<!doctype html><main><table><tr>{heads}{rows}</table></main>".encode()


def as_docx() -> bytes:
    """Write the table as a Word document, its first row repeated on every page."""
    rows = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in TABLE]
    head = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{rows[0]}</w:tr>"
    return docx(body(f"<w:tbl>{head}{''.join(f'<w:tr>{row}</w:tr>' for row in rows[1:])}</w:tbl>"))


def as_pdf() -> bytes:
    """Write the table in columns over ten pages, its heads on each."""
    pages = [[HEADS, *ROWS[at : at + 30]] for at in range(0, 300, 30)]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(10))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 10/Kids[" + kids + b"]>>",
        FONT,
    ]
    for at, rows in enumerate(pages):
        page = PAGE.replace(b"4 0 R", b"%d 0 R" % (5 + 2 * at)).replace(b"5 0 R>>>>", b"3 0 R>>>>")
        objects += [page.replace(b"300 300", b"600 800"), stream(b" ".join(drawn(rows)))]
    return pdf(objects)


def drawn(rows: Sequence[Sequence[str]]) -> list[bytes]:
    """Draw rows with a rule below each."""
    words = []
    for down, row in enumerate(rows):
        y = 750 - 20 * down
        words.append(b"40 %d m 580 %d l S" % (y - 5, y - 5))
        for across, cell in enumerate(row):
            said = cell.replace("£", "\\243").encode()
            words.append(b"BT /F 9 Tf %d %d Td (%s) Tj ET" % (45 + 90 * across, y, said))
    return words


FILES = {
    "wards.csv": as_csv,
    "wards.docx": as_docx,
    "wards.html": as_html,
    "wards.pdf": as_pdf,
    "wards.xlsx": as_xlsx,
}


def read(name: str) -> Document:
    """Read a file that was made."""
    return read_document(SourceFile(Path(name), FILES[name]()), None)[0]


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_read(name: str) -> None:
    """Every row of the table stands whole below its heads, in every format."""
    document = read(name)
    rows = [block for block in document.blocks if block.kind is BlockKind.TABLE_ROW]
    assert [document.at(row).split("\t") for row in rows] == TABLE
    assert [row.level for row in rows] == [1, *[0] * 300]


@pytest.fixture(scope="module")
def wards(real_encoder: BundledEncoder) -> Answerer:
    """Answer from the table."""
    return answerer_of(real_encoder, read("wards.csv"))


@pytest.mark.parametrize(
    ("question", "at"),
    [
        ("How many porters are in {0}?", 6),
        ("How many nurses does {0} have?", 206),
        ("What is the budget of {0}?", 1),
        ("How much is the budget for {0}?", 0),
        ("What is the budget of ward {0}?", 299),
        ("When was {0} opened?", 143),
        ("What is the code of {0}?", 99),
        ("Which ward has the code {1}?", 1),
        ("What is {1}?", 199),
        ("Which ward has a budget of {4}?", 21),
        ("How many nurses and porters work in {0}?", 147),
        ("porters in {0}", 29),
        ("{0}", 171),
        ("{1}", 250),
    ],
)
def test_the_very_row_is_quoted(wards: Answerer, question: str, at: int) -> None:
    """The first quote is the row that is asked for, with the heads of its columns."""
    first = wards.answer(question.format(*ROWS[at])).citations[0]
    assert first.quote == "\t".join(ROWS[at])
    assert [part.text for part in first.context][-1] == "\t".join(HEADS)
