"""Keyword search: words, rarity and BM25."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log

import bm25s
import numpy as np
import pytest

from footprints.index.lexical import KeywordIndex, TermCounts, Word, idf, terms, words

TEXTS = ["Devon leads. Devon plans.", "Kent plans", "Somerset and the rest"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The wards of A&E", ["ward", "a&e"]),
        ("A & E", ["e"]),
        ("planned plans planning", ["plan", "plan", "plan"]),
        ("NHS's e-rostering 2016/17", ["nhs", "e", "roster", "2016", "17"]),
        ("Café ÄRZTE 東京", ["café", "ärzte", "東京"]),
        ("what is the", []),
        ("?! 🙂", []),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    """Terms are stems in order, without stop words; A&E is a word of its own."""
    assert terms(text) == expected


def test_words_have_places() -> None:
    """Every word knows where it stands, stop words too, which have no term."""
    assert words("In A&E wards") == [
        Word(0, 2, None),
        Word(3, 6, "a&e"),
        Word(7, 12, "ward"),
    ]


def counts_of(texts: Sequence[str]) -> tuple[TermCounts, Mapping[str, int]]:
    """Count the terms of texts, and say how they are numbered."""
    numbers: dict[str, int] = {}
    return TermCounts.of(texts, numbers), numbers


def scores(texts: Sequence[str], weights: Mapping[str, float]) -> list[float]:
    """Search texts for weighted terms."""
    counts, numbers = counts_of(texts)
    known = {numbers[term]: weight for term, weight in weights.items() if term in numbers}
    found: list[float] = KeywordIndex.build(counts, len(numbers)).scores(known).tolist()
    return found


def test_idf_by_hand() -> None:
    """Rarity is ln(1 + (N - n + 0.5) / (n + 0.5)): here N is 3 and n is 1, 2 or 0."""
    assert idf(1, 3) == pytest.approx(log(1 + 2.5 / 1.5))
    assert idf(2, 3) == pytest.approx(log(1 + 1.5 / 2.5))
    assert idf(0, 3) == pytest.approx(log(1 + 3.5 / 0.5))


def test_bm25_by_hand() -> None:
    """A score is Lucene's: idf · f / (f + k1 (1 - b + b · length / mean length))."""
    lengths = [len(terms(text)) for text in TEXTS]
    norm = 1.5 * (0.25 + 0.75 * lengths[0] / np.mean(lengths))
    assert scores(TEXTS, {"devon": 2.0}) == pytest.approx([2.0 * 2 / (2 + norm), 0, 0])


@pytest.mark.parametrize("weights", [{}, {"dorset": 1.0}], ids=["no terms", "unknown"])
def test_nothing_to_find(weights: Mapping[str, float]) -> None:
    """Without a term that is known every text scores zero."""
    assert scores(TEXTS, weights) == [0, 0, 0]


@pytest.mark.parametrize("texts", [["what is the", "of"], ["🙂"], [""]])
def test_texts_without_terms(texts: list[str]) -> None:
    """Texts of stop words alone can be indexed, and score zero."""
    assert scores(texts, {"devon": 1.0}) == [0] * len(texts)


def test_one_text_without_terms_among_others() -> None:
    """A text of stop words alone scores zero and does not disturb the others."""
    assert np.flatnonzero(scores(["what is the", "Devon", ""], {"devon": 1.0})).tolist() == [1]


WORDS = ["devon", "plan", "ward", "nurse", "board", "the", "lead", "rare", "care", ""]


def test_scores_are_those_of_bm25s() -> None:
    """Over random texts, some of them empty, every score is the one that bm25s gives."""
    dice = random.Random(0)  # noqa: S311
    texts = [" ".join(dice.choices(WORDS, k=dice.randint(0, 12))) for _ in range(300)]
    having = Counter(term for text in texts for term in set(terms(text)))
    oracle = bm25s.BM25()
    oracle.index([terms(text) or [""] for text in texts], show_progress=False)
    for _ in range(50):
        asked = list(dict.fromkeys(terms(" ".join(dice.choices(WORDS, k=4)))))
        expected = oracle.get_scores_from_ids([oracle.vocab_dict[term] for term in asked])
        found = scores(texts, {term: idf(having[term], len(texts)) for term in asked})
        np.testing.assert_allclose(found, expected, rtol=1e-5)
