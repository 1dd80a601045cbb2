"""What answering needs to know of a whole build, in one SQLite file that is read row by row.

How rare a term is, what words and names the documents have, what the documents are: all that
depends on every document, and so stands in no segment. A question reads the few rows it asks for.
What grows in memory with the documents is their list, once a question asks for all of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from footprints.index import disk
from footprints.index.lexical import idf
from footprints.index.lexicon import Lexicon
from footprints.types import KnownDocument, Vectors

FILE = "facts.sqlite"

_CACHED = 4096
"""How many rows are kept in memory: those of the words that questions use most."""


@dataclass(frozen=True, slots=True)
class IndexedDocument(KnownDocument):
    """What is known of a document in the index: its segment too, how long it is and how it begins.

    ``first`` is the text of its first block, ``opening`` its own first sentence.
    """

    segment: str
    passages: int
    words: int
    first: str
    opening: str


INDEXED = TypeAdapter(IndexedDocument)


class _Table:
    """The file, of which single rows are read again and again. Several threads may ask at once."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.row = lru_cache(_CACHED)(self._row)

    def all(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Yield what a query finds."""
        yield from self.database.execute(query)

    def _row(self, query: str, key: str | int) -> tuple[Any, ...] | None:
        """Return the one row that a query finds for a key, None if there is none."""
        found: tuple[Any, ...] | None = self.database.execute(query, (key,)).fetchone()
        return found


class BuildFacts:
    """What is known of all documents of a build together. Several threads may ask at once."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._table = _Table(database)

    @classmethod
    def open(cls, folder: Path) -> BuildFacts:
        """Open the facts of a build, whose file may be removed afterwards."""
        return cls(disk.database(folder / FILE))

    def save(self, folder: Path) -> None:
        """Write them into the folder of a build."""
        with closing(sqlite3.connect(folder / FILE)) as file:
            self._table.database.backup(file)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Return how many documents, passages and sentences there are, and terms in these."""
        return dict(self._table.all("SELECT name, value FROM counts"))

    @property
    def passages(self) -> int:
        """Return how many passages there are."""
        return self.counts["passages"]

    @property
    def sentences(self) -> int:
        """Return how many sentences there are."""
        return self.counts["sentences"]

    @property
    def passage_length(self) -> float:
        """Return how many terms a passage has on average, each taken to have one at least."""
        return self.counts["passage_terms"] / max(self.passages, 1)

    @property
    def sentence_length(self) -> float:
        """Return how many terms a sentence in its context has on average, reckoned likewise."""
        return self.counts["sentence_terms"] / max(self.sentences, 1)

    @cached_property
    def centre(self) -> Vectors:
        """Return the mean of all passages' vectors, shape (dimension,)."""
        ((vector,),) = self._table.all("SELECT vector FROM centre")
        return np.frombuffer(vector, dtype=np.float32)

    def numbers(self) -> Mapping[str, int]:
        """Return the number of every term."""
        return dict(self._table.all("SELECT term, number FROM terms"))

    def number(self, term: str) -> int | None:
        """Return the number of a term; None if no document has it."""
        found = self._term(term)
        return int(found[0]) if found else None

    def idf(self, term: str) -> float:
        """Return the idf of a term among the sentences, each in its context."""
        found = self._term(term)
        return idf(found[2] if found else 0, self.sentences)

    def passage_idf(self, term: str) -> float:
        """Return the idf of a term among the passages."""
        found = self._term(term)
        return idf(found[1] if found else 0, self.passages)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Return what the documents say about words, of which only abbreviations are in memory."""
        shorts = self._table.all("SELECT short, long FROM long_forms ORDER BY rowid")
        return Lexicon(_Counts(self._table), _Names(self._table), dict(shorts))

    @cached_property
    def publishers(self) -> frozenset[str]:
        """Return who published the documents."""
        found = self._table.all("SELECT DISTINCT publisher FROM documents")
        return frozenset(publisher for (publisher,) in found if publisher)

    @cached_property
    def documents(self) -> Sequence[IndexedDocument]:
        """Return what is known of each document, in order."""
        rows = self._table.all("SELECT known FROM documents ORDER BY rowid")
        return tuple(INDEXED.validate_json(known) for (known,) in rows)

    def document(self, doc_id: str) -> IndexedDocument | None:
        """Return what is known of a document; None if there is no such one."""
        found = self._table.row("SELECT known FROM documents WHERE doc_id = ?", doc_id)
        return INDEXED.validate_json(found[0]) if found else None

    def segment(self, number: int) -> str:
        """Return the segment of the document with a number, counted from 0."""
        found = self._table.row("SELECT segment FROM documents WHERE rowid = ?", number + 1)
        return str(found[0]) if found else ""

    def segment_of(self, doc_id: str) -> str | None:
        """Return the segment of a document; None if there is no such one."""
        found = self._table.row("SELECT segment FROM documents WHERE doc_id = ?", doc_id)
        return str(found[0]) if found else None

    def _term(self, term: str) -> tuple[Any, ...] | None:
        return self._table.row("SELECT number, passages, sentences FROM terms WHERE term = ?", term)


class _Counts(Mapping[str, int]):
    """How often each lower-case word stands in the documents."""

    def __init__(self, table: _Table) -> None:
        self._table = table

    def __getitem__(self, word: str) -> int:
        found = self._table.row("SELECT count FROM words WHERE word = ?", word)
        if found is None:
            raise KeyError(word)
        return int(found[0])

    def __iter__(self) -> Iterator[str]:
        return (word for (word,) in self._table.all("SELECT word FROM words"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Names(Collection[str]):
    """The terms that are names."""

    def __init__(self, table: _Table) -> None:
        self._table = table

    def __contains__(self, term: object) -> bool:
        return self._table.row("SELECT 1 FROM names WHERE term = ?", str(term)) is not None

    def __iter__(self) -> Iterator[str]:
        return (term for (term,) in self._table.all("SELECT term FROM names"))

    def __len__(self) -> int:
        return sum(1 for _ in self)
