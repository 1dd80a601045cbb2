"""The one build that is made from the browser: staged, judged, then put into service or dropped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING

from footprints.errors import CannotRead, CannotWrite, FootprintsError, IndexBusy
from footprints.index.build import BuildReport, accept, drop, stage
from footprints.index.generations import current_folder
from footprints.progress import Steps, Tick
from footprints.settings import Settings
from footprints.types import Encoder

if TYPE_CHECKING:
    from footprints.evals.gate import GateReport

_log = logging.getLogger(__name__)

_UNEXPECTED = "Something went wrong here, and nothing was put into service; see the server's log."


class Stopped(FootprintsError):
    """Somebody has stopped the job, or the server ends."""


class Stage(StrEnum):
    """How far a job has come."""

    WORKING = "working"
    READY = "ready"
    NOTHING = "nothing"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DROPPED = "dropped"
    STOPPED = "stopped"


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
    stopping: bool = False
    """Whether it is to stop at its next step."""
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


Prepare = Callable[[Tick], object]
"""Changes the corpus before it is indexed, and calls the tick several times a second meanwhile."""

Ended = Callable[[Job, Stage], None]
"""Told how a job has ended or that it waits for a decision, before anyone sees it.

If it fails, it is told once more, that the job has failed.
"""

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
            job = Job(name)
            self._thread.submit(self._work, job, prepare, ended)
            self.job = job

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

    def stop(self) -> None:
        """Stop what is worked on at its next step; to ask twice does no harm.

        Raises:
            IndexBusy: nothing is worked on.
        """
        with self._lock:
            self.working().stopping = True

    def accept(self) -> None:
        """Put the build that waits into service.

        Raises:
            IndexBusy, CannotRead: there is none; or another process is building, or the index
                cannot be read just now, and it waits on.
            FootprintsError: it was not put into service; the job has failed.
        """
        with self._lock:
            job, report = self._waiting()
            try:
                with _ours():
                    accept(self._settings, report)
            except (IndexBusy, CannotRead):
                raise
            except FootprintsError as error:
                if not self._serves(report):
                    job.stage, job.error = Stage.FAILED, str(error)
                    raise
                _log.error("in service all the same: %s", error)
            job.stage = Stage.ACCEPTED

    def drop(self) -> None:
        """Drop the build that waits.

        Raises:
            IndexBusy, CannotWrite: there is none; or another process is building, or the index
                cannot be written to, and it waits on.
            FootprintsError: what nobody expected; the job has failed.
        """
        with self._lock:
            job, report = self._waiting()
            try:
                with _ours():
                    drop(self._settings, report)
            except (IndexBusy, CannotWrite):
                raise
            except FootprintsError as error:
                job.stage, job.error = Stage.FAILED, str(error)
                raise
            job.stage = Stage.DROPPED

    def working(self) -> Job:
        """Return the job that is worked on.

        Raises:
            IndexBusy: there is none.
        """
        if self.job is None or self.job.stage is not Stage.WORKING:
            raise IndexBusy("Nothing is being indexed now; look at the documents.")
        return self.job

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

    def _serves(self, report: BuildReport) -> bool:
        try:
            return current_folder(self._settings.index_dir).name == report.manifest.build
        except FootprintsError:
            return False

    def _work(self, job: Job, prepare: Prepare, ended: Ended) -> None:
        """Do a job to the point where somebody has to decide, or to its end."""
        stage = self._done(job, prepare)
        with self._lock:  # from here on it is too late to stop it
            if job.stopping and stage is not Stage.FAILED:
                stage = Stage.STOPPED
            job.stage = self._told(job, stage, ended)

    def _told(self, job: Job, stage: Stage, ended: Ended) -> Stage:
        """Tell how a job has ended, and return how it has when that was told."""
        for end in (stage, Stage.FAILED):
            try:
                with _ours():
                    if end is Stage.STOPPED:
                        self._drop_staged(job)
                    ended(job, end)
                return end
            except FootprintsError as error:
                job.error = job.error or str(error)
        return Stage.FAILED

    def _drop_staged(self, job: Job) -> None:
        """Drop what a job has staged, if it came so far."""
        if job.report and job.report.built:
            with suppress(IndexBusy):  # whoever builds now has removed it
                drop(self._settings, job.report)

    def _done(self, job: Job, prepare: Prepare) -> Stage:
        """Stage a build and judge it."""
        show = partial(self._show, job)
        try:
            with _ours():
                prepare(partial(show, "Preparing", 0, 0))
                show("Preparing", 0, 0)
                job.report = stage(self._settings, self._encoder, show)
                if not job.report.built:
                    return Stage.NOTHING
                job.gate = self._judge(job.report, show)
                return Stage.READY
        except FootprintsError as error:
            if isinstance(error, Stopped) and job.stopping:
                return Stage.STOPPED
            job.error = str(error)
            return Stage.FAILED

    def _show(self, job: Job, step: str, done: int, total: int) -> None:
        """Take note of how far a job has come, unless nobody waits for it any more."""
        if self._stopping.is_set():
            raise Stopped("The server was stopped; index the documents again.")
        if job.stopping:
            raise Stopped(f"{job.name} was stopped; index it again.")
        job.show(step, done, total)


@contextmanager
def _ours() -> Iterator[None]:
    """Turn what nobody expected into an error of ours; its trace is in the log.

    A thread has no other door, and no end of a job may leave its page waiting for ever.
    """
    try:
        yield
    except FootprintsError:
        raise
    except BaseException as error:
        _log.exception("a job failed")
        raise FootprintsError(_UNEXPECTED) from error
