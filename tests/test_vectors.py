"""Vector search finds what looking at every vector with numpy finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from footprints.index.encoder import unit
from footprints.index.vectors import VectorIndex
from footprints.types import Vectors

DIMENSION = 32
CENTRE = np.ones(DIMENSION, dtype=np.float32)


def clustered(rows: int, seed: int) -> Vectors:
    """Make unit vectors around centres that depend on no seed, as texts lie around subjects."""
    centres = np.random.default_rng(0).standard_normal((50, DIMENSION))
    rng = np.random.default_rng(seed)
    noise = 0.4 * rng.standard_normal((rows, DIMENSION))
    return unit((centres[rng.integers(50, size=rows)] + noise).astype(np.float32))


def nearest(vectors: Vectors, question: Vectors, k: int) -> list[int]:
    """Return the rows of the nearest vectors, best first, by looking at all of them."""
    order: list[int] = np.argsort(-(vectors @ question), kind="stable")[:k].tolist()
    return order


def recall(index: VectorIndex, vectors: Vectors) -> float:
    """Return the share of the ten nearest that are found, over a hundred questions."""
    found = [
        len(set(index.search(question, 10)) & set(nearest(vectors, question, 10)))
        for question in clustered(100, seed=2)
    ]
    return sum(found) / 1000


@pytest.mark.parametrize("rows", [1, 7, 3000])
def test_exact_search_is_the_oracle(rows: int) -> None:
    """While vectors are few the rows and their order are the oracle's."""
    vectors = clustered(rows, seed=1)
    index = VectorIndex.build(vectors)
    for question in clustered(20, seed=2):
        assert index.search(question, 10) == nearest(vectors, question, 10)


@pytest.mark.parametrize("rows", [1, 7, 3000])
def test_exact_search_of_everything(rows: int) -> None:
    """Asking for more than there is gives every row once, best first up to rounding."""
    vectors = clustered(rows, seed=1)
    index = VectorIndex.build(vectors)
    for question in clustered(20, seed=2):
        found = index.search(question, 5000)
        scores = vectors @ question
        assert sorted(found) == list(range(rows))
        np.testing.assert_allclose(scores[found], np.sort(scores)[::-1], atol=1e-6)


def test_an_inverted_file_finds_nearly_all() -> None:
    """Beyond the limit nineteen of twenty of the nearest are found, and each vector by itself."""
    vectors = clustered(20_000, seed=1)
    index = VectorIndex.build(vectors, exact_up_to=19_999)
    assert recall(index, vectors) >= 0.95
    rows = list(range(0, 20_000, 1000))
    assert [index.search(vectors[row], 1)[0] for row in rows] == rows


def test_the_limit_decides() -> None:
    """As many vectors as the limit are searched exactly; of one more, not all are looked at."""
    vectors = clustered(5000, seed=1)
    assert len(VectorIndex.build(vectors, exact_up_to=5000).search(vectors[0], 5000)) == 5000
    assert 10 < len(VectorIndex.build(vectors, exact_up_to=4999).search(vectors[0], 5000)) < 2500


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "inverted file"])
def test_saved_and_loaded(tmp_path: Path, exact_up_to: int) -> None:
    """An index that was saved and loaded gives the same rows and the same vectors."""
    vectors = clustered(3000, seed=1)
    index = VectorIndex.build(vectors, exact_up_to)
    index.save(tmp_path / "vectors")
    loaded = VectorIndex.load(tmp_path / "vectors")
    for question in clustered(20, seed=2):
        assert loaded.search(question, 50) == index.search(question, 50)
    np.testing.assert_array_equal(loaded.vectors([7, 2999, 7]), vectors[[7, 2999, 7]])


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "inverted file"])
def test_vectors_by_row(exact_up_to: int) -> None:
    """Vectors are given back by row, in the order asked for, as soon as the index is built."""
    vectors = clustered(3000, seed=1)
    index = VectorIndex.build(vectors, exact_up_to)
    np.testing.assert_array_equal(index.vectors([5, 0, 5]), vectors[[5, 0, 5]])
    assert index.vectors([]).shape == (0, DIMENSION)


def test_an_inverted_file_gives_only_rows_there_are() -> None:
    """An inverted file that looks at fewer than were asked for gives those, each once."""
    index = VectorIndex.build(clustered(300, seed=1), exact_up_to=0)
    rows = index.search(clustered(1, seed=2)[0], 1000)
    assert 0 < len(rows) == len(set(rows)) < 300
    assert set(rows) <= set(range(300))


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "inverted file"])
def test_nothing_asked_for(exact_up_to: int) -> None:
    """Asking for no rows gives none."""
    assert VectorIndex.build(clustered(300, seed=1), exact_up_to).search(unit(CENTRE), 0) == []


@pytest.mark.parametrize("rows", [1, 40_000])
def test_mean(rows: int) -> None:
    """The mean is over all vectors, however many."""
    vectors = clustered(rows, seed=1)
    np.testing.assert_allclose(VectorIndex.build(vectors).mean(), vectors.mean(axis=0), atol=1e-6)
