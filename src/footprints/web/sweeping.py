"""Sweeping: what has expired is deleted, whether or not anybody asks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from typing import Protocol

from footprints.errors import StorageFailed

EVERY = 10.0
"""Seconds between two deletions of what has expired."""

_log = logging.getLogger(__name__)


class Sweepable(Protocol):
    """What is kept for a time."""

    def sweep(self) -> None:
        """Delete what has expired."""
        ...


@asynccontextmanager
async def sweeping(kept: Sweepable, every: float) -> AsyncIterator[None]:
    """Delete what has expired at an interval in seconds, in a separate thread."""
    ended = Event()

    def sweep() -> None:
        while not ended.is_set():
            try:
                kept.sweep()
            except StorageFailed:
                pass  # the trouble is told, and tried again
            except Exception:
                # Whatever went wrong, what expires later must go too.
                _log.exception("what has expired could not be deleted")
            ended.wait(every)

    task = asyncio.create_task(asyncio.to_thread(sweep))
    try:
        yield
    finally:
        ended.set()
        await task
