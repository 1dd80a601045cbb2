"""Vectors in FAISS, all of them looked at: exact while they are few, at half precision beyond.

Nothing is learned from the vectors, as an inverted file would: an index to which documents were
added finds what one built anew finds. The only module that imports faiss, at first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footprints.types import Vectors

EXACT_UP_TO = 20_000
"""So many vectors are looked at in three milliseconds; more are kept in half the memory."""


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
            half = faiss.ScalarQuantizer.QT_fp16
            index = faiss.IndexScalarQuantizer(dimension, half, faiss.METRIC_INNER_PRODUCT)
        index.add(vectors)
        return cls(index)

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
