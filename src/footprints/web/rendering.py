"""Lay a document out for a page: its blocks with the marked places cut out, lists nested."""

from __future__ import annotations

from dataclasses import dataclass, field

from footprints.types import Block, BlockKind, Document, HasSpan, Span


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of text that is marked as a whole or not at all."""

    text: str
    marked: bool
    first: bool = False
    """Whether this is where the marked place begins."""


@dataclass(frozen=True, slots=True)
class Part:
    """A block as it is shown. A ``list`` or ``table`` has no words of its own, only items."""

    kind: str
    level: int = 0
    runs: tuple[TextRun, ...] = ()
    cells: tuple[tuple[TextRun, ...], ...] = ()
    items: list[Part] = field(default_factory=list)


def lay_out(document: Document, mark: HasSpan | None = None) -> list[Part]:
    """Return the parts of a document in order, with one place marked exactly."""
    if mark:
        mark = trimmed(document, mark)
    parts: list[Part] = []
    open_lists: list[Part] = []
    for block in document.blocks:
        if block.kind is BlockKind.TABLE_ROW:
            if block.level or not parts or parts[-1].kind != "table":
                parts.append(Part("table"))
            parts[-1].items.append(Part(block.kind, cells=_cells(document, block, mark)))
            open_lists = []
        elif block.level and block.kind is not BlockKind.HEADING:
            del open_lists[block.level :]
            while len(open_lists) < block.level:
                _open_list(parts, open_lists)
            continues = block.kind is BlockKind.PARAGRAPH and open_lists[-1].items
            within = open_lists[-1].items[-1] if continues else open_lists[-1]
            within.items.append(_plain(document, block, mark))
        else:
            open_lists = []
            parts.append(_plain(document, block, mark))
    return parts


def trimmed(document: Document, place: HasSpan) -> Span:
    """Return a place without the white space at its ends; an empty one if that is all it is."""
    words = document.at(place)
    start = place.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _open_list(parts: list[Part], open_lists: list[Part]) -> None:
    """Open a list at the end of the page, or inside the last item of the innermost open one."""
    opened = Part("list")
    if not open_lists:
        parts.append(opened)
    elif open_lists[-1].items:
        open_lists[-1].items[-1].items.append(opened)
    else:
        open_lists[-1].items.append(Part("list_item", items=[opened]))
    open_lists.append(opened)


def _plain(document: Document, block: Block, mark: HasSpan | None) -> Part:
    return Part(block.kind, block.level, _runs(document, block.start, block.end, mark))


def _cells(
    document: Document, block: Block, mark: HasSpan | None
) -> tuple[tuple[TextRun, ...], ...]:
    cells, start = [], block.start
    for cell in document.at(block).split("\t"):
        cells.append(_runs(document, start, start + len(cell), mark))
        start += len(cell) + 1
    return tuple(cells)


def _runs(document: Document, start: int, end: int, mark: HasSpan | None) -> tuple[TextRun, ...]:
    """Cut ``[start, end)`` where the marked place begins and ends in it."""
    if mark is None or mark.end <= start or end <= mark.start:
        return (TextRun(document.text[start:end], marked=False),)
    begin, stop = max(start, mark.start), min(end, mark.end)
    runs = (
        TextRun(document.text[start:begin], marked=False),
        TextRun(document.text[begin:stop], marked=True, first=begin == mark.start),
        TextRun(document.text[stop:end], marked=False),
    )
    return tuple(run for run in runs if run.text)
