"""What a build reuses from the one before, what is left to encode, and how they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import TypeAlias, TypeVar

import numpy as np

from footprints.corpus.snapshot import Readable
from footprints.index.before import Before
from footprints.index.context import heading_path, path_text
from footprints.index.encoder import unit
from footprints.index.manifest import EncoderUsed, Splitting
from footprints.index.parts import Arrays
from footprints.index.segment import (
    EncodedHeading,
    EncodedPassage,
    Segment,
    derive,
    distinct_paths,
)
from footprints.index.split import split
from footprints.index.store import Index
from footprints.index.tokens import Codes, coded
from footprints.progress import ProgressCallback
from footprints.types import Document, Encoder, Encoding, Passage, Vectors

_SLAB = 256
"""How many texts are encoded at a time, since token vectors at full precision are large."""

_Key = TypeVar("_Key", bound=Hashable)

PassageKey: TypeAlias = tuple[str, tuple[tuple[int, int], ...]]
"""The words of a passage, and where in them its sentences stand."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is encoded already, by the text that was encoded.

    Texts are the keys, not ids or places: a document that is renamed, or a passage that moves,
    costs nothing. How documents were split does not matter either, as the keys hold its outcome.
    """

    headings: dict[str, Vectors] = field(default_factory=dict)
    paths: dict[str, Codes] = field(default_factory=dict)
    passages: dict[PassageKey, tuple[Segment, int]] = field(default_factory=dict)
    """The segment that a passage is in, and its row there: its vectors stay on disk until asked."""

    @classmethod
    def of(cls, segments: Iterable[Segment]) -> Known:
        """Take what segments hold; the caller makes sure that the same encoder made them."""
        known = cls()
        for segment in segments:
            document, rows = segment.document, {path: row for row, path in enumerate(segment.paths)}
            vectors, tokens = segment.array("heading_vectors"), segment.array("heading_tokens")
            ends = np.cumsum(segment.array("heading_lengths"))[:-1]
            by_path = np.split(tokens, ends)
            for number, passage in enumerate(segment.passages):
                path, row = heading_path(passage, document), rows[passage.headings]
                known.headings[path[-1]] = vectors[row]
                known.paths[path_text(path)] = by_path[row]
                known.passages[key_of(passage, document)] = (segment, number)
        return known

    def passage(self, key: PassageKey) -> EncodedPassage:
        """Return one of ``passages``."""
        segment, row = self.passages[key]
        before, after = segment.first_sentences[row : row + 2].tolist()
        tokens = segment.first_tokens[before : after + 1]
        start, end = int(tokens[0]), int(tokens[-1])
        return EncodedPassage(
            segment.rows("vectors", row, row + 1)[0],
            segment.rows("sentence_vectors", before, after),
            segment.rows("sentence_tokens", start, end),
            np.diff(tokens).astype(np.int32),
        )


@dataclass(frozen=True, slots=True)
class Work:
    """Documents with their passages, of which only the texts that are not known are encoded.

    The texts of a document are the innermost headings, the heading paths and the passages, each
    distinct one once. A sentence is read inside its passage: its vector is the mean of its tokens
    there. ``taken`` are the segments of other documents, which stay as they are; ``replaced`` are
    those of before that do not.
    """

    documents: Sequence[Document]
    passages: Sequence[Sequence[Passage]]
    """The passages of each document."""
    encoder: Encoder
    known: Known = field(default_factory=Known)
    taken: Mapping[str, Segment] = field(default_factory=dict)
    replaced: Mapping[str, Segment] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        sources: Sequence[Readable],
        before: Before,
        encoder: Encoder,
        splitting: Splitting,
        rebuild: bool,
    ) -> Work:
        """Reuse what did not change, unless everything is rebuilt, and split the rest.

        Raises:
            IndexDamaged: a document that was read before can no longer be read.
        """
        made = None if rebuild else before.manifest
        by_encoder = made is not None and made.encoder == EncoderUsed.of(encoder)
        unchanged = by_encoder and made is not None and made.splitting == splitting
        same = [one.doc_id for one in sources if unchanged and one.document is None]
        taken = {doc_id: before.segments[doc_id] for doc_id in same}
        replaced = before.sound(without=taken)
        documents = [before.document(one) for one in sources if one.doc_id not in taken]
        passages = [split(one, encoder, splitting.passage_pieces) for one in documents]
        known = Known.of(replaced.values()) if by_encoder else Known()
        return cls(documents, passages, encoder, known, taken, replaced)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no passage at all."""
        return not any(self.passages) and not count("passages", self.taken.values())

    @property
    def size(self) -> int:
        """Return how many texts must be encoded."""
        return sum(len(texts) for texts in self._texts())

    @property
    def taken_over(self) -> int:
        """Return how many texts are known, or in the segments that stay."""
        known = replace(self, known=Known()).size - self.size
        return known + sum(segment.texts for segment in self.taken.values())

    def encode(self, progress: ProgressCallback) -> Iterator[tuple[str, Arrays]]:
        """Encode what is not known, and yield the id and the segment of each document."""
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
    work = Work(documents, list(by_document.values()), encoder)
    made = zip(documents, work.encode(lambda done, total: None), strict=True)
    return Index.of([Segment.of(document, arrays) for document, (_, arrays) in made], abbreviations)


def _encode_all(
    encoder: Encoder, texts: Sequence[str], progress: ProgressCallback
) -> Iterator[Encoding]:
    """Encode texts slab by slab, so that only one slab's full-precision tokens are in memory."""
    if texts:
        progress(0, len(texts))  # Until the first are encoded the model has to be loaded.
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


def key_of(passage: Passage, document: Document) -> PassageKey:
    """Return all that the vectors of a passage and its sentences come from."""
    start = passage.start
    places = tuple((one.start - start, one.end - start) for one in passage.sentences)
    return document.at(passage), places


def compare_passages(before: Mapping[str, Segment], after: Mapping[str, Segment]) -> Counter[str]:
    """Count the passages that were added, changed and removed, given documents by their ids."""
    added = [segment for doc_id, segment in after.items() if doc_id not in before]
    removed = [segment for doc_id, segment in before.items() if doc_id not in after]
    counts = Counter(added=count("passages", added), removed=count("passages", removed))
    for doc_id in before.keys() & after.keys():
        counts += _compared(_contents(before[doc_id]), _contents(after[doc_id]))
    return counts


def count(what: str, segments: Iterable[Segment]) -> int:
    """Return how many passages, say, or sentences segments have."""
    return sum(segment.count(what) for segment in segments)


def _contents(segment: Segment) -> Sequence[Hashable]:
    return [(passage.headings, segment.document.at(passage)) for passage in segment.passages]


def _compared(old: Sequence[Hashable], new: Sequence[Hashable]) -> Counter[str]:
    """Compare one document: of a run of passages that stands for another, each is a changed one."""
    counts = Counter[str]()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes() if old != new else ():
        if tag != "equal":
            both = min(last - first, end - start)
            counts.update(added=end - start - both, changed=both, removed=last - first - both)
    return counts
