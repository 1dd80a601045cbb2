"""A segment: everything the index derives from one document alone, in one file.

It never changes. Whatever depends on other documents too, such as how rare a word is, is gathered
from all segments when an index is built.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from safetensors.numpy import save

from footprints.index.context import heading_path, in_context, path_text
from footprints.index.lexical import TermCounts, firsts
from footprints.index.lexicon import Mined
from footprints.index.parts import Arrays, InFile, InMemory, Parts
from footprints.index.tokens import Codes
from footprints.types import Candidate, Document, Passage, Sentence, Span, Vectors

_DOCUMENT = TypeAdapter(Document)
_TEXTS = "texts"

START, END, PATH, SENTENCES, TERMS = range(5)
"""The columns of ``passages``: its place, the row of its heading path, how many sentences and
distinct terms it has."""

LEAD, WHOLE, LEAD_ROW, TOKENS, SENTENCE_TERMS = 2, 4, 6, 7, 8
"""The columns of ``sentences`` behind its place: the places of its lead-in and of the whole list,
the lead-in's row in the document (-1 for none), how many tokens and distinct terms it has."""


@dataclass(frozen=True, slots=True)
class EncodedHeading:
    """The vector of an innermost heading, and the tokens of the whole path."""

    vector: Vectors
    tokens: Codes


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """A passage's vector, and of its sentences the vectors and the tokens.

    ``tokens`` are those of all sentences end to end; ``lengths`` says how many each has.
    """

    vector: Vectors
    sentence_vectors: NDArray[np.float16]
    tokens: Codes
    lengths: NDArray[np.int32]


class Segment:
    """One document in the index. Its vectors and tokens stay on disk until they are needed."""

    def __init__(self, doc_id: str, opened: Callable[[], Parts], digest: str) -> None:
        self.doc_id = doc_id
        self.digest = digest
        self._opened = opened
        self._made: dict[int, Passage] = {}

    @classmethod
    def open(cls, doc_id: str, path: Path) -> Segment:
        """Open the file of a segment, which is named by its digest.

        It may be removed while fewer than some thousand others have been opened since.

        Raises:
            IndexDamaged: it is missing, or not as long as it claims.
            CannotRead: it cannot be opened for now.
        """
        return cls(doc_id, InFile(path).mapped, path.stem)

    @classmethod
    def of(cls, document: Document, arrays: Arrays) -> Segment:
        """Hold a segment in memory."""
        digest = hashlib.sha256(serialised(arrays)).hexdigest()
        parts = InMemory(arrays, _head(arrays))
        return cls(document.doc_id, lambda: parts, digest)

    @property
    def _parts(self) -> Parts:
        return self._opened()

    def array(self, name: str) -> NDArray[Any]:
        """Return an array of this segment."""
        array: NDArray[Any] = self._parts.get_tensor(name)
        return array

    def rows(self, name: str, start: int, end: int) -> NDArray[Any]:
        """Return some rows of an array of this segment."""
        rows: NDArray[Any] = self._parts.get_slice(name)[start:end]
        return rows

    def take(self, name: str, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[Any]:
        """Return the rows of one or more ranges of an array, end to end."""
        breaks = np.flatnonzero(starts[1:] != ends[:-1]) + 1
        firsts, lasts = [0, *breaks.tolist()], [*(breaks - 1).tolist(), -1]
        return np.concatenate(
            [
                self.rows(name, int(starts[first]), int(ends[last]))
                for first, last in zip(firsts, lasts, strict=True)
            ]
        )

    def count(self, name: str) -> int:
        """Return how many rows an array of this segment has."""
        return int(self._parts.get_slice(name).get_shape()[0])

    @cached_property
    def document(self) -> Document:
        """Return the document."""
        return _DOCUMENT.validate_json(self.array("document").tobytes())

    @cached_property
    def paths(self) -> list[tuple[str, ...]]:
        """Return the distinct heading paths of the passages, empty where there are no headings."""
        return [tuple(path) for path in json.loads(self.array("paths").tobytes())]

    @cached_property
    def places(self) -> NDArray[np.int32]:
        """Return ``passages``, a row each."""
        return self.array("passages")

    @cached_property
    def sentences(self) -> NDArray[np.int32]:
        """Return ``sentences``, a row each."""
        return self.array("sentences")

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Return the passages."""
        return tuple(self.passage(row) for row in range(len(self.places)))

    @cached_property
    def first_sentences(self) -> NDArray[np.int64]:
        """Return the row of each passage's first sentence, and one past the last row of all."""
        return firsts(self.places[:, SENTENCES])

    @cached_property
    def first_tokens(self) -> NDArray[np.int64]:
        """Return the row of each sentence's first token, and one past the last row of all."""
        return firsts(self.sentences[:, TOKENS])

    @cached_property
    def first_heading_tokens(self) -> NDArray[np.int64]:
        """Return the row of each heading path's first token, and one past the last row of all."""
        return firsts(self.array("heading_lengths"))

    @cached_property
    def passage_terms(self) -> TermCounts:
        """Return the terms of each passage under its headings."""
        return TermCounts(self.places[:, TERMS], *self.array("passage_terms"))

    @cached_property
    def sentence_terms(self) -> TermCounts:
        """Return the terms of each sentence in its context."""
        return TermCounts(self.sentences[:, SENTENCE_TERMS], *self.array("sentence_terms"))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Return the number of each term in its counts."""
        return {term: number for number, term in enumerate(self.terms)}

    def passage(self, row: int) -> Passage:
        """Return a passage."""
        if row not in self._made:
            self._made[row] = self._passage(row)
        return self._made[row]

    def _passage(self, row: int) -> Passage:
        start, end, path = self.places[row, :SENTENCES].tolist()
        first, last = self.first_sentences[row : row + 2]
        sentences = map(_sentence, self.sentences[first:last].tolist())
        return Passage(self.doc_id, self.paths[path], start, end, tuple(sentences))

    def candidates(self, row: int) -> Iterator[Candidate]:
        """Yield the sentences of a passage."""
        passage, first = self.passage(row), int(self.first_sentences[row])
        for offset, sentence in enumerate(passage.sentences):
            yield Candidate(passage, sentence, first + offset)

    @property
    def texts(self) -> int:
        """Return how many texts were encoded for it."""
        return int(self._parts.metadata()[_TEXTS])

    @property
    def terms(self) -> list[str]:
        """Return the terms that its counts number."""
        return _words(self.array("terms"))

    @property
    def mined(self) -> Mined:
        """Return what its document tells about words."""
        return Mined(
            words=_words(self.array("words")),
            counts=self.array("word_counts"),
            names=_words(self.array("names")),
            name_counts=self.array("name_counts"),
            long_forms=json.loads(self.array("long_forms").tobytes()),
        )


def serialised(arrays: Arrays) -> bytes:
    """Return the file of a segment: the same bytes for the same document."""
    return save(
        {name: np.ascontiguousarray(array) for name, array in arrays.items()}, _head(arrays)
    )


def _head(arrays: Arrays) -> dict[str, str]:
    """Return what every build asks of a segment: how many texts were encoded for it."""
    paths = json.loads(arrays["paths"].tobytes())
    headings = {"".join(path[-1:]) for path in paths} | set(map(path_text, paths))
    return {_TEXTS: str(len(headings) + len(arrays["passages"]))}


def derive(
    document: Document,
    passages: Sequence[Passage],
    headings: Sequence[EncodedHeading],
    encoded: Sequence[EncodedPassage],
    dimension: int,
) -> Arrays:
    """Return all that is derived from a document: its passages, their vectors and their words.

    ``headings`` are those of the distinct heading paths of the passages, in their order.
    """
    numbers: dict[str, int] = {}
    by_passage = TermCounts.of(
        (
            "\n".join([*heading_path(passage, document), document.at(passage)])
            for passage in passages
        ),
        numbers,
    )
    by_sentence = TermCounts.of(
        (in_context(document, one, sentence) for one in passages for sentence in one.sentences),
        numbers,
    )
    paths = {path: row for row, path in enumerate(distinct_paths(passages))}
    none = np.zeros((0, dimension), dtype=np.float32)
    lengths = [length for one in encoded for length in one.lengths.tolist()]
    return {
        "document": _bytes(_DOCUMENT.dump_json(document)),
        "paths": _json([*paths]),
        "passages": _passage_rows(passages, paths, by_passage.sizes.tolist()),
        "sentences": _sentence_rows(passages, lengths, by_sentence.sizes.tolist()),
        "vectors": np.stack([*(one.vector for one in encoded)]) if encoded else none,
        "heading_vectors": np.stack([one.vector for one in headings]) if headings else none,
        "heading_tokens": _end_to_end([one.tokens for one in headings], dimension),
        "heading_lengths": np.array([len(one.tokens) for one in headings], dtype=np.int32),
        "sentence_vectors": np.concatenate(
            [none.astype(np.float16), *(one.sentence_vectors for one in encoded)]
        ),
        "sentence_tokens": _end_to_end([one.tokens for one in encoded], dimension),
        "terms": _bytes("\n".join(numbers).encode()),
        "passage_terms": np.stack([by_passage.terms, by_passage.counts]),
        "sentence_terms": np.stack([by_sentence.terms, by_sentence.counts]),
        **_mined(Mined.of(document)),
    }


def distinct_paths(passages: Sequence[Passage]) -> Collection[tuple[str, ...]]:
    """Return the heading paths of passages, each once."""
    return dict.fromkeys(passage.headings for passage in passages).keys()


def _passage_rows(
    passages: Sequence[Passage], paths: Mapping[tuple[str, ...], int], terms: Sequence[int]
) -> NDArray[np.int32]:
    rows = [
        (one.start, one.end, paths[one.headings], len(one.sentences), size)
        for one, size in zip(passages, terms, strict=True)
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, 5)


def _sentence_rows(
    passages: Sequence[Passage], lengths: Sequence[int], terms: Sequence[int]
) -> NDArray[np.int32]:
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    row_at = {sentence.start: row for row, sentence in enumerate(sentences)}
    rows = [
        (
            *(one.start, one.end),
            *((one.lead.start, one.lead.end) if one.lead else (-1, -1)),
            *((one.whole.start, one.whole.end) if one.whole else (-1, -1)),
            row_at.get(one.lead.start, -1) if one.lead else -1,
            length,
            size,
        )
        for one, length, size in zip(sentences, lengths, terms, strict=True)
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, 9)


def _sentence(row: Sequence[int]) -> Sentence:
    start, end, lead, lead_end, whole, whole_end = row[:LEAD_ROW]
    return Sentence(
        start,
        end,
        Span(lead, lead_end) if lead >= 0 else None,
        Span(whole, whole_end) if whole >= 0 else None,
    )


def _mined(mined: Mined) -> Arrays:
    return {
        "words": _bytes("\n".join(mined.words).encode()),
        "word_counts": mined.counts,
        "names": _bytes("\n".join(mined.names).encode()),
        "name_counts": mined.name_counts,
        "long_forms": _json(mined.long_forms),
    }


def _end_to_end(tokens: Sequence[Codes], dimension: int) -> Codes:
    return np.concatenate([np.zeros((0, (dimension + 1) // 2), dtype=np.uint8), *tokens])


def _bytes(content: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(content, dtype=np.uint8)


def _json(value: object) -> NDArray[np.uint8]:
    return _bytes(json.dumps(value, ensure_ascii=False).encode())


def _words(array: NDArray[np.uint8]) -> list[str]:
    return array.tobytes().decode().split("\n") if len(array) else []
