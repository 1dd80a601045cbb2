"""The sentences of found passages, read from the segments they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footprints.index.facts import BuildFacts
from footprints.index.lexical import bm25, firsts
from footprints.index.segment import LEAD_ROW, PATH, Segment
from footprints.index.tokens import decoded
from footprints.types import Candidate, Vectors

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The turned token vectors of texts, end to end, and where each text starts.

    ``texts`` says which texts are each sentence's, shape (kinds, sentences).
    """

    vectors: Vectors
    starts: Rows
    texts: Rows


@dataclass(frozen=True, slots=True)
class _Part:
    """Those that stand in one segment: their places in the list, and their rows there."""

    segment: Segment
    at: Rows
    rows: Rows

    @property
    def with_leads(self) -> Rows:
        """Return the rows of the sentences, and of their lead-ins; its own where it has none."""
        leads = self.segment.sentences[self.rows, LEAD_ROW]
        return np.stack([self.rows, np.where(leads < 0, self.rows, leads)])

    @property
    def paths(self) -> Rows:
        """Return the rows of the heading paths that the sentences stand under."""
        passages = np.searchsorted(self.segment.first_sentences, self.rows, side="right") - 1
        paths: Rows = self.segment.places[passages, PATH][np.newaxis]
        return paths

    def counts(self, terms: Sequence[str]) -> Vectors:
        """Return how often each sentence in its context has each term, shape (terms, sentences)."""
        texts = self.segment.sentence_terms
        starts, sizes = texts.firsts[self.rows], texts.sizes[self.rows]
        at = np.repeat(starts - firsts(sizes)[:-1], sizes) + np.arange(sizes.sum())
        owners, numbers = np.repeat(np.arange(len(self.rows)), sizes), texts.terms[at]
        counts = np.zeros((len(terms), len(self.rows)), dtype=np.float32)
        for row, term in enumerate(terms):
            here = numbers == self.segment.numbers.get(term, -1)
            counts[row, owners[here]] = texts.counts[at][here]
        return counts


class Sentences:
    """Sentences of one or more documents, each with a place in the order they are given."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        segment_of: Callable[[str], Segment],
        facts: BuildFacts,
    ) -> None:
        self._facts, self._count = facts, len(candidates)
        self._weighed = cache(self._weigh)
        places: dict[str, list[int]] = {}
        for at, candidate in enumerate(candidates):
            places.setdefault(candidate.passage.doc_id, []).append(at)
        self._parts = [
            _Part(
                segment_of(doc_id),
                np.array(at),
                np.array([candidates[one].sentence_row for one in at]),
            )
            for doc_id, at in places.items()
        ]

    def vectors(self) -> Vectors:
        """Return the vectors, shape (sentences, dimension)."""
        found: Vectors = self._gathered(
            lambda one: one.segment.take("sentence_vectors", one.rows, one.rows + 1)
        ).astype(np.float32)
        return found

    def scores(self, terms: Sequence[str]) -> Vectors:
        """Return the BM25 scores of the sentences in their context, shape (sentences,)."""
        lengths = self._gathered(lambda one: one.segment.sentence_terms.lengths[one.rows])
        weights, counts = self._weighed(tuple(dict.fromkeys(terms)))
        return bm25(weights, counts, lengths, self._facts.sentence_length)

    def coverage(self, terms: Sequence[str]) -> Vectors:
        """Return the share of the question's rarity that they hold, shape (sentences,).

        The sum of idf over the question's distinct terms found in the sentence in its context,
        divided by the sum over all of them; 0 for a question without terms.
        """
        weights, counts = self._weighed(tuple(dict.fromkeys(terms)))
        covered = np.where(counts > 0, weights[:, np.newaxis], np.float32(0)).sum(axis=0)
        share: Vectors = covered / max(weights.sum(), np.float32(1e-9))
        return share

    def tokens(self) -> Tokens:
        """Return the tokens of the sentences and of their lead-ins.

        ``texts`` has a row for the sentences and one for the lead-ins; a sentence without one has
        itself there.
        """
        return self._tokens(
            "sentence_tokens",
            ((one, one.segment.first_tokens, one.with_leads) for one in self._parts),
        )

    def heading_tokens(self) -> Tokens:
        """Return the tokens of the heading paths that they stand under."""
        return self._tokens(
            "heading_tokens",
            ((one, one.segment.first_heading_tokens, one.paths) for one in self._parts),
        )

    def _weigh(self, terms: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Return the idf of distinct terms, and how often each sentence has them."""
        weights = np.array([self._facts.idf(term) for term in terms], dtype=np.float32)
        counts = self._gathered(lambda one: one.counts(terms).T)
        return weights, counts.reshape(self._count, len(terms)).T

    def _gathered(self, read: Callable[[_Part], NDArray[Any]]) -> NDArray[Any]:
        """Return what is read of each segment, in the order of the sentences."""
        values = np.concatenate([read(part) for part in self._parts])
        order = np.argsort(np.concatenate([part.at for part in self._parts]))
        gathered: NDArray[Any] = values[order]
        return gathered

    def _tokens(self, name: str, wanted: Iterator[tuple[_Part, Rows, Rows]]) -> Tokens:
        """Read texts, each once; they begin at ``first`` and are wanted by their rows."""
        codes, lengths, texts = [], [], []
        count = 0
        for part, first, rows in wanted:
            needed, which = np.unique(rows, return_inverse=True)
            codes.append(part.segment.take(name, first[needed], first[needed + 1]))
            lengths.append(first[needed + 1] - first[needed])
            texts.append(which.reshape(rows.shape).T + count)
            count += len(needed)
        each = iter(texts)
        return Tokens(
            decoded(np.concatenate(codes)),
            firsts(np.concatenate(lengths))[:-1],
            self._gathered(lambda _: next(each)).T,
        )
