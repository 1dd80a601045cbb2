"""A bound on the processor time of one step of a reading, in the process that reads."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType

_AGAIN = 0.5
"""Seconds until the next signal; Python drops what is raised while it tidies an object away."""

_LOCKING = {"coverage", "threading", "logging"}
"""What would keep a lock for ever if it were left by an error; the next signal ends it later."""


class TookTooLong(Exception):
    """A step used more processor time than it may."""


class Within:
    """Lets what is done in a ``with`` use so many seconds of processor time; main thread only.

    The signal is answered between two steps of Python. Our own code, where nearly all the time of a
    page goes, ends at once; a call into a library ends when it returns. One that never returns is
    ended with the whole file, by the limit that the kernel keeps.

    Raises:
        TookTooLong: it used more.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_over = False

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGPROF, self._end)
        signal.setitimer(signal.ITIMER_PROF, self._seconds, _AGAIN)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)
        # ctypes makes an error of its own of whatever is raised while it takes an argument.
        if self._is_over and error is not None and not isinstance(error, TookTooLong):
            raise TookTooLong from error

    def _end(self, _: int, frame: FrameType | None) -> None:
        self._is_over = True
        if frame is None or frame.f_globals.get("__name__", "").split(".")[0] not in _LOCKING:
            raise TookTooLong
