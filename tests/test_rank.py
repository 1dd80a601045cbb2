"""Ranking: every signal against what it says it is."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import numpy as np
import pytest
from fakes import FakeEncoder
from tiny import document, index_of

from footprints.answer.rank import WEIGHTS, SignalRanker, piece_weights
from footprints.answer.retrieve import retrieve
from footprints.index.build import in_context
from footprints.index.lexical import KeywordIndex, terms
from footprints.index.store import Index
from footprints.types import Candidate, Encoding, Scored

ENCODER = FakeEncoder()
PAGE = document(
    """
# Leads

There are two STPs, with leads as follows:

- Devon - Angela
- Dorset - Tim

## Money

The plans are backed by funding. Nobody knows how much.
"""
)
QUESTIONS = ["Who leads Devon?", "How much funding is there?", "leads", "zebra", "?"]


@pytest.fixture(scope="module")
def index() -> Index:
    """Index the page."""
    return index_of(ENCODER, PAGE)


def rank(index: Index, question: str) -> tuple[Encoding, list[Scored[Candidate]]]:
    """Rank every sentence of the page."""
    (encoding,) = ENCODER.encode([question])
    passages = retrieve(index, terms(question), encoding)
    return encoding, SignalRanker(index).rank(question, encoding, passages)


def signals(index: Index, question: str) -> Mapping[str, Mapping[str, float]]:
    """Return the signals of every sentence by its text."""
    return {PAGE.at(one.item.sentence): one.signals for one in rank(index, question)[1]}


TEXTS = KeywordIndex.build(["devon lead", "dorset lead"])
DEVON, LEAD = log(1 + 1.5 / 1.5), log(1 + 0.5 / 2.5)  # ln(1 + (N − n + 0.5) / (n + 0.5)), N = 2


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Devon lead?", [DEVON, LEAD, 0]),
        ("the lead", [0.1, LEAD]),
        ("…", [0]),
        ("devon", [DEVON]),
        ("Antidisestablishment lead", [log(1 + 2.5 / 0.5) / 2] * 2 + [LEAD]),
    ],
)
def test_piece_weights(question: str, expected: list[float]) -> None:
    """A word weighs its idf shared by its pieces, a stop word 0.1, punctuation nothing."""
    (encoding,) = ENCODER.encode([question])
    weights = piece_weights(question, encoding, TEXTS)
    assert weights == pytest.approx(np.array(expected) / (sum(expected) or 1), abs=1e-6)


@pytest.mark.parametrize("question", QUESTIONS[:-1])
def test_piece_weights_add_to_one(index: Index, question: str) -> None:
    """The weights of a question that has words add up to 1."""
    (encoding,) = ENCODER.encode([question])
    assert piece_weights(question, encoding, index.sentence_terms).sum() == pytest.approx(1)


def test_the_weights_of_the_signals_add_to_one() -> None:
    """The score is a weighted mean, so that its scale is that of its signals."""
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_once_best_first(index: Index, question: str) -> None:
    """Every sentence is ranked once, and its score is the weighted sum of its signals."""
    _, ranking = rank(index, question)
    assert sorted(one.item.sentence_row for one in ranking) == [0, 1, 2, 3, 4]
    assert [one.score for one in ranking] == sorted((one.score for one in ranking), reverse=True)
    for one in ranking:
        total = sum(weight * one.signals[name] for name, weight in WEIGHTS.items())
        assert one.score == pytest.approx(total)


@pytest.mark.parametrize("question", QUESTIONS)
def test_maxsim_agrees_with_brute_force(index: Index, question: str) -> None:
    """Maxsim is Σᵢ wᵢ maxⱼ qᵢ·tⱼ over the pieces of sentence, lead-in and headings."""
    encoding, ranking = rank(index, question)
    weights = piece_weights(question, encoding, index.sentence_terms)
    for one in ranking:
        words = in_context(PAGE, one.item.passage, one.item.sentence)
        (context,) = ENCODER.encode([words])
        best = [
            max(float(np.dot(piece, token)) for token in context.tokens)
            for piece in encoding.tokens
        ]
        assert one.signals["maxsim"] == pytest.approx(np.dot(weights, best), abs=2e-3)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Devon", "Devon - Angela"),
        ("STPs", "Dorset - Tim"),
        ("Money", "Nobody knows how much."),
    ],
)
def test_words_count_wherever_they_stand(index: Index, question: str, sentence: str) -> None:
    """A word found in the sentence, its lead-in or its heading is matched and covered in full."""
    found = signals(index, question)[sentence]
    assert found["maxsim"] == pytest.approx(1, abs=2e-3)
    assert found["coverage"] == pytest.approx(1)


def test_cosine_of_the_sentence_itself(index: Index) -> None:
    """A question of a sentence's own words has a cosine of 1 with it."""
    found = signals(index, "Nobody knows how much.")
    assert found["Nobody knows how much."]["cosine"] == pytest.approx(1, abs=2e-3)


def test_coverage_is_a_share_of_rarity(index: Index) -> None:
    """Coverage is the idf found over the idf asked for."""
    devon, zebra = (index.sentence_terms.idf(term) for term in ("devon", "zebra"))
    found = signals(index, "Devon zebra")
    assert found["Devon - Angela"]["coverage"] == pytest.approx(devon / (devon + zebra))
    assert found["Dorset - Tim"]["coverage"] == 0


def test_keyword_is_bm25_over_rarity(index: Index) -> None:
    """Keyword is the BM25 score of the sentence over the idf of the question."""
    devon = index.sentence_terms.idf("devon")
    row = next(
        one.item.sentence_row
        for one in rank(index, "Devon")[1]
        if PAGE.at(one.item.sentence) == "Devon - Angela"
    )
    expected = index.sentence_terms.scores(["devon"])[row] / devon
    assert signals(index, "Devon")["Devon - Angela"]["keyword"] == pytest.approx(expected)
    assert signals(index, "Devon")["Nobody knows how much."]["keyword"] == 0


def test_passage_is_the_retrieved_cosine(index: Index) -> None:
    """Every sentence of a passage carries the passage's cosine and its other signals."""
    for found in signals(index, "Who leads Devon?").values():
        assert found["passage"] == found["passage_dense"]
        assert {"passage_keyword", "passage_heading"} <= found.keys()
