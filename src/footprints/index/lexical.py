"""Keyword search: stemmed BM25 through ``bm25s``, and how much of a question a text holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

from footprints.types import Vectors

_WORD = re.compile(r"\w+(?:&\w+)*")  # "A&E" is one word
_STOPWORDS = frozenset(STOPWORDS_EN_PLUS)


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


class KeywordIndex:
    """BM25 over texts, addressed by their row (Lucene's variant, k1 = 1.5, b = 0.75)."""

    def __init__(self, bm25: bm25s.BM25) -> None:
        self._bm25 = bm25
        self._rows = int(bm25.scores["num_docs"])

    @classmethod
    def build(cls, texts: Sequence[str]) -> KeywordIndex:
        """Index texts."""
        bm25 = bm25s.BM25()
        # A word no question has stands for a text without terms: bm25s fails where none has any.
        bm25.index([terms(text) or [""] for text in texts], show_progress=False)
        return cls(bm25)

    def save(self, folder: Path) -> None:
        """Write the index into a new folder."""
        self._bm25.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """Read an index that ``save`` wrote."""
        return cls(bm25s.BM25.load(folder))

    def scores(self, question_terms: Sequence[str]) -> Vectors:
        """Return the BM25 score of every text, shape (texts,)."""
        rows = [self._bm25.vocab_dict[term] for term in self._known(question_terms)]
        scores: Vectors = self._bm25.get_scores_from_ids(rows)
        return scores

    def coverage(self, question_terms: Sequence[str]) -> Vectors:
        """Return the share of the question's rarity that every text holds, shape (texts,).

        The sum of idf over the question's distinct terms found in the text, divided by the sum
        over all of them; 0 for a question without terms.
        """
        weights = {term: self.idf(term) for term in dict.fromkeys(question_terms)}
        total = sum(weights.values())
        covered = np.zeros(self._rows, dtype=np.float32)
        for term in self._known(question_terms):
            covered[self._texts_with(term)] += weights[term]
        return covered / total if total else covered

    def idf(self, term: str) -> float:
        """Return ln(1 + (N - n + 0.5) / (n + 0.5)), N texts, n of them with the term.

        Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), in Lucene's form
        that is never negative.
        """
        found = self._count(term)
        return float(np.log1p((self._rows - found + 0.5) / (found + 0.5)))

    def share(self, term: str) -> float:
        """Return the share of texts that have a term."""
        return self._count(term) / self._rows

    def _count(self, term: str) -> int:
        return len(self._texts_with(term)) if term in self._bm25.vocab_dict else 0

    def _known(self, question_terms: Sequence[str]) -> list[str]:
        return [term for term in dict.fromkeys(question_terms) if term in self._bm25.vocab_dict]

    def _texts_with(self, term: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        ends, column = self._bm25.scores["indptr"], self._bm25.vocab_dict[term]
        rows: np.ndarray[tuple[int], np.dtype[np.int32]]
        rows = self._bm25.scores["indices"][ends[column] : ends[column + 1]]
        return rows
