"""Keyword search: words, rarity and BM25."""

from __future__ import annotations

import random
from math import log

import bm25s
import numpy as np
import pytest

from footprints.index.lexical import KeywordIndex, Word, terms, words

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


def test_idf_by_hand() -> None:
    """Rarity is ln(1 + (N - n + 0.5) / (n + 0.5)): here N is 3 and n is 1, 2 or 0."""
    index = KeywordIndex.build(TEXTS)
    assert index.idf("devon") == pytest.approx(log(1 + 2.5 / 1.5))
    assert index.idf("plan") == pytest.approx(log(1 + 1.5 / 2.5))
    assert index.idf("dorset") == pytest.approx(log(1 + 3.5 / 0.5))


def test_coverage_by_hand() -> None:
    """Coverage is the share of rarity found, each term counted once, unknown ones as missing."""
    index = KeywordIndex.build(TEXTS)
    devon, plan, dorset = log(1 + 2.5 / 1.5), log(1 + 1.5 / 2.5), log(1 + 3.5 / 0.5)
    total = devon + plan + dorset
    asked = ["devon", "plan", "dorset", "plan"]
    assert index.coverage(asked) == pytest.approx([(devon + plan) / total, plan / total, 0])
    assert index.coverage(["somerset"]) == pytest.approx([0, 0, 1])


def test_bm25_by_hand() -> None:
    """A score is Lucene's: idf · f / (f + k1 (1 - b + b · length / mean length))."""
    index = KeywordIndex.build(TEXTS)
    lengths = [len(terms(text)) for text in TEXTS]
    norm = 1.5 * (0.25 + 0.75 * lengths[0] / np.mean(lengths))
    assert index.scores(["devon"]) == pytest.approx([index.idf("devon") * 2 / (2 + norm), 0, 0])


@pytest.mark.parametrize("asked", [[], ["dorset"]], ids=["no terms", "unknown"])
def test_nothing_to_find(asked: list[str]) -> None:
    """Without a term that is known every text scores zero."""
    index = KeywordIndex.build(TEXTS)
    assert index.scores(asked).tolist() == [0, 0, 0]
    assert index.coverage(asked).tolist() == [0, 0, 0]


@pytest.mark.parametrize("texts", [["what is the", "of"], ["🙂"], [""]])
def test_texts_without_terms(texts: list[str]) -> None:
    """Texts of stop words alone can be indexed, and score zero."""
    index = KeywordIndex.build(texts)
    assert index.scores(["devon"]).tolist() == [0] * len(texts)
    assert index.coverage(["devon"]).tolist() == [0] * len(texts)


def test_one_text_without_terms_among_others() -> None:
    """A text of stop words alone scores zero and does not disturb the others."""
    index = KeywordIndex.build(["what is the", "Devon", ""])
    assert index.coverage(["devon"]).tolist() == [0, 1, 0]
    assert np.flatnonzero(index.scores(["devon"])).tolist() == [1]


WORDS = ["devon", "plan", "ward", "nurse", "board", "the", "lead", "rare", "care", ""]


def test_scores_are_those_of_bm25s() -> None:
    """Over random texts, some of them empty, every score is the one that bm25s gives."""
    dice = random.Random(0)  # noqa: S311
    texts = [" ".join(dice.choices(WORDS, k=dice.randint(0, 12))) for _ in range(300)]
    index, oracle = KeywordIndex.build(texts), bm25s.BM25()
    oracle.index([terms(text) or [""] for text in texts], show_progress=False)
    for _ in range(50):
        asked = list(dict.fromkeys(terms(" ".join(dice.choices(WORDS, k=4)))))
        expected = oracle.get_scores_from_ids([oracle.vocab_dict[term] for term in asked])
        np.testing.assert_allclose(index.scores(asked), expected, rtol=1e-5)


def test_some_rows_score_as_among_all() -> None:
    """Scores and coverage of some rows, in any order, are those that these rows have among all."""
    index, rows = KeywordIndex.build([*TEXTS, "", "Kent"]), [4, 0, 3, 0]
    for asked in (["devon", "plan"], ["kent"], ["dorset"], []):
        assert index.scores(asked, rows).tolist() == index.scores(asked)[rows].tolist()
        assert index.coverage(asked, rows).tolist() == index.coverage(asked)[rows].tolist()
