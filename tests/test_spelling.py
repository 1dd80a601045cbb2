"""Spelling: unknown words, and what they are taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprints.answer.spelling import Spelling, is_asking
from footprints.english import english

SPELLING = Spelling(
    {"vanguard": 5, "leaders": 4, "devon": 3, "integrated": 4, "trust": 2, "plans": 2, "health": 3}
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("vangaurd", "vanguard"),
        ("intergrated", "integrated"),
        ("Intergrated", "Integrated"),
        ("helth", "health"),
        ("plnas", "plans"),
        ("wat", "what"),
        ("Wich", "Which"),
        ("u", "you"),
        ("differnce", "difference"),
        ("comparision", "comparison"),
        ("enuogh", "enough"),
    ],
)
def test_corrections(written: str, meant: str) -> None:
    """A misspelt word is taken for the documents' word, or for the one that asks, in its case."""
    assert SPELLING.corrected(written) == meant


@pytest.mark.parametrize("word", ["cae", "x1y2z", "xyzzyq", "hosptalisation", "c.c.g", "medway"])
def test_what_is_left_alone(word: str) -> None:
    """A short word, one with digits, and one that is near to nothing stay as they are."""
    assert SPELLING.corrected(word) == word


def test_a_nearer_english_word_comes_first() -> None:
    """What is nearer to another English word than to any of the documents is taken for that."""
    spelling = Spelling({"leaders": 4})
    assert "readers" in english()
    assert spelling.corrected("leadres") == "leaders"
    assert spelling.corrected("ladders") != "leaders"


def test_words_that_ask() -> None:
    """Misspelt words that ask are known as such, right ones are not misspelt."""
    assert is_asking("Wat")
    assert is_asking("hw")
    assert not any(map(is_asking, ["what", "how", "devon"]))


@given(st.text(st.sampled_from("adehlnopstuv"), min_size=1, max_size=12))
def test_laws(word: str) -> None:
    """A correction keeps the first letter unless it asks, is known, and stays when made again."""
    right = SPELLING.corrected(word)
    if right != word and not is_asking(word):
        assert right[0] == word[0]
        assert SPELLING.corrected(right) == right
