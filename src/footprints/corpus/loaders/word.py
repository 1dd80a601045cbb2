"""Word's XML made plain before mammoth reads it: what a reader sees of a document, in order."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from footprints.corpus.loaders.archive import parse
from footprints.corpus.loaders.formulas import OMML, of_word
from footprints.corpus.loaders.word_numbers import Numbering
from footprints.corpus.loaders.word_styles import WORD, Styles, value_of

HEADING = "FootprintsHeading"
"""How the style of a heading is called for mammoth, before its level."""

CHUNK = "\ue000"
"""What a part in another format is marked with, before and after its number."""

_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_UNSEEN = tuple(
    f"{WORD}{name}"
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference", "del", "moveFrom")
)
_PICTURES = tuple(f"{WORD}{name}" for name in ("drawing", "object", "pict"))
_HIDING = ("vanish", "dstrike", "webHidden")
_TICKED = {True: "☒", False: "☐"}


class WordPart:
    """One part of a document with text: its body, its footnotes or its endnotes."""

    def __init__(self, root: etree._Element, styles: Styles, numbering: Numbering) -> None:
        self.root = root
        self.chunks: list[str] = []
        """The relations of what stands in another format, by the number in its mark."""
        self._styles = styles
        self._numbering = numbering

    def make_plain(self) -> None:
        """Change the tree so that it holds what a reader sees, and nothing else."""
        self._remove([*self.root.iter(*_UNSEEN)])
        for control in [*self.root.iter(f"{WORD}sdt")]:
            _unwrap(control, [*control.iterfind(f"{WORD}sdtContent/*")])
        for reading in [*self.root.iter(f"{WORD}ruby")]:
            _unwrap(reading, [*reading.iterfind(f"{WORD}rubyBase/*")])
        self._remove([run for run in self.root.iter(f"{WORD}r") if self._is_hidden(run)])
        for field in [*self.root.iter(f"{WORD}ffData")]:
            _say_choice(field)
        for display in [*self.root.iter(f"{OMML}oMathPara")]:
            _unwrap(display, [*display.iterfind(f"{OMML}oMath")])
        for formula in [*self.root.iter(f"{OMML}oMath")]:
            _unwrap(formula, [_run(of_word(formula))])
        for text in [*self.root.iter(f"{WORD}cr")]:
            text.tag = f"{WORD}br"
        frames = [frame for frame in self.root.iter(*_PICTURES) if _only_holds_a_box(frame)]
        while boxes := [*self._outer_boxes()]:
            for box in boxes:
                _set_after_its_paragraph(box)
        self._remove(frames)
        for table in [*self.root.iter(f"{WORD}tbl")]:
            if any(True for _ in table.iterancestors(f"{WORD}tc")):
                _unwrap(table, [_row_as_paragraph(row) for row in table.iter(f"{WORD}tr")])
        for table in self.root.iter(f"{WORD}tbl"):
            _mark_column_heads(table)
        for paragraph in self.root.iter(f"{WORD}p"):
            self._number_and_head(paragraph)
        for chunk in [*self.root.iter(f"{WORD}altChunk")]:
            _unwrap(chunk, [_paragraph(f"{CHUNK}{len(self.chunks)}{CHUNK}")])
            self.chunks.append(chunk.get(f"{_RELATION}id", ""))

    @property
    def pictures(self) -> int:
        """Return how many pictures and other objects are left in it, of which no word is read."""
        return sum(1 for _ in self.root.iter(*_PICTURES))

    def _remove(self, elements: list[etree._Element]) -> None:
        for element in elements:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)

    def _is_hidden(self, run: etree._Element) -> bool:
        return any(self._styles.is_on(run, name) for name in _HIDING)

    def _outer_boxes(self) -> Iterator[etree._Element]:
        """Yield the text boxes in no other; of a box that is there in two forms, the newer one."""
        for box in self.root.iter(f"{WORD}txbxContent"):
            above = {element.tag for element in box.iterancestors()}
            if f"{WORD}txbxContent" not in above:
                yield box

    def _number_and_head(self, paragraph: etree._Element) -> None:
        """Write out a paragraph's automatic number, and mark a heading by its level."""
        if label := self._numbering.label(paragraph):
            properties = paragraph.find(f"{WORD}pPr")
            paragraph.insert(0 if properties is None else 1, _run(f"{label} "))
        if level := self._styles.heading_level(paragraph):
            properties = paragraph.find(f"{WORD}pPr")
            if properties is None:
                return
            style = properties.find(f"{WORD}pStyle")
            if style is None:
                style = etree.SubElement(properties, f"{WORD}pStyle")
            style.set(f"{WORD}val", f"{HEADING}{level}")


def _only_holds_a_box(frame: etree._Element) -> bool:
    """Tell the frame of a text box, which shows nothing else, from a picture."""
    boxed = any(True for _ in frame.iter(f"{WORD}txbxContent"))
    return boxed and not any(True for _ in frame.iter("{*}blip", "{*}imagedata", "{*}OLEObject"))


def relations_of(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return the names of the parts that a part refers to, by their relations."""
    folder, name = posixpath.split(part)
    tree = parse(archive, f"{folder}/_rels/{name}.rels")
    return {
        one.get("Id", ""): posixpath.normpath(posixpath.join(folder, one.get("Target", ""))).lstrip(
            "/"
        )
        for one in (tree if tree is not None else ())
        if one.get("TargetMode") != "External"
    }


def repacked(archive: zipfile.ZipFile, changed: dict[str, etree._Element]) -> bytes:
    """Return the archive with some of its parts changed."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as copy:
        for name in dict.fromkeys(archive.namelist()):
            part = changed.get(name)
            copy.writestr(name, archive.read(name) if part is None else etree.tostring(part))
    return packed.getvalue()


def _unwrap(element: etree._Element, inside: list[etree._Element]) -> None:
    """Put what is inside an element, or what stands for it, in its place."""
    parent = element.getparent()
    if parent is not None:
        at = parent.index(element)
        parent[at : at + 1] = inside


def _set_after_its_paragraph(box: etree._Element) -> None:
    """Move the text of a box behind the paragraph that it floats over."""
    outer = [*box.iterancestors(f"{WORD}p")]
    frame = next(iter(box.iterancestors(f"{_COMPATIBLE}AlternateContent")), box)
    content = [*box]
    parent = frame.getparent()
    if parent is not None:
        parent.remove(frame)
    if outer:
        for element in reversed(content):
            outer[-1].addnext(element)


def _mark_column_heads(table: etree._Element) -> None:
    """Mark the first row as column heads, if the table sets it off and it says nothing else."""
    rows, look = table.findall(f"{WORD}tr"), table.find(f"{WORD}tblPr/{WORD}tblLook")
    if len(rows) < 2 or look is None or not _sets_first_row_off(look):
        return
    cells = [_words_in(cell) for cell in rows[0].iter(f"{WORD}tc")]
    if len(cells) > 1 and all(cell and not cell[0].isdigit() for cell in cells):
        properties = rows[0].find(f"{WORD}trPr")
        if properties is None:
            properties = etree.Element(f"{WORD}trPr")
            rows[0].insert(0, properties)
        if properties.find(f"{WORD}tblHeader") is None:
            etree.SubElement(properties, f"{WORD}tblHeader")


def _sets_first_row_off(look: etree._Element) -> bool:
    by_bits = re.fullmatch("[0-9A-Fa-f]{1,4}", value_of(look))
    return look.get(f"{WORD}firstRow") == "1" or bool(by_bits and int(by_bits[0], 16) & 0x20)


def _row_as_paragraph(row: etree._Element) -> etree._Element:
    """Write a row of a table within a table as a line of its cell."""
    return _paragraph(" ".join(filter(None, map(_words_in, row.iterfind(f"{WORD}tc")))))


def _words_in(element: etree._Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{WORD}t")).strip()


def _say_choice(field: etree._Element) -> None:
    """Write the state of a box to tick, or the choice from a list, before its field."""
    box, choices = field.find(f"{WORD}checkBox"), field.find(f"{WORD}ddList")
    run = next(iter(field.iterancestors(f"{WORD}r")), None)
    if run is None:
        return
    if box is not None:
        said = [box.find(f"{WORD}{name}") for name in ("checked", "default")]
        state = value_of(next((one for one in said if one is not None), None))
        run.addprevious(_run(_TICKED[state not in {"", "0", "false"}]))
        _forget_instruction(run)
    elif choices is not None:
        entries = [value_of(one) for one in choices.iterfind(f"{WORD}listEntry")]
        number = value_of(choices.find(f"{WORD}result")) or "0"
        if number.isdecimal() and int(number) < len(entries):
            run.addprevious(_run(entries[int(number)]))


def _forget_instruction(run: etree._Element) -> None:
    """Keep mammoth from making a box of its own of a field."""
    for later in run.itersiblings(f"{WORD}r"):
        if (instruction := later.find(f"{WORD}instrText")) is not None:
            instruction.text = ""
            return


def _paragraph(text: str) -> etree._Element:
    paragraph = etree.Element(f"{WORD}p")
    paragraph.append(_run(text))
    return paragraph


def _run(text: str) -> etree._Element:
    run = etree.Element(f"{WORD}r")
    words = etree.SubElement(run, f"{WORD}t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run
