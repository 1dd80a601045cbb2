"""PPTX: every slide a heading with what stands on it, from the top, and its notes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from footprints.corpus.loaders.archive import opened_archive
from footprints.corpus.loaders.layout import Layout
from footprints.types import BlockKind

_LEVEL, _NOTES = 2, 3
"""The levels of a slide's heading and of that of its notes."""


def read_pptx(content: bytes) -> Layout:
    """Read a presentation into its blocks.

    Raises:
        BadCorpus: it is none, or unpacks to more than one should.
    """
    from pptx import Presentation

    opened_archive(content, "a presentation").close()
    layout = Layout()
    for number, slide in enumerate(Presentation(BytesIO(content)).slides, start=1):
        place = f"slide {number}"
        if slide._element.get("show") == "0":
            layout.warnings.append(f"Left out: hidden {place}.")
            continue
        title = slide.shapes.title
        name = title.text_frame.text if title is not None and title.has_text_frame else ""
        layout.add(BlockKind.HEADING, name.strip() or f"Slide {number}", _LEVEL, place)
        pictures = 0
        for shape in _in_order(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                pictures += not _add(layout, shape, place)
        if pictures:
            layout.warnings.append(
                f"Left out: pictures or charts on {place}; words in them are not read."
            )
        if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame):
            _add_notes(layout, notes, place)
    return layout


def _in_order(shapes: Any) -> Iterator[Any]:
    """Yield what stands on a slide from the top, then from the left, groups taken apart."""
    for shape in sorted(shapes, key=lambda one: (one.top or 0, one.left or 0)):
        if hasattr(shape, "shapes"):
            yield from _in_order(shape.shapes)
        else:
            yield shape


def _add(layout: Layout, shape: Any, place: str) -> bool:
    """Append what a shape says; tell whether that is all it shows."""
    if getattr(shape, "has_table", False):
        for number, row in enumerate(shape.table.rows):
            is_head = shape.table.first_row and number == 0
            layout.add_row([cell.text_frame.text for cell in row.cells], is_head, place)
        return True
    if not shape.has_text_frame:
        # A line or an arrow says nothing; a picture, a chart or a diagram may.
        return not (hasattr(shape, "image") or shape.shape_type is None or _is_graphic(shape))
    lines = [line for line in shape.text_frame.paragraphs if line.text.strip()]
    for line in lines:
        listed = shape.is_placeholder and len(lines) > 1
        kind = BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH
        layout.add(kind, line.text, line.level + 1 if listed else 0, place)
    return True


def _is_graphic(shape: Any) -> bool:
    return bool(getattr(shape, "has_chart", False)) or shape._element.tag.endswith("graphicFrame")


def _add_notes(layout: Layout, notes: Any, place: str) -> None:
    lines = [line.text for line in notes.paragraphs if line.text.strip()]
    if lines:
        layout.add(BlockKind.HEADING, "Notes", _NOTES, place)
    for line in lines:
        layout.add(BlockKind.PARAGRAPH, line, 0, place)
