"""The documents of a build, a row each, in a file that is read by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

from footprints.errors import IndexDamaged
from footprints.index import disk

LISTING = "listing.sqlite"

_TABLE = """
CREATE TABLE documents (doc_id TEXT PRIMARY KEY, source TEXT, segment TEXT, indexed TEXT);
CREATE INDEX segments ON documents (segment);
"""


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document of a build: the digest of its file and catalogue entry, and that of its segment.

    ``indexed`` is when it was indexed as it stands here.
    """

    doc_id: str
    source: str
    segment: str
    indexed: datetime


class Listing(Mapping[str, ListedDocument]):
    """The documents of a build, by id, in their order. Several threads may ask at once."""

    def __init__(self, folder: Path) -> None:
        """Open the listing in the folder of a build."""
        self._database = disk.database(folder / LISTING)

    def __getitem__(self, doc_id: str) -> ListedDocument:
        """Return what is listed of a document."""
        for found in self._listed("WHERE doc_id = ?", doc_id):
            return found
        raise KeyError(doc_id)

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        return (one.doc_id for one in self._listed())

    def __len__(self) -> int:
        """Return how many documents there are."""
        ((count,),) = self._database.execute("SELECT COUNT(*) FROM documents")
        return int(count)

    def whole(self) -> dict[str, ListedDocument]:
        """Return all of it, read at once."""
        return {one.doc_id: one for one in self._listed()}

    def segments(self) -> dict[str, str]:
        """Return the segment of every document, by id."""
        return {one.doc_id: one.segment for one in self._listed()}

    def owner(self, segment: str) -> str:
        """Return the document that has a segment.

        Raises:
            IndexDamaged: none has it, so that what is searched is not this build's.
        """
        for found in self._listed("WHERE segment = ?", segment):
            return found.doc_id
        raise IndexDamaged(
            "What is searched is not what this build wrote; run: footprints index --rebuild"
        )

    def _listed(self, where: str = "", *values: str) -> Iterator[ListedDocument]:
        query = f"SELECT doc_id, source, segment, indexed FROM documents {where} ORDER BY rowid"  # noqa: S608
        for doc_id, source, segment, indexed in self._database.execute(query, values):
            yield ListedDocument(doc_id, source, segment, datetime.fromisoformat(indexed))


def write_listing(folder: Path, documents: Iterable[ListedDocument]) -> None:
    """Write the documents of a build, in their order, into its folder."""
    with closing(sqlite3.connect(folder / LISTING)) as database, database:
        database.executescript(_TABLE)
        database.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?)",
            ((*astuple(one)[:3], one.indexed.isoformat()) for one in documents),
        )
