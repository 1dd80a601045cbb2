"""Files that are truly on the disk, and are what their digests say."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from footprints.errors import CannotRead, IndexDamaged


def sync(path: Path) -> None:
    """Make sure that a file or folder is on the disk, not only in memory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Tell a missing file of the index from one that cannot be read for now.

    Raises:
        IndexDamaged: it is missing.
        CannotRead: it cannot be read for another reason, such as a shortage of file handles.
    """
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise IndexDamaged(f"{path} is missing; run: footprints index --rebuild") from error
    except OSError as error:
        raise CannotRead(
            f"{path} cannot be read for now ({error.strerror or error}); "
            "correct that and try again."
        ) from error


def database(path: Path) -> sqlite3.Connection:
    """Open a SQLite file that nobody writes to any more, so that no lock is needed.

    Several threads may ask at once, and the file may be removed afterwards.
    """
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def check(path: Path, digest_of_it: str) -> None:
    """Check that a file is what was written.

    Raises:
        IndexDamaged: it is not.
        CannotRead: see ``reading``.
    """
    if digest(path) != digest_of_it:
        raise IndexDamaged(f"{path} is damaged; run: footprints index --rebuild")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        IndexDamaged, CannotRead: see ``reading``.
    """
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
