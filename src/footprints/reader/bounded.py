"""Give any reader so many seconds and no more, whatever it does."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from time import monotonic

from footprints.errors import ReaderFailed
from footprints.types import Judgement, Offer, Reader


class Bounded:
    """A reader that is waited for no longer than its time; what hangs is left behind.

    So many as ``at_once`` read at the same time, those that hang among them.
    """

    def __init__(self, reader: Reader, at_once: int = 1) -> None:
        self.name = reader.name
        self._reader = reader
        self._free = BoundedSemaphore(at_once)

    def read(self, question: str, offers: Sequence[Offer], seconds: float) -> Judgement:
        """Judge the offers within so many seconds.

        Raises:
            ReaderFailed: it took longer, is busy, or made an error.
        """
        until = monotonic() + seconds
        if not self._free.acquire(timeout=seconds):
            raise ReaderFailed(f"{self.name} is busy with other questions.")
        outcome: Future[Judgement] = Future()
        # A thread that hangs must not keep the process from ending, as those of a pool would.
        given = (outcome, question, offers, until)
        Thread(target=self._run, args=given, name="reader", daemon=True).start()
        try:
            return outcome.result(max(0.0, until - monotonic()))
        except TimeoutError as error:
            raise ReaderFailed(f"{self.name} took longer than {seconds:g} seconds.") from error

    def _run(
        self, outcome: Future[Judgement], question: str, offers: Sequence[Offer], until: float
    ) -> None:
        """Read, and hand over what comes of it to whoever waits."""
        try:
            outcome.set_result(self._reader.read(question, offers, until - monotonic()))
        except ReaderFailed as error:
            outcome.set_exception(error)
        except BaseException as error:
            # Whatever is wrong with a reader, the answer is given without it.
            failed = ReaderFailed(f"{self.name} made an error ({error!r}).")
            failed.__cause__ = error
            outcome.set_exception(failed)
        finally:
            self._free.release()
