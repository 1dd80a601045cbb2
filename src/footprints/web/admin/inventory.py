"""What the folder of documents holds, and what of it the chat answers from."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import BinaryIO

from footprints.answer.answerer import Answerer
from footprints.corpus.catalogue import Entry
from footprints.corpus.snapshot import Listing
from footprints.errors import BadCorpus, FootprintsError
from footprints.index.facts import BuildFacts
from footprints.index.manifest import read_manifest
from footprints.settings import Settings
from footprints.types import Facts, KnownDocument
from footprints.web.admin.uploads import Upload


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
    """List the documents by their titles.

    Raises:
        BadCorpus, CannotRead: the folder or its catalogue cannot be read.
    """
    folder, refused = Listing.of(settings.corpus_dir), _refused(settings, answerer)
    served = {document.origin: document for document in answerer.index.facts.documents}
    found = [
        _item(folder, path, served.get(path.name), refused.get(printable(path.name)))
        for path in folder.paths
    ]
    names = {path.name for path in folder.paths}
    found += [
        Item(name, document.doc_id, State.GONE, document, removable=False)
        for name, document in served.items()
        if name not in names
    ]
    return sorted(found, key=lambda item: (item.title.casefold(), item.name))


def check_is_new(
    file: BinaryIO, folder: Listing, answerer: Answerer, pending: Iterable[Upload]
) -> None:
    """Make sure that a file is neither in the folder nor pending, to the last byte.

    Raises:
        BadCorpus: it is, and as what.
    """
    content = file.read()
    file.seek(0)
    digest = hashlib.sha256(content).hexdigest()
    if path := _same_file(folder, digest, len(content)):
        title = title_of(folder, answerer, path)
        raise BadCorpus(f"This very file is among the documents, as ‘{title}’; choose another.")
    if same := next((one for one in pending if one.sha256 == digest), None):
        raise BadCorpus(f"This very file is pending already, as {same.name}; index that one.")


def _same_file(folder: Listing, digest: str, size: int) -> Path | None:
    """Return the file of a folder that has these very bytes, if there is one."""
    for path in folder.paths:
        with suppress(OSError):
            stamp = path.stat()
            if stamp.st_size == size and _digest(path, stamp.st_mtime_ns, size) == digest:
                return path
    return None


def title_of(folder: Listing, answerer: Answerer, path: Path) -> str:
    """Return what a file of a folder is called: by its entry, in the index, or its name."""
    entry = folder.entry(path)
    served = answerer.index.documents.get(entry.id)
    return entry.title or (served.title if served else path.name)


def titles_in(*builds: Path) -> Callable[[str], str]:
    """Return what gives the title of a document by its id: in the first of some builds that has it.

    Where none has it, or can be read, that is its id. A build is opened once, when it is asked.
    """
    facts = cache(BuildFacts.open)

    def title(doc_id: str) -> str:
        for build in builds:
            with suppress(sqlite3.Error):
                if known := facts(build).document(doc_id):
                    return known.title
        return doc_id

    return title


def _item(folder: Listing, path: Path, served: KnownDocument | None, reason: str | None) -> Item:
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
    name = printable(path.name)
    removable = folder.names.get(entry.id) == name
    return Item(name, entry.id, state, facts, reason, removable)


def _is_as_served(path: Path, entry: Entry, served: KnownDocument) -> bool:
    """Tell whether a file and its entry are what the index was made from."""
    said = Facts.of(entry)
    try:
        stamp = path.stat()
        digest = _digest(path, stamp.st_mtime_ns, stamp.st_size)
    except OSError:
        return False
    same = (entry.id, entry.inferred, digest) == (served.doc_id, served.inferred, served.digest)
    return same and replace(said, title=said.title or served.title) == Facts.of(served)


def printable(name: str) -> str:
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
