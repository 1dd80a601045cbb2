"""One SQLite file that may be full, damaged or gone for a while, and is used again when it is back.

It is opened again whenever another file is at its path. A file that is no database is left alone.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from footprints.errors import StorageFailed
from footprints.web.private import make_private

_BUSY_SECONDS = 10
_TRUNCATE_SECONDS = 1
"""How long a checkpoint waits for readers; meanwhile nobody else can write."""

_MAGIC = b"SQLite format 3\0"
_HARMLESS = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
)
"""Errors after which what is open can still be read."""

_Identity = tuple[int, int]

_log = logging.getLogger(__name__)


class Storage:
    """A database at a path. Safe to share: every reader and writer gets a separate connection.

    ``trouble`` says why the last read or write failed, until a write succeeds.
    """

    def __init__(
        self, path: Path, migrations: Sequence[Sequence[str]], what: str = "Conversations"
    ) -> None:
        """Open the database, and bring it up to date by the statements that it has not seen yet.

        ``what`` is kept there, in the plural.

        Raises:
            OSError, sqlite3.Error: that is not possible.
        """
        self.trouble: str | None = None
        self._path = path
        self._migrations = migrations
        self._what = what
        self._opened: _Opened | None = None
        self._last: _Opened | None = None
        self._lock = Lock()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._renew()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._let_go()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for reading.

        Raises:
            StorageFailed: the file cannot be read.
        """
        with self._telling():
            self._renew()
            with closing(_connect(self._path)) as database:
                yield database

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for writing, in one transaction.

        Raises:
            StorageFailed: the file cannot be written; nothing was.
        """
        with self.read() as database, database:
            yield database
        if self.trouble:
            self.trouble = None
            _log.info("%s are kept again", self._what.lower())

    def forget(self) -> None:
        """Erase what was deleted or replaced from the disk, unless a reader still needs it.

        Raises:
            StorageFailed: the file cannot be written.
        """
        with self.read() as database:
            database.execute(f"pragma busy_timeout = {_TRUNCATE_SECONDS * 1000}")
            database.execute("pragma wal_checkpoint(truncate)").fetchone()

    def _renew(self) -> None:
        """See that what is open is what is at the path; a folder that is gone is not made again."""
        with self._lock:
            if self._opened is None or not self._opened.is_at(self._path):
                self._let_go()
                self._opened = _Opened(self._path, self._migrations, self._last)
                self._last = self._opened

    def _let_go(self) -> None:
        if self._opened:
            self._opened.close()
            self._opened = None

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _HARMLESS:
                self.close()
            reason = getattr(error, "strerror", None) or str(error)
            trouble = f"{self._what} are not kept ({reason}); make room or check the data folder."
            if trouble != self.trouble:
                _log.error(trouble)
            self.trouble = trouble
            raise StorageFailed(reason) from error


class _Opened:
    """A file at a path, found to be a database and brought up to date.

    A connection to it stays open and idle, since the last to be closed would write the whole
    journal back. It can only read, so that even as the last it writes nothing: the file may have
    become something else by then.
    """

    def __init__(
        self, path: Path, migrations: Sequence[Sequence[str]], last: _Opened | None
    ) -> None:
        handle = os.open(path, os.O_RDONLY | os.O_CREAT, 0o600)
        # Not sooner: closing a file takes this process's locks off it, those of SQLite too.
        close = weakref.finalize(self, os.close, handle)
        self._handle = handle
        journals = [path.with_name(path.name + end) for end in ("-wal", "-shm")]
        try:
            if self._begins() not in (_MAGIC, b""):
                raise sqlite3.DatabaseError("file is not a database")
            if last and _identity(path) != last._database:
                # The journals of the file that was here before would be read into this one.
                for journal in journals:
                    if _identity(journal) in last._journals:
                        journal.unlink(missing_ok=True)
            make_private(path.parent, path, *journals)
            with closing(_connect(path)) as database:
                database.execute("pragma journal_mode = wal")
                _migrate(database, migrations)
                address = f"{path.absolute().as_uri()}?mode=ro"
                self._idle = sqlite3.connect(address, uri=True, check_same_thread=False)
                self._idle.execute("select count(*) from sqlite_schema").fetchone()
            self._database: _Identity | None = _identity(path)
            self._journals: list[_Identity | None] = [_identity(journal) for journal in journals]
        except BaseException:
            close()
            raise

    def is_at(self, path: Path) -> bool:
        """Tell whether this is the file that is at a path, and still a database."""
        return _identity(path) == self._database and self._begins() == _MAGIC

    def close(self) -> None:
        """Let go of the connection; the handle stays, so that no other file is taken for this."""
        self._idle.close()

    def _begins(self) -> bytes:
        """Return how the file itself begins, which SQLite would read from its journal."""
        return os.pread(self._handle, len(_MAGIC), 0)


def _identity(path: Path) -> _Identity | None:
    """Return what tells the file at a path from every other, or None if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    database.execute("pragma foreign_keys = on")
    database.execute("pragma secure_delete = on")
    # With a write-ahead log a crash of the process loses nothing; only the power going
    # could lose the very last answers, and waiting for the disk costs more than finding.
    database.execute("pragma synchronous = normal")
    return database


def _migrate(database: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
    """Run the migrations that the database has not had; its ``user_version`` counts them."""
    if _version(database) >= len(migrations):
        return
    with database:
        database.execute("begin immediate")
        # Another process may have been quicker.
        for statements in migrations[_version(database) :]:
            for statement in statements:
                database.execute(statement)
        database.execute(f"pragma user_version = {len(migrations)}")


def _version(database: sqlite3.Connection) -> int:
    (version,) = database.execute("pragma user_version").fetchone()
    return int(version)
