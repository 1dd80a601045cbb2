"""What stands on the page of a PDF: characters and boxes, with their places."""

from __future__ import annotations

from dataclasses import dataclass

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
