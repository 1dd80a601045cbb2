"""The numbers of lines in a margin, told from those of lists, tables and graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from footprints.corpus.loaders.pdf_glyph import NO_MARK, Box, Glyph
from footprints.corpus.loaders.pdf_numbers import without_line_numbers

TEXT = "and the weir was shut by them"


def page(lines: Sequence[Mapping[int, str]]) -> list[Glyph]:
    """Set words ten points high at places across, line after line."""
    return [
        Glyph(letter, x + 5 * at, 20 * row, x + 5 * at + 5, 20 * row + 10, 10, False, NO_MARK)
        for row, line in enumerate(lines)
        for x, words in line.items()
        for at, letter in enumerate(words)
    ]


def left_out(lines: Sequence[Mapping[int, str]], rulings: Sequence[Box] = ()) -> list[int]:
    """Return the numbers that are taken out of a page."""
    glyphs = page(lines)
    left, numbers = without_line_numbers(glyphs, rulings)
    gone = "".join(glyph.text for glyph in glyphs if glyph not in left)
    assert gone == "".join(map(str, numbers))
    return list(numbers)


def test_every_line_or_every_fifth() -> None:
    """Numbers that count lines of running text, empty ones too, are left out, on either side."""
    assert left_out([{0: str(at), 40: TEXT} for at in range(1, 13)]) == [*range(1, 13)]
    assert left_out([{0: str(at), 40: "" if at % 3 else "Q."} for at in range(3, 15)])
    fives = [{0: TEXT, 300: "" if at % 5 else str(at)} for at in range(1, 21)]
    assert left_out(fives) == [5, 10, 15, 20]


@pytest.mark.parametrize(
    "lines",
    [
        [{0: str(at), 40: TEXT} for at in range(1, 9)],
        [{0: str(at), 40: "Weir"} for at in range(1, 13)],
        [{0: str(at), 40: TEXT} for at in range(2, 26, 2)],
        [{0: str(at), 40: TEXT} for at in (*range(1, 9), *range(10, 14))],
        [{40: str(at), 0: "Weir", 80: TEXT} for at in range(1, 13)],
        [{0: str(at), 40: TEXT} for at in range(12, 0, -1)],
        [{0: str(5 * at), 40: TEXT} for at in range(1, 5)],
        [{0: f"{at}.", 40: TEXT} for at in range(1, 13)],
    ],
    ids=["few", "items", "by twos", "a gap", "a column", "upwards", "a graph", "a list"],
)
def test_what_counts_something_else(lines: Sequence[Mapping[int, str]]) -> None:
    """Numbers of items, rows and scales stay."""
    assert left_out(lines) == []


def test_rows_between_lines() -> None:
    """The numbers of rows that are ruled off stay."""
    rules = [Box(0, 20 * at - 5, 200, 20 * at - 5) for at in range(1, 12)]
    assert left_out([{0: str(at), 40: TEXT} for at in range(1, 13)], rules) == []
