"""The log of what was done to the documents: one line of JSON each, only ever appended."""

from __future__ import annotations

import fcntl
import os
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from footprints.errors import CannotWrite

_LONGEST = 200
"""So much of the name of a file is logged, which may be anything, and of what is done to it."""


class Action(StrEnum):
    """What can be done to the documents in the browser."""

    SIGN_IN = "sign_in"
    FAILED_SIGN_IN = "failed_sign_in"
    SIGN_OUT = "sign_out"
    UPLOAD = "upload"
    REFUSED_UPLOAD = "refused_upload"
    DISCARD = "discard"
    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"
    INDEX = "index"
    STAGED = "staged"
    FAILED = "failed"
    ACCEPT = "accept"
    JUDGE = "judge"
    DROP = "drop"
    RESTORE = "restore"
    STOP = "stop"
    STOPPED = "stopped"
    UNDO = "undo"
    """Only in logs that were begun before a change was staged without changing the folder."""


_BEGUN = (Action.ADD, Action.REPLACE, Action.REMOVE, Action.INDEX)
"""What begins the preparation of a change, which ``STAGED`` ends."""

_SAID = {
    Action.SIGN_IN: "signed in",
    Action.FAILED_SIGN_IN: "wrong password",
    Action.SIGN_OUT: "signed out",
    Action.UPLOAD: "uploaded",
    Action.REFUSED_UPLOAD: "refused",
    Action.DISCARD: "deleted before it was indexed",
    **dict.fromkeys(_BEGUN, "begun"),
    Action.STAGED: "prepared",
    Action.ACCEPT: "put into service",
    Action.JUDGE: "new answers judged",
    Action.DROP: "discarded",
    Action.RESTORE: "done",
    Action.STOP: "told to stop",
    Action.UNDO: "taken back",
}


_RECENT = 200
"""In so many lines it is looked up how long the last preparation took."""


class Record(BaseModel):
    """One line of the log; what older lines say besides is passed over.

    ``change`` says what is changed, such as ``Removing ‘Kent’``; older lines do not.
    """

    model_config = ConfigDict(frozen=True)

    time: datetime
    action: Action
    client: str
    change: str | None = None
    file: str | None = None
    sha256: str | None = None
    build: str | None = None

    @property
    def said(self) -> str:
        """Say in words what was done."""
        said = _SAID.get(self.action, self.action.value)
        what = self.change or self.file
        return f"{what}: {said}" if what else said.capitalize()


class Log:
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
        change: str | None = None,
    ) -> None:
        """Append a line and see it onto the disk.

        Raises:
            CannotWrite: the log cannot be written; what was to be logged must not be done.
        """
        record = Record(
            time=datetime.now(UTC),
            action=action,
            client=client,
            change=change and change[:_LONGEST],
            file=file and file[:_LONGEST],
            sha256=sha256,
            build=build,
        )
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "r+b", buffering=0):
                fcntl.flock(handle, fcntl.LOCK_EX)
                _append(handle, record.model_dump_json(exclude_none=True).encode() + b"\n")
        except OSError as error:
            raise CannotWrite(
                f"The log {self._path} cannot be written ({error.strerror or error}), and nothing "
                "is done that is not logged; make room or check its permissions."
            ) from error

    def read(self, count: int) -> list[Record]:
        """Return those of the last lines that can be read, newest first."""
        try:
            with self._path.open("rb") as log:
                lines = deque(log, maxlen=count)
        except OSError:
            return []  # whoever writes to it next is told why
        return [record for line in reversed(lines) if (record := _record(line))]

    def preparation(self) -> timedelta | None:
        """Return how long it took to prepare the last change; None if no recent line tells."""
        records = iter(self.read(_RECENT))
        staged = next((one for one in records if one.action is Action.STAGED), None)
        begun = next((one for one in records if one.action in _BEGUN), None)
        return staged.time - begun.time if staged and begun else None


def _append(handle: int, line: bytes) -> None:
    """Write all of a line at the end, or leave no part of it there.

    It begins a line of its own behind one that a crash has torn off.
    """
    size = os.fstat(handle).st_size
    torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
    content = b"\n" * torn + line
    try:
        # On a disk that is nearly full one write may take a part only.
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    except OSError:
        with suppress(OSError):
            os.ftruncate(handle, size)
        raise


def _record(line: bytes) -> Record | None:
    try:
        return Record.model_validate_json(line)
    except ValidationError:
        return None
