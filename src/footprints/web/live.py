"""The build in use: a running server switches to a new one without a restart."""

from __future__ import annotations

import asyncio
import logging
from math import inf
from time import monotonic

from footprints.answer.answerer import Answerer
from footprints.errors import CannotRead, FootprintsError
from footprints.index import generations
from footprints.settings import Settings

EVERY = 1.0
"""Seconds between two checks for the current build."""

_WARM = "Is this warm?"

_AGAIN = 5.0
"""Seconds until a build is tried again that could not be opened for a reason that may pass."""

_log = logging.getLogger(__name__)


class Live:
    """The answerer in use. Take it once for each request, and use that to the end.

    ``trouble`` says why the current build is not in use, if it is not.
    """

    def __init__(self, answerer: Answerer, settings: Settings) -> None:
        self.answerer = answerer
        self.trouble: str | None = None
        self._settings = settings
        self._seen: tuple[int, int] | None = None
        self._again = inf

    async def follow(self, every: float) -> None:
        """Switch to each build that becomes the current one, for ever.

        It is opened off the event loop; what is being answered ends on the build it began with.
        """
        while True:
            try:
                await asyncio.to_thread(self._look)
            except Exception as error:
                # Not even a thread can be started; the next look reads the pointer again.
                self._again = 0.0
                self._tell(error)
            await asyncio.sleep(every)

    def _look(self) -> None:
        """Switch to the current build if it is another.

        Here and not where this is waited for: where no thread could be started it may yet run in
        the next one, with nobody waiting.
        """
        if newer := self._newer():
            _log.info("took up a build", extra={"fields": {"build": newer.index_build}})
            self.answerer = newer

    def _newer(self) -> Answerer | None:
        """Open the current build if it is not in use, trying each change once.

        A shortage that may pass, such as of memory, is tried again after a while.
        """
        pointer = generations.pointer_stamp(self._settings.index_dir)
        if pointer == self._seen and monotonic() < self._again:
            return None
        self._seen, self._again = pointer, inf
        try:
            name = generations.current_folder(self._settings.index_dir).name
            newer = None if name == self.answerer.index_build else self._opened()
        except Exception as error:
            # Whatever is wrong with a new build, what has served goes on serving.
            if pointer == generations.pointer_stamp(self._settings.index_dir):
                self._tell(error)
            if isinstance(error, CannotRead) or not isinstance(error, FootprintsError):
                self._again = monotonic() + _AGAIN
            return None
        self.trouble = None
        return newer

    def _opened(self) -> Answerer:
        """Open the current build with the encoder and the reader that are loaded, and warm it."""
        served = self.answerer
        newer = Answerer.open(
            self._settings,
            lambda _: served.encoder,
            lambda _: served.read_by.reader if served.read_by else None,
        )
        warm(newer)
        return newer

    def _tell(self, error: Exception) -> None:
        known = isinstance(error, FootprintsError)
        why = str(error) if known else f"the current one cannot be opened ({error!r})."
        trouble = f"Build {self.answerer.index_build} is still in use: {why}"
        if trouble != self.trouble:
            _log.error(trouble, exc_info=None if known else error)
        self.trouble = trouble


def warm(answerer: Answerer) -> None:
    """Load what the first question would load, so that nobody waits for it."""
    answerer.answer(_WARM)
    _ = answerer.examples
