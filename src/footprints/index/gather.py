"""Gather what depends on all documents of a build from their segments."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footprints.corpus.clean import words_of
from footprints.index.facts import INDEXED, BuildFacts, IndexedDocument
from footprints.index.lexicon import Lexicon
from footprints.index.segment import Segment
from footprints.index.split import sentences_of
from footprints.types import BlockKind, Document, KnownDocument, Vectors

_TABLES = """
CREATE TABLE counts (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
CREATE TABLE centre (vector BLOB);
CREATE TABLE terms (term TEXT PRIMARY KEY, number INTEGER, passages INTEGER, sentences INTEGER)
    WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;
CREATE TABLE names (term TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE long_forms (short TEXT, long TEXT);
CREATE TABLE documents (doc_id TEXT UNIQUE, segment TEXT, publisher TEXT, known TEXT);
"""

_FEWEST_WORDS = 5
"""An opening with fewer words is a date, a name or a label."""


def facts_of(
    segments: Sequence[Segment], numbers: Numbers, abbreviations: Mapping[str, str]
) -> BuildFacts:
    """Gather the facts of segments, given in the order of their documents, in memory."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.executescript(_TABLES)
    lexicon = Lexicon.of((segment.mined for segment in segments), abbreviations)
    with database:
        _insert(database, "counts", _counts(segments).items())
        _insert(database, "centre", [(_mean(segments).tobytes(),)])
        _insert(database, "terms", _terms(segments, numbers))
        _insert(database, "words", lexicon.counts.items())
        _insert(database, "names", ((term,) for term in sorted(lexicon.names)))
        _insert(database, "long_forms", lexicon.long_forms.items())
        _insert(database, "documents", map(_row_of, segments))
    return BuildFacts(database)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of the terms of a build: of each, and of each segment's in their order there."""

    of_terms: Mapping[str, int]
    of_segments: Sequence[NDArray[np.int32]]


def numbered(segments: Iterable[Segment], known: Mapping[str, int]) -> Numbers:
    """Number the terms of all segments in the order in which they first stand there.

    Terms that are ``known`` have their numbers already.
    """
    following = count(1 + max(known.values(), default=-1))
    numbers = defaultdict(following.__next__, known)
    own = [[numbers[term] for term in one.terms] for one in segments]
    return Numbers(dict(numbers), [np.array(one, dtype=np.int32) for one in own])


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, each with a value for every column."""
    columns = database.execute(f"SELECT * FROM {table}").description  # noqa: S608
    values = ", ".join("?" * len(columns))
    database.executemany(f"INSERT INTO {table} VALUES ({values})", rows)  # noqa: S608


def _counts(segments: Sequence[Segment]) -> Mapping[str, int]:
    """Return how many passages and sentences there are, and how many terms these have in all."""
    return {
        "documents": len(segments),
        "passages": sum(segment.count("passages") for segment in segments),
        "sentences": sum(segment.count("sentences") for segment in segments),
        "passage_terms": sum(int(one.passage_terms.lengths.sum()) for one in segments),
        "sentence_terms": sum(int(one.sentence_terms.lengths.sum()) for one in segments),
    }


def _mean(segments: Sequence[Segment]) -> Vectors:
    """Return the mean of all passages' vectors, shape (dimension,)."""
    sums = [one.array("vectors").sum(axis=0, dtype=np.float64) for one in segments]
    rows = sum(segment.count("vectors") for segment in segments)
    mean: Vectors = (np.sum(sums, axis=0) / max(1, rows)).astype(np.float32)
    return mean


def _terms(segments: Sequence[Segment], numbers: Numbers) -> Iterator[tuple[str, int, int, int]]:
    """Yield each term with its number, and how many passages and sentences have it."""
    size = 1 + max(numbers.of_terms.values(), default=-1)
    passages, sentences = (np.zeros(size, dtype=np.int64) for _ in range(2))
    for one, own in zip(segments, numbers.of_segments, strict=True):
        np.add.at(passages, own[one.passage_terms.terms], 1)
        np.add.at(sentences, own[one.sentence_terms.terms], 1)
    for term, number in numbers.of_terms.items():
        if sentences[number] or passages[number]:
            yield term, number, int(passages[number]), int(sentences[number])


def _row_of(segment: Segment) -> tuple[str, str, str | None, str]:
    document = segment.document
    known = {one.name: getattr(document, one.name) for one in fields(KnownDocument)}
    indexed = IndexedDocument(
        **known,
        segment=segment.digest,
        passages=segment.count("passages"),
        words=int(segment.array("word_counts").sum()),
        first=document.at(document.blocks[0]) if document.blocks else "",
        opening=_opening_of(document),
    )
    return document.doc_id, segment.digest, document.publisher, INDEXED.dump_json(indexed).decode()


def _opening_of(document: Document) -> str:
    """Return a document's own first sentence, dates and labels above it passed over."""
    openings = (
        document.at(sentence)
        for block in document.blocks
        if block.kind is BlockKind.PARAGRAPH
        for sentence in sentences_of(document, block)
    )
    return next((one for one in openings if len(words_of(one)) >= _FEWEST_WORDS), "")
