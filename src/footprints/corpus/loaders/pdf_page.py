"""One page of a PDF as PDFium gives it: glyphs with their places, rulings, and its tags.

Places are in points from the top left corner, so that y grows downwards.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import hypot

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_THIN = 3.0
"""A drawn rectangle that is no thicker, in points, is a line."""

_UPRIGHT = 0.1
_BOLD = re.compile("bold|black|heavy|semibold|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
_DEEPEST = 60
_MOST_OBJECTS = 200_000
NO_MARK = -1


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its box. ``mark`` is the piece of tagged content that it belongs to."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    mark: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Tag:
    """An element of the structure that a PDF gives its text; ``parts`` are marks and elements."""

    name: str
    parts: tuple[int | Tag, ...]

    def marks(self) -> Iterator[int]:
        """Yield the marks of the element with all in it, in order."""
        for part in self.parts:
            if isinstance(part, Tag):
                yield from part.marks()
            else:
                yield part


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page, in the order in which it was written into the file."""

    number: int
    glyphs: tuple[Glyph, ...]
    rulings: tuple[Box, ...]
    tags: tuple[Tag, ...]
    has_pictures: bool
    turned: int
    """How many glyphs were left out because they stand at an angle."""


def read_page(page: pdfium.PdfPage, number: int) -> Page:
    """Read a page."""
    text = page.get_textpage()
    left, _, _, top = page.get_bbox()
    glyphs = list(_glyphs(text, left, top))
    upright = tuple(glyph for glyph in glyphs if glyph is not None)
    rulings, has_pictures = _drawn(page, left, top)
    return Page(
        number=number,
        glyphs=upright,
        rulings=rulings,
        tags=_tags(page),
        has_pictures=has_pictures,
        turned=len(glyphs) - len(upright),
    )


@dataclass(slots=True)
class _Fonts:
    """What is known of each text object of a page: size, whether it is bold, its mark."""

    text: pdfium.PdfTextPage
    known: dict[int, tuple[float, bool, int]] = field(default_factory=dict)

    def of(self, index: int) -> tuple[float, bool, int]:
        """Return what is known of the object that a character belongs to."""
        thing = raw.FPDFText_GetTextObject(self.text, index)
        address = ctypes.cast(thing, ctypes.c_void_p).value or 0
        if address not in self.known:
            mark = raw.FPDFPageObj_GetMarkedContentID(thing) if address else NO_MARK
            self.known[address] = (self._size(index), self._is_bold(index), mark)
        return self.known[address]

    def _size(self, index: int) -> float:
        matrix = raw.FS_MATRIX()
        scale = 1.0
        if raw.FPDFText_GetMatrix(self.text, index, matrix):
            scale = hypot(matrix.c, matrix.d) or 1.0
        return float(raw.FPDFText_GetFontSize(self.text, index)) * scale

    def _is_bold(self, index: int) -> bool:
        if raw.FPDFText_GetFontWeight(self.text, index) >= _BOLD_WEIGHT:
            return True
        name = ctypes.create_string_buffer(256)
        raw.FPDFText_GetFontInfo(self.text, index, name, len(name), None)
        return bool(_BOLD.search(name.value.decode("utf-8", errors="replace")))


def _glyphs(text: pdfium.PdfTextPage, left: float, top: float) -> Iterator[Glyph | None]:
    """Yield the characters of a page; None for one that stands at an angle."""
    fonts = _Fonts(text)
    box = raw.FS_RECTF()
    high = ""
    for index in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text, index))
        if raw.FPDFText_IsHyphen(text, index) == 1:
            character = "-"
        if character in "\r\n\0" or (character == " " and _parts_a_hyphen(text, index)):
            continue
        if "\ud800" <= character <= "\udbff":
            high = character
            continue
        pair = (high + character).encode("utf-16", "surrogatepass")
        character, high = pair.decode("utf-16", "replace"), ""
        if not raw.FPDFText_GetLooseCharBox(text, index, box):
            continue
        angle = raw.FPDFText_GetCharAngle(text, index)
        if _UPRIGHT < angle < 2 * 3.1416 - _UPRIGHT:
            yield None
            continue
        size, bold, mark = fonts.of(index)
        yield Glyph(
            character,
            box.left - left,
            top - box.top,
            box.right - left,
            top - box.bottom,
            size,
            bold,
            mark,
        )


def _parts_a_hyphen(text: pdfium.PdfTextPage, index: int) -> bool:
    """Tell a space that PDFium made up between a word and the hyphen at the end of its line."""
    if raw.FPDFText_IsGenerated(text, index) != 1 or index + 2 >= text.count_chars():
        return False
    after, end = (raw.FPDFText_GetUnicode(text, index + step) for step in (1, 2))
    return after == ord("-") and end in {ord("\r"), ord("\n")}


def _drawn(page: pdfium.PdfPage, left: float, top: float) -> tuple[tuple[Box, ...], bool]:
    """Return the thin lines that are drawn on a page, and whether it has pictures."""
    lines, has_pictures = [], False
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
    for number, thing in enumerate(page.get_objects(filter=kinds, max_depth=4)):
        if number > _MOST_OBJECTS:
            break
        if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            has_pictures = True
        elif thing.type == raw.FPDF_PAGEOBJ_PATH:
            x0, y0, x1, y1 = thing.get_bounds()
            box = Box(x0 - left, top - y1, x1 - left, top - y0)
            lines += _edges(box, thing)
    return tuple(lines), has_pictures


def _edges(box: Box, thing: pdfium.PdfObject) -> list[Box]:
    """Return a thin box itself, and the four sides of a rectangle that is outlined."""
    if min(box.x1 - box.x0, box.y1 - box.y0) <= _THIN:
        return [box] if max(box.x1 - box.x0, box.y1 - box.y0) > _THIN else []
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    drawn = raw.FPDFPath_GetDrawMode(thing, fill, stroke)
    if not drawn or not stroke.value or raw.FPDFPath_CountSegments(thing) not in {4, 5}:
        return []
    return [
        Box(box.x0, box.y0, box.x1, box.y0),
        Box(box.x0, box.y1, box.x1, box.y1),
        Box(box.x0, box.y0, box.x0, box.y1),
        Box(box.x1, box.y0, box.x1, box.y1),
    ]


def _tags(page: pdfium.PdfPage) -> tuple[Tag, ...]:
    """Return the structure of a tagged page, nothing for one without."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return ()
    try:
        count = raw.FPDF_StructTree_CountChildren(tree)
        children = (raw.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(count))
        left = [_MOST_OBJECTS]
        return tuple(_tag(child, 0, left) for child in children if child)
    finally:
        raw.FPDF_StructTree_Close(tree)


def _tag(element: object, depth: int, left: list[int]) -> Tag:
    """Read an element; ``left`` is how many more may be read, as a tree could lead in circles."""
    parts: list[int | Tag] = []
    for at in range(max(0, raw.FPDF_StructElement_CountChildren(element))):
        left[0] -= 1
        if left[0] < 0 or depth > _DEEPEST:
            break
        mark = raw.FPDF_StructElement_GetChildMarkedContentID(element, at)
        child = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if child:
            parts.append(_tag(child, depth + 1, left))
        elif mark >= 0:
            parts.append(mark)
    return Tag(_string(raw.FPDF_StructElement_GetType, element), tuple(parts))


def _string(get: Callable[..., int], element: object) -> str:
    length = get(element, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    get(element, buffer, length)
    return buffer.raw[: max(length - 2, 0)].decode("utf-16-le", errors="replace")
