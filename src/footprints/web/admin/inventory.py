"""What the folder of documents holds, and what of it the chat answers from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from footprints.answer.answerer import Answerer
from footprints.corpus.catalogue import Entry
from footprints.corpus.snapshot import Listing
from footprints.errors import FootprintsError
from footprints.index.manifest import read_manifest
from footprints.settings import Settings
from footprints.types import Document, Facts


class State(StrEnum):
    """How a document stands."""

    INDEXED = "indexed"
    NEW = "new"
    CHANGED = "changed"
    REFUSED = "refused"
    KEPT = "kept"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the folder or a document of the index, or both.

    ``reason`` says why a file was refused; ``removable`` whether it can be removed here.
    """

    name: str
    doc_id: str
    state: State
    facts: Facts | None
    reason: str | None = None
    removable: bool = True

    @property
    def title(self) -> str:
        """Return what it is called."""
        return (self.facts and self.facts.title) or self.name


def inventory(settings: Settings, answerer: Answerer) -> list[Item]:
    """List the documents by the names of their files.

    Raises:
        BadCorpus, CannotRead: the folder or its catalogue cannot be read.
    """
    folder, refused = Listing.of(settings.corpus_dir), _refused(settings, answerer)
    served = {document.origin: document for document in answerer.index.documents.values()}
    found = [
        _item(folder, path, served.get(path.name), refused.get(_printable(path.name)))
        for path in folder.paths
    ]
    names = {path.name for path in folder.paths}
    found += [
        Item(name, document.doc_id, State.GONE, document, removable=False)
        for name, document in served.items()
        if name not in names
    ]
    return sorted(found, key=lambda item: item.name)


def _item(folder: Listing, path: Path, served: Document | None, reason: str | None) -> Item:
    entry = folder.entry(path)
    facts = Facts.of(entry) if path.name in folder.entries else served
    if reason:
        state = State.KEPT if served else State.REFUSED
    elif served is None:
        state = State.NEW
    else:
        state = State.INDEXED if _is_as_served(path, entry, served) else State.CHANGED
        facts = served
    # It is removed by its id, which may be another file's.
    name = _printable(path.name)
    removable = folder.names.get(entry.id) == name
    return Item(name, entry.id, state, facts, reason, removable)


def _is_as_served(path: Path, entry: Entry, served: Document) -> bool:
    """Tell whether a file and its entry are what the index was made from."""
    said = Facts.of(entry)
    try:
        stamp = path.stat()
        digest = _digest(path, stamp.st_mtime_ns, stamp.st_size)
    except OSError:
        return False
    same = (entry.id, entry.inferred, digest) == (served.doc_id, served.inferred, served.digest)
    return same and replace(said, title=said.title or served.title) == Facts.of(served)


def _printable(name: str) -> str:
    """Return a name that is not Unicode as text that can be shown."""
    return name.encode("utf-8", "backslashreplace").decode()


@lru_cache(maxsize=10_000)
def _digest(path: Path, modified: int, size: int) -> str:
    """Return the SHA-256 of a file, worked out once for as long as it does not change."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refused(settings: Settings, answerer: Answerer) -> Mapping[str, str]:
    """Return why files were refused when the index was built; nothing if that cannot be told."""
    try:
        return read_manifest(settings.index_dir / answerer.index_build).refused
    except FootprintsError:
        return {}
