"""What stands on the page of a PDF: characters and boxes, with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NO_MARK = -1
_SHADOW = 0.12
"""A letter's shadow is no further from it, in multiples of its size."""


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


def without_shadows(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Yield glyphs without those drawn again beside themselves, to look bold or raised.

    What shares its place exactly are the letters of a ligature; a shadow has others beside it.
    """
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    read, shadows = list(glyphs), set[int]()
    for at, glyph in enumerate(read):
        reach = max(_SHADOW * glyph.size, 0.01)
        x, y = int(glyph.x0 // reach), int(glyph.y0 // reach)
        near = (
            other
            for across in (x - 1, x, x + 1)
            for down in (y - 1, y, y + 1)
            for other in seen.get((glyph.text, across, down), ())
        )
        if not glyph.text.isspace() and any(_is_shadow(glyph, other, reach) for other in near):
            shadows.add(at)
        else:
            seen.setdefault((glyph.text, x, y), []).append(glyph)
    for at, glyph in enumerate(read):
        if at not in shadows or shadows.isdisjoint((at - 2, at - 1, at + 1, at + 2)):
            yield glyph


def _is_shadow(glyph: Glyph, other: Glyph, reach: float) -> bool:
    across, down = abs(glyph.x0 - other.x0), abs(glyph.y0 - other.y0)
    return across + down > 0 and max(across, down) <= reach and glyph.size == other.size
