"""What is still to be encoded of documents, and what they come to when it is."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from footprints.index.context import heading_path, path_text
from footprints.index.encoder import unit
from footprints.index.known import Known, PassageKey, key_of
from footprints.index.segment import (
    Arrays,
    EncodedHeading,
    EncodedPassage,
    Segment,
    derive,
    distinct_paths,
)
from footprints.index.split import split
from footprints.index.store import Index
from footprints.index.tokens import coded
from footprints.progress import Progress
from footprints.types import Document, Encoder, Encoding, Passage, Vectors

_SLAB = 256
"""So many texts are encoded at a time, as their token vectors at full precision are large."""

_Key = TypeVar("_Key", bound=Hashable)


def encode(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    encoder: Encoder,
    abbreviations: Mapping[str, str] = MappingProxyType({}),
) -> Index:
    """Index passages of documents in memory, with nothing to take over."""
    by_document: dict[str, list[Passage]] = {document.doc_id: [] for document in documents}
    for passage in passages:
        by_document[passage.doc_id].append(passage)
    work = Work(documents, list(by_document.values()), encoder, Known())
    made = zip(documents, work.encode(lambda done, total: None), strict=True)
    return Index.of([Segment.of(document, arrays) for document, (_, arrays) in made], abbreviations)


@dataclass(frozen=True, slots=True)
class Work:
    """Documents with their passages, of which only the texts that are not known are encoded.

    The texts of a document are the innermost headings, the heading paths and the passages, each
    distinct one once. A sentence is read inside its passage: its vector is the mean of its tokens
    there.
    """

    documents: Sequence[Document]
    passages: Sequence[Sequence[Passage]]
    """The passages of each document."""
    encoder: Encoder
    known: Known

    @classmethod
    def of(
        cls, documents: Sequence[Document], encoder: Encoder, passage_pieces: int, known: Known
    ) -> Work:
        """Split documents."""
        passages = [split(document, encoder, passage_pieces) for document in documents]
        return cls(documents, passages, encoder, known)

    @property
    def size(self) -> int:
        """Return how many texts are to be encoded."""
        return sum(len(texts) for texts in self._texts())

    @property
    def taken_over(self) -> int:
        """Return how many texts are known."""
        return replace(self, known=Known()).size - self.size

    def encode(self, progress: Progress) -> Iterator[tuple[str, Arrays]]:
        """Encode what is not known, and yield the id of each document and what it comes to."""
        texts = [text for texts in self._texts() for text in texts]
        encodings = _encode_all(self.encoder, texts, progress)
        for document, passages in zip(self.documents, self.passages, strict=True):
            yield document.doc_id, self._derived(document, passages, encodings)

    def _texts(self) -> Iterator[list[str]]:
        """Yield the texts of each document that are to be encoded."""
        for document, passages in zip(self.documents, self.passages, strict=True):
            new = self._new_passages(document, passages)
            yield [*self._new_headings(document, passages), *(text for text, _ in new)]

    def _new_headings(self, document: Document, passages: Sequence[Passage]) -> list[str]:
        """Return the innermost headings and the heading paths that are not known."""
        paths = [heading_path(passage, document) for passage in passages]
        innermost = _unknown((path[-1] for path in paths), self.known.headings)
        return [*dict.fromkeys([*innermost, *_unknown(map(path_text, paths), self.known.paths)])]

    def _new_passages(self, document: Document, passages: Sequence[Passage]) -> list[PassageKey]:
        """Return the passages that are not known."""
        return _unknown((key_of(one, document) for one in passages), self.known.passages)

    def _derived(
        self, document: Document, passages: Sequence[Passage], encodings: Iterator[Encoding]
    ) -> Arrays:
        """Take the next encodings for those texts of a document that need them."""
        above = {text: next(encodings) for text in self._new_headings(document, passages)}
        fresh = {
            key: _encoded(key, next(encodings)) for key in self._new_passages(document, passages)
        }
        headings = [
            self._heading(path or (document.title,), above) for path in distinct_paths(passages)
        ]
        keys = [key_of(passage, document) for passage in passages]
        encoded = [fresh.get(key) or self.known.passage(key) for key in keys]
        return derive(document, passages, headings, encoded, self.encoder.dimension)

    def _heading(self, path: tuple[str, ...], above: Mapping[str, Encoding]) -> EncodedHeading:
        vector, tokens = self.known.headings.get(path[-1]), self.known.paths.get(path_text(path))
        return EncodedHeading(
            above[path[-1]].vector if vector is None else vector,
            coded(_at_least_one(above[path_text(path)].tokens)) if tokens is None else tokens,
        )


def _encode_all(encoder: Encoder, texts: Sequence[str], progress: Progress) -> Iterator[Encoding]:
    """Encode texts slab by slab, so that only one slab's full-precision tokens are in memory."""
    for first in range(0, len(texts), _SLAB):
        encodings = encoder.encode(texts[first : first + _SLAB])
        progress(min(first + _SLAB, len(texts)), len(texts))
        yield from encodings


def _unknown(wanted: Iterable[_Key], known: Container[_Key]) -> list[_Key]:
    """Return what is wanted and not known, each once."""
    return [key for key in dict.fromkeys(wanted) if key not in known]


def _encoded(key: PassageKey, encoding: Encoding) -> EncodedPassage:
    """Cut the sentences of a passage out of its encoding."""
    starts = encoding.spans[:, 0]
    tokens = [
        _at_least_one(encoding.tokens[(starts >= start) & (starts < end)]) for start, end in key[1]
    ]
    return EncodedPassage(
        encoding.vector,
        np.stack([unit(rows.mean(axis=0)).astype(np.float16) for rows in tokens]),
        coded(np.concatenate(tokens)),
        np.array([len(rows) for rows in tokens], dtype=np.int32),
    )


def _at_least_one(tokens: Vectors) -> Vectors:
    """Return token vectors; a zero vector where there are none."""
    return tokens if len(tokens) else np.zeros((1, tokens.shape[1]), dtype=np.float32)
