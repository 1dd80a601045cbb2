"""Generations: one folder a build, its manifest, and the one atomic switch between them."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from footprints.errors import (
    CannotRead,
    CannotWrite,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    NoIndex,
)
from footprints.index import disk
from footprints.index.listing import LISTING, ListedDocument, Listing, write_listing
from footprints.index.manifest import FORMAT, MANIFEST, Manifest, read_manifest
from footprints.index.objects import Objects
from footprints.index.segment import Segment
from footprints.lock import held, in_use

_CURRENT = "CURRENT"
_SEGMENTS = "segments"
_BUILDING, _STAGED, _REMOVING = ".building-", ".staged-", ".removing-"
_NAME = re.compile(r"[0-9TZ]+")
_REBUILD = "run: footprints index"


def current_folder(index_dir: Path) -> Path:
    """Return the folder of the build in use.

    Raises:
        NoIndex: nothing was built here yet.
        IndexDamaged: the pointer to it is damaged.
        CannotRead: it cannot be read for now.
    """
    pointer = index_dir / _CURRENT
    try:
        with disk.reading(pointer):
            name = pointer.read_bytes().decode(errors="replace").strip()
    except IndexDamaged as error:
        raise NoIndex(f"There is no index in {index_dir}; {_REBUILD}") from error
    if not _NAME.fullmatch(name):
        raise IndexDamaged(f"{pointer} is damaged; {_REBUILD} --rebuild")
    return index_dir / name


def pointer_stamp(index_dir: Path) -> tuple[int, int] | None:
    """Return a stamp that changes whenever the current build does; None if there is none."""
    try:
        found = (index_dir / _CURRENT).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def open_segments(objects: Objects, folder: Path) -> list[Segment]:
    """Open every segment of the build in a folder and check it.

    Raises:
        IndexDamaged: naming the first file that is missing or is not what the build wrote.
        CannotRead: one of them cannot be read for now.
    """
    named = Listing(folder).segments().items()
    return [open_segment(objects, doc_id, digest) for doc_id, digest in named]


def check_files(folder: Path, manifest: Manifest) -> None:
    """Check the files in the folder of a build.

    Raises:
        IndexDamaged, CannotRead: see ``open_segments``.
    """
    for name, digest in manifest.files.items():
        disk.check(folder / name, digest)


def damage(objects: Objects, folder: Path, manifest: Manifest) -> Iterator[str]:
    """Check every file of a build, and say of each that is not what the build wrote what is wrong.

    Raises:
        CannotRead: see ``open_segments``.
    """
    files = {folder / name: digest for name, digest in manifest.files.items()}
    segments = segment_paths(folder)
    held = {path: path.stem for path in objects.held(segments)}
    for path, digest in (files | held).items():
        try:
            disk.check(path, digest)
        except IndexDamaged as error:
            yield f"{str(error).partition('; ')[0]}."
    yield from objects.damage(segments)


def open_segment(objects: Objects, doc_id: str, digest: str) -> Segment:
    """Open the segment of a document and check it.

    Raises:
        IndexDamaged, CannotRead: see ``open_segments``.
    """
    path = objects.fetched(segment_path(objects.index_dir, digest))
    segment = Segment.open(doc_id, path)
    disk.check(path, digest)
    return segment


def segment_path(index_dir: Path, digest: str) -> Path:
    """Return the path of the segment with a SHA-256, shared by all builds that have it."""
    return index_dir / _SEGMENTS / f"{digest}.safetensors"


def segment_paths(folder: Path) -> list[Path]:
    """Return the paths of the segments of the build in a folder, each once."""
    segments = dict.fromkeys(Listing(folder).segments().values())
    return [segment_path(folder.parent, digest) for digest in segments]


def write_segment(index_dir: Path, content: bytes) -> str:
    """Write a segment, whole or not at all, and return its SHA-256; an existing one is left."""
    digest = hashlib.sha256(content).hexdigest()
    path = segment_path(index_dir, digest)
    if path.is_file() and disk.digest(path) == digest:
        return digest
    path.parent.mkdir(exist_ok=True)
    new = path.with_suffix(".new")
    new.write_bytes(content)
    disk.sync(new)
    new.replace(path)
    return digest


def remove_unnamed(objects: Objects) -> None:
    """Remove the segments that no build names, kept or staged.

    If one of them cannot be read for now nothing is removed, as its segments are not known.
    """
    try:
        folders = all_folders(objects.index_dir)
        for folder in folders:
            read_manifest(folder)
        segments = _entries(objects.index_dir / _SEGMENTS)
    except (IndexMismatch, IndexDamaged, CannotRead):
        return
    named = {path.stem for folder in folders for path in segment_paths(folder)}
    for path in segments:
        if path.suffix == ".new" or path.stem not in named:
            # A running server that has it open goes on reading it.
            with suppress(OSError):
                path.unlink()
    objects.keep(named)


def build_lock(index_dir: Path) -> AbstractContextManager[None]:
    """Hold the right to build; it ends with the process that holds it.

    Raises:
        IndexBusy: another process holds it, named if it can be.
        CannotWrite: the folder cannot be made or written to.
    """
    return held(
        index_dir,
        lambda who: IndexBusy(
            f"Another build is under way in {index_dir}{who}; wait until it has finished."
        ),
        lambda error: CannotWrite(
            f"The index folder {index_dir} cannot be written to ({error.strerror or error}); "
            "name another with --index."
        ),
    )


def remove_leftovers(objects: Objects) -> None:
    """Remove the leftovers of killed builds, and builds that nobody accepted."""
    for prefix in (_BUILDING, _STAGED, _REMOVING):
        for left in _entries(objects.index_dir, prefix):
            shutil.rmtree(left, ignore_errors=True)
    remove_unnamed(objects)


@contextmanager
def new_generation(objects: Objects) -> Iterator[Path]:
    """Provide an empty folder to build in; leave nothing behind if the build fails."""
    folder = objects.index_dir / f"{_BUILDING}{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    try:
        with writing(objects.index_dir):
            folder.mkdir()
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        remove_unnamed(objects)
        raise


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Turn whatever prevents writing an index into an error that names the cure."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(
            f"The index could not be written to {index_dir} ({error.strerror or error}); make room "
            "there or name another folder with --index. The previous index is still in use."
        ) from error


def seal(
    objects: Objects,
    folder: Path,
    documents: Sequence[ListedDocument],
    content: Mapping[str, object],
) -> Manifest:
    """Finish a build with its listing and manifest and set it aside, staged and not in use.

    A crash before the last step leaves a folder that is never taken for a build.
    """
    build = folder.name.removeprefix(_BUILDING)
    write_listing(folder, documents)
    files = sorted(folder.iterdir())
    digests = {path.name: disk.digest(path) for path in files}
    manifest = Manifest.model_validate(
        {
            **content,
            "format": FORMAT,
            "build": build,
            "documents": len(documents),
            "listing": digests.pop(LISTING),
            "files": digests,
        }
    )
    objects.put(segment_paths(folder))
    path = folder / MANIFEST
    path.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    for written in (*files, path, folder, folder.parent / _SEGMENTS):
        disk.sync(written)
    folder.rename(staged_folder(folder.parent, build))
    disk.sync(folder.parent)
    return manifest


def staged_folder(index_dir: Path, build: str) -> Path:
    """Return the folder of a build while it is staged."""
    return index_dir / f"{_STAGED}{build}"


def drop(objects: Objects, build: str) -> None:
    """Remove a staged build; do nothing if it is gone or was switched to."""
    folder = staged_folder(objects.index_dir, build)
    if folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        remove_unnamed(objects)


def switch(objects: Objects, build: str, keep: int) -> None:
    """Make a staged build the current one of ``keep``.

    Until the last step the old build is current; a crash at any point leaves it so.
    """
    index_dir = objects.index_dir
    served = _served(index_dir)
    folder = staged_folder(index_dir, build).rename(index_dir / build)
    try:
        disk.sync(index_dir)
        point_to(index_dir, build)
    except OSError:
        # What never served is no build to go back to; what does serve must stay where it is.
        with suppress(CannotRead):
            if _served(index_dir) != build:
                folder.rename(staged_folder(index_dir, build))
        raise
    # It is in use now; the next build clears up what this one cannot.
    with suppress(CannotRead):
        _remove_old(objects, build, served, keep)


def _served(index_dir: Path) -> str | None:
    """Return the build in use, if there is one.

    Raises:
        CannotRead: that cannot be told for now.
    """
    try:
        return current_folder(index_dir).name
    except (NoIndex, IndexDamaged):
        return None


def point_to(index_dir: Path, build: str) -> None:
    """Make a finished build the current one, in one step."""
    pointer = index_dir / f".{_CURRENT}.new"
    pointer.write_text(build + "\n", encoding="utf-8")
    disk.sync(pointer)
    pointer.replace(index_dir / _CURRENT)
    disk.sync(index_dir)


def build_folders(index_dir: Path) -> list[Path]:
    """Return the folders of the builds that are kept, oldest first.

    Raises:
        CannotRead: the index folder cannot be listed for now.
    """
    found = (path for path in _entries(index_dir) if _NAME.fullmatch(path.name))
    with disk.reading(index_dir):
        return [path for path in found if (path / MANIFEST).exists()]


def all_folders(index_dir: Path) -> list[Path]:
    """Return the folders of the builds that are kept, and of one that is staged.

    Raises:
        CannotRead: see ``build_folders``.
    """
    return [*build_folders(index_dir), *_entries(index_dir, _STAGED)]


def _entries(index_dir: Path, prefix: str = "") -> list[Path]:
    """Return the entries of the index folder whose names begin so, by name.

    A glob takes a folder that it may not look into for an empty one.

    Raises:
        CannotRead: see ``build_folders``.
    """
    with disk.reading(index_dir):
        return sorted(path for path in index_dir.iterdir() if path.name.startswith(prefix))


def outgoing(index_dir: Path, current: str | None, served: str | None, keep: int) -> list[Path]:
    """Return all but ``keep`` builds: the current one, the one that served before, the newest.

    Without ``current`` it is one that is staged. After a rollback the one that served is older
    than those that were given up. One that is open in any process stays until a later build: its
    documents are read when they are asked for.

    Raises:
        CannotRead: see ``build_folders``.
    """
    first = sorted(
        (folder for folder in build_folders(index_dir) if folder.name != current),
        key=lambda one: (one.name == served, one.name),
        reverse=True,
    )
    return [folder for folder in first[keep - 1 :] if not in_use(folder / MANIFEST)]


def _remove_old(objects: Objects, current: str, served: str | None, keep: int) -> None:
    """Remove the builds that are not kept beside the current one."""
    old = outgoing(objects.index_dir, current, served, keep)
    for folder in old:
        # Renamed first, so that one half removed is never taken for a build.
        with suppress(OSError):
            shutil.rmtree(folder.rename(objects.index_dir / f"{_REMOVING}{folder.name}"))
    if old:
        remove_unnamed(objects)
