"""Surroundings: what stands in view around a quote."""

from __future__ import annotations

import pytest
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st
from tiny import document

from footprints.answer.surroundings import WORDS, overlap, surroundings
from footprints.index.split import split
from footprints.types import Candidate, Document, Passage, Sentence, Span

PAGE = document(
    "# One\n\nAnna leads. Ben helps. Carol looks on.\n\nDan is away.\n\n# Two\n\nEve writes."
)
LONG = document("# Long\n\n" + " ".join(f"Line {n} has just six words." for n in range(40)))


def around(words: str, page: Document = PAGE, *taken: Span) -> str:
    """Return what stands in view around the sentence that begins with some words."""
    candidate = next(
        Candidate(passage, sentence, 0)
        for passage in split(page, FakeEncoder(max_pieces=600), 500)
        for sentence in passage.sentences
        if page.at(sentence).startswith(words)
    )
    return page.at(surroundings(candidate, page, taken))


@pytest.mark.parametrize("words", ["Anna", "Carol", "Dan"])
def test_a_short_passage_is_in_view_whole(words: str) -> None:
    """All of a passage is in view around any of its sentences, as long as it is short."""
    assert around(words) == "Anna leads. Ben helps. Carol looks on.\n\nDan is away."


def test_what_is_under_another_heading_is_not_in_view() -> None:
    """Surroundings do not cross a heading."""
    assert around("Eve") == "Eve writes."


@pytest.mark.parametrize("number", [0, 1, 20, 39])
def test_eighty_words_at_most(number: int) -> None:
    """Of a long passage so many sentences are in view as make eighty words, with the quote."""
    found = around(f"Line {number} ", LONG)
    assert f"Line {number} has" in found
    assert WORDS - 6 < len(found.split()) <= WORDS == 80


def test_both_sides_are_in_view() -> None:
    """In the middle of a long passage about as much stands before a quote as behind it."""
    before, behind = around("Line 20 ", LONG).split("Line 20 has just six words.")
    assert abs(len(before.split()) - len(behind.split())) <= 6


def test_a_long_quote_is_in_view_alone() -> None:
    """A quote of more than eighty words is in view whole, and nothing with it."""
    page = document("# P\n\n" + "word " * 90 + "ends.\n\nMore.")
    assert around("word", page) == "word " * 90 + "ends."


def test_what_is_in_view_already_is_shared() -> None:
    """A quote in view around another stands in the same surroundings."""
    taken = Span(PAGE.text.index("Anna"), PAGE.text.index("Carol") - 1)
    assert around("Ben", PAGE, taken) == "Anna leads. Ben helps."


def test_what_is_taken_is_not_shown_again() -> None:
    """Surroundings end where those of another quote begin, on either side."""
    first = Span(PAGE.text.index("Anna"), PAGE.text.index("Ben") - 1)
    last = Span(PAGE.text.index("Dan"), PAGE.text.index("Dan") + len("Dan is away."))
    assert around("Ben", PAGE, first, last) == "Ben helps. Carol looks on."


SENTENCES = st.lists(st.integers(1, 60), min_size=1, max_size=12)


@given(SENTENCES, st.data())
def test_laws(lengths: list[int], data: st.DataObject) -> None:
    """Surroundings hold the quote, are whole sentences of its passage, and eighty words at most."""
    words = [" ".join(["word"] * length) + "." for length in lengths]
    text = " ".join(words)
    starts = [sum(len(one) + 1 for one in words[:at]) for at in range(len(words))]
    sentences = tuple(Sentence(s, s + len(one)) for s, one in zip(starts, words, strict=True))
    page = Document("Page", None, None, None, "page", (), "page.md", text, ())
    passage = Passage("page", (), 0, len(text), sentences)
    first = data.draw(st.integers(0, len(sentences) - 1))
    last = data.draw(st.integers(first, len(sentences) - 1))
    quote = Sentence(sentences[first].start, sentences[last].end)
    found = surroundings(Candidate(passage, quote, 0), page)
    assert found.start <= quote.start < quote.end <= found.end
    assert found.start in {one.start for one in sentences}
    assert found.end in {one.end for one in sentences}
    assert len(page.at(found).split()) <= max(WORDS, len(page.at(quote).split()))


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [((0, 2), (1, 3), True), ((0, 2), (2, 3), False), ((0, 9), (3, 4), True)],
)
def test_overlap(one: tuple[int, int], other: tuple[int, int], shared: bool) -> None:
    """Two places overlap if they share a character; what only touches does not."""
    assert overlap(Span(*one), Span(*other)) is shared
    assert overlap(Span(*other), Span(*one)) is shared
