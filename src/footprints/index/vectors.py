"""Vectors in FAISS, all of them compared: exactly while few, else at one bit a number.

Nothing is learned from the vectors, as an inverted file would: an index to which documents were
added finds what a fresh one finds. The only module that imports faiss, at first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footprints.types import Vectors

EXACT_UP_TO = 20_000
"""How many vectors are compared one by one, in three milliseconds."""

_FEWEST, _AGAIN = 50, 40
"""Beyond that one bit a number (RaBitQ: Gao and Long, 2024) finds forty times as many as are asked
for, and at least as if fifty were; those are compared at half precision. Of 100,000 vectors that
takes two milliseconds, where half precision alone takes six."""

_SLAB = 16_384
"""How many vectors are in memory at a time when all are compared."""


class VectorIndex:
    """Unit vectors by row, searched by inner product."""

    def __init__(self, faiss_index: Any) -> None:
        self._index = faiss_index

    @classmethod
    def build(cls, vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> VectorIndex:
        """Index vectors of shape (rows, dimension)."""
        import faiss

        rows, dimension = vectors.shape
        index: Any = faiss.IndexFlatIP(dimension)
        if rows > exact_up_to:
            product, half = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer.QT_fp16
            bits = faiss.IndexRaBitQ(dimension, product)
            # Trained with the origin alone, it learns nothing: codes depend on no other vector.
            bits.train(np.zeros((1, dimension), dtype=np.float32))
            index = faiss.IndexRefine(bits, faiss.IndexScalarQuantizer(dimension, half, product))
            index.k_factor = _AGAIN
        index.add(vectors)
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> VectorIndex:
        """Open what ``save`` wrote."""
        import faiss

        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Write it to a file."""
        import faiss

        faiss.write_index(self._index, str(path))

    def search(self, vector: Vectors, k: int) -> list[int]:
        """Return the rows of the ``k`` nearest vectors (fewer if there are fewer), best first."""
        found = min(max(k, _FEWEST), self._index.ntotal)
        if not found:
            return []
        _, rows = self._index.search(vector[np.newaxis], found)
        nearest: list[int] = rows[0, :k].tolist()
        return nearest

    def nearest(self, vector: Vectors, k: int, rows: NDArray[np.int64]) -> list[int]:
        """Return those of some rows whose vectors are nearest, at most ``k``, best first."""
        slabs = (rows[first : first + _SLAB] for first in range(0, len(rows), _SLAB))
        none = np.zeros(0, dtype=np.float32)
        near = np.concatenate([none, *(self.vectors(slab) @ vector for slab in slabs)])
        nearest: list[int] = rows[np.argsort(-near, kind="stable")[:k]].tolist()
        return nearest

    def vectors(self, rows: Sequence[int] | NDArray[np.int64]) -> Vectors:
        """Return the vectors at these rows, shape (rows, dimension)."""
        asked: NDArray[np.int64] = np.asarray(rows, dtype=np.int64)
        found: Vectors = self._index.reconstruct_batch(asked)
        return found
