"""Glyphs in, lines out: what stands side by side, and how lines go on into one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter

from footprints.corpus.loaders.pdf_glyph import Glyph
from footprints.corpus.loaders.plain import MARKER
from footprints.corpus.loaders.raised import as_power
from footprints.english import english

_WIDEST_SPACE = 1.5
"""Words of one line are no further apart, in multiples of their size."""

_BEHIND_MARKER = 5.0
"""The text of a list item may stand so far behind its bullet."""

_BETWEEN_CELLS = 0.6
"""Cells of a row are at least so far apart, in multiples of their size."""

_SAME_ROW = 0.3
"""Lines side by side differ no more in height, in multiples of their size."""

_RAISED = 0.9
_SIGNS = "-–−+"
_OPERATOR = re.compile(r"[=<>≤≥+−·(\[] ?\Z")
"""What no sign of a note stands behind: what is raised there is the top of a fraction."""

BROKEN = re.compile(r"(\w+)[-\u2010\u00ad]\Z")
_OFTEN = 0.04
"""Where more lines end with a hyphen, words are broken at the ends of lines."""

_COMPOUND = re.compile(r"\w+(?:[-\u2010]\w+)+")


@dataclass(slots=True)
class Line:
    """Glyphs that stand side by side."""

    glyphs: list[Glyph] = field(default_factory=list)
    x0: float = 0
    x1: float = 0
    y0: float = 0
    y1: float = 0
    size: float = 0
    page: int = 0

    @property
    def text(self) -> str:
        """Return the words of the line."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def bold(self) -> bool:
        """Tell whether nearly all of it is bold."""
        shown = [glyph.bold for glyph in self.glyphs if not glyph.text.isspace()]
        return sum(shown) > 0.9 * len(shown)

    @property
    def middle(self) -> float:
        """Return the height of its middle."""
        return (self.y0 + self.y1) / 2

    @property
    def first_word(self) -> float:
        """Return the width of its first word."""
        end = self.x0
        for glyph in self.glyphs:
            if glyph.text.isspace():
                break
            end = glyph.x1
        return end - self.x0

    def add(self, glyph: Glyph) -> None:
        """Append a glyph."""
        if not self.glyphs:
            self.x0, self.y0, self.y1 = glyph.x0, glyph.y0, glyph.y1
            self.x1, self.size = glyph.x1, glyph.size
        self.glyphs.append(glyph)
        if not glyph.text.isspace():
            self.x0, self.x1 = min(self.x0, glyph.x0), max(self.x1, glyph.x1)
            self.size = max(self.size, glyph.size)

    def takes(self, glyph: Glyph) -> bool:
        """Tell whether a glyph stands on this line, next to its end."""
        height = min(self.y1 - self.y0, glyph.y1 - glyph.y0)
        overlap = min(self.y1, glyph.y1) - max(self.y0, glyph.y0)
        gap = glyph.x0 - self.x1
        if (glyph.x0, glyph.x1) == (self.glyphs[-1].x0, self.glyphs[-1].x1) and overlap > 0:
            return True  # PDFium takes a ligature apart into letters that share its place.
        if overlap < 0.5 * height or not -0.5 * self.size < gap <= _BEHIND_MARKER * self.size:
            return False
        return gap <= _WIDEST_SPACE * self.size or bool(MARKER.fullmatch(self.text.strip()))


def lines_of(glyphs: Iterable[Glyph], page: int) -> list[Line]:
    """Gather glyphs into lines in the order in which they were written."""
    lines: list[Line] = []
    line = Line(page=page)
    for glyph in glyphs:
        if glyph.text.isspace():
            if line.glyphs:
                line.glyphs.append(glyph)
            continue
        if line.glyphs and not line.takes(glyph):
            lines.append(line)
            line = Line(page=page)
        elif (
            line.glyphs
            and glyph.x0 - line.x1 > 0.2 * line.size
            and not line.glyphs[-1].text.isspace()
        ):
            line.glyphs.append(Glyph(" ", line.x1, line.y0, glyph.x0, line.y1, line.size, False, 0))
        line.add(glyph)
    if line.glyphs:
        lines.append(line)
    return [_with_marks(line) for line in lines]


def from_the_top(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines from top to bottom, those at nearly the same height from left to right."""
    row: list[Line] = []
    for line in sorted(lines, key=lambda one: one.middle):
        if row and line.middle - row[0].middle > _SAME_ROW * min(line.size, row[0].size):
            yield from sorted(row, key=lambda one: one.x0)
            row = []
        row.append(line)
    yield from sorted(row, key=lambda one: one.x0)


def words_of(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the glyphs of each word, with the white space behind it, in the order of the file."""
    word: list[Glyph] = []
    for glyph in glyphs:
        if word and not glyph.text.isspace() and not _goes_on(word[-1], glyph):
            yield word
            word = []
        word.append(glyph)
    if word:
        yield word


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    """Tell whether a glyph stands right behind the last one of a word."""
    near = 0.2 * max(last.size, glyph.size)
    beside = last.y0 < (glyph.y0 + glyph.y1) / 2 < last.y1
    return not last.text.isspace() and beside and -near < glyph.x0 - last.x1 <= near


def cells_of(line: Line) -> list[Line]:
    """Cut a line where the gap is wider than between words, as between the cells of a row."""
    cells = [Line(page=line.page)]
    for glyph in line.glyphs:
        if glyph.text.isspace():
            if cells[-1].glyphs:
                cells[-1].glyphs.append(glyph)
            continue
        if cells[-1].glyphs and glyph.x0 - cells[-1].x1 >= _BETWEEN_CELLS * line.size:
            cells.append(Line(page=line.page))
        cells[-1].add(glyph)
    return cells


def _with_marks(line: Line) -> Line:
    """Write raised numbers as powers, “R²”, or in brackets where they refer to notes: “us[1]”."""
    shown: list[Glyph] = []
    for is_raised, run in groupby(zip(_raised(line), line.glyphs, strict=True), itemgetter(0)):
        glyphs = [glyph for _, glyph in run]
        shown += _marked("".join(one.text for one in shown), glyphs) if is_raised else glyphs
    line.glyphs = shown
    return line


def _marked(before: str, glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return raised digits, and signs that may go with them, as they are written behind a text."""
    digits = [at for at, glyph in enumerate(glyphs) if glyph.text.isdigit()]
    power = as_power(before, "".join(glyph.text for glyph in glyphs))
    if power:
        return [replace(one, text=sign) for one, sign in zip(glyphs, power, strict=True)]
    marked = list(glyphs)
    if digits and not _OPERATOR.search(before):
        first, last = digits[0], digits[-1]
        marked[first] = replace(marked[first], text=f"[{marked[first].text}")
        marked[last] = replace(marked[last], text=f"{marked[last].text}]")
    return marked


def _raised(line: Line) -> Iterator[bool]:
    """Yield for each glyph whether it is a digit or a sign above the foot of the full letters."""
    foot = line.y1
    for glyph in line.glyphs:
        small = glyph.size < _RAISED * line.size
        if not small and glyph.text.isalnum():
            foot = glyph.y1
        may_be = glyph.text.isdigit() or glyph.text in _SIGNS
        yield may_be and small and glyph.y1 < foot - 0.1 * line.size


class Vocabulary:
    """The words of a document, to tell a hyphen of a word from one of a line's end."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._words: set[str] = set()
        self._compounds: set[str] = set()
        broken: list[tuple[str, str]] = []
        before, count = "", 0
        for line in lines:
            text = line.text.casefold().strip()
            words = re.findall(r"\w+", text)
            if BROKEN.search(before) and words:
                broken.append((re.findall(r"\w+", before)[-1], words[0]))
                words = words[1:]
            if BROKEN.search(text):
                words = words[:-1]
            self._words.update(words)
            self._compounds.update(_COMPOUND.findall(text))
            before, count = text, count + 1
        whole = any(first + second in self._words for first, second in broken)
        self._hyphenates = whole or len(broken) > _OFTEN * count

    def join(self, parts: Sequence[str]) -> str:
        """Join the lines of a paragraph, taking back the hyphens that only end lines."""
        text = ""
        for part in parts:
            text = self._joined(text, part.strip()) if text else part.strip()
        return text

    def _joined(self, text: str, part: str) -> str:
        broken = BROKEN.search(text)
        if not broken or not part[:1].isalnum():
            return f"{text} {part}"
        rest = re.match(r"\w+", part)
        second = rest[0] if rest else ""
        is_soft = text.endswith("\u00ad")
        between = "" if is_soft or self._is_one_word(broken[1], second) else "-"
        return text[: broken.end(1)] + between + part

    def _is_one_word(self, first: str, second: str) -> bool:
        """Tell whether the halves on either side of a line's end are one word."""
        if not second[0].islower() or first.isdigit():
            return False
        first, second = first.casefold(), second.casefold()
        if first + second in self._words:
            return True
        if f"{first}-{second}" in self._compounds or len(first) == 1:
            return False
        apart = second in self._words or {first, second} <= english()
        return self._hyphenates and (first + second in english() or not apart)
