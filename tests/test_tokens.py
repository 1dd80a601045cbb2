"""Codes of token vectors keep inner products, nearly, whatever the vectors are."""

from __future__ import annotations

import numpy as np
import pytest

from footprints.index.encoder import BundledEncoder, unit
from footprints.index.tokens import coded, decoded, turned
from footprints.types import Vectors


def random_vectors(rows: int, dimension: int, seed: int) -> Vectors:
    """Make unit vectors in all directions."""
    rng = np.random.default_rng(seed)
    return unit(rng.standard_normal((rows, dimension)).astype(np.float32))


@pytest.mark.parametrize("dimension", [2, 3, 32, 384])
def test_turning_keeps_inner_products(dimension: int) -> None:
    """Turned vectors have the inner products that they had, in odd dimensions too."""
    one, other = (random_vectors(20, dimension, seed) for seed in (1, 2))
    np.testing.assert_allclose(turned(one) @ turned(other).T, one @ other.T, atol=1e-6)


def test_codes_take_an_eighth() -> None:
    """Two numbers take one byte, where each took four."""
    vectors = random_vectors(7, 384, seed=1)
    assert coded(vectors).shape == (7, 192)
    assert coded(vectors).nbytes * 8 == vectors.nbytes
    assert coded(vectors[:0]).shape == (0, 192)


def test_inner_products_are_right_on_average() -> None:
    """What codes lose is small, and neither raises nor lowers what is near or far."""
    vectors, questions = (random_vectors(2000, 384, seed) for seed in (1, 2))
    read = decoded(coded(vectors))
    off = turned(questions[:100]) @ read.T - questions[:100] @ vectors.T
    assert abs(off.mean()) < 1e-4
    assert off.std() < 0.006
    assert (turned(vectors) * read).sum(axis=1).mean() == pytest.approx(1, abs=1e-3)


def test_the_real_encoders_tokens(real_encoder: BundledEncoder) -> None:
    """It is so for the tokens of the real encoder too, whose dimensions are not alike."""
    texts = ["Angela leads the Devon STP.", "Who leads Devon?", "Nobody knows what it costs."]
    tokens = np.concatenate([one.tokens for one in real_encoder.encode(texts)])
    off = turned(tokens) @ decoded(coded(tokens)).T - tokens @ tokens.T
    assert abs(off.mean()) < 2e-3
    assert off.std() < 0.008


def test_a_text_has_the_same_codes_in_any_company() -> None:
    """Codes of a vector do not depend on what is coded with it."""
    vectors = random_vectors(50, 384, seed=1)
    alone = np.concatenate([coded(vectors[row : row + 1]) for row in range(50)])
    np.testing.assert_array_equal(coded(vectors), alone)
