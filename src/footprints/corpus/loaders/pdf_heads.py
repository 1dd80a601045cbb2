"""The running heads and feet of a PDF: what its pages repeat at their ends, and nothing else."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from footprints.corpus.clean import clean
from footprints.corpus.loaders.pdf_glyph import Glyph
from footprints.corpus.loaders.pdf_lines import Line, cells_of, lines_of
from footprints.corpus.loaders.pdf_page import Page

_OUTERMOST = 5
"""Fewer rows at the top and the bottom of a page may be running heads and feet."""

_ENOUGH = 3
SCANNED = 0.5
"""A picture that covers so much of a page may be a scan of it."""

_SAME_PLACE = 6.0
_BIGGER = 0.7
_NUMBER = re.compile(r"\d+|\b[ivxl]+\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_SECTION = re.compile(
    r"(annex|appendix|article|case|chapter|clause|figure|item|lot|part|schedule|section|step|table)"
    r"\b.{0,3}#",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\W*(page\W*)?#\W*((of|/)\W*#\W*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines side by side at one end of a page."""

    page: int
    end: str
    lines: tuple[Line, ...]
    is_text: bool
    """Whether it is too large for a running head, or a row of a table."""

    @property
    def text(self) -> str:
        return clean(" ".join(line.text for line in self.lines))

    @property
    def middle(self) -> float:
        return self.lines[0].middle


@dataclass(frozen=True, slots=True)
class Body:
    """The glyphs of each page without running heads and feet, and what to say of those."""

    glyphs: dict[int, list[Glyph]]
    warnings: tuple[str, ...]


def without_heads(pages: Sequence[Page], headings: frozenset[str]) -> Body:
    """Take out what repeats from the edge inwards, up to the first row that does not."""
    size = _usual_size(pages)
    rows = {page.number: list(_ends(page, size, headings)) for page in pages}
    running = _running([row for ends in rows.values() for end in ends for row in end])
    glyphs, said = {}, dict[str, list[_Row]]()
    for page in pages:
        gone = [row for end in rows[page.number] for row in _outer(end, running)]
        places = {_place(glyph) for row in gone for line in row.lines for glyph in line.glyphs}
        left = [glyph for glyph in page.glyphs if _place(glyph) not in places]
        if not any(g.text.strip() for g in left) and page.pictured < SCANNED:
            glyphs[page.number] = list(page.glyphs)
            continue
        glyphs[page.number] = left
        for row in gone:
            said.setdefault(running[id(row)], []).append(row)
    return Body(glyphs, tuple(_said(group) for group in said.values()))


def _place(glyph: Glyph) -> tuple[float, float, float]:
    return glyph.x0, glyph.x1, glyph.y0


def _usual_size(pages: Sequence[Page]) -> float:
    sizes = Counter(round(g.size * 2) / 2 for page in pages for g in page.glyphs if g.text.strip())
    return sizes.most_common(1)[0][0] if sizes else 0


def _ends(page: Page, size: float, headings: frozenset[str]) -> Iterator[list[_Row]]:
    """Yield the outermost rows of a page from the top and from the bottom, each inwards."""
    rows: list[list[Line]] = []
    for line in sorted(lines_of(page.glyphs, page.number), key=lambda one: one.middle):
        if rows and abs(rows[-1][0].middle - line.middle) < 0.4 * max(line.size, 1):
            rows[-1].append(line)
        else:
            rows.append([line])
    rows = [sorted(row, key=lambda one: one.x0) for row in rows]
    for end, inwards in (("head", rows), ("foot", rows[::-1])):
        yield [
            _Row(
                page.number, end, tuple(row), _is_text(page, row, inwards[at + 1 :], size, headings)
            )
            for at, row in enumerate(inwards[:_OUTERMOST])
        ]


def _is_text(
    page: Page,
    row: Sequence[Line],
    inner: Sequence[Sequence[Line]],
    size: float,
    headings: frozenset[str],
) -> bool:
    if any(line.size > size + _BIGGER for line in row):
        return True
    if clean(" ".join(line.text for line in row)).casefold() in headings:
        return True
    middle = row[0].middle
    if any(edge.y0 < middle < edge.y1 and edge.x1 - edge.x0 < 3 for edge in page.rulings):
        return True
    return bool(inner) and _are_rows(row, inner[0])


def _are_rows(row: Sequence[Line], other: Sequence[Line]) -> bool:
    """Tell whether two rows next to each other have cells in the same columns."""
    cells, below = ([cell for line in one for cell in cells_of(line)] for one in (row, other))
    if len(cells) < 2 or len(cells) != len(below):
        return False
    if abs(row[0].middle - other[0].middle) > 2.5 * row[0].size:
        return False
    return all(
        abs(a.x0 - b.x0) < 3 or abs(a.x1 - b.x1) < 3 for a, b in zip(cells, below, strict=True)
    )


def _running(rows: Sequence[_Row]) -> dict[int, str]:
    """Return the rows that repeat, by id, each with what they have in common."""
    alike: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in rows:
        alike[row.end, _NUMBER.sub("#", row.text.casefold())].append(row)
    found: dict[int, str] = {}
    counted = False
    pairs = []
    for (end, words), group in alike.items():
        for same, counts in _repetitions(group):
            if counts and _SECTION.match(words):
                continue
            pages = {row.page for row in same}
            if len(pages) >= _ENOUGH or (counts and _PAGE.fullmatch(words)):
                found |= {id(row): f"{end} {words}" for row in same}
                counted = counted or counts
            elif len(pages) == 2:
                pairs.append((f"{end} {words}", same, counts))
    for name, same, counts in pairs:
        if counted and not counts:
            found |= {id(row): name for row in same}
    return found


def _repetitions(group: Sequence[_Row]) -> Iterator[tuple[list[_Row], bool]]:
    """Yield rows that are the same at one place, and whether a number in them counts the pages."""
    rest = [row for row in group if not row.is_text]
    exact: dict[str, list[_Row]] = defaultdict(list)
    for row in rest:
        exact[row.text.casefold()].append(row)
    for same in exact.values():
        placed = _at_one_place(same)
        if len({row.page for row in placed}) > 1:
            yield placed, False
    width = len(_NUMBER.findall(rest[0].text.casefold())) if rest else 0
    for at in range(width):
        steps: dict[tuple[object, ...], list[_Row]] = defaultdict(list)
        for row in rest:
            numbers = _NUMBER.findall(row.text.casefold())
            step = _value(numbers[at]) - row.page
            steps[step, *numbers[:at], *numbers[at + 1 :]].append(row)
        for same in steps.values():
            placed = _at_one_place(same)
            if len({row.page for row in placed}) > 1:
                yield placed, True


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    values = [_ROMAN[letter] for letter in number]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def _at_one_place(rows: Sequence[_Row]) -> list[_Row]:
    """Return the most rows that stand at nearly the same height."""
    by_height = sorted(rows, key=lambda row: row.middle)
    first, most = 0, (0, 0)
    for last, row in enumerate(by_height):
        while row.middle - by_height[first].middle > _SAME_PLACE:
            first += 1
        most = max(most, (first, last + 1), key=lambda span: span[1] - span[0])
    return by_height[slice(*most)]


def _outer(end: Sequence[_Row], running: dict[int, str]) -> list[_Row]:
    """Return what runs from the edge inwards; if there is no end to it, a page is repeated."""
    outer = list(takewhile(lambda row: id(row) in running, end))
    return outer if len(outer) < _OUTERMOST else []


def _said(rows: Sequence[_Row]) -> str:
    pages = len({row.page for row in rows})
    shown = f"{pages} pages" if pages > 1 else f"page {rows[0].page}"
    return f"Left out as running {rows[0].end}: ‘{rows[0].text}’ ({shown})."
