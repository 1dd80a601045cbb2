"""Make Word files of the kinds that are hard to read, built otherwise than those in ``wild/``.

``python make_word.py FOLDER`` writes them; the parts are what Word itself would write.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
VENDOR = "application/vnd.openxmlformats-"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Default Extension="rels" ContentType="{VENDOR}package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{VENDOR}officedocument.'
    'wordprocessingml.document.main+xml"/>'
    '<Default Extension="txt" ContentType="text/plain"/>'
    '<Default Extension="rtf" ContentType="application/rtf"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
    "</Relationships>"
)
MAIN = f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def words(text: str, look: str = "") -> str:
    """Write a run."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def line(*runs: str, look: str = "") -> str:
    """Write a paragraph."""
    return f"<w:p><w:pPr>{look}</w:pPr>{''.join(runs)}</w:p>"


def cell(*inside: str) -> str:
    """Write a cell of a table."""
    return f"<w:tc>{''.join(inside)}</w:tc>"


def style(id_: str, name: str, more: str, kind: str = "paragraph") -> str:
    """Write a style."""
    return f'<w:style w:type="{kind}" w:styleId="{id_}"><w:name w:val="{name}"/>{more}</w:style>'


def write(path: Path, body: str, parts: dict[str, str] | None = None, relations: str = "") -> None:
    """Write a Word file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS.format(MAIN),
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": RELATIONS.format(relations),
            **(parts or {}),
        }.items():
            # One moment for all, so that the same script writes the same bytes.
            archive.writestr(zipfile.ZipInfo(name), content)


def boxes(folder: Path) -> None:
    """Write text boxes: in both forms, in the old one alone, and one of two paragraphs."""
    new = (
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{0}"
        "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        "<w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    both = new.format(line(words("Dogs stay on leads.")) + line(words("Bikes stay outside.")))
    dusk = line(words("Gates close at dusk."))
    old = f"<w:pict><v:textbox><w:txbxContent>{dusk}</w:txbxContent></v:textbox></w:pict>"
    write(
        folder / "boxes.docx",
        line(words("The park is open to all."), f"<w:r>{both}</w:r>")
        + line(f"<w:r>{old}</w:r>", words("There is a car park."))
        + line(words("The end.")),
    )


def numbers(folder: Path) -> None:
    """Write numbers that styles bring, in letters and Roman, begun anew and gone on with."""
    levels = (
        '<w:abstractNum w:abstractNumId="7">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>'
        '<w:lvlText w:val="Part %1"/><w:pStyle w:val="Part"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%2."/></w:lvl>'
        '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
        '<w:lvlText w:val="(%2%3)"/></w:lvl></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
        '<w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="1">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        '<w:num w:numId="5"><w:abstractNumId w:val="8"/></w:num>'
    )
    part = style(
        "Part",
        "Part",
        '<w:basedOn w:val="H1"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>',
    )
    first = style("H1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')

    def item(text: str, level: int, list_: int = 3) -> str:
        return line(
            words(text),
            look=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>',
        )

    body = (
        line(words("Members"), look='<w:pStyle w:val="Part"/>')
        + item("Anyone may join.", 1) + item("Members pay a fee:", 1)
        + item("adults £10", 2) + item("children £2", 2)
        + line(words("Meetings"), look='<w:pStyle w:val="Part"/>')
        + item("We meet in May.", 1) + item("The fifth rule.", 1, 4) + item("The sixth rule.", 1, 4)
        + item("a bullet", 0, 5)
    )  # fmt: skip
    write(
        folder / "numbers.docx",
        body,
        {
            "word/styles.xml": f'<w:styles xmlns:w="{W}">{first}{part}</w:styles>',
            "word/numbering.xml": f'<w:numbering xmlns:w="{W}">{levels}</w:numbering>',
        },
        f'<Relationship Id="s" Type="{R}/styles" Target="styles.xml"/>'
        f'<Relationship Id="n" Type="{R}/numbering" Target="numbering.xml"/>',
    )


def unseen(folder: Path) -> None:
    """Write what is hidden by a style, struck twice, deleted and moved away."""
    hidden = style("Secret", "Secret", "<w:rPr><w:vanish/></w:rPr>", "character")
    shown = '<w:rStyle w:val="Secret"/><w:vanish w:val="0"/>'
    body = line(
        words("The fee is "), words("£9", '<w:rStyle w:val="Secret"/>'),
        words("£8", "<w:dstrike/>"), f"<w:del>{words('£7')}</w:del>",
        f"<w:moveFrom>{words('£6')}</w:moveFrom>", f"<w:ins>{words('£10')}</w:ins>",
        words(" a day"), words(", payable in advance", shown), words("."),
    )  # fmt: skip
    formula = (
        "<m:oMathPara><m:oMath><m:r><m:t>x=</m:t></m:r><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f><m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e>"
        "<m:sup><m:r><m:t>3</m:t></m:r></m:sup></m:sSup></m:oMath></m:oMathPara>"
    )
    write(
        folder / "unseen.docx",
        body + line(words("It is "), formula, words(" in all.")),
        {"word/styles.xml": f'<w:styles xmlns:w="{W}">{hidden}</w:styles>'},
        f'<Relationship Id="s" Type="{R}/styles" Target="styles.xml"/>',
    )


def forms(folder: Path) -> None:
    """Write old boxes to tick, a choice from a list, and a row of a table in a control."""

    def field(data: str, instruction: str) -> str:
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
            f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    on = field("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>", "FORMCHECKBOX")
    off = field("<w:checkBox><w:default w:val='0'/></w:checkBox>", "FORMCHECKBOX")
    entries = "<w:listEntry w:val='North'/><w:listEntry w:val='South'/>"
    choice = field(f"<w:ddList><w:result w:val='1'/>{entries}</w:ddList>", "FORMDROPDOWN")
    inner = f"<w:tbl><w:tr>{cell(line(words('Mon')))}{cell(line(words('Tue')))}</w:tr></w:tbl>"
    rows = (
        f"<w:tr>{cell(line(words('Name')))}{cell(line(words('Days')))}</w:tr>"
        f"<w:sdt><w:sdtContent><w:tr>{cell(line(words('Ann')))}{cell(inner, line())}</w:tr>"
        "</w:sdtContent></w:sdt>"
    )
    look = "<w:tblPr><w:tblLook w:val='04A0'/></w:tblPr>"
    write(
        folder / "forms.docx",
        line(on, words(" member "), off, words(" guest"))
        + line(words("Area: "), choice)
        + f"<w:tbl>{look}{rows}</w:tbl>"
        + line(words("End.")),
    )


def chunks(folder: Path) -> None:
    """Write parts in other formats: plain text, which is read, and RTF, which is not."""
    kind = f"{R}/aFChunk"
    write(
        folder / "chunks.docx",
        line(words("Before.")) + '<w:altChunk r:id="t"/>' + '<w:altChunk r:id="f"/>'
        + line(words("After.")),
        {"word/notes.txt": "First note.\n\nSecond note.", "word/old.rtf": "{\\rtf1 Old}"},
        f'<Relationship Id="t" Type="{kind}" Target="notes.txt"/>'
        f'<Relationship Id="f" Type="{kind}" Target="/word/old.rtf"/>',
    )  # fmt: skip


def letter(folder: Path) -> None:
    """Write a letter with nearly everything in it, from a comment to a table in a table."""
    tick = (
        "<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='{}'/></w14:checkbox></w:sdtPr>"
        "<w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    styles = (
        style("Title1", "heading 1", "")
        + style("Band", "Band", '<w:basedOn w:val="Title1"/>')
        + style("Ribbon", "Ribbon", '<w:basedOn w:val="Band"/>')
    )
    remark = (
        '<w:commentRangeStart w:id="0"/>' + words("Dear members,") + '<w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r>'
    )
    comments = line(words("Too stiff?"))
    cup = line(words("Bring your own cup."))
    box = f"<w:pict><v:textbox><w:txbxContent>{cup}</w:txbxContent></v:textbox></w:pict>"
    html = '<Default Extension="html" ContentType="text/html"/></Types>'
    inner = f"<w:tbl><w:tr>{cell(line(words('left')))}{cell(line(words('right')))}</w:tr></w:tbl>"
    rows = [
        [line(words(head)) for head in ("Who", "Seat", "Paid")],
        [line(words("Ida")), inner + line(), line(tick.format(1, "☒"))],
        [line(words("Cy")), line(words("aisle")), line(tick.format(0, "☐"))],
    ]
    table = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    body = (
        line(words("Spring outing"), look='<w:pStyle w:val="Ribbon"/>')
        + line(remark)
        + line(words("Meet at 12 Quay Street"), "<w:r><w:cr/></w:r>", words("at nine."))
        + line(words("Seats are "), words("£4", "<w:strike/>"), words("£6"),
               words("3", '<w:vertAlign w:val="superscript"/>'), words(" each."))
        + line(f"<w:r>{box}</w:r>", words("Tea is served."))
        + f"<w:tbl>{table}</w:tbl>"
        + '<w:altChunk r:id="h"/>'
        + line(words("Yours, "), words("the secretary", "<w:vanish/>"), words("Ida"))
    )  # fmt: skip
    write(
        folder / "letter.docx",
        body,
        {
            "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
            "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:id="0">{comments}'
            "</w:comment></w:comments>",
            "[Content_Types].xml": TYPES.replace("</Types>", html),
            "word/more.html": "<h1>Rules</h1><ul><li>No dogs.</li><li>No kites.</li></ul>",
        },
        f'<Relationship Id="s" Type="{R}/styles" Target="styles.xml"/>'
        f'<Relationship Id="c" Type="{R}/comments" Target="comments.xml"/>'
        f'<Relationship Id="h" Type="{R}/aFChunk" Target="more.html"/>',
    )


if __name__ == "__main__":
    for make in (boxes, numbers, unseen, forms, chunks, letter):
        make(Path(sys.argv[1]))
