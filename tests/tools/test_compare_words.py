"""The comparer tells words that are lost from words that only stand elsewhere."""

from __future__ import annotations

from tools.compare import compare, words_of


def test_a_displaced_word_is_kept() -> None:
    """A word read in another place is displaced, not lost."""
    found = compare(words_of("the cat sat on a mat"), words_of("a cat sat on the mat"))
    assert found.kept == 1
    assert found.in_order == 4 / 6
    assert set(found.displaced) == {"a", "the"}
    assert not found.lost
    assert not found.doubled


def test_lost_and_doubled_words_are_counted() -> None:
    """A word that one side lacks is lost or doubled, however often the other has it."""
    found = compare(words_of("in in order"), words_of("in good order"))
    assert (found.lost, found.doubled) == ({"good": 1}, {"in": 1})


def test_columns_read_by_rows_are_in_the_other_order() -> None:
    """Of two columns read crosswise, the longest run in common counts."""
    found = compare(words_of("1 a 2 b 3 c"), words_of("1 2 3 a b c"))
    assert found.in_order == 4 / 6


def test_a_word_broken_at_a_line_s_end_is_one_word() -> None:
    """Ligatures and words broken at the end of a line are made whole before they are compared."""
    assert words_of("the o\ufb03-\ncer") == ["the", "officer"]
