"""Spreadsheets and slides: what they show is read, and what is not is said."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image
from pptx import Presentation
from pptx.util import Inches
from test_loaders import HEADING, ITEM, PARAGRAPH, ROW, Shown, shown

from footprints.corpus.loaders import LOADERS
from footprints.corpus.loaders.sheets import read_csv, read_ods, read_xlsx
from footprints.corpus.loaders.slides import read_pptx
from footprints.errors import BadCorpus

WARDS: list[Shown] = [
    (PARAGRAPH, 0, "Table 3: wards"),
    (ROW, 1, "Ward\tBeds\tShare"),
    (ROW, 0, "Ash\t12\t12.5%"),
    (ROW, 0, "Oak\t1,400\t87.5%"),
    (PARAGRAPH, 0, "Counted in May."),
]
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def workbook(fill: Callable[[Any], object]) -> bytes:
    """Make a workbook; it is given with its first sheet."""
    book = openpyxl.Workbook()
    fill(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def wards(book: Any) -> None:
    """Fill a sheet that stands away from its corner, with a title and a note."""
    sheet: Any = book.active
    rows: list[list[Any]] = [
        ["Table 3: wards"], [], ["Ward", "Beds", "Share"], ["Ash", 12, 0.125], ["Oak", 1400, 0.875],
    ]  # fmt: skip
    for row, cells in enumerate(rows, start=2):
        for column, value in enumerate(cells, start=2):
            sheet.cell(row, column, value)
    sheet["B7"] = None
    for row in (5, 6):
        sheet.cell(row, 3).number_format = "#,##0"
        sheet.cell(row, 4).number_format = "0.0%"
    sheet["B8"] = "Counted in May."


def test_a_workbook() -> None:
    """A sheet's title, column heads, rows and notes are read, numbers as they are shown."""
    assert shown(read_xlsx(workbook(wards))) == WARDS


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        (1234567.5, "£#,##0.00", "£1,234,567.50"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (42, "0000", "0042"),
        (12, '0 "beds"', "12 beds"),
        (3.0, "General", "3"),
        (0.1, "General", "0.1"),
        (0.5, "# ?/?", "0.5"),
        (1234.5, '#,##0.0,"k"', "1234.5"),
        (12345678, "0.00E+00", "12345678"),
        (True, "General", "TRUE"),
        ("=1+1", "@", ""),
        ("<b> & c", "General", "<b> & c"),
        (date(2024, 5, 3), "dd/mm/yyyy", "03/05/2024"),
        (datetime(2024, 5, 3, 9, 30), "d mmmm yyyy", "3 May 2024"),
        (time(9, 30), "hh:mm", "09:30"),
    ],
)
def test_a_value_is_read_as_it_is_shown(value: object, form: str, words: str) -> None:
    """A number is read as it is shown; in a format that is not simple, as it is."""

    def fill(book: Any) -> None:
        book.active["A1"] = "Name"
        book.active["B1"] = value
        book.active["B1"].number_format = form

    assert shown(read_xlsx(workbook(fill)))[0][2].removeprefix("Name").strip() == words


def test_several_sheets_and_what_is_hidden() -> None:
    """Each sheet is a heading; hidden sheets, rows and columns, charts and pictures are named."""

    def fill(book: Any) -> None:
        wards(book)
        book.active.title = "Wards"
        other = book.create_sheet("Staff")
        for cells in (["Name", "Post", "Pay"], ["Ann", "nurse", 3], ["Bob", "porter", 2]):
            other.append(cells)
        other.row_dimensions[3].hidden = True
        other.column_dimensions["C"].hidden = True
        picture = io.BytesIO()
        Image.new("RGB", (1, 1)).save(picture, "PNG")
        other.add_image(SheetImage(picture), "E1")
        book.create_sheet("Old").sheet_state = "hidden"

    layout = read_xlsx(workbook(fill))
    assert shown(layout) == [
        (HEADING, 1, "Wards"),
        *WARDS,
        (HEADING, 1, "Staff"),
        (ROW, 1, "Name\tPost"),
        (ROW, 0, "Ann\tnurse"),
    ]
    assert layout.warnings == [
        "Left out: hidden rows of ‘Staff’.",
        "Left out: hidden columns of ‘Staff’.",
        "Left out: charts or pictures in ‘Staff’; words in them are not read.",
        "Left out: the hidden sheet ‘Old’.",
    ]


def test_merged_cells() -> None:
    """A cell that spans rows is said in each, one that spans columns once."""

    def fill(book: Any) -> None:
        for cells in (
            ["Area", "Ward", "Note"],
            ["North", "Ash", "a"],
            [None, "Oak", "b"],
            ["All", None, "c"],
        ):
            book.active.append(cells)
        book.active.merge_cells("A2:A3")
        book.active.merge_cells("A4:B4")

    assert [text for _, _, text in shown(read_xlsx(workbook(fill)))] == [
        "Area\tWard\tNote",
        "North\tAsh\ta",
        "North\tOak\tb",
        "All\t\tc",
    ]


def test_an_open_document_spreadsheet() -> None:
    """Cells and rows that are repeated are read; a hidden sheet is named."""
    content = f"""<o xmlns:t="{ODF}table:1.0" xmlns:x="{ODF}text:1.0" xmlns:s="{ODF}style:1.0">
    <s:style s:name="h"><p t:display="false"/></s:style>
    <t:table t:name="Wards"><t:table-row><t:table-cell><x:p>Ward</x:p></t:table-cell>
    <t:table-cell><x:p>Beds</x:p></t:table-cell>
    <t:table-cell t:number-columns-repeated="900"/></t:table-row>
    <t:table-row><t:table-cell><x:p>Ash</x:p><x:p>tree</x:p></t:table-cell>
    <t:table-cell><x:p>1,400</x:p></t:table-cell></t:table-row>
    <t:table-row t:number-rows-repeated="1000000"><t:table-cell/></t:table-row></t:table>
    <t:table t:name="Old" t:style-name="h"><t:table-row><t:table-cell><x:p>x</x:p></t:table-cell>
    </t:table-row></t:table></o>"""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    layout = LOADERS[".ods"](file.getvalue())
    assert shown(layout) == [
        (HEADING, 1, "Wards"),
        (ROW, 1, "Ward\tBeds"),
        (ROW, 0, "Ash tree\t1,400"),
    ]
    assert layout.warnings == ["Left out: the hidden sheet ‘Old’."]
    with pytest.raises(BadCorpus, match="damaged or not a spreadsheet"):
        read_ods(workbook(wards))


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_separated_values(mark: str) -> None:
    """Values are read by what keeps them apart, quoted ones whole."""
    lines = ["Ward,Beds,Note", '"Ash, old",12,"a ""b"""', "Oak,14,"]
    text = "\r\n".join(line.replace(",", mark).replace(f"Ash{mark}", "Ash,") for line in lines)
    assert [one[2] for one in shown(read_csv(text))] == [
        "Ward\tBeds\tNote",
        'Ash, old\t12\ta "b"',
        "Oak\t14\t",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n,,"])
def test_an_empty_table(text: str) -> None:
    """A table in which nothing stands has no blocks."""
    assert read_csv(text).blocks == []


def slides() -> bytes:
    """Make a presentation of a title, a list, a table, a picture, notes and a hidden slide."""
    show = Presentation()
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = "Aims"
    frame = first.placeholders[1].text_frame
    frame.text = "Shorter waits"
    deeper = frame.add_paragraph()
    deeper.text, deeper.level = "in every ward", 1
    first.notes_slide.notes_text_frame.text = "Say thanks."
    second = show.slides.add_slide(show.slide_layouts[6])
    table = second.shapes.add_table(2, 2, Inches(1), Inches(3), Inches(4), Inches(1)).table
    for number, words in enumerate(("Ward", "Beds", "Ash", "12")):
        table.cell(*divmod(number, 2)).text = words
    second.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame.text = "Above."
    picture = io.BytesIO()
    Image.new("RGB", (1, 1)).save(picture, "PNG")
    second.shapes.add_picture(picture, Inches(1), Inches(5))
    third = show.slides.add_slide(show.slide_layouts[5])
    third.shapes.title.text = "Old"
    third._element.set("show", "0")
    file = io.BytesIO()
    show.save(file)
    return file.getvalue()


def test_a_presentation() -> None:
    """A slide is a heading with what stands on it from the top; its notes are marked as notes."""
    layout = read_pptx(slides())
    assert shown(layout) == [
        (HEADING, 2, "Aims"),
        (ITEM, 1, "Shorter waits"),
        (ITEM, 2, "in every ward"),
        (HEADING, 3, "Notes"),
        (PARAGRAPH, 0, "Say thanks."),
        (HEADING, 2, "Slide 2"),
        (PARAGRAPH, 0, "Above."),
        (ROW, 1, "Ward\tBeds"),
        (ROW, 0, "Ash\t12"),
    ]
    assert [block.locator for block in layout.blocks[:6]] == ["slide 1"] * 5 + ["slide 2"]
    assert layout.warnings == [
        "Left out: pictures or charts on slide 2; words in them are not read.",
        "Left out: hidden slide 3.",
    ]


ON_ITS_SIDE = "Opened,1911,1958,1936\nKeeper,Ann,Bo,Cy\nTicket,£4.20,£5,£3.10\n"


@pytest.mark.parametrize("above", ["", "Pools of 2024\n"], ids=["bare", "below a title"])
def test_a_table_on_its_side(above: str) -> None:
    """A table whose heads stand in its first column is turned, so that a record is a row."""
    read = shown(read_csv(above + ON_ITS_SIDE))
    assert read[-4:] == [
        (ROW, 1, "Opened\tKeeper\tTicket"),
        (ROW, 0, "1911\tAnn\t£4.20"),
        (ROW, 0, "1958\tBo\t£5"),
        (ROW, 0, "1936\tCy\t£3.10"),
    ]
    assert read[:-4] == [(PARAGRAPH, 0, above.strip())] * bool(above)


@pytest.mark.parametrize(
    "table",
    [
        "Ward,North,South\nBeds,3,4\nShare,5%,6%",
        "Ash,3,4\nOak,5,6",
        "Ash,3,5%\nOak,4,6%",
        "Year,2019,2020\nYear,5%,6%",
        "Year,2019,2020\nShare,5%,",
        "Year,2019\nShare,5%",
        "1,2019,2020\n2,5%,6%",
        "Ash,1990,1930\nOak,4,6",
    ],
    ids=[
        "heads above",
        "one kind",
        "records",
        "twice",
        "a gap",
        "two columns",
        "numbers",
        "no years",
    ],
)
def test_a_table_that_may_stand_upright(table: str) -> None:
    """A table that is not surely on its side stands as it is."""
    rows = [text.split("\t") for _, _, text in shown(read_csv(table))]
    assert rows == [line.split(",") for line in table.splitlines()]


@pytest.mark.parametrize(
    ("suffix", "content"), [(".xlsx", workbook(wards)), (".pptx", slides())], ids=["xlsx", "pptx"]
)
def test_a_child_reads_them_too(suffix: str, content: bytes) -> None:
    """The bounded process reads them as they are read here, and refuses what is damaged."""
    here = {".xlsx": read_xlsx, ".pptx": read_pptx}[suffix](content)
    there = LOADERS[suffix](content)
    assert (there.text, there.blocks, there.warnings) == (here.text, here.blocks, here.warnings)
    with pytest.raises(BadCorpus, match="damaged or not"):
        LOADERS[suffix](content[: len(content) // 2])
