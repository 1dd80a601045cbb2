"""Vectors in FAISS: exact while they are few, an inverted file beyond.

The only module that imports faiss, at first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footprints.types import Vectors

EXACT_UP_TO = 50_000
"""So many vectors are searched one by one, in milliseconds; more go in an inverted file."""

_SLAB = 16_384
"""So many vectors are in memory at a time where all are looked at."""


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
            # 4 √n lists is FAISS's own guideline for this size; an eighth of them is searched.
            lists = int(4 * sqrt(rows))
            index = faiss.IndexIVFFlat(index, dimension, lists, faiss.METRIC_INNER_PRODUCT)
            index.nprobe = max(1, lists // 8)
            index.train(vectors)
        index.add(vectors)
        return cls(_addressable(index))

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        import faiss

        # FAISS's own writer does not notice a full disk.
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Read an index that ``save`` wrote."""
        import faiss

        return cls(_addressable(faiss.read_index(str(path))))

    def search(self, vector: Vectors, k: int) -> list[int]:
        """Return the rows of the ``k`` nearest vectors (fewer if there are fewer), best first."""
        k = min(k, self._index.ntotal)
        if not k:
            return []
        _, rows = self._index.search(vector[np.newaxis], k)
        return [int(row) for row in rows[0] if row >= 0]

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """Return the vectors at these rows, shape (rows, dimension)."""
        asked: NDArray[np.int64] = np.asarray(rows, dtype=np.int64)
        found: Vectors = self._index.reconstruct_batch(asked)
        return found

    def mean(self) -> Vectors:
        """Return the mean of all vectors, shape (dimension,)."""
        total, rows = np.zeros(self._index.d), self._index.ntotal
        for first in range(0, rows, _SLAB):
            total += self.vectors(range(first, min(first + _SLAB, rows))).sum(axis=0)
        mean: Vectors = (total / rows).astype(np.float32)
        return mean


def _addressable(index: Any) -> Any:
    """Let an inverted file find its vectors by row, as a flat index does anyway."""
    if hasattr(index, "make_direct_map"):
        index.make_direct_map()
    return index
