"""Lay a document out for a page: its blocks with the marked places cut out, lists nested."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from footprints.corpus.clean import words_of
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
    """A block as it is shown. A ``list`` or ``table`` has no words of its own, only items.

    ``start`` is where it begins in the document, which is the anchor of a heading.
    """

    kind: str
    level: int = 0
    start: int = 0
    runs: tuple[TextRun, ...] = ()
    cells: tuple[tuple[TextRun, ...], ...] = ()
    items: list[Part] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return its own words."""
        return "".join(run.text for run in self.runs)


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
            parts[-1].items.append(_row(document, block, mark))
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


def around_title(
    document: Document, parts: Sequence[Part]
) -> tuple[list[Part], tuple[TextRun, ...], list[Part]]:
    """Return what stands above the title, the title as it is shown, and what stands below it.

    One of the headings at the top that is the title is shown as that and not again; those before
    it stand above. The headings below count from level 2 on.
    """
    above: list[Part] = []
    title: tuple[TextRun, ...] = (TextRun(document.title, marked=False),)
    below = list(parts)
    for number, heading in enumerate(takewhile(_is_heading, parts)):
        if _same(heading.text, document.title):
            above, title, below = below[:number], heading.runs, below[number + 1 :]
            break
    highest = min((part.level for part in headings_in(below)), default=2)
    return (
        above,
        title,
        [
            replace(part, level=min(part.level + 2 - highest, 6)) if _is_heading(part) else part
            for part in below
        ],
    )


def headings_in(parts: Iterable[Part]) -> list[Part]:
    """Return the headings among the parts of a document."""
    return [part for part in parts if _is_heading(part)]


def _is_heading(part: Part) -> bool:
    return part.kind == BlockKind.HEADING


def _same(one: str, other: str) -> bool:
    return words_of(one) == words_of(other)


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
    runs = _runs(document, block.start, block.end, mark)
    return Part(block.kind, block.level, block.start, runs)


def _row(document: Document, block: Block, mark: HasSpan | None) -> Part:
    return Part(block.kind, block.level, block.start, cells=_cells(document, block, mark))


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
