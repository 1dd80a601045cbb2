"""Files that were uploaded and are not in the corpus yet, each in a folder of its own."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event, Lock
from time import monotonic
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from footprints.contract import FileReading, reading_of
from footprints.corpus.catalogue import is_document_name
from footprints.corpus.edit import write_atomically
from footprints.corpus.loaders import LOADERS
from footprints.corpus.read import SourceFile, check_name, formats, read_layout
from footprints.errors import BadCorpus, CannotWrite, FootprintsError, IndexBusy
from footprints.progress import Tick, idle
from footprints.web.private import make_private

MOST = 20
"""So many files may be pending; the next is refused until one is indexed or deleted."""

_LONGEST_NAME = 150
"""So many bytes may the name of a file have."""

_ID = re.compile(r"[\w-]{22}")
_FACTS, _CONTENT, _READING = "upload.json", "content", "reading.json"
_PIECE = 2**20

_PATIENCE = 20.0
"""Seconds that an upload waits while another is read."""

_OFTEN = 0.1
"""So many seconds are between two ticks meanwhile."""


class Stopped(FootprintsError):
    """Somebody has stopped the work, or the server ends."""


class Upload(BaseModel):
    """A pending file, the id of the document that it is to replace, and what is known of it.

    That id is empty if it is to replace none; both are None while nobody has said.
    """

    model_config = ConfigDict(frozen=True)

    upload_id: str
    name: str
    sha256: str
    size: int
    replaces: str | None = None
    known: dict[str, str] | None = None


class Uploads:
    """The pending files in one folder. They are stored under random names, never their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Reading one file may take a gigabyte of memory; two at a time must not.
        self._reading = Lock()
        self._closed = Event()

    def close(self) -> None:
        """End the reading that is under way; nothing is read any more."""
        self._closed.set()

    def check_open(self) -> None:
        """Make sure that files may still be read.

        Raises:
            Stopped: the server ends.
        """
        if self._closed.is_set():
            raise Stopped("The server was stopped; try again when it is back.")

    def keep(self, filename: str, content: BinaryIO, tick: Tick = idle) -> Upload:
        """Read a file in its bounded process, and keep it with what was read.

        Several times a second ``tick`` is called; when it raises, nothing is kept.

        Raises:
            BadCorpus: it cannot become a document, in one sentence with the cure.
            CannotWrite: there is no room for it.
            IndexBusy: another file is being read.
            Stopped: the server ends.
        """
        name = checked_name(filename)

        def check() -> None:
            self.check_open()
            tick()

        self._wait(check)
        try:
            return self._keep(name, content, check)
        finally:
            self._reading.release()

    def _wait(self, tick: Tick) -> None:
        """Wait until no other file is read."""
        until = monotonic() + _PATIENCE
        while not self._reading.acquire(timeout=_OFTEN):
            tick()
            if monotonic() > until:
                raise IndexBusy(
                    "Another file is being read; upload this one once that has finished."
                )

    def _keep(self, name: str, content: BinaryIO, tick: Tick) -> Upload:
        if sum(1 for _ in self.all()) >= MOST:
            raise BadCorpus(f"{MOST} uploads are pending already; index or delete one first.")
        folder = self._folder / secrets.token_urlsafe(16)
        try:
            folder.mkdir(parents=True, mode=0o700)
            digest = _copied(content, folder / _CONTENT)
            file = SourceFile(Path(name), (folder / _CONTENT).read_bytes())
            reading = reading_of(name, read_layout(file, tick))
            (folder / _READING).write_text(reading.model_dump_json(), encoding="utf-8")
            size = len(file.content)
            upload = Upload(upload_id=folder.name, name=name, sha256=digest, size=size)
            # Written last: a folder without it is what a crash has left behind.
            (folder / _FACTS).write_text(upload.model_dump_json(), encoding="utf-8")
            make_private(self._folder.parent, self._folder, *folder.iterdir())
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise CannotWrite(
                f"The file cannot be kept in {self._folder} ({error.strerror or error}); "
                "make room there."
            ) from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return upload

    def get(self, upload_id: str) -> Upload | None:
        """Return a pending file, or None if there is no such file."""
        if not _ID.fullmatch(upload_id):
            return None
        try:
            return Upload.model_validate_json((self._folder / upload_id / _FACTS).read_bytes())
        except (OSError, ValidationError):
            return None

    def all(self) -> Iterator[Upload]:
        """Give the pending files, by name."""
        folders = self._folder.iterdir() if self._folder.is_dir() else ()
        found = filter(None, (self.get(folder.name) for folder in folders))
        return iter(sorted(found, key=lambda upload: upload.name))

    def reading(self, upload: Upload) -> FileReading:
        """Return how a pending file was read.

        Raises:
            BadCorpus: it was deleted in the meantime.
        """
        return FileReading.model_validate_json(self._bytes(upload, _READING))

    def file(self, upload: Upload) -> SourceFile:
        """Return a pending file with its bytes, as ``Corpus.with_added`` takes it.

        Raises:
            BadCorpus: it was deleted in the meantime.
        """
        return SourceFile(Path(upload.name), self._bytes(upload, _CONTENT))

    def _bytes(self, upload: Upload, name: str) -> bytes:
        try:
            return (self._folder / upload.upload_id / name).read_bytes()
        except OSError as error:
            raise BadCorpus(f"{upload.name} was deleted; upload it again.") from error

    def meant(
        self, upload: Upload, replaces: str, known: Mapping[str, str] | None = None
    ) -> Upload:
        """Keep which document a pending file is to replace, if any, and its details as typed.

        Raises:
            CannotWrite: that cannot be kept.
        """
        said = upload.model_copy(update={"replaces": replaces, "known": known})
        write_atomically(self._folder / upload.upload_id / _FACTS, said.model_dump_json().encode())
        return said

    def discard(self, upload: Upload) -> None:
        """Delete a pending file."""
        shutil.rmtree(self._folder / upload.upload_id, ignore_errors=True)

    def sweep(self) -> None:
        """Delete what a crash has left of files that were never read to the end."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if self.get(folder.name) is None:
                shutil.rmtree(folder, ignore_errors=True)


def checked_name(filename: str) -> str:
    """Return the name that an uploaded file will have in the corpus.

    Raises:
        BadCorpus: it cannot be the name of a document, in one sentence with the cure.
    """
    # Some browsers have sent the whole path of the file, with either kind of stroke.
    name = re.split(r"[/\\]", filename)[-1]
    if not name:
        raise BadCorpus("Choose a file.")
    check_name(Path(name))
    # A bare name could be that of a folder where the server runs, which may have any ending.
    if Path(name).suffix.lower() not in LOADERS:
        raise BadCorpus(f"{name} is not one of {formats()}; convert it.")
    if not is_document_name(name):
        raise BadCorpus(f"{name} is a hidden file; rename it.")
    if len(name.encode()) > _LONGEST_NAME:
        raise BadCorpus(f"The name of the file is longer than {_LONGEST_NAME} bytes; shorten it.")
    return name


def _copied(content: BinaryIO, target: Path) -> str:
    """Copy a file piece by piece, and return its SHA-256."""
    digest = hashlib.sha256()
    with target.open("wb") as file:
        while piece := content.read(_PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()
