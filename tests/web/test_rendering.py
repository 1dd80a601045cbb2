"""Laying a document out: nothing lost, nothing added, the mark exact, lists nested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import document

from footprints.types import Document, Span
from footprints.web.rendering import Part, TextRun, lay_out, trimmed


def groups(parts: Sequence[Part]) -> Iterator[Sequence[TextRun]]:
    """Yield the runs of each block, or of each cell of a table row, in reading order."""
    for part in parts:
        if part.runs:
            yield part.runs
        yield from part.cells
        yield from groups(part.items)


def shown(parts: Sequence[Part]) -> list[str]:
    """Return the text of each block or cell."""
    return ["".join(run.text for run in runs) for runs in groups(parts)]


def marked(parts: Sequence[Part]) -> list[str]:
    """Return the marked text of each block or cell that has some."""
    pieces = ["".join(run.text for run in runs if run.marked) for runs in groups(parts)]
    return [piece for piece in pieces if piece]


def tree(parts: Sequence[Part]) -> list[object]:
    """Return parts as nested lists: a list as its items, an item as its text and what is in it."""
    drawn: list[object] = []
    for part in parts:
        drawn += [text] if (text := "".join(run.text for run in part.runs)) else []
        drawn += ["|".join(shown([Part(part.kind, cells=part.cells)]))] if part.cells else []
        drawn += [tree(part.items)] if part.kind in {"list", "table"} else tree(part.items)
    return drawn


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# A\n\nb\n\n## C", ["A", "b", "C"]),
        ("b:\n\n- c\n- d\n\ne", ["b:", ["c", "d"], "e"]),
        ("- a\n  - b\n    - c\n- d", [["a", ["b", ["c"]], "d"]]),
        ("-\n  - b\n- c", [[["b"], "c"]]),
        ("- a\n\n# H\n\n- b", [["a"], "H", ["b"]]),
        ("1. a\n   - b\n2. c", [["1. a", ["b"], "2. c"]]),
        ("|a|b|\n|-|-|\n|c|d|", [["a|b", "c|d"]]),
        ("|a|b|\n|-|-|\n|c|d|\n\ne\n\n|f|\n|-|", [["a|b", "c|d"], "e", ["f"]]),
        ("- a\n\n|b|\n|-|\n\n- c", [["a"], ["b"], ["c"]]),
        ("", []),
    ],
)
def test_structure(source: str, expected: list[object]) -> None:
    """Lists nest by level, rows gather in tables, and anything else ends both."""
    assert tree(lay_out(document(source))) == expected


@pytest.mark.parametrize("row", ["| a | b |", "| | b |"])
def test_a_marked_row_has_a_first_run(row: str) -> None:
    """A mark on a whole table row has a first run, also where the first cell is empty."""
    page = document(f"| x | y |\n|---|---|\n{row}")
    parts = lay_out(page, page.blocks[1])
    assert [run.first for group in groups(parts) for run in group].count(True) == 1


WORDS = st.text("ab é“”&<>\"'שלום東🙂.:|*", min_size=1, max_size=12)
LINES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["#", "##", "######"]), WORDS),
    st.builds(
        "{}{} {}".format,
        st.sampled_from(["", "  ", "    ", "      "]),
        st.sampled_from(["-", "1.", "*"]),
        WORDS,
    ),
    st.builds("| {} | {} |\n|---|---|\n| {} | |\n| | {} |".format, WORDS, WORDS, WORDS, WORDS),
    st.builds("> {}".format, WORDS),
    st.builds("    {}".format, WORDS),
    st.just(""),
    WORDS,
)
SOURCES = st.lists(LINES, max_size=12).map("\n".join)


@st.composite
def documents_and_marks(draw: st.DrawFn) -> tuple[Document, Span]:
    """Draw a document and a place in it that is not empty."""
    page = document(draw(SOURCES.filter(lambda source: bool(document(source).text))))
    start = draw(st.integers(0, len(page.text) - 1))
    return page, Span(start, draw(st.integers(start + 1, len(page.text))))


@given(documents_and_marks())
def test_all_is_shown_and_the_mark_is_exact(drawn: tuple[Document, Span]) -> None:
    """Every block is shown as it is, in order; what is marked is the place and nothing else."""
    page, mark = drawn
    parts = lay_out(page, mark)
    mark = trimmed(page, mark)
    blocks = [page.at(block) for block in page.blocks]
    assert "".join(shown(parts)) == "".join(blocks).replace("\t", "")
    in_blocks = "".join(
        page.text[max(block.start, mark.start) : max(block.start, min(block.end, mark.end))]
        for block in page.blocks
    )
    assert "".join(marked(parts)) == in_blocks.replace("\t", "")


@given(documents_and_marks())
def test_a_mark_that_begins_in_words_has_one_first_run(drawn: tuple[Document, Span]) -> None:
    """Exactly one run is where the mark begins, so that a link can lead there."""
    page, mark = drawn
    runs = [run for group in groups(lay_out(page, mark)) for run in group]
    firsts = [run for run in runs if run.first]
    assert all(run.marked for run in firsts)
    assert len(firsts) == bool(page.at(mark).strip())
