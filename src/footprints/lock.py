"""Locks that end with their process: one holder of a folder at a time; files that are in use."""

from __future__ import annotations

import fcntl
import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from footprints.errors import FootprintsError

_LOCK, _HOLDER = ".lock", ".lock.holder"


class Holder(BaseModel):
    """Who holds a folder, and since when."""

    pid: int
    since: datetime


@contextmanager
def held(
    folder: Path,
    taken: Callable[[str], FootprintsError],
    unwritable: Callable[[OSError], FootprintsError],
) -> Iterator[None]:
    """Lock a folder, made if missing, until this process ends or lets go.

    Raises:
        FootprintsError: what ``taken`` makes, given in brackets which process holds it, or nothing
            where that is not known; or what ``unwritable`` makes where there can be no lock.
    """
    lock, holder = FileLock(folder / _LOCK, timeout=0), folder / _HOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise taken(_named(holder)) from error
    except OSError as error:
        raise unwritable(error) from error
    try:
        # Who holds it is only for people; on a full disk a rollback works without.
        with suppress(OSError):
            now = Holder(pid=os.getpid(), since=datetime.now(UTC))
            holder.write_text(now.model_dump_json(), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


class Use:
    """Marks a file as in use, for as long as this is kept and the process runs."""

    def __init__(self, path: Path) -> None:
        """Mark a file.

        Raises:
            OSError: it cannot be opened.
        """
        handle = os.open(path, os.O_RDONLY)
        self._end = weakref.finalize(self, os.close, handle)
        # Where a file system has no such locks nothing is marked.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH)


def in_use(path: Path) -> bool:
    """Tell whether a file is marked as in use by any process; False if it cannot be opened."""
    with suppress(OSError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _named(path: Path) -> str:
    """Say which process holds a lock; nothing where that cannot be read."""
    try:
        holder = Holder.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return ""
    return f" (process {holder.pid}, since {holder.since.astimezone():%H:%M:%S})"
