"""What was done to the corpus and is not decided on yet, kept on disk so that it can be undone."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from footprints.corpus.catalogue import CATALOGUE, Entry
from footprints.corpus.edit import (
    Removable,
    add_document,
    put_back,
    removable,
    remove_document,
    remove_file,
    write_atomically,
)
from footprints.corpus.read import SourceFile, read_bytes
from footprints.corpus.snapshot import Listing
from footprints.errors import BadCorpus, CannotWrite, FootprintsError, IndexBusy
from footprints.index.disk import sync
from footprints.progress import Tick, idle
from footprints.web.private import make_private

_RECORD, _CONTENT, _CATALOGUE = "change.json", "content", "catalogue"


class Change(BaseModel):
    """A file that was added to the corpus or removed from it."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["added", "removed"]
    name: str
    doc_id: str
    sha256: str
    upload_id: str | None = None


class Undecided:
    """The one change that is not decided on. It outlives a crash: its record is written first."""

    def __init__(self, folder: Path, corpus_dir: Path) -> None:
        self._folder = folder
        self._corpus_dir = corpus_dir

    @property
    def change(self) -> Change | None:
        """Return the change, or None if all is decided."""
        try:
            return Change.model_validate_json((self._folder / _RECORD).read_bytes())
        except (OSError, ValidationError):
            return None

    def add(self, file: SourceFile, entry: Entry, upload_id: str, tick: Tick = idle) -> Change:
        """Add a file to the corpus; what ``tick`` raises of ours leaves no change either.

        Raises:
            BadCorpus, CannotWrite: see ``add_document``; nothing was changed.
            IndexBusy: another change is not decided on.
        """
        # Before the record: undoing it would take out the file that is there.
        Listing.of(self._corpus_dir).check_is_new(entry)
        change = Change(
            kind="added",
            name=entry.file,
            doc_id=entry.id,
            sha256=_digest(file.content),
            upload_id=upload_id,
        )
        path = self._corpus_dir / CATALOGUE
        self._note(change, file.content, path.read_bytes() if path.exists() else None)
        try:
            add_document(self._corpus_dir, file, entry, tick)
        except FootprintsError:
            self.settle()
            raise
        return change

    def remove(self, doc_id: str) -> Change:
        """Remove a document from the corpus, with all that it takes to put it back.

        Raises:
            BadCorpus, CannotWrite: see ``remove_document``; nothing was changed.
            IndexBusy: another change is not decided on.
        """
        found = removable(self._corpus_dir, doc_id)
        change = Change(
            kind="removed", name=found.name, doc_id=doc_id, sha256=_digest(found.content)
        )
        self._note(change, found.content, found.catalogue)
        try:
            remove_document(self._corpus_dir, doc_id)
        except FootprintsError:
            self.undo()
            raise
        return change

    def undo(self) -> None:
        """Make the corpus what it was before the change; there may be none.

        Raises:
            BadCorpus: somebody else has changed the same file since; it stays as it is.
            CannotWrite: there is no room for it, or no right; it can be undone later.
        """
        change = self.change
        if change is None:
            return
        if change.kind == "added":
            self._take_out(change)
        else:
            put_back(self._corpus_dir, self._removed(change))
        self.settle()

    def settle(self) -> None:
        """Let the change stand.

        Raises:
            CannotWrite: the record of it cannot be deleted.
        """
        try:
            # First: a record without the rest could be undone only in part.
            (self._folder / _RECORD).unlink(missing_ok=True)
        except OSError as error:
            raise CannotWrite(
                f"{self._folder} cannot be written to ({error.strerror}); mend its rights."
            ) from error
        shutil.rmtree(self._folder, ignore_errors=True)

    def _take_out(self, change: Change) -> None:
        path = self._corpus_dir / change.name
        if path.exists():
            if _digest(read_bytes(path)) != change.sha256:
                raise BadCorpus(f"{path} is another file now; remove it by hand if it is to go.")
            remove_file(self._corpus_dir, change.name, change.doc_id)
        self._restore_catalogue()

    def _restore_catalogue(self) -> None:
        """Make the catalogue the very one that was, if nobody else has written into it since."""
        before, path = self._catalogue, self._corpus_dir / CATALOGUE
        now = path.read_bytes() if path.exists() else b""
        if now.rstrip() != (before or b"").rstrip():
            return
        if before is None:
            path.unlink(missing_ok=True)
        elif now != before:
            write_atomically(path, before)

    def _note(self, change: Change, content: bytes, catalogue: bytes | None) -> None:
        """Write down what is about to be done; the record last, as it makes the rest count."""
        if self.change:
            raise IndexBusy(f"{self.change.name} is not decided on; decide on it first.")
        try:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True, mode=0o700)
            write_atomically(self._folder / _CONTENT, content)
            if catalogue is not None:
                write_atomically(self._folder / _CATALOGUE, catalogue)
            sync(self._folder)
            write_atomically(self._folder / _RECORD, change.model_dump_json().encode())
            make_private(*self._folder.iterdir())
            sync(self._folder)
        except (OSError, CannotWrite) as error:
            self.settle()  # nothing was changed yet
            if isinstance(error, CannotWrite):
                raise
            raise CannotWrite(
                f"{self._folder} cannot be written to ({error.strerror}); make room there."
            ) from error

    def _removed(self, change: Change) -> Removable:
        content = (self._folder / _CONTENT).read_bytes()
        return Removable(change.doc_id, change.name, content, self._catalogue)

    @property
    def _catalogue(self) -> bytes | None:
        """Return the catalogue as it was, or None if there was none."""
        path = self._folder / _CATALOGUE
        return path.read_bytes() if path.exists() else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
