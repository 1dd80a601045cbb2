"""What the folder of documents holds, and what of it the chat answers from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from footprints.answer.answerer import Answerer
from footprints.corpus.catalogue import Entry, read_catalogue
from footprints.corpus.edit import files_by_id
from footprints.corpus.loaders import LOADERS
from footprints.corpus.read import slug
from footprints.corpus.snapshot import listed
from footprints.errors import FootprintsError
from footprints.index import generations
from footprints.settings import Settings
from footprints.types import Document


class State(StrEnum):
    """How a document stands."""

    INDEXED = "indexed"
    WAITING = "waiting"
    CHANGED = "changed"
    REFUSED = "refused"
    KEPT = "kept"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Holding:
    """A file of the folder or a document of the index, or both.

    ``reason`` says why a file was refused; ``removable`` whether it can be removed here.
    """

    name: str
    doc_id: str
    state: State
    known: Entry | Document | None
    reason: str | None = None
    removable: bool = True

    @property
    def title(self) -> str:
        """Return what it is called."""
        return (self.known and self.known.title) or self.name


def holdings(settings: Settings, answerer: Answerer) -> list[Holding]:
    """List the documents by the names of their files.

    Raises:
        BadCorpus: the folder or its catalogue cannot be read.
    """
    entries = read_catalogue(settings.corpus_dir)
    refused, files = _refused(settings, answerer), files_by_id(settings.corpus_dir)
    served = {document.origin: document for document in answerer.index.documents.values()}
    paths, _ = listed(settings.corpus_dir)
    found = [
        _holding(path, entries.get(path.name), served.get(path.name), refused, files)
        for path in paths
    ]
    names = {path.name for path in paths}
    found += [
        Holding(name, document.doc_id, State.LEAVING, document, removable=False)
        for name, document in served.items()
        if name not in names
    ]
    return sorted(found, key=lambda holding: holding.name)


def _holding(
    path: Path,
    entry: Entry | None,
    served: Document | None,
    refused: Mapping[str, str],
    files: Mapping[str, str],
) -> Holding:
    doc_id = entry.id if entry else slug(path.stem)
    # A name that is not Unicode could not be shown.
    name = path.name.encode("utf-8", "backslashreplace").decode()
    is_document = path.suffix.lower() in LOADERS and path.is_file() and name == path.name
    # It is removed by its id, which may be another file's.
    removable = is_document and files.get(doc_id) == path.name
    if reason := refused.get(name):
        state = State.KEPT if served else State.REFUSED
        return Holding(name, doc_id, state, entry or served, reason, removable)
    if served is None:
        return Holding(name, doc_id, State.WAITING, entry, removable=removable)
    state = State.INDEXED if _is_as_served(path, entry, served) else State.CHANGED
    return Holding(name, doc_id, state, served, removable=removable)


def _is_as_served(path: Path, entry: Entry | None, served: Document) -> bool:
    """Tell whether a file and its entry are what the index was made from."""
    said = entry or Entry(id=slug(path.stem), file=path.name)
    facts = ("publisher", "published", "describes", "inferred")
    try:
        stamp = path.stat()
        digest = _digest(path, stamp.st_mtime_ns, stamp.st_size)
    except OSError:
        return False
    return (
        said.id == served.doc_id
        and said.title in (None, served.title)
        and all(getattr(said, fact) == getattr(served, fact) for fact in facts)
        and digest == served.digest
    )


@lru_cache(maxsize=10_000)
def _digest(path: Path, modified: int, size: int) -> str:
    """Return the SHA-256 of a file, worked out once for as long as it does not change."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refused(settings: Settings, answerer: Answerer) -> Mapping[str, str]:
    """Return why files were refused when the index was built; nothing if that cannot be told."""
    try:
        return generations.read_manifest(settings.index_dir / answerer.index_build).refused
    except FootprintsError:
        return {}
