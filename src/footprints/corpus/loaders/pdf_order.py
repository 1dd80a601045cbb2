"""The order in which the lines of a page are read, where that of the file is not it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from footprints.corpus.loaders.pdf_glyph import Glyph
from footprints.corpus.loaders.pdf_lines import Line, from_the_top
from footprints.corpus.loaders.pdf_table import columns_of

_WIDE = 0.8
"""The white strip between columns is so wide, in multiples of the size of their lines."""

_CROSSING = 0.12
"""No larger a share of a page's lines crosses the white strip between its columns."""

_TOUCHING = 0.4
"""Parts of a line are no further apart, in multiples of its size."""

_JUMPS = 0.1
"""Where the file goes back no more often than once in so many lines, its order holds."""

_FEWEST_LINES = 5
_FEWEST_WORDS = 3
_GOING_ON = 0.35
"""So many lines of running text begin in small letters, at least."""


Strip = tuple[float, float]
"""Where an upright white strip begins and ends."""


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Return lines as they are read: as they are written, unless the file goes to and fro."""
    gutters = _gutters(lines)
    runs = _runs(lines)
    if len(runs) <= 1 + _JUMPS * len(lines) and not (gutters and _goes_across(lines, gutters)):
        return _from_the_highest(runs)
    whole = list(_joined(part for line in lines for part in _cut(line, gutters)))
    return list(_by_gutters(whole, gutters) if gutters else _by_columns(whole))


def _runs(lines: Sequence[Line]) -> list[list[Line]]:
    """Part lines where the file goes back."""
    runs: list[list[Line]] = []
    for at, line in enumerate(lines):
        if at == 0 or _goes_back(lines[at - 1], line):
            runs.append([])
        runs[-1].append(line)
    return runs


def _from_the_highest(runs: Sequence[list[Line]]) -> list[Line]:
    """Return runs as they are written, one that stands above all before it moved to the top."""
    ordered: list[Line] = []
    for run in runs:
        top = min((line.y0 for line in ordered), default=0)
        is_above = max(line.middle for line in run) < top
        ordered = [*run, *ordered] if is_above else [*ordered, *run]
    return ordered


def _goes_back(before: Line, after: Line) -> bool:
    """Tell whether a line stands above the one before it, or is the beginning of the same."""
    if after.middle < before.y0 and after.x0 < before.x1:
        return True
    words = [line.text.strip() for line in (before, after)]
    return min(map(len, words)) > _FEWEST_WORDS and _touch(after, before) and _goes_right(words)


def _goes_right(words: Iterable[str]) -> bool:
    return not any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in "".join(words))


def _touch(left: Line, right: Line) -> bool:
    near = _TOUCHING * right.size
    if not (left.glyphs and right.glyphs):  # One of them stands in for a table.
        return False
    return abs(left.middle - right.middle) < near and abs(right.x0 - left.x1) < near


def _joined(parts: Iterable[Line]) -> Iterator[Line]:
    """Yield lines from top to bottom, those made whole that the file holds in parts."""
    last: Line | None = None
    for line in from_the_top(parts):
        if last is None or not _touch(last, line):
            if last is not None:
                yield last
            last = line
            continue
        if line.x0 - last.x1 > 0.2 * line.size:
            last.glyphs.append(Glyph(" ", last.x1, last.y0, line.x0, last.y1, last.size, False, 0))
        for glyph in line.glyphs:
            last.add(glyph)
    if last is not None:
        yield last


def _goes_across(lines: Sequence[Line], gutters: Sequence[Strip]) -> bool:
    """Tell whether the file goes back and forth between columns, as a program does by rows."""
    columns = [sum(left <= line.x0 for left, _ in gutters) for line in lines]
    turns = sum(after < before for before, after in pairwise(columns))
    return turns > _FEWEST_LINES


def _gutters(lines: Sequence[Line]) -> list[Strip]:
    """Return the white strips that part a page into columns of running text, from the left."""
    strips = list(_strips(lines))
    edges = [(0.0, float("-inf")), *strips, (float("inf"), 0.0)]
    text = [
        is_running([line for line in lines if left[1] <= line.x0 and line.x1 <= right[0]])
        for left, right in pairwise(edges)
    ]
    return [strip for strip, both in zip(strips, pairwise(text), strict=True) if all(both)]


def _strips(lines: Sequence[Line]) -> Iterator[Strip]:
    """Yield where the upright strips that hardly any line crosses begin and end."""
    size = median([line.size for line in lines] or [0])
    ends = sorted([(line.x0, 1) for line in lines] + [(line.x1, -1) for line in lines])
    crossing, begun = 0, None
    for x, step in ends:
        crossing += step
        if crossing > _CROSSING * len(lines):
            if begun is not None and x - begun > _WIDE * size:
                yield begun, x
            begun = None
        elif begun is None and x > ends[0][0]:
            begun = x


def is_running(column: Sequence[Line]) -> bool:
    """Tell lines of text that go on into one another from the cells of a table."""
    if len(column) < _FEWEST_LINES:
        return False
    if median(len(line.text.split()) for line in column) < _FEWEST_WORDS:
        return False
    going_on = sum(line.text.lstrip()[:1].islower() for line in column)
    return going_on >= _GOING_ON * len(column)


def _by_gutters(lines: Sequence[Line], gutters: Sequence[Strip]) -> Iterator[Line]:
    """Yield lines column by column, between those that run across the page."""
    columns: list[list[Line]] = [[] for _ in [*gutters, 0]]
    for line in lines:
        if any(line.x0 < left and right < line.x1 for left, right in gutters):
            for column in columns:
                yield from column
                column.clear()
            yield line
        else:
            columns[sum(left <= line.x0 for left, _ in gutters)].append(line)
    for column in columns:
        yield from column


def _cut(line: Line, gutters: Sequence[Strip]) -> Iterator[Line]:
    """Part a line that only seems to run across, its words further apart than others there."""
    if not line.glyphs:
        yield line
        return
    part = Line(page=line.page)
    for glyph in line.glyphs:
        if part.glyphs and any(_is_apart(part, glyph, gutter) for gutter in gutters):
            yield part
            part = Line(page=line.page)
        if not glyph.text.isspace():
            part.add(glyph)
        elif part.glyphs:
            part.glyphs.append(glyph)
    yield part


def _is_apart(part: Line, glyph: Glyph, gutter: Strip) -> bool:
    if glyph.text.isspace():
        return False
    left, right = gutter
    wide = max(0.5 * (right - left), 0.7 * part.size)
    return part.x1 < (left + right) / 2 < glyph.x0 and glyph.x0 - part.x1 >= wide


def _by_columns(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines from top to bottom, where two columns stand side by side the left one first."""
    band: list[Line] = []
    for line in lines:
        ends = _gutter(band) and not _gutter([*band, line])
        begins = not _gutter(band) and not (band and _beside(band[-1], line))
        if ends or begins:
            yield from _columns(band)
            band = []
        band.append(line)
    yield from _columns(band)


def _beside(one: Line, other: Line) -> bool:
    return one.y0 < other.middle < one.y1


def _gutter(band: Sequence[Line]) -> float | None:
    """Return where the white strip between two columns of lines ends, if there is one."""
    columns = columns_of(band)
    if len(columns) != 2 or columns[1][0] - columns[0][1] < band[0].size * _WIDE:
        return None
    return columns[1][0]


def _columns(band: Sequence[Line]) -> Iterator[Line]:
    gutter = _gutter(band)
    if gutter is None:
        yield from band
        return
    yield from (line for line in band if line.x0 < gutter)
    yield from (line for line in band if line.x0 >= gutter)
