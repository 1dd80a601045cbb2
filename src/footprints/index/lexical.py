"""Keyword search: stemmed BM25, and how much of a question a text holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS
from numpy.typing import NDArray
from scipy.sparse import csr_array

from footprints.types import Vectors

_WORD = re.compile(r"\w+(?:&\w+)*")  # "A&E" is one word
_STOPWORDS = frozenset(STOPWORDS_EN_PLUS)
_K1, _B = 1.5, 0.75


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text at ``[start, end)``; ``term`` is its stem, None for a stop word."""

    start: int
    end: int
    term: str | None


def words(text: str) -> list[Word]:
    """Return the words of a text, in order."""
    # A stemmer keeps a cache and is not safe to share between threads; making one costs nothing.
    stem = Stemmer.Stemmer("english").stemWord
    return [
        Word(match.start(), match.end(), None if word in _STOPWORDS else stem(word))
        for match in _WORD.finditer(text)
        for word in [match[0].lower()]
    ]


def terms(text: str) -> list[str]:
    """Return the stemmed words of a text without stop words, in order."""
    return [word.term for word in words(text) if word.term is not None]


def firsts(sizes: Any) -> NDArray[np.int64]:
    """Return where each of some runs begins that stand end to end, and where the last ends."""
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])


@dataclass(frozen=True)
class TermCounts:
    """The terms of texts, row after row: each distinct term of a row once, with its count.

    ``sizes`` says how many distinct terms each row has; ``terms`` numbers them.
    """

    sizes: NDArray[np.int32]
    terms: NDArray[np.int32]
    counts: NDArray[np.int32]

    @cached_property
    def firsts(self) -> NDArray[np.int64]:
        """Return where each row begins, and one past the end of all."""
        return firsts(self.sizes)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Return how many terms each row has; one that has none is taken to have one."""
        before = firsts(self.counts)
        lengths: NDArray[np.int64] = np.maximum(np.diff(before[self.firsts]), 1)
        return lengths

    @classmethod
    def of(cls, texts: Iterable[str], numbers: dict[str, int]) -> TermCounts:
        """Count the terms of texts, giving terms that have no number yet the next one."""
        rows = [Counter(terms(text)) for text in texts]
        return cls(
            np.array([len(row) for row in rows], dtype=np.int32),
            np.array(
                [numbers.setdefault(t, len(numbers)) for row in rows for t in row], dtype=np.int32
            ),
            np.array([count for row in rows for count in row.values()], dtype=np.int32),
        )


class KeywordIndex:
    """BM25 over texts, addressed by their row; ``bm25`` has the formula.

    Terms are numbers here, each with the rows that have it.
    """

    def __init__(
        self,
        starts: NDArray[np.int64],
        rows: NDArray[np.int32],
        counts: NDArray[np.float32],
        lengths: NDArray[np.int64],
    ) -> None:
        self._starts, self._rows, self._counts, self._lengths = starts, rows, counts, lengths
        mean = float(lengths.mean(dtype=np.float64)) if len(lengths) else 1.0
        self._norms = norms(lengths, mean)

    @classmethod
    def build(cls, texts: TermCounts, terms: int) -> KeywordIndex:
        """Index the counts of texts that have so many different terms."""
        shape = (len(texts.sizes), max(1, terms))
        by_term = csr_array((texts.counts, texts.terms, texts.firsts), shape=shape).tocsc()
        return cls(
            by_term.indptr.astype(np.int64),
            by_term.indices.astype(np.int32),
            by_term.data.astype(np.float32),
            texts.lengths,
        )

    @property
    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Return what it is made of again, by name."""
        return {
            "starts": self._starts,
            "rows": self._rows,
            "counts": self._counts,
            "lengths": self._lengths,
        }

    def scores(self, weights: Mapping[int, float]) -> Vectors:
        """Return the BM25 score of every text for terms with their weights, shape (texts,)."""
        scores = np.zeros(len(self._lengths), dtype=np.float32)
        for term, weight in weights.items():
            start, end = self._starts[term : term + 2]
            rows, counts = self._rows[start:end], self._counts[start:end]
            scores[rows] += np.float32(weight) * saturated(counts, self._norms[rows])
        return scores


def idf(found: int, texts: int) -> float:
    """Return ln(1 + (N - n + 0.5) / (n + 0.5)), N texts, n of them with the term.

    Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), in Lucene's form
    that is never negative.
    """
    return float(np.log1p((texts - found + 0.5) / (found + 0.5)))


def bm25(weights: Vectors, counts: Vectors, lengths: Vectors, mean: float) -> Vectors:
    """Return the BM25 score of texts (Lucene's variant, k1 = 1.5, b = 0.75), shape (texts,).

    score = Σ idf · f / (f + k1 (1 - b + b · length / mean length)) over the question's terms, as
    bm25s reckons it: a text without terms has the length 1 there. ``weights`` are the idf of the
    terms; ``counts`` says how often each text has each, shape (terms, texts).
    """
    scores: Vectors = (weights[:, np.newaxis] * saturated(counts, norms(lengths, mean))).sum(axis=0)
    return scores


def norms(lengths: NDArray[Any], mean: float) -> Vectors:
    """Return k1 (1 - b + b · length / mean length) of texts."""
    relative = lengths.astype(np.float32) / np.float32(mean)
    return (_K1 * ((1 - _B) + _B * relative)).astype(np.float32)


def saturated(counts: Vectors, norms: Vectors) -> Vectors:
    """Return f / (f + norm), how much the counts of a term say."""
    said: Vectors = counts / (counts + norms)
    return said
