"""The index: documents, passages and everything that finds them, saved and loaded as one folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from footprints.index.lexical import KeywordIndex
from footprints.index.lexicon import Lexicon
from footprints.index.vectors import VectorIndex
from footprints.types import Candidate, Document, Passage, Vectors

_DOCUMENTS = TypeAdapter(tuple[Document, ...])
_DOCUMENTS_FILE = "documents.json"
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_LEXICON = TypeAdapter(Lexicon)


@dataclass(frozen=True, slots=True)
class TokenRows:
    """The token vectors of many texts, end to end, at half precision.

    ``starts`` has one entry more than there are texts: the tokens of text ``i`` are
    ``values[starts[i] : starts[i + 1]]``. Every text has at least one.
    """

    values: NDArray[np.float16]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, tokens: Sequence[NDArray[np.float16]]) -> TokenRows:
        """Store token vectors, one array of shape (pieces, dimension) a text; zeros for none."""
        tokens = [
            rows if len(rows) else np.zeros((1, rows.shape[1]), rows.dtype) for rows in tokens
        ]
        counts = [len(rows) for rows in tokens]
        values = np.concatenate(tokens)
        return cls(values, np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]))

    def row(self, row: int) -> NDArray[np.float16]:
        """Return the tokens of one text as they are stored."""
        return self.values[self.starts[row] : self.starts[row + 1]]

    def take(self, rows: Sequence[int]) -> tuple[Vectors, NDArray[np.int64]]:
        """Return the tokens of these texts, end to end, and where each text starts among them."""
        parts = [self.row(row) for row in rows]
        lengths = [len(part) for part in parts[:-1]]
        starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        return np.concatenate(parts).astype(np.float32), starts

    def save(self, folder: Path, name: str) -> None:
        """Write both arrays."""
        np.save(folder / f"{name}.npy", self.values)
        np.save(folder / f"{name}-starts.npy", self.starts)

    @classmethod
    def load(cls, folder: Path, name: str) -> TokenRows:
        """Read what ``save`` wrote; the vectors stay on disk until they are looked at."""
        values = np.load(folder / f"{name}.npy", mmap_mode="r")
        return cls(values, np.load(folder / f"{name}-starts.npy"))


@dataclass(frozen=True)
class Index:
    """What was built from a corpus.

    Rows number the passages, and apart from them the sentences, in document order. Heading paths
    are stored once each, as the tokens of the whole path and the vector of the innermost heading;
    ``heading_rows`` says which one a passage stands under. ``lead_rows``
    gives the row of the sentence that leads a sentence in, or -1.
    """

    documents: Mapping[str, Document]
    passages: Sequence[Passage]
    passage_vectors: VectorIndex
    passage_terms: KeywordIndex
    heading_vectors: Vectors
    heading_tokens: TokenRows
    heading_rows: NDArray[np.int32]
    sentence_vectors: NDArray[np.float16]
    sentence_tokens: TokenRows
    sentence_terms: KeywordIndex
    lead_rows: NDArray[np.int32]
    lexicon: Lexicon

    @cached_property
    def first_sentences(self) -> NDArray[np.int64]:
        """Return the row of each passage's first sentence, and one past the last row of all."""
        counts = [len(passage.sentences) for passage in self.passages]
        return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])

    @cached_property
    def centre(self) -> Vectors:
        """Return the mean of all passages' vectors, shape (dimension,)."""
        return self.passage_vectors.mean()

    def candidates(self, passage_row: int) -> Iterator[Candidate]:
        """Yield the sentences of a passage."""
        passage, first = self.passages[passage_row], int(self.first_sentences[passage_row])
        for offset, sentence in enumerate(passage.sentences):
            yield Candidate(passage, sentence, first + offset)

    def save(self, folder: Path) -> None:
        """Write every part into an empty folder."""
        documents = tuple(self.documents.values())
        (folder / _DOCUMENTS_FILE).write_bytes(_DOCUMENTS.dump_json(documents))
        (folder / "passages.json").write_bytes(_PASSAGES.dump_json(tuple(self.passages)))
        (folder / "lexicon.json").write_bytes(_LEXICON.dump_json(self.lexicon))
        self.passage_vectors.save(folder / "passages.faiss")
        self.passage_terms.save(folder / "passage-terms")
        self.sentence_terms.save(folder / "sentence-terms")
        np.save(folder / "headings.npy", self.heading_vectors)
        np.save(folder / "heading-rows.npy", self.heading_rows)
        np.save(folder / "sentences.npy", self.sentence_vectors)
        np.save(folder / "lead-rows.npy", self.lead_rows)
        self.heading_tokens.save(folder, "heading-tokens")
        self.sentence_tokens.save(folder, "sentence-tokens")

    @classmethod
    def load(cls, folder: Path) -> Index:
        """Read what ``save`` wrote."""
        return cls(
            documents={document.doc_id: document for document in load_documents(folder)},
            passages=_PASSAGES.validate_json((folder / "passages.json").read_bytes()),
            lexicon=_LEXICON.validate_json((folder / "lexicon.json").read_bytes()),
            passage_vectors=VectorIndex.load(folder / "passages.faiss"),
            passage_terms=KeywordIndex.load(folder / "passage-terms"),
            sentence_terms=KeywordIndex.load(folder / "sentence-terms"),
            heading_vectors=np.load(folder / "headings.npy"),
            heading_rows=np.load(folder / "heading-rows.npy"),
            sentence_vectors=np.load(folder / "sentences.npy"),
            lead_rows=np.load(folder / "lead-rows.npy"),
            heading_tokens=TokenRows.load(folder, "heading-tokens"),
            sentence_tokens=TokenRows.load(folder, "sentence-tokens"),
        )


def load_documents(folder: Path) -> tuple[Document, ...]:
    """Read only the documents of an index."""
    return _DOCUMENTS.validate_json((folder / _DOCUMENTS_FILE).read_bytes())
