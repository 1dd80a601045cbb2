"""The numbers of lines in the margin of a page, as a transcript has them or a bill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from footprints.corpus.loaders.pdf_glyph import Box, Glyph
from footprints.corpus.loaders.pdf_lines import words_of

_FEWEST = {1: 10, 5: 3}
"""So many numbers, at least, by what they count: each line, or every fifth."""

_SAME_PLACE = 2.0
_UNEVEN = 0.15
"""Their steps down the page differ by no larger a share."""

_GOING_ON = 0.35
_FEWEST_WORDS = 3

Word = list[Glyph]


def without_line_numbers(
    glyphs: Sequence[Glyph], rulings: Sequence[Box]
) -> tuple[list[Glyph], range]:
    """Take out the numbers that count a page's lines; return what is left, and those numbers."""
    words = list(words_of(glyphs))
    numbers = [word for word in words if _text(word).isdecimal() and len(_text(word)) <= 3]
    for aligned in sorted(_aligned(numbers), key=len, reverse=True):
        counted = range(int(_text(aligned[0])), int(_text(aligned[-1])) + 1, _step(aligned) or 1)
        if counted and _counts_lines(aligned, words, rulings):
            gone = {id(glyph) for word in aligned for glyph in word}
            return [glyph for glyph in glyphs if id(glyph) not in gone], counted
    return list(glyphs), range(0)


def _text(word: Word) -> str:
    return "".join(glyph.text for glyph in word).strip()


def _aligned(numbers: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield numbers that end or begin below each other, from the top, as many as must be."""
    for edge in (_right, _left):
        groups: list[list[Word]] = []
        for number in sorted(numbers, key=edge):
            if not groups or edge(number) - edge(groups[-1][0]) > _SAME_PLACE:
                groups.append([])
            groups[-1].append(number)
        for group in groups:
            if len(group) >= min(_FEWEST.values()):
                yield sorted(group, key=_middle)


def _left(word: Word) -> float:
    return word[0].x0


def _right(word: Word) -> float:
    return max(glyph.x1 for glyph in word if not glyph.text.isspace())


def _middle(word: Word) -> float:
    return (word[0].y0 + word[0].y1) / 2


def _step(numbers: Sequence[Word]) -> int:
    """Return by what numbers count down the page at even steps, 0 if they do not."""
    values = [int(_text(word)) for word in numbers]
    steps = {after - before for before, after in pairwise(values)}
    step = steps.pop() if len(steps) == 1 else 0
    if step not in _FEWEST or len(numbers) < _FEWEST[step] or values[0] % step:
        return 0
    down = [_middle(after) - _middle(before) for before, after in pairwise(numbers)]
    return step if max(down) - min(down) <= _UNEVEN * median(down) else 0


def _counts_lines(numbers: Sequence[Word], words: Sequence[Word], rulings: Sequence[Box]) -> bool:
    """Tell the numbers of lines from those of a list or of the rows of a table."""
    step = _step(numbers)
    if not step:
        return False
    left, right = min(word[0].x0 for word in numbers), max(map(_right, numbers))
    top, bottom = numbers[0][0].y0, numbers[-1][0].y1
    own = {id(word) for word in numbers}
    beside = [w for w in words if id(w) not in own and top <= _middle(w) <= bottom]
    outside = all(word[0].x0 >= right for word in beside) or all(_right(w) <= left for w in beside)
    across = any(
        edge.x0 < right and left < edge.x1 and top < edge.y0 < bottom
        for edge in rulings
        if edge.x1 - edge.x0 > edge.y1 - edge.y0
    )
    if not outside or across:
        return False
    if step > 1:
        return len({round(_middle(word)) for word in beside}) > (step - 1) * (len(numbers) - 1)
    return _goes_on([_beside(number, beside) for number in numbers])


def _beside(number: Word, words: Iterable[Word]) -> list[str]:
    return [_text(word) for word in words if number[0].y0 < _middle(word) < number[0].y1]


def _goes_on(lines: Sequence[Sequence[str]]) -> bool:
    """Tell lines of which some are empty, or running text, from items and rows."""
    full = [line for line in lines if line]
    if len(full) < len(lines):
        return True
    going_on = sum(line[0][0].islower() for line in full)
    words = median(map(len, full))
    return words >= _FEWEST_WORDS and going_on >= _GOING_ON * len(full)
