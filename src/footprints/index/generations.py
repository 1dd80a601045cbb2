"""Generations: one folder a build, its manifest, and the one atomic switch between them."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from footprints.errors import CannotWrite, IndexBusy, IndexDamaged, IndexMismatch, NoIndex
from footprints.index.store import Index
from footprints.types import Encoder

FORMAT = 3
"""Raised whenever the files of a build change their meaning."""

_MANIFEST = "manifest.json"
_CURRENT = "CURRENT"
_HOLDER = ".lock.holder"
_BUILDING, _STAGED, _REMOVING = ".building-", ".staged-", ".removing-"
_NAME = re.compile(r"[0-9TZ]+")
_REBUILD = "run: footprints index"


class EncoderUsed(BaseModel):
    """Which encoder a build was made with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    digest: str
    dimension: int

    @classmethod
    def of(cls, encoder: Encoder) -> EncoderUsed:
        """Describe an encoder."""
        return cls(name=encoder.name, digest=encoder.digest, dimension=encoder.dimension)


class _Format(BaseModel):
    """The one field that every format has."""

    format: int


class Splitting(BaseModel):
    """How documents were split."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    passage_pieces: int


class Manifest(BaseModel):
    """What a build was made from, and the SHA-256 of every file in it but this one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    build: str
    created: datetime
    encoder: EncoderUsed
    splitting: Splitting
    corpus_digest: str
    documents: dict[str, str]
    """The SHA-256 of each document's file and catalogue entry, by id."""
    passages: int
    sentences: int
    files: dict[str, str]
    refused: dict[str, str]
    """Why a file of the corpus could not be indexed, by its name."""
    kept: tuple[str, ...]
    """The documents that stand as an earlier build read them, as their file is refused now."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of the documents in which a build differs from another."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def changes(before: Manifest | None, after: Manifest) -> Changes:
    """Compare two builds; before the first there was nothing."""
    old, new = (before.documents if before else {}), after.documents
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(id_ for id_ in new.keys() & old.keys() if new[id_] != old[id_])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a build.

    Raises:
        IndexMismatch: another version of this program wrote it.
        IndexDamaged: it is missing or broken.
    """
    path = folder / _MANIFEST
    try:
        content = path.read_bytes()
        if _Format.model_validate_json(content).format != FORMAT:
            raise IndexMismatch(
                f"The index {folder} has another format than this version reads; {_REBUILD}"
            )
        return Manifest.model_validate_json(content)
    except OSError as error:
        raise IndexDamaged(f"{path} is missing; {_REBUILD} --rebuild") from error
    except ValidationError as error:
        raise IndexDamaged(f"{path} is damaged; {_REBUILD} --rebuild") from error


def current_folder(index_dir: Path) -> Path:
    """Return the folder of the build that is served.

    Raises:
        NoIndex: nothing was built here yet.
    """
    try:
        name = (index_dir / _CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoIndex(f"There is no index in {index_dir}; {_REBUILD}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{index_dir / _CURRENT} is damaged; {_REBUILD} --rebuild") from error
    if not _NAME.fullmatch(name):
        raise IndexDamaged(f"{index_dir / _CURRENT} is damaged; {_REBUILD} --rebuild")
    return index_dir / name


def pointer_stamp(index_dir: Path) -> tuple[int, int] | None:
    """Return what changes whenever a build is made the current one; None if there is none."""
    try:
        found = (index_dir / _CURRENT).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def verify(folder: Path, manifest: Manifest) -> None:
    """Check every file of a build against its manifest.

    Raises:
        IndexDamaged: naming the first file that is missing or is not what the build wrote.
    """
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise IndexDamaged(f"{path} is missing; {_REBUILD} --rebuild")
        if _digest(path) != expected:
            raise IndexDamaged(f"{path} is damaged; {_REBUILD} --rebuild")


class Holder(BaseModel):
    """Who holds the right to build, and since when."""

    pid: int
    since: datetime


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the right to build; it ends with the process that holds it.

    Raises:
        IndexBusy: another process holds it, named if it can be.
        CannotWrite: the folder cannot be made or written to.
    """
    lock, holder = FileLock(index_dir / ".lock", timeout=0), index_dir / _HOLDER
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(
            f"Another build is under way in {index_dir}{_held_by(holder)}; wait until it has ended."
        ) from error
    except OSError as error:
        raise CannotWrite(
            f"The index folder {index_dir} cannot be written to ({error.strerror or error}); "
            "name another with --index."
        ) from error
    try:
        # Who holds it is only for people; on a full disk a rollback works without.
        with suppress(OSError):
            held = Holder(pid=os.getpid(), since=datetime.now(UTC))
            holder.write_text(held.model_dump_json(), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _held_by(path: Path) -> str:
    """Say which process holds the lock; nothing where that cannot be read."""
    try:
        holder = Holder.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return ""
    return f" (process {holder.pid}, since {holder.since.astimezone():%H:%M:%S})"


def remove_leftovers(index_dir: Path) -> None:
    """Remove what builds that were killed have left behind, and what nobody accepted."""
    for prefix in (_BUILDING, _STAGED, _REMOVING):
        for left in index_dir.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)


def check(folder: Path) -> None:
    """Open a build that was just written, as not every library notices a full disk.

    Raises:
        OSError: it cannot be opened.
    """
    try:
        Index.load(folder)
    except (ValueError, RuntimeError, EOFError) as error:
        raise OSError(f"what was written cannot be read back: {error}") from error


@contextmanager
def new_generation(index_dir: Path) -> Iterator[Path]:
    """Give an empty folder to build in; leave nothing behind if the build fails."""
    folder = index_dir / f"{_BUILDING}{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    try:
        with writing(index_dir):
            folder.mkdir()
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Turn what keeps an index from being written into an error that names the cure."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(
            f"The index could not be written to {index_dir} ({error.strerror or error}); make room "
            "there or name another folder with --index. What was indexed before still serves."
        ) from error


def seal(folder: Path, facts: Mapping[str, object]) -> Manifest:
    """Finish a build with its manifest and set it aside: it stands staged, and nothing serves it.

    A crash before the last step leaves a folder that is never taken for a build.
    """
    build = folder.name.removeprefix(_BUILDING)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = Manifest.model_validate(
        {
            **facts,
            "format": FORMAT,
            "build": build,
            "created": datetime.now(UTC),
            "files": {path.relative_to(folder).as_posix(): _digest(path) for path in files},
        }
    )
    (folder / _MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    for path in [*files, folder / _MANIFEST, *_folders(folder)]:
        _sync(path)
    folder.rename(staged_folder(folder.parent, build))
    _sync(folder.parent)
    return manifest


def staged_folder(index_dir: Path, build: str) -> Path:
    """Return where a build stands while it is staged."""
    return index_dir / f"{_STAGED}{build}"


def drop(index_dir: Path, build: str) -> None:
    """Remove a staged build; one that is not there, or was switched to, needs nothing."""
    shutil.rmtree(staged_folder(index_dir, build), ignore_errors=True)


def switch(index_dir: Path, build: str, keep: int) -> None:
    """Make a staged build the current one of ``keep``.

    Until the last step the old build is current; a crash at any point leaves it so.
    """
    staged_folder(index_dir, build).rename(index_dir / build)
    _sync(index_dir)
    point_to(index_dir, build)
    _remove_old(index_dir, build, keep)


def point_to(index_dir: Path, build: str) -> None:
    """Make a build that stands in its folder the current one, in one step."""
    pointer = index_dir / f".{_CURRENT}.new"
    pointer.write_text(build + "\n", encoding="utf-8")
    _sync(pointer)
    pointer.replace(index_dir / _CURRENT)
    _sync(index_dir)


def build_folders(index_dir: Path) -> list[Path]:
    """Return the folders of the builds that are kept, oldest first."""
    return sorted(
        path.parent
        for path in index_dir.glob(f"*/{_MANIFEST}")
        if _NAME.fullmatch(path.parent.name)
    )


def _remove_old(index_dir: Path, current: str, keep: int) -> None:
    for folder in build_folders(index_dir)[:-keep]:
        if folder.name != current:
            # Renamed first, so that one half removed is never taken for a build.
            with suppress(OSError):
                shutil.rmtree(folder.rename(index_dir / f"{_REMOVING}{folder.name}"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folders(folder: Path) -> list[Path]:
    return [*(path for path in folder.rglob("*") if path.is_dir()), folder]


def _sync(path: Path) -> None:
    """Make sure that a file or folder is on the disk, not only in memory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
