"""The log of what was done to the documents: lines that are only ever appended, each with a hash.

Every line holds the SHA-256 of the line before it, so that one that was changed or taken out later
shows. Cutting lines off the end does not show in the file alone; whoever must rule that out copies
the last hash elsewhere.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from footprints.errors import CannotWrite

_LONGEST = 65_536
"""No line has more bytes."""


class Action(StrEnum):
    """What can be done to the documents in the browser."""

    SIGN_IN = "sign_in"
    FAILED_SIGN_IN = "failed_sign_in"
    SIGN_OUT = "sign_out"
    UPLOAD = "upload"
    REFUSED_UPLOAD = "refused_upload"
    DISCARD = "discard"
    ADD = "add"
    REMOVE = "remove"
    INDEX = "index"
    STAGED = "staged"
    FAILED = "failed"
    ACCEPT = "accept"
    DROP = "drop"
    STOP = "stop"
    STOPPED = "stopped"
    UNDO = "undo"


class Record(BaseModel):
    """One line of the log; ``previous`` is the SHA-256 of the line before, of nothing at first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time: datetime
    action: Action
    client: str
    file: str | None = None
    sha256: str | None = None
    build: str | None = None
    previous: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The last lines of a log, newest first.

    ``broken_at`` is the number of the first line that does not follow the one before, from 1.
    """

    records: tuple[Record, ...]
    broken_at: int | None


class AuditLog:
    """An append-only log in one file; several processes may write to it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(
        self,
        action: Action,
        client: str,
        file: str | None = None,
        sha256: str | None = None,
        build: str | None = None,
    ) -> None:
        """Append a line and see it onto the disk.

        Raises:
            CannotWrite: the log cannot be written; what was to be logged must not be done.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "r+b", buffering=0) as log:
                fcntl.flock(log, fcntl.LOCK_EX)
                last, torn = _last_line(handle)
                record = Record(
                    time=datetime.now(UTC),
                    action=action,
                    client=client,
                    file=file,
                    sha256=sha256,
                    build=build,
                    previous=_digest(last),
                )
                line = record.model_dump_json(exclude_none=True).encode() + b"\n"
                _append(handle, b"\n" * torn + line)
        except OSError as error:
            raise CannotWrite(
                f"The log {self._path} cannot be written ({error.strerror or error}), and nothing "
                "is done that is not logged; make room or mend its rights."
            ) from error

    def read(self, count: int) -> Excerpt:
        """Return the last lines that can be read, and where its chain is broken.

        All of it is read, once.
        """
        records: deque[Record] = deque(maxlen=count)
        previous, broken_at = _digest(b""), None
        for number, line in enumerate(self._lines(), start=1):
            record = _record(line)
            if broken_at is None and (record is None or record.previous != previous):
                broken_at = number
            if record:
                records.append(record)
            previous = _digest(line)
        return Excerpt(tuple(reversed(records)), broken_at)

    def _lines(self) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as log:
                for line in log:
                    yield line.rstrip(b"\n")
        except OSError:
            return  # whoever writes to it next is told why


def _append(handle: int, content: bytes) -> None:
    """Write all of it at the end, or leave no part of it there."""
    size = os.fstat(handle).st_size
    try:
        # On a disk that is nearly full one write may take a part only.
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    except OSError:
        with suppress(OSError):
            os.ftruncate(handle, size)
        raise


def _last_line(handle: int) -> tuple[bytes, bool]:
    """Return the last line of a log, and whether a crash tore it off."""
    size = os.fstat(handle).st_size
    end = os.pread(handle, _LONGEST, max(0, size - _LONGEST))
    torn = bool(end) and not end.endswith(b"\n")
    return end.rstrip(b"\n").rpartition(b"\n")[2], torn


def _record(line: bytes) -> Record | None:
    try:
        return Record.model_validate_json(line)
    except ValidationError:
        return None


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
