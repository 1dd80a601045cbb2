"""The passages of a build, searched in memory: by vectors, by keywords and by headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save

from footprints.index.facts import BuildFacts
from footprints.index.gather import Numbers
from footprints.index.lexical import KeywordIndex, TermCounts, firsts
from footprints.index.manifest import EncoderUsed, Manifest
from footprints.index.segment import PATH, Segment
from footprints.index.vectors import VectorIndex
from footprints.index.years import fits
from footprints.types import ALL_DOCUMENTS, Found, Only, Vectors

ARRAYS, VECTORS = "search.safetensors", "vectors.faiss"
_OWN = ("headings", "heading_rows", "first_rows")


@dataclass(frozen=True)
class EmbeddedSearch:
    """All passages, a row each, in the order of their documents.

    ``headings`` are the vectors of the innermost headings; ``heading_rows`` says which one a
    passage stands under. ``first_rows`` are the rows of each document's first passage, and one
    past the last row of all.
    """

    facts: BuildFacts
    vectors: VectorIndex
    keywords: KeywordIndex
    headings: Vectors
    heading_rows: NDArray[np.int32]
    first_rows: NDArray[np.int64]

    @classmethod
    def of(cls, segments: Sequence[Segment], facts: BuildFacts, numbers: Numbers) -> EmbeddedSearch:
        """Put the passages of segments together, given in the order of their documents."""
        texts = [segment.passage_terms for segment in segments]
        sizes = np.concatenate([one.sizes for one in texts])
        terms = np.concatenate(
            [own[one.terms] for own, one in zip(numbers.of_segments, texts, strict=True)]
        )
        counts = TermCounts(sizes, terms, np.concatenate([one.counts for one in texts]))
        paths = firsts([segment.count("heading_vectors") for segment in segments])
        under = [one.places[:, PATH] + first for one, first in zip(segments, paths, strict=False)]
        return cls(
            facts,
            VectorIndex.build(np.concatenate([segment.array("vectors") for segment in segments])),
            KeywordIndex.build(counts, len(numbers.of_terms)),
            np.concatenate([segment.array("heading_vectors") for segment in segments]),
            np.concatenate(under).astype(np.int32),
            firsts([segment.count("passages") for segment in segments]),
        )

    @classmethod
    def open(cls, folder: Path, facts: BuildFacts) -> EmbeddedSearch:
        """Open what ``save`` wrote."""
        arrays = load_file(folder / ARRAYS)
        own = {name: arrays.pop(name) for name in _OWN}
        vectors = VectorIndex.open(folder / VECTORS)
        return cls(facts, vectors, KeywordIndex(**arrays), **own)

    def save(self, folder: Path) -> None:
        """Write it into the folder of a build: the same bytes for the same segments."""
        self.vectors.save(folder / VECTORS)
        own = {name: getattr(self, name) for name in _OWN}
        (folder / ARRAYS).write_bytes(save({**self.keywords.arrays, **own}))

    def search(
        self, vector: Vectors | None, weights: Mapping[str, float], k: int, only: Only
    ) -> Sequence[Found]:
        """Search as ``PassageSearch`` says."""
        numbers = ((self.facts.number(term), weight) for term, weight in weights.items())
        keyword = self.keywords.scores({n: weight for n, weight in numbers if n is not None})
        among = None if only == ALL_DOCUMENTS else self._rows_of(only)
        if among is not None:
            others = np.ones(len(keyword), dtype=bool)
            others[among] = False
            keyword[others] = 0
        near = () if vector is None else self._nearest(vector, k, among)
        rows = np.array(sorted({*near, *_best(keyword, k)}), dtype=np.int64)
        none = np.zeros(len(rows), dtype=np.float32)
        dense = none if vector is None else self.vectors.vectors(rows) @ vector
        heading = none if vector is None else self.headings[self.heading_rows[rows]] @ vector
        documents = np.searchsorted(self.first_rows, rows, side="right") - 1
        return [
            Found(self.facts.segment(document), row, *values)
            for document, row, *values in zip(
                documents.tolist(),
                (rows - self.first_rows[documents]).tolist(),
                dense.tolist(),
                keyword[rows].tolist(),
                heading.tolist(),
                strict=True,
            )
        ]

    def _nearest(self, vector: Vectors, k: int, among: NDArray[np.int64] | None) -> Sequence[int]:
        if among is None:
            return self.vectors.search(vector, k)
        return self.vectors.nearest(vector, k, among)

    def _rows_of(self, only: Only) -> NDArray[np.int64]:
        """Return the rows of the passages of the documents that are asked, in order."""
        asked = np.array([fits(document, only) for document in self.facts.documents])
        return np.flatnonzero(np.repeat(asked, np.diff(self.first_rows)))


def _best(scores: Vectors, k: int) -> list[int]:
    """Return the rows of the ``k`` highest scores above 0; of equal ones the first."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > k:
        least = np.partition(scores[rows], -k)[-k]
        above, equal = rows[scores[rows] > least], rows[scores[rows] == least]
        rows = np.concatenate([above, equal[: k - len(above)]])
    found: list[int] = rows.tolist()
    return found


class EmbeddedStore:
    """Keeps what a build is searched with in two files of the build's own folder."""

    numbers: Mapping[str, int] = {}

    def writing(self) -> AbstractContextManager[None]:
        """Hold nothing: whoever may write to the index folder may write these."""
        return nullcontext()

    def begin(self, encoder: EncoderUsed, anew: bool) -> EmbeddedStore:
        """Begin a build, which never uses one before."""
        return self

    def write(
        self, folder: Path, segments: Sequence[Segment], facts: BuildFacts, numbers: Numbers
    ) -> None:
        """Write the files."""
        EmbeddedSearch.of(segments, facts, numbers).save(folder)

    def check_held(self) -> None:
        """Do nothing: what is not held cannot be lost."""

    def tidy(self) -> None:
        """Do nothing: the files go with their folder."""

    def open(self, folder: Path, facts: BuildFacts) -> EmbeddedSearch:
        """Open the files."""
        return EmbeddedSearch.open(folder, facts)

    def damage(self, folder: Path, manifest: Manifest) -> Iterator[str]:
        """Find a build damaged that has no such files; whoever checks the folder checks them."""
        if VECTORS not in manifest.files:
            yield f"Build {manifest.build} is kept in another store."
