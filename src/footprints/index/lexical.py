"""Keyword search: stemmed BM25, and how much of a question a text holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The terms of texts, row after row: each distinct term of a row once, with its count.

    ``sizes`` says how many distinct terms each row has; ``terms`` numbers them.
    """

    sizes: NDArray[np.int32]
    terms: NDArray[np.int32]
    counts: NDArray[np.int32]

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
    """BM25 over texts, addressed by their row (Lucene's variant, k1 = 1.5, b = 0.75).

    score = Σ idf · f / (f + k1 (1 - b + b · length / mean length)) over the question's terms, as
    bm25s reckons it: a text without terms has the length 1 there.
    """

    def __init__(self, numbers: Mapping[str, int], texts: TermCounts) -> None:
        rows = len(texts.sizes)
        starts = np.concatenate([[0], np.cumsum(texts.sizes, dtype=np.int64)])
        by_row = csr_array((texts.counts, texts.terms, starts), shape=(rows, max(1, len(numbers))))
        self._lengths = np.maximum(np.asarray(by_row.sum(axis=1)), 1).astype(np.float32)
        by_term = by_row.tocsc()
        self._starts: NDArray[np.int64] = by_term.indptr
        self._found: NDArray[np.int32] = by_term.indices
        self._counts: NDArray[np.float32] = by_term.data.astype(np.float32)
        self._numbers, self._rows = numbers, rows
        mean = float(self._lengths.mean(dtype=np.float64)) if rows else 1.0
        self._norms = (_K1 * ((1 - _B) + _B * self._lengths / mean)).astype(np.float32)

    @classmethod
    def build(cls, texts: Sequence[str]) -> KeywordIndex:
        """Index texts."""
        numbers: dict[str, int] = {}
        counts = TermCounts.of(texts, numbers)
        return cls(numbers, counts)

    def scores(self, question_terms: Sequence[str], rows: Sequence[int] | None = None) -> Vectors:
        """Return the BM25 score of the texts at these rows, or of every text, shape (texts,)."""
        scores = self._zeros(rows)
        for term in dict.fromkeys(question_terms):
            at, found, counts = self._texts_with(term, rows)
            scores[at] += np.float32(self.idf(term)) * (counts / (counts + self._norms[found]))
        return scores

    def coverage(self, question_terms: Sequence[str], rows: Sequence[int] | None = None) -> Vectors:
        """Return the share of the question's rarity that texts hold, shape (texts,).

        The sum of idf over the question's distinct terms found in the text, divided by the sum
        over all of them; 0 for a question without terms.
        """
        weights = {term: self.idf(term) for term in dict.fromkeys(question_terms)}
        total = sum(weights.values())
        covered = self._zeros(rows)
        for term, weight in weights.items():
            covered[self._texts_with(term, rows)[0]] += weight
        return covered / total if total else covered

    def idf(self, term: str) -> float:
        """Return ln(1 + (N - n + 0.5) / (n + 0.5)), N texts, n of them with the term.

        Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), in Lucene's form
        that is never negative.
        """
        found = self._count(term)
        return float(np.log1p((self._rows - found + 0.5) / (found + 0.5)))

    def _zeros(self, rows: Sequence[int] | None) -> Vectors:
        return np.zeros(self._rows if rows is None else len(rows), dtype=np.float32)

    def _count(self, term: str) -> int:
        start, end = self._column(term)
        return end - start

    def _column(self, term: str) -> tuple[int, int]:
        number = self._numbers.get(term)
        if number is None:
            return 0, 0
        return int(self._starts[number]), int(self._starts[number + 1])

    def _texts_with(
        self, term: str, rows: Sequence[int] | None
    ) -> tuple[NDArray[np.integer], NDArray[np.int32], NDArray[np.float32]]:
        """Return where among the rows asked for a term is found, those rows, and its counts."""
        start, end = self._column(term)
        found, counts = self._found[start:end], self._counts[start:end]
        if rows is None or not len(found):
            return found, found, counts
        asked = np.asarray(rows)
        place = np.minimum(np.searchsorted(found, asked), len(found) - 1)
        at = np.flatnonzero(found[place] == asked)
        return at, found[place[at]], counts[place[at]]
