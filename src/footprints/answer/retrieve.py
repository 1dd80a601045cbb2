"""Retrieve the passages that may answer a question: dense, keyword and heading similarity."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from footprints.answer.exact import spellings
from footprints.index.lexical import terms
from footprints.index.store import Index
from footprints.types import ALL_DOCUMENTS, Encoding, Found, Only, Scored, Signals, Understood

PASSAGES = 20
"""How many passages are ranked sentence by sentence."""

DENSE, KEYWORD, HEADING = 0.55, 0.45, 0.3
"""Weights of the signals; on the ``dev`` cases the last hardly matters between 0.15 and 0.5."""

_POOL = 50


def keywords(question: Understood) -> list[str]:
    """Return the terms to search for: those of a question, and of what it asks to define."""
    defined = chain.from_iterable(map(terms, question.defined))
    return [*terms(question.text), *spellings(question.exact), *defined]


def retrieve(
    index: Index,
    question_terms: Sequence[str],
    encoding: Encoding,
    k: int = PASSAGES,
    only: Only = ALL_DOCUMENTS,
) -> list[Scored[Found]]:
    """Rank the ``k`` passages nearest to a question, best first, of the documents that are asked.

    Score = 0.55 · cosine + 0.45 · BM25 of the passage with its heading path, both scaled to 0–1
    over the pool of candidates (a convex combination: Bruch, Gai and Ingber, 2023),
    + 0.3 · cosine(question, innermost heading). The signal ``subject``, the mean cosine of the
    question and all passages, is the same for each: how far it is on the documents' subject.
    """
    weights = {term: index.facts.passage_idf(term) for term in question_terms}
    pool = index.search.search(encoding.vector, weights, _POOL, only)
    dense = _scaled([found.dense for found in pool])
    keyword = _scaled([found.keyword for found in pool])
    subject = float(index.facts.centre @ encoding.vector)
    ranking = [
        Scored(
            found,
            DENSE * near + KEYWORD * said + HEADING * found.heading,
            Signals(
                passage=found.dense,
                passage_keyword=found.keyword,
                passage_heading=found.heading,
                subject=subject,
            ),
        )
        for found, near, said in zip(pool, dense, keyword, strict=True)
    ]
    return sorted(ranking, key=lambda passage: -passage.score)[:k]


def _scaled(values: Sequence[float]) -> list[float]:
    """Scale values so that the least is 0 and the greatest 1; equal values all become 0."""
    low, high = min(values), max(values)
    return [(value - low) / max(high - low, 1e-9) for value in values]
