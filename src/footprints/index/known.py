"""What a build takes over from the one before: the vectors of every text that did not change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footprints.index.store import Index
from footprints.types import Document, Passage, Vectors

PassageKey: TypeAlias = tuple[str, tuple[tuple[int, int], ...]]
"""The words of a passage, and where in them its sentences stand."""


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """A passage's vector, and of each of its sentences the vector and the tokens."""

    vector: Vectors
    sentence_vectors: NDArray[np.float16]
    sentence_tokens: list[NDArray[np.float16]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is encoded already, by the text that was encoded.

    Texts are the keys, not ids or places: a document that is renamed, or a passage that moves,
    costs nothing. How documents were split does not matter either, as the keys hold its outcome.
    """

    headings: dict[str, Vectors] = field(default_factory=dict)
    paths: dict[str, NDArray[np.float16]] = field(default_factory=dict)
    passages: dict[PassageKey, tuple[Index, int]] = field(default_factory=dict)
    """The index that a passage is in, and its row there: its vectors stay on disk until asked."""

    @classmethod
    def of(cls, index: Index) -> Known:
        """Take what an index holds; the caller makes sure that the same encoder made it."""
        known = cls()
        for row, passage in enumerate(index.passages):
            document = index.documents[passage.doc_id]
            path, path_row = heading_path(passage, document), int(index.heading_rows[row])
            known.headings[path[-1]] = index.heading_vectors[path_row]
            known.paths[path_text(path)] = index.heading_tokens.row(path_row)
            known.passages[key_of(passage, document)] = (index, row)
        return known

    def passage(self, key: PassageKey) -> EncodedPassage:
        """Return one of ``passages``."""
        index, row = self.passages[key]
        first, last = index.first_sentences[row : row + 2]
        return EncodedPassage(
            index.passage_vectors.vectors([row])[0],
            index.sentence_vectors[first:last],
            [index.sentence_tokens.row(sentence) for sentence in range(first, last)],
        )


def key_of(passage: Passage, document: Document) -> PassageKey:
    """Return all that the vectors of a passage and its sentences come from."""
    start = passage.start
    places = tuple((one.start - start, one.end - start) for one in passage.sentences)
    return document.at(passage), places


def heading_path(passage: Passage, document: Document) -> tuple[str, ...]:
    """Return the headings above a passage; where its document has none there, its title."""
    return passage.headings or (document.title,)


def path_text(path: tuple[str, ...]) -> str:
    """Return a heading path as it is encoded."""
    return " – ".join(path)
