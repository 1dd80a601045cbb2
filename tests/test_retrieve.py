"""Retrieval: passages in the order of a mix of three similarities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeEncoder
from tiny import document, index_of

from footprints.answer.retrieve import DENSE, HEADING, KEYWORD, retrieve
from footprints.index.lexical import terms
from footprints.index.store import Index
from footprints.types import Encoding, Signals, Vectors

PAGE = document("# H\n\n## A\n\nalpha\n\n## B\n\nbeta\n\n## C\n\ngamma")


def direction(cosine: float) -> Vectors:
    """Return a unit vector of two dimensions that has a given cosine with (1, 0)."""
    return np.array([cosine, np.sqrt(1 - cosine**2)], dtype=np.float32)


class TableEncoder(FakeEncoder):
    """Gives texts, and paths that end in them, the cosines with the question of a table."""

    def __init__(self, table: dict[str, float]) -> None:
        super().__init__(dimension=2)
        self._table = table

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Look texts up."""
        return [self._look_up(text) for text in texts]

    def _look_up(self, text: str) -> Encoding:
        vector = direction(self._table[text.split(" – ")[-1]])
        spans = self.pieces(text)
        return Encoding(vector, np.stack([vector] * len(spans)), spans)


QUESTION = Encoding(direction(1), direction(1)[np.newaxis], np.array([[0, 1]], dtype=np.int32))


@pytest.fixture
def index() -> Index:
    """Index three passages of one word with cosines 0.8, 0.6 and 0.0, under headings."""
    table = {"alpha": 0.8, "beta": 0.6, "gamma": 0.0, "A": 0.0, "B": 0.0, "C": 1.0}
    return index_of(TableEncoder(table), PAGE)


def scores(index: Index, question: str) -> dict[str, float]:
    """Return the score of every passage by its text."""
    found = retrieve(index, terms(question), QUESTION)
    return {PAGE.at(index.passage(passage.item)): passage.score for passage in found}


def test_dense_and_heading(index: Index) -> None:
    """Without keywords the scaled cosine (1, 0.6 / 0.8 and 0) and the heading's cosine count."""
    assert scores(index, "delta") == pytest.approx(
        {"alpha": DENSE * 1, "beta": DENSE * 0.75, "gamma": HEADING * 1}, abs=1e-6
    )


def test_keyword(index: Index) -> None:
    """The only passage with the keyword has the full weight of it, whatever its BM25 score is."""
    assert scores(index, "beta") == pytest.approx(
        {"alpha": DENSE, "beta": DENSE * 0.75 + KEYWORD, "gamma": HEADING}, abs=1e-6
    )


def test_equal_values_count_nothing() -> None:
    """A signal that is equal for all passages puts none of them before another."""
    table = {"alpha": 0.5, "beta": 0.5, "gamma": 0.5, "A": 0.2, "B": 0.3, "C": 0.1}
    found = scores(index_of(TableEncoder(table), PAGE), "delta")
    expected = {"beta": HEADING * 0.3, "alpha": HEADING * 0.2, "gamma": HEADING * 0.1}
    assert found == pytest.approx(expected, abs=1e-6)
    assert list(found) == ["beta", "alpha", "gamma"]


def test_signals_are_unscaled(index: Index) -> None:
    """Every passage carries its cosine, its heading's, its BM25 score and the mean cosine."""
    found = {PAGE.at(index.passage(p.item)): p.signals for p in retrieve(index, [], QUESTION)}
    assert found["gamma"].subject == pytest.approx((0.8 + 0.6 + 0.0) / 3)
    assert replace(found["gamma"], subject=0.0) == Signals(passage_heading=1.0)


@pytest.mark.parametrize("k", [1, 2, 3, 9])
def test_k_best(index: Index, k: int) -> None:
    """The k best passages are returned, best first, or all if there are fewer."""
    found = retrieve(index, terms("beta"), QUESTION, k)
    assert [passage.item.row for passage in found] == [1, 0, 2][:k]
    assert found == sorted(found, key=lambda passage: -passage.score)


def test_one_passage() -> None:
    """In an index of one passage that passage is found."""
    encoder = FakeEncoder()
    index = index_of(encoder, document("Devon."))
    (question,) = encoder.encode(["Dorset?"])
    assert [passage.item.row for passage in retrieve(index, terms("Dorset?"), question)] == [0]


def test_a_keyword_match_is_found_beyond_the_nearest_fifty() -> None:
    """A passage that shares the rare word is found however many passages are nearer."""
    lines = [f"near {number}" for number in range(60)]
    page = document("\n\n".join(f"# {line} h\n\n{line}" for line in [*lines, "needle"]))
    table = {text: 0.9 for line in lines for text in (line, f"{line} h")}
    index = index_of(TableEncoder({**table, "needle": -1.0, "needle h": -1.0}), page)
    found = retrieve(index, terms("needle"), QUESTION, k=100)
    assert 60 in [passage.item.row for passage in found]
    assert len(found) == 51
