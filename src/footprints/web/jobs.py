"""The one build that is made from the browser: staged, judged, then put into service or dropped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING

from footprints.errors import FootprintsError, IndexBusy
from footprints.index.build import BuildReport, accept, drop, stage
from footprints.progress import Steps
from footprints.settings import Settings
from footprints.types import Encoder

if TYPE_CHECKING:
    from footprints.evals.gate import GateReport

_log = logging.getLogger(__name__)

_UNEXPECTED = "Something went wrong here, and nothing was put into service; see the server's log."


class Stopped(FootprintsError):
    """The server ends."""


class Stage(StrEnum):
    """How far a job has come."""

    WORKING = "working"
    READY = "ready"
    NOTHING = "nothing"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step has come: so many of so many, in so many seconds."""

    step: str
    done: int = 0
    total: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float | None:
        """Return how many are done a second, or None while that is not known."""
        return self.done / self.seconds if self.done and self.seconds else None

    @property
    def seconds_left(self) -> float | None:
        """Return how long the step will take at this rate, or None while that is not known."""
        return (self.total - self.done) / self.rate if self.rate else None


@dataclass(slots=True)
class Job:
    """A build on its way."""

    name: str
    """What is indexed, in words."""
    stage: Stage = Stage.WORKING
    progress: Progress = field(default_factory=lambda: Progress("Preparing"))
    report: BuildReport | None = None
    gate: GateReport | None = None
    error: str | None = None
    _began: float = 0.0

    @property
    def held_back(self) -> str | None:
        """Say why the gate would not put it into service, or None."""
        return self.gate.reason() if self.gate else None

    @property
    def may_be_forced(self) -> bool:
        """Tell whether a person may put it into service although the gate would not."""
        return self.gate is None or self.gate.reason(force=True) is None

    @property
    def is_open(self) -> bool:
        """Tell whether it is worked on, or waits for a decision."""
        return self.stage in {Stage.WORKING, Stage.READY}

    def show(self, step: str, done: int, total: int) -> None:
        """Take note of how far a step has come."""
        if step != self.progress.step:
            self._began = monotonic()
        self.progress = Progress(step, done, total, monotonic() - self._began)


Prepare = Callable[[], object]
"""Changes the corpus before it is indexed."""

Ended = Callable[[Job, Stage], None]
"""Told when a job waits for a decision, had nothing to do or has failed, before anyone sees it."""

Judge = Callable[[BuildReport, Steps], "GateReport"]
"""Asks the cases of the evaluation on a staged build."""


class Jobs:
    """Makes one build at a time, in a thread of its own."""

    def __init__(self, settings: Settings, encoder: Callable[[], Encoder], judge: Judge) -> None:
        self.job: Job | None = None
        self._settings = settings
        self._encoder = encoder
        self._judge = judge
        self._lock = Lock()
        self._stopping = Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="documents")

    def begin(self, name: str, prepare: Prepare, ended: Ended) -> None:
        """Begin a job.

        Raises:
            IndexBusy: another one is worked on or waits for a decision.
        """
        with self._lock:
            self.check_free()
            self.job = job = Job(name)
        self._thread.submit(self._work, job, prepare, ended)

    def check_free(self) -> None:
        """Make sure that no job is open.

        Raises:
            IndexBusy: one is worked on or waits for a decision.
        """
        if self.job and self.job.is_open:
            raise IndexBusy(
                f"One build at a time: {self.job.name} is being indexed or waits for a decision; "
                "decide on it first."
            )

    def accept(self) -> None:
        """Put the build that waits into service.

        Raises:
            IndexBusy: there is none.
            NotStaged, IndexDamaged, CannotWrite: see ``index.build.accept``; the job has failed.
        """
        with self._lock:
            job, report = self._waiting()
            try:
                accept(self._settings, report)
            except IndexBusy:
                raise  # somebody else builds, and it can be put into service when that has ended
            except FootprintsError as error:
                job.stage, job.error = Stage.FAILED, str(error)
                raise
            job.stage = Stage.ACCEPTED

    def drop(self) -> None:
        """Drop the build that waits.

        Raises:
            IndexBusy: there is none, or another process is building.
        """
        with self._lock:
            job, report = self._waiting()
            drop(self._settings, report)
            job.stage = Stage.DROPPED

    def waiting(self) -> BuildReport:
        """Return the build that waits for a decision.

        Raises:
            IndexBusy: there is none.
        """
        return self._waiting()[1]

    def forget(self) -> None:
        """Forget a job that has ended."""
        with self._lock:
            if self.job and not self.job.is_open:
                self.job = None

    async def aclose(self) -> None:
        """Give up what is worked on at its next step; what it has changed stays undecided."""
        self._stopping.set()
        await asyncio.to_thread(self._thread.shutdown)

    def _waiting(self) -> tuple[Job, BuildReport]:
        if self.job is None or self.job.stage is not Stage.READY or self.job.report is None:
            raise IndexBusy("No build waits for a decision; look at the documents.")
        return self.job, self.job.report

    def _work(self, job: Job, prepare: Prepare, ended: Ended) -> None:
        """Do a job to the point where somebody has to decide."""
        stage = self._done(job, prepare)
        try:
            ended(job, stage)
        except FootprintsError as error:
            job.error, stage = str(error), Stage.FAILED
        job.stage = stage

    def _done(self, job: Job, prepare: Prepare) -> Stage:
        """Stage a build and judge it."""
        try:
            prepare()
            show = partial(self._show, job)
            job.report = stage(self._settings, self._encoder, show)
            if not job.report.built:
                return Stage.NOTHING
            job.gate = self._judge(job.report, show)
            return Stage.READY
        except FootprintsError as error:
            job.error = str(error)
        except Exception:
            # A thread has no other door: what nobody expected must not leave the page waiting.
            _log.exception("a job failed")
            job.error = _UNEXPECTED
        return Stage.FAILED

    def _show(self, job: Job, step: str, done: int, total: int) -> None:
        """Take note of how far a job has come, unless nobody waits for it any more."""
        if self._stopping.is_set():
            raise Stopped("The server was stopped; index the documents again.")
        job.show(step, done, total)
