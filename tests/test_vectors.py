"""Vector search finds what looking at every vector with numpy finds."""

from __future__ import annotations

import numpy as np
import pytest

from footprints.index.encoder import unit
from footprints.index.vectors import VectorIndex
from footprints.types import Vectors

DIMENSION = 32
CENTRE = np.ones(DIMENSION, dtype=np.float32)


def clustered(rows: int, seed: int, dimension: int = DIMENSION) -> Vectors:
    """Make unit vectors around centres that depend on no seed, as texts lie around subjects."""
    centres = np.random.default_rng(0).standard_normal((50, dimension))
    rng = np.random.default_rng(seed)
    noise = 0.4 * rng.standard_normal((rows, dimension))
    return unit((centres[rng.integers(50, size=rows)] + noise).astype(np.float32))


def nearest(vectors: Vectors, question: Vectors, k: int) -> list[int]:
    """Return the rows of the nearest vectors, best first, by looking at all of them."""
    order: list[int] = np.argsort(-(vectors @ question), kind="stable")[:k].tolist()
    return order


def recall(index: VectorIndex, vectors: Vectors) -> float:
    """Return the share of the ten nearest that are found, over a hundred questions."""
    found = [
        len(set(index.search(question, 10)) & set(nearest(vectors, question, 10)))
        for question in clustered(100, 2, vectors.shape[1])
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


def test_one_bit_a_number_finds_nearly_all() -> None:
    """Beyond the limit 49 of 50 of the nearest are found, and each vector by itself."""
    vectors = clustered(10_000, 1, dimension=384)
    index = VectorIndex.build(vectors, exact_up_to=9999)
    assert recall(index, vectors) >= 0.98
    rows = list(range(0, 10_000, 500))
    assert [index.search(vectors[row], 1)[0] for row in rows] == rows


def test_the_limit_decides() -> None:
    """As many vectors as the limit are kept as they are; one more is not looked at exactly."""
    vectors = clustered(300, seed=1)
    rows = list(range(300))
    exact, half = VectorIndex.build(vectors, exact_up_to=300), VectorIndex.build(vectors, 299)
    np.testing.assert_array_equal(exact.vectors(rows), vectors)
    kept = half.vectors(rows)
    np.testing.assert_array_equal(kept, kept.astype(np.float16))
    np.testing.assert_allclose(kept, vectors, atol=1e-3)


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "one bit"])
def test_what_is_found_does_not_depend_on_the_others(exact_up_to: int) -> None:
    """A vector has the same score whatever is indexed with it, so that nothing else moves it."""
    vectors, question = clustered(3000, seed=1), clustered(1, seed=2)[0]
    whole, part = (VectorIndex.build(some, exact_up_to) for some in (vectors, vectors[:2000]))
    found = [row for row in whole.search(question, 3000) if row < 2000]
    assert part.search(question, 2000) == found


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "one bit"])
def test_vectors_by_row(exact_up_to: int) -> None:
    """Vectors are given back by row, in the order asked for."""
    vectors = clustered(3000, seed=1)
    index = VectorIndex.build(vectors, exact_up_to)
    np.testing.assert_allclose(index.vectors([5, 0, 5]), vectors[[5, 0, 5]], atol=1e-3)
    assert index.vectors([]).shape == (0, DIMENSION)


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "one bit"])
def test_nothing_asked_for(exact_up_to: int) -> None:
    """Asking for no rows gives none."""
    assert VectorIndex.build(clustered(300, seed=1), exact_up_to).search(unit(CENTRE), 0) == []
