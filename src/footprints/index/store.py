"""The index: the segments of its documents, put together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from footprints.index.lexical import KeywordIndex, TermCounts
from footprints.index.lexicon import Lexicon
from footprints.index.segment import (
    LEAD_ROW,
    PATH,
    SENTENCE_TERMS,
    SENTENCES,
    TERMS,
    TOKENS,
    Segment,
    firsts,
)
from footprints.index.tokens import decoded
from footprints.index.vectors import VectorIndex
from footprints.types import Candidate, Document, Passage, Vectors


class Documents(Mapping[str, Document]):
    """Documents by id, in order; each is read when first used."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = {segment.doc_id: segment for segment in segments}

    def __getitem__(self, doc_id: str) -> Document:
        return self._segments[doc_id].document

    def __iter__(self) -> Iterator[str]:
        return iter(self._segments)

    def __len__(self) -> int:
        return len(self._segments)


class Passages(Sequence[Passage]):
    """The passages of all documents by row, each made when used."""

    def __init__(
        self,
        segments: Sequence[Segment],
        places: NDArray[np.int32],
        sentences: NDArray[np.int32],
        first_sentences: NDArray[np.int64],
    ) -> None:
        self._segments = segments
        self._places, self._sentences = places, sentences
        self._first_sentences = first_sentences
        self._first = firsts([segment.count("passages") for segment in segments]).tolist()

    @overload
    def __getitem__(self, row: int) -> Passage: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[Passage]: ...

    def __getitem__(self, row: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        row = range(len(self))[row]
        segment = self._segments[bisect_right(self._first, row) - 1]
        start, end = self._first_sentences[row : row + 2]
        return segment.passage(self._places[row], self._sentences[start:end])

    def __len__(self) -> int:
        return len(self._places)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {segment.doc_id: number for number, segment in enumerate(self._segments)}

    def rows_of(self, doc_id: str) -> range:
        """Return the rows of a document's passages."""
        number = self._numbers[doc_id]
        return range(self._first[number], self._first[number + 1])


class Rows:
    """One array of every segment, as if they were one; a row is read when it is used."""

    def __init__(self, segments: Sequence[Segment], name: str) -> None:
        self._segments, self._name = segments, name
        self._first = firsts([segment.count(name) for segment in segments])

    def __len__(self) -> int:
        return int(self._first[-1])

    def __getitem__(self, rows: Sequence[int]) -> NDArray[Any]:
        """Return these rows."""
        starts = np.asarray(rows, dtype=np.int64).reshape(-1)
        return self.take(starts, starts + 1)

    def take(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[Any]:
        """Return the rows of one or more ranges, end to end."""
        owners = np.searchsorted(self._first, starts, side="right") - 1
        apart = (starts[1:] != ends[:-1]) | (owners[1:] != owners[:-1])
        breaks = np.flatnonzero(apart) + 1
        firsts, lasts = [0, *breaks.tolist()], [*(breaks - 1).tolist(), -1]
        parts = []
        for first, last in zip(firsts, lasts, strict=True):
            owner = owners[first]
            start, end = starts[first] - self._first[owner], ends[last] - self._first[owner]
            parts.append(self._segments[owner].rows(self._name, int(start), int(end)))
        return np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class TokenRows:
    """The token vectors of many texts, end to end, as codes.

    ``starts`` has one entry more than there are texts: the tokens of text ``i`` are the rows from
    ``starts[i]`` to ``starts[i + 1]``. Every text has at least one.
    """

    codes: Rows
    starts: NDArray[np.int64]

    def take(self, rows: Sequence[int]) -> tuple[Vectors, NDArray[np.int64]]:
        """Return the turned tokens of these texts, end to end, and where each text starts."""
        asked = np.asarray(rows, dtype=np.int64)
        starts, ends = self.starts[asked], self.starts[asked + 1]
        return decoded(self.codes.take(starts, ends)), firsts((ends - starts)[:-1])


@dataclass(frozen=True)
class Index:
    """Everything built from a corpus.

    Rows number the passages, and apart from them the sentences, in document order. Heading paths
    are stored once each in a document, as the tokens of the whole path and the vector of the
    innermost heading; ``heading_rows`` says which one a passage stands under. ``lead_rows``
    gives the row of the sentence that leads a sentence in, or -1.
    """

    documents: Mapping[str, Document]
    passages: Passages
    passage_vectors: VectorIndex
    passage_terms: KeywordIndex
    heading_vectors: Vectors
    heading_tokens: TokenRows
    heading_rows: NDArray[np.int32]
    sentence_vectors: Rows
    sentence_tokens: TokenRows
    sentence_terms: KeywordIndex
    lead_rows: NDArray[np.int32]
    first_sentences: NDArray[np.int64]
    """The row of each passage's first sentence, and one past the last row of all."""
    lexicon: Lexicon

    @classmethod
    def of(cls, segments: Sequence[Segment], abbreviations: Mapping[str, str]) -> Index:
        """Put segments together, in the order of their documents."""
        passages, sentences = _joined(segments, "passages"), _joined(segments, "sentences")
        first_sentences = firsts(passages[:, SENTENCES])
        first_paths = firsts([segment.count("heading_vectors") for segment in segments])
        numbers: dict[str, int] = {}
        renumbered = [_numbered(segment.terms, numbers) for segment in segments]
        return cls(
            documents=Documents(segments),
            passages=Passages(segments, passages, sentences, first_sentences),
            passage_vectors=VectorIndex.build(_joined(segments, "vectors")),
            passage_terms=KeywordIndex(
                numbers, _terms(segments, "passage_terms", passages[:, TERMS], renumbered)
            ),
            heading_vectors=_joined(segments, "heading_vectors"),
            heading_tokens=TokenRows(
                Rows(segments, "heading_tokens"), firsts(_joined(segments, "heading_lengths"))
            ),
            heading_rows=passages[:, PATH] + _repeated(first_paths, segments, "passages"),
            sentence_vectors=Rows(segments, "sentence_vectors"),
            sentence_tokens=TokenRows(
                Rows(segments, "sentence_tokens"), firsts(sentences[:, TOKENS])
            ),
            sentence_terms=KeywordIndex(
                numbers,
                _terms(segments, "sentence_terms", sentences[:, SENTENCE_TERMS], renumbered),
            ),
            lead_rows=_lead_rows(segments, sentences[:, LEAD_ROW]),
            first_sentences=first_sentences,
            lexicon=Lexicon.of((segment.mined for segment in segments), abbreviations),
        )

    @cached_property
    def centre(self) -> Vectors:
        """Return the mean of all passages' vectors, shape (dimension,)."""
        return self.passage_vectors.mean()

    def candidates(self, passage_row: int) -> Iterator[Candidate]:
        """Yield the sentences of a passage."""
        passage, first = self.passages[passage_row], int(self.first_sentences[passage_row])
        for offset, sentence in enumerate(passage.sentences):
            yield Candidate(passage, sentence, first + offset)


def _joined(segments: Sequence[Segment], name: str) -> NDArray[Any]:
    """Return an array of all segments."""
    return np.concatenate([segment.array(name) for segment in segments])


def _repeated(
    values: NDArray[np.int64], segments: Sequence[Segment], name: str
) -> NDArray[np.int32]:
    """Return the value of its segment for every row of an array."""
    counts = [segment.count(name) for segment in segments]
    return np.repeat(values[: len(counts)], counts).astype(np.int32)


def _lead_rows(segments: Sequence[Segment], own: NDArray[np.int32]) -> NDArray[np.int32]:
    """Turn rows in their document into rows of the index."""
    first = firsts([segment.count("sentences") for segment in segments])
    rows = own + _repeated(first, segments, "sentences")
    return np.where(own < 0, np.int32(-1), rows)


def _numbered(terms: Sequence[str], numbers: dict[str, int]) -> NDArray[np.int32]:
    """Return the numbers of terms, giving those that have none the next one."""
    return np.array([numbers.setdefault(term, len(numbers)) for term in terms], dtype=np.int32)


def _terms(
    segments: Sequence[Segment],
    name: str,
    sizes: NDArray[np.int32],
    renumbered: Sequence[NDArray[np.int32]],
) -> TermCounts:
    """Return the counts of all segments, with the numbers that terms have in the index."""
    parts = [segment.array(name) for segment in segments]
    terms = [new[part[0]] for new, part in zip(renumbered, parts, strict=True)]
    return TermCounts(sizes, np.concatenate(terms), np.concatenate([part[1] for part in parts]))
