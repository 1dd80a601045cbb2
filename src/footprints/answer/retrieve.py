"""Retrieve the passages that may answer a question: dense, keyword and heading similarity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footprints.index.store import Index
from footprints.types import Encoding, Scored, Signals, Vectors

PASSAGES = 20
"""How many passages are ranked sentence by sentence."""

DENSE, KEYWORD, HEADING = 0.55, 0.45, 0.3
"""Weights of the signals; on the ``dev`` cases the last hardly matters between 0.15 and 0.5."""

_POOL = 50


def retrieve(
    index: Index,
    question_terms: Sequence[str],
    encoding: Encoding,
    k: int = PASSAGES,
    among: NDArray[np.int64] | None = None,
) -> list[Scored[int]]:
    """Rank the rows of the ``k`` passages nearest to a question, best first.

    ``among`` are the only rows that count, one at least, if not all do.

    Score = 0.55 · cosine + 0.45 · BM25 of the passage with its heading path, both scaled to 0–1
    over the pool of candidates (a convex combination: Bruch, Gai and Ingber, 2023),
    + 0.3 · cosine(question, innermost heading). The signal ``subject``, the mean cosine of the
    question and all passages, is the same for each: how far it is on the documents' subject.
    """
    keyword = index.passage_terms.scores(question_terms)
    if among is None:
        found = set(index.passage_vectors.search(encoding.vector, _POOL))
    else:
        found = set(index.passage_vectors.nearest(encoding.vector, _POOL, among))
        others = np.ones(len(keyword), dtype=bool)
        others[among] = False
        keyword[others] = 0
    pool = sorted(found.union(_best(keyword, _POOL)))
    dense = index.passage_vectors.vectors(pool) @ encoding.vector
    heading = index.heading_vectors[index.heading_rows[pool]] @ encoding.vector
    subject = float(index.centre @ encoding.vector)
    scores = DENSE * _scaled(dense) + KEYWORD * _scaled(keyword[pool]) + HEADING * heading
    ranking = [
        Scored(
            row,
            float(scores[at]),
            Signals(
                passage=float(dense[at]),
                passage_keyword=float(keyword[row]),
                passage_heading=float(heading[at]),
                subject=subject,
            ),
        )
        for at, row in enumerate(pool)
    ]
    return sorted(ranking, key=lambda passage: -passage.score)[:k]


def _best(scores: Vectors, k: int) -> list[int]:
    """Return the rows of the ``k`` highest scores above 0; of equal ones the first."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > k:
        least = np.partition(scores[rows], -k)[-k]
        above, equal = rows[scores[rows] > least], rows[scores[rows] == least]
        rows = np.concatenate([above, equal[: k - len(above)]])
    found: list[int] = rows.tolist()
    return found


def _scaled(values: Vectors) -> Vectors:
    """Scale values so that the least is 0 and the greatest 1; equal values all become 0."""
    low = values.min()
    scaled: Vectors = (values - low) / max(float(values.max() - low), 1e-9)
    return scaled
