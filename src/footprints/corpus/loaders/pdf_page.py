"""One page of a PDF as PDFium gives it: glyphs with their places, rulings, and its tags.

Places are in points from the top left corner, so that y grows downwards.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import hypot, pi
from typing import TypeVar

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from footprints.corpus.loaders.pdf_forms import fields_of, with_values
from footprints.corpus.loaders.pdf_glyph import NO_MARK, Box, Glyph, without_shadows
from footprints.corpus.loaders.pdf_initials import with_bullets, with_capitals
from footprints.corpus.loaders.pdf_stamps import stamps_alone

_THIN = 3.0
"""A drawn rectangle that is no thicker, in points, is a line."""

_DOT = (1.0, 8.0)
"""How large a drawn bullet may be, in points."""

_ASKEW = 0.1
"""Text that leans further from a quarter turn, in radians, stands at an angle."""

_BOLD = re.compile("bold|black|heavy|semibold|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
_DEEPEST = 60
_MOST_OBJECTS = 200_000

Frame = tuple[float, float, float, float]
"""The left, bottom, right and top of a page."""


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
    askew: int = 0
    """How many glyphs were left out because they stand at an angle."""

    sideways: tuple[tuple[Glyph, ...], ...] = ()
    """Text at a quarter turn to the rest of the page, as it reads when turned; and its stamps."""

    pictured: float = 0
    """How much of the page its largest picture covers."""


def read_page(page: pdfium.PdfPage, number: int) -> Page:
    """Read a page as it is displayed: turned so that most of its letters stand upright."""
    frame = page.get_bbox()
    turns, askew = _by_turn(page.get_textpage(), frame)
    most = max(turns, key=lambda turn: sum(not g.text.isspace() for g in turns[turn]), default=0)
    turned = {
        turn: tuple(without_shadows(_turned(glyphs, turn, frame))) for turn, glyphs in turns.items()
    }
    rulings, dots, pictured = _drawn(page)
    tags = _tags(page)
    upright = with_capitals(turned.pop(most, ()))
    if not tags:
        upright = with_bullets(upright, list(_turned(dots, most, frame)))
    with stamps_alone(page, number) as sheet:
        stamped, leaning = _by_turn(sheet.get_textpage(), frame) if sheet else ({}, 0)
    stamps = [tuple(_turned(glyphs, turn, frame)) for turn, glyphs in stamped.items()]
    fields = [(next(_turned([box], most, frame)), value) for box, value in fields_of(page)]
    return Page(
        number=number,
        glyphs=with_values(upright, fields),
        rulings=tuple(_turned(rulings, most, frame)),
        tags=tags,
        has_pictures=pictured is not None,
        askew=askew + leaning,
        sideways=(*turned.values(), *stamps),
        pictured=pictured or 0,
    )


def _by_turn(text: pdfium.PdfTextPage, frame: Frame) -> tuple[dict[int, list[Glyph]], int]:
    """Return the glyphs of a page by the turns they stand at, and how many lean."""
    found: list[tuple[Glyph, int]] = []
    askew = 0
    for glyph, angle, mirrored in _glyphs(text):
        quarters = round(angle / (pi / 2))  # clockwise, as PDFium counts
        if abs(angle - quarters * pi / 2) > _ASKEW:
            askew += 1
        else:
            # Of what is mirrored PDFium tells where its letters stand up, not where they go.
            found.append((glyph, 4 + quarters % 4 if mirrored else -quarters % 4))
    turns: dict[int, list[Glyph]] = {}
    is_mirrored = _is_mirrored([one for one in found if one[1] > 3], frame)
    for glyph, turn in found:
        turns.setdefault(turn if is_mirrored else turn % 4, []).append(glyph)
    return turns, askew


def _is_mirrored(glyphs: Iterable[tuple[Glyph, int]], frame: Frame) -> bool:
    """Tell a page in a mirror from letters that are only drawn upside down and turned back.

    The lines of mirrored letters that are shown as such go up.
    """
    heights = [next(_turned([glyph], turn % 4, frame)).y1 for glyph, turn in glyphs]
    return sum((y < x) - (y > x) for x, y in pairwise(heights)) > 0


_Placed = TypeVar("_Placed", Glyph, Box)


def _turned(things: Iterable[_Placed], turn: int, frame: Frame) -> Iterator[_Placed]:
    """Yield things, whose y grows upwards, placed from the top left.

    They are turned by quarters; turns from 4 on mirror what is turned by ``turn - 4``.
    """
    left, bottom, right, top = frame
    for one in things:
        x0, x1, y0, y1 = one.x0, one.x1, one.y0, one.y1
        places = (
            (x0 - left, top - y1, x1 - left, top - y0),
            (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
            (right - x1, y0 - bottom, right - x0, y1 - bottom),
            (top - y1, right - x1, top - y0, right - x0),
            (x0 - left, y0 - bottom, x1 - left, y1 - bottom),
            (y0 - bottom, right - x1, y1 - bottom, right - x0),
            (right - x1, top - y1, right - x0, top - y0),
            (top - y1, x0 - left, top - y0, x1 - left),
        )[turn]
        x0, y0, x1, y1 = places
        yield replace(one, x0=x0, y0=y0, x1=x1, y1=y1)


@dataclass(slots=True)
class _Fonts:
    """What is known of each text object of a page: size, if it is bold, its mark, if mirrored."""

    text: pdfium.PdfTextPage
    known: dict[int, tuple[float, bool, int, bool]] = field(default_factory=dict)

    def of(self, index: int) -> tuple[float, bool, int, bool]:
        """Return what is known of the object that a character belongs to."""
        thing = raw.FPDFText_GetTextObject(self.text, index)
        address = ctypes.cast(thing, ctypes.c_void_p).value or 0
        if address not in self.known:
            mark = raw.FPDFPageObj_GetMarkedContentID(thing) if address else NO_MARK
            size, mirrored = self._size(index)
            self.known[address] = (size, self._is_bold(index), mark, mirrored)
        return self.known[address]

    def _size(self, index: int) -> tuple[float, bool]:
        matrix = raw.FS_MATRIX()
        scale, mirrored = 1.0, False
        if raw.FPDFText_GetMatrix(self.text, index, matrix):
            scale = hypot(matrix.c, matrix.d) or 1.0
            mirrored = matrix.a * matrix.d < matrix.b * matrix.c
        return float(raw.FPDFText_GetFontSize(self.text, index)) * scale, mirrored

    def _is_bold(self, index: int) -> bool:
        if raw.FPDFText_GetFontWeight(self.text, index) >= _BOLD_WEIGHT:
            return True
        name = ctypes.create_string_buffer(256)
        raw.FPDFText_GetFontInfo(self.text, index, name, len(name), None)
        return bool(_BOLD.search(name.value.decode("utf-8", errors="replace")))


def _glyphs(text: pdfium.PdfTextPage) -> Iterator[tuple[Glyph, float, bool]]:
    """Yield the characters of a page, their angles, if they are mirrored; y grows upwards."""
    fonts = _Fonts(text)
    box = raw.FS_RECTF()
    high, last = "", NO_MARK
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
        size, bold, mark, mirrored = fonts.of(index)
        if character == " " and mark == NO_MARK:
            mark = last  # PDFium makes up spaces, which belong to the word before them.
        last = mark
        angle = max(raw.FPDFText_GetCharAngle(text, index), 0.0)
        yield (
            Glyph(character, box.left, box.bottom, box.right, box.top, size, bold, mark),
            angle,
            mirrored,
        )


def _parts_a_hyphen(text: pdfium.PdfTextPage, index: int) -> bool:
    """Tell a space that PDFium made up between a word and the hyphen at the end of its line."""
    if raw.FPDFText_IsGenerated(text, index) != 1 or index + 2 >= text.count_chars():
        return False
    after, end = (raw.FPDFText_GetUnicode(text, index + step) for step in (1, 2))
    return after == ord("-") and end in {ord("\r"), ord("\n")}


def _drawn(page: pdfium.PdfPage) -> tuple[list[Box], list[Box], float | None]:
    """Return the thin lines and the dots on a page, and how much its largest picture covers."""
    lines: list[Box] = []
    dots: list[Box] = []
    pictured: float | None = None
    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1)
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
    for number, thing in enumerate(page.get_objects(filter=kinds, max_depth=4)):
        if number > _MOST_OBJECTS:
            break
        if thing.type == raw.FPDF_PAGEOBJ_FORM:
            continue
        x0, y0, x1, y1 = thing.get_bounds()
        if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictured = max(pictured or 0, abs((x1 - x0) * (y1 - y0)) / area)
        elif _is_dot(x1 - x0, y1 - y0):
            dots.append(Box(x0, y0, x1, y1))
        else:
            lines += _edges(Box(x0, y0, x1, y1), thing)
    return lines, dots, pictured


def _is_dot(width: float, height: float) -> bool:
    """Tell what is as wide as high and small enough for a bullet."""
    small, large = sorted((width, height))
    return _DOT[0] <= small and large <= _DOT[1] and large < 1.5 * small


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
