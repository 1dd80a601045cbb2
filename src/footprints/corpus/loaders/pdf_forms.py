"""What is filled into a PDF's form or typed onto its pages, set beside its labels."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from footprints.corpus.loaders.pdf_glyph import NO_MARK, Box, Glyph

_FARTHEST = 30.0
"""A label stands no further from its field, in multiples of its size."""

_TICKS = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
_WORDS = (
    raw.FPDF_FORMFIELD_TEXTFIELD,
    raw.FPDF_FORMFIELD_COMBOBOX,
    raw.FPDF_FORMFIELD_LISTBOX,
)
_MOST_FIELDS = 5000


def fields_of(page: pdfium.PdfPage) -> Iterator[tuple[Box, str]]:
    """Yield where the fields of a page stand, y upwards, with what is filled or typed in."""
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)):
        field = raw.FPDFPage_GetAnnot(page, at)
        try:
            value = _value(page, field)
            place = raw.FS_RECTF()
            if value and raw.FPDFAnnot_GetRect(field, place):
                yield Box(place.left, place.bottom, place.right, place.top), value
        finally:
            raw.FPDFPage_CloseAnnot(field)


def _value(page: pdfium.PdfPage, field: object) -> str:
    if raw.FPDFAnnot_GetFlags(field) & raw.FPDF_ANNOT_FLAG_HIDDEN:
        return ""
    subtype = raw.FPDFAnnot_GetSubtype(field)
    if subtype == raw.FPDF_ANNOT_FREETEXT:
        return _string(field, b"Contents")
    if page.formenv is None:  # A page cut out of a form has its fields, but no form.
        return _string(field, b"V") if subtype == raw.FPDF_ANNOT_WIDGET else ""
    kind = raw.FPDFAnnot_GetFormFieldType(page.formenv, field)
    if kind in _TICKS:
        return "☒" if raw.FPDFAnnot_IsChecked(page.formenv, field) else "☐"
    if kind not in _WORDS:
        return ""
    return _choice(page, field, kind) or _words(page, field)


def _choice(page: pdfium.PdfPage, field: object, kind: int) -> str:
    """Return what is shown of the options of a field: all of a list, of any other the chosen."""
    count = min(max(raw.FPDFAnnot_GetOptionCount(page.formenv, field), 0), _MOST_FIELDS)
    chosen = [raw.FPDFAnnot_IsOptionSelected(page.formenv, field, at) for at in range(count)]
    labels = [_label_of(page, field, at) for at in range(count)]
    if kind == raw.FPDF_FORMFIELD_LISTBOX:
        boxes = ("☒" if is_chosen else "☐" for is_chosen in chosen)
        return " ".join(f"{box} {label}" for box, label in zip(boxes, labels, strict=True))
    return " ".join(label for label, is_chosen in zip(labels, chosen, strict=True) if is_chosen)


def _label_of(page: pdfium.PdfPage, field: object, option: int) -> str:
    length = raw.FPDFAnnot_GetOptionLabel(page.formenv, field, option, None, 0)
    buffer = (ctypes.c_ushort * max(length // 2, 1))()
    raw.FPDFAnnot_GetOptionLabel(page.formenv, field, option, buffer, length)
    return _plain(buffer)


def _words(page: pdfium.PdfPage, field: object) -> str:
    length = raw.FPDFAnnot_GetFormFieldValue(page.formenv, field, None, 0)
    buffer = (ctypes.c_ushort * max(length // 2, 1))()
    raw.FPDFAnnot_GetFormFieldValue(page.formenv, field, buffer, length)
    return _plain(buffer)


def _string(field: object, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(field, key, None, 0)
    buffer = (ctypes.c_ushort * max(length // 2, 1))()
    raw.FPDFAnnot_GetStringValue(field, key, buffer, length)
    return _plain(buffer)


def _plain(buffer: ctypes.Array[ctypes.c_ushort]) -> str:
    said = bytes(buffer).decode("utf-16-le", "replace")
    return " ".join(said.replace("\0", "").split())


def with_values(glyphs: Sequence[Glyph], fields: Sequence[tuple[Box, str]]) -> tuple[Glyph, ...]:
    """Put values behind the words to their left, else before those to their right."""
    filled = list(glyphs)
    for box, value in fields:
        at, label = _label(filled, box)
        if label is None:
            filled += _written(value, box.x0, box.y0, box.y1, min(box.y1 - box.y0, 11), NO_MARK)
        elif label.x0 < box.x0:
            x0 = label.x1 + 0.3 * label.size
            filled[at + 1 : at + 1] = _written(
                value, x0, label.y0, label.y1, label.size, label.mark
            )
        else:
            x0 = label.x0 - 0.8 * label.size
            filled[at:at] = _written(value, x0, label.y0, label.y1, label.size, label.mark)
    return tuple(filled)


def _label(glyphs: Sequence[Glyph], box: Box) -> tuple[int, Glyph | None]:
    """Return the nearest glyph to the left of a field, else to its right, with its place."""
    middle = (box.y0 + box.y1) / 2
    beside = [
        (at, glyph)
        for at, glyph in enumerate(glyphs)
        if not glyph.text.isspace()
        and (glyph.y0 < middle < glyph.y1 or box.y0 < (glyph.y0 + glyph.y1) / 2 < box.y1)
    ]
    left = [(at, g) for at, g in beside if 0 <= box.x0 + 2 - g.x1 < _FARTHEST * g.size]
    right = [(at, g) for at, g in beside if 0 <= g.x0 + 2 - box.x1 < _FARTHEST * g.size]
    small = box.x1 - box.x0 < 2 * (box.y1 - box.y0)
    first = right or left if small else left or right
    if not first:
        return 0, None
    return min(first, key=lambda one: min(abs(box.x0 - one[1].x1), abs(one[1].x0 - box.x1)))


def _written(
    value: str, x0: float, y0: float, y1: float, size: float, mark: int
) -> Iterator[Glyph]:
    width = 0.5 * size
    for at, character in enumerate(value):
        left = x0 + at * width
        yield Glyph(character, left, y0, left + width, y1, size, False, mark)
