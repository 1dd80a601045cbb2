"""Token vectors at four bits a number, an eighth of what they take at full precision.

A vector is turned first: its signs are flipped by a fixed pattern and a cosine transform mixes
its numbers. That keeps every inner product, and each number of a turned unit vector of ``d`` is
then about normally distributed with variance 1/d, whatever the encoder. So the sixteen best
levels for a normal distribution (Max, Quantizing for minimum distortion, 1960) serve all of them:
nothing is learned from the data, and a text has the same codes in whatever index. A question is
turned too, rather than every token back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from footprints.types import Vectors

_HALF = (0.1284, 0.3881, 0.6568, 0.9424, 1.2562, 1.6181, 2.0690, 2.7326)
_LEVELS = np.array([*(-level for level in reversed(_HALF)), *_HALF], dtype=np.float32)
_BOUNDS = (_LEVELS[1:] + _LEVELS[:-1]) / 2
_KEPT = 1 - 0.009497
"""The share of the variance that these levels keep; divided by it, inner products are unbiased."""

_PAIRS = np.stack(np.meshgrid(_LEVELS, _LEVELS, indexing="ij"), axis=-1).reshape(256, 2) / _KEPT
"""The two numbers that each byte stands for, of a vector of variance 1."""

Codes = NDArray[np.uint8]
"""Shape (tokens, bytes): two numbers a byte."""


def turned(vectors: Vectors) -> Vectors:
    """Turn vectors of shape (rows, dimension); one number more where the dimension is odd."""
    rows, dimension = vectors.shape
    if dimension % 2:
        vectors = np.concatenate([vectors, np.zeros((rows, 1), np.float32)], axis=1)
    signs = np.where(np.random.default_rng(0).random(vectors.shape[1]) < 0.5, -1, 1)
    mixed: Vectors = dct(vectors * signs.astype(np.float32), norm="ortho", axis=1)
    return mixed


def coded(vectors: Vectors) -> Codes:
    """Return the codes of unit vectors, turned."""
    scaled = turned(vectors) * np.float32(np.sqrt(vectors.shape[1]))
    levels = np.zeros(scaled.shape, dtype=np.uint8)
    for bound in _BOUNDS:  # several times faster than np.searchsorted
        levels += scaled > bound
    return levels[:, ::2] * np.uint8(16) + levels[:, 1::2]


def decoded(codes: Codes) -> Vectors:
    """Return the turned vectors that codes stand for."""
    pairs = (_PAIRS / np.sqrt(2 * codes.shape[1])).astype(np.float32)
    # Taken as one number of eight bytes each, pairs come several times faster.
    vectors: Vectors = np.take(pairs.view(np.complex64)[:, 0], codes).view(np.float32)
    return vectors
