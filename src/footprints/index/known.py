"""What a build takes over from the one before: the vectors of every text that did not change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from footprints.index.context import heading_path, path_text
from footprints.index.segment import EncodedPassage, Segment
from footprints.index.tokens import Codes
from footprints.types import Document, Passage, Vectors

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


def key_of(passage: Passage, document: Document) -> PassageKey:
    """Return all that the vectors of a passage and its sentences come from."""
    start = passage.start
    places = tuple((one.start - start, one.end - start) for one in passage.sentences)
    return document.at(passage), places
