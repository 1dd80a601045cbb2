"""``footprints index --watch``: follow the corpus folder and build after every change."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from watchfiles import watch
from watchfiles.main import FileChange

from footprints.cli.building import Builder, Built
from footprints.errors import BadCorpus, CannotRead, CannotWrite, IndexBusy

QUIET = 300
"""Milliseconds the folder must be quiet before a change is built, …"""
LONGEST = 5000
"""… and the longest that a change waits."""
TICK = 1000
"""Milliseconds between two checks while nothing changes."""
RETRY = 30.0
"""Seconds after which a build that room or handles were lacking for is tried again."""


def follow(builder: Builder, rebuild: bool = False) -> None:
    """Build now and whenever the folder changes, until Ctrl-C or SIGTERM; no error ends it.

    Raises:
        BadCorpus: there is no folder to follow.
    """
    folder = builder.settings.corpus_dir
    if not folder.is_dir():
        raise BadCorpus(f"There is no corpus folder {folder}; make it or name one with --corpus.")
    # Both end a build in the middle, which leaves everything as it was. What a shell starts in the
    # background would ignore Ctrl-C's.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, signal.default_int_handler)
    follower = _Follower(builder, rebuild)
    try:
        for changed in _looks(folder):
            if changed or follower.pending:
                follower.build()
    except KeyboardInterrupt:
        _say("Stopped.")


def _looks(folder: Path) -> Iterator[bool]:
    """Yield every second or so whether the folder changed since the look before.

    What changes while nobody looks is seen at the next look. A folder that comes back after it was
    gone, or was put in the place of the first, is followed in its stead.
    """
    another = False
    while True:
        followed = _identity(folder)
        if followed is None:
            yield another
            while _identity(folder) is None:
                time.sleep(TICK / 1000)
            another = True
            continue
        with suppress(FileNotFoundError):
            for changes in _changes(folder):
                if _identity(folder) != followed:
                    break
                yield another or bool(changes)
                another = False
        another = True


def _changes(folder: Path) -> Iterator[set[FileChange]]:
    return watch(
        folder,
        debounce=LONGEST,
        step=QUIET,
        rust_timeout=TICK,
        yield_on_timeout=True,
        recursive=False,
    )


def _identity(folder: Path) -> tuple[int, int, int] | None:
    """Return what another folder of the same name does not have; None where there is none.

    A new folder may get the number of one that was removed, but not its time. That of the same one
    changes with every file that comes or goes, which only restarts the watch.
    """
    try:
        stat = folder.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino, stat.st_ctime_ns


class _Follower:
    """Builds again whenever asked, and reports the outcome in a line."""

    def __init__(self, builder: Builder, rebuild: bool) -> None:
        self._again: float | None = 0.0
        """When to build next, changed or not; None where only a change asks for it."""
        self._builder = builder
        self._rebuild = rebuild
        self._first = True
        self._left_out = ""

    @property
    def pending(self) -> bool:
        """Tell whether it is time to build, changed or not."""
        return self._again is not None and time.monotonic() >= self._again

    def build(self) -> None:
        """Build; again soon where another build was under way or the machine was short of room."""
        try:
            built = self._builder.build(self._rebuild, self._first)
        except (IndexBusy, CannotRead, CannotWrite) as error:
            _complain(str(error))
            self._again = time.monotonic() + (0 if isinstance(error, IndexBusy) else RETRY)
            return
        except Exception as error:  # nobody is there to start it again
            _complain(str(error) or repr(error))
        else:
            self._tell(built)
        self._again, self._rebuild, self._first = None, False, False

    def _tell(self, built: Built) -> None:
        """Say what there is to say; an index that was up to date is news only at first."""
        if built.report.built or self._first:
            _say(built.line())
            for complaint in built.complaints():
                _complain(complaint)
        if built.left_out != self._left_out:
            _say(built.left_out or "Nothing is left out any longer.")
        self._left_out = built.left_out


def _say(line: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {line}", flush=True)


def _complain(line: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)
