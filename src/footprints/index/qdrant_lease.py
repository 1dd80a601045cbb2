"""The right to write to a store that several machines share, lent for a time and renewed."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from qdrant_client import models

from footprints.errors import BadSettings, IndexBusy, IndexDamaged, StoreUnavailable
from footprints.index.qdrant_engine import Engine, one_of, those, within

LEASES = "footprints-leases"
"""The collection of the leases of all indexes that a server keeps."""

SECONDS = 60.0
"""After so long without a sign of life a lease may be taken by another."""

_OLDEST = (1, 17)
"""The first version that replaces a point only under a condition."""


class Lease:
    """One process at a time holds it; one that was killed loses it after a while.

    Machines compare their clocks here: they must agree within a few seconds.
    """

    def __init__(
        self,
        engine: Engine,
        point: str,
        seconds: float = SECONDS,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Take the id of the point that stands for what is written to."""
        self._engine, self._point, self._seconds, self._now = engine, point, seconds, now
        self._holder = uuid4().hex
        self._since, self._until = 0.0, 0.0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it, and renew it from time to time in a thread.

        Raises:
            IndexBusy: another process holds it.
            StoreUnavailable: that cannot be told.
        """
        self._take()
        done = Event()
        thread = Thread(target=self._renew, args=(done,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            # One that cannot be given back ends by itself.
            with suppress(StoreUnavailable, IndexDamaged):
                self._engine.delete(LEASES, [those([self._point]), self._is_ours])

    def check(self) -> None:
        """Check that it is still held.

        Raises:
            IndexBusy: it was not renewed in time, so that another may hold it.
        """
        if self._now() >= self._until:
            raise IndexBusy(
                "The right to write to the store has run out, as it could not be renewed; "
                "run it again."
            )

    def _take(self) -> None:
        if self._engine.version < _OLDEST:
            raise BadSettings(
                f"Qdrant at {self._engine.where} is too old; use version "
                f"{'.'.join(map(str, _OLDEST))} or later."
            )
        if not self._engine.has(LEASES):
            # Another process may make it at the same moment.
            with suppress(StoreUnavailable):
                self._engine.create_leases(LEASES)
        self._since = self._now()
        kept = self._put(within("until", lte=self._since))
        if kept.get("holder") != self._holder:
            since = datetime.fromtimestamp(kept.get("since", 0), UTC).astimezone()
            raise IndexBusy(
                f"Another build is under way in {self._engine.where} (process {kept.get('pid')} "
                f"on {kept.get('host')}, since {since:%H:%M:%S}); wait until it has finished, "
                "or a minute if it was killed."
            )

    def _renew(self, done: Event) -> None:
        while not done.wait(self._seconds / 3):
            with suppress(StoreUnavailable, IndexDamaged):
                self._put(self._is_ours)

    def _put(self, where: models.Condition) -> Mapping[str, Any]:
        """Write it down where there is none, or the one there meets a condition.

        Returns what is there then, which may be another's.
        """
        until = self._now() + self._seconds
        about = {"holder": self._holder, "pid": os.getpid(), "host": socket.gethostname()}
        payload = {**about, "since": self._since, "until": until}
        self._engine.put(
            LEASES, [models.PointStruct(id=self._point, vector={}, payload=payload)], [where]
        )
        kept = self._engine.kept(LEASES, self._point) or {}
        if kept.get("holder") == self._holder:
            self._until = until
        return kept

    @property
    def _is_ours(self) -> models.Condition:
        return one_of("holder", [self._holder])
