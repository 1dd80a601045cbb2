"""What may be done to the documents: one change at a time, and logged before it is done.

A change is staged as what the folder would be; the folder itself changes when that is accepted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Event, Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from pydantic import SecretStr

from footprints.corpus.edit import apply, entry_of
from footprints.corpus.snapshot import Corpus, Listing
from footprints.errors import BadCorpus, CannotRead, CannotWrite, FootprintsError, IndexBusy
from footprints.index.build import BuildReport, accept, drop, stage
from footprints.index.generations import current_folder
from footprints.progress import Steps, Tick, idle
from footprints.settings import Settings
from footprints.types import BlockKind, Encoder
from footprints.web.admin.inventory import check_is_new, printable, title_of
from footprints.web.admin.job import Job, Stage, minutes
from footprints.web.admin.judging import Judging
from footprints.web.admin.log import Action, Log
from footprints.web.admin.ours import ours
from footprints.web.admin.restoring import bring_back, name_of
from footprints.web.admin.rewording import rewordings
from footprints.web.admin.sessions import Door
from footprints.web.admin.trying import asked_of_new
from footprints.web.admin.uploads import Stopped, Upload, Uploads
from footprints.web.live import Live
from footprints.web.private import make_private

if TYPE_CHECKING:
    from footprints.evals.gate import GateReport

_log = logging.getLogger(__name__)

_ENDS = {Stage.FAILED: Action.FAILED, Stage.STOPPED: Action.STOPPED}
"""What the log calls the end of a job that nobody has to decide on."""

_PASSING = (IndexBusy, CannotRead, CannotWrite)
"""After these a decision can be made again."""

Change = Callable[[Corpus], Corpus]
"""Says what a folder would be."""


class Desk:
    """What managing documents takes; one for each application."""

    def __init__(self, settings: Settings, token: SecretStr, live: Live) -> None:
        folder, log = settings.data_dir / "documents", settings.data_dir / "documents.log"
        self.log = Log(log)
        self.door = Door(token, self.log)
        self.uploads = Uploads(folder / "uploads")
        self.job: Job | None = None
        self._settings = settings
        self._judging = Judging(settings)
        self._live = live
        self._lock = Lock()
        self._closing = Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="documents")
        self.uploads.sweep()
        make_private(settings.data_dir, log, folder, *folder.rglob("*"))

    def upload(self, filename: str, content: BinaryIO, client: str, tick: Tick = idle) -> Upload:
        """Keep a file that could become a document; what ``tick`` raises ends it.

        Raises:
            BadCorpus, CannotWrite, IndexBusy, Stopped: see ``Uploads.keep``.
        """
        self._settings.own_corpus()
        try:
            folder = Listing.of(self._settings.corpus_dir)
            check_is_new(content, folder, self._live.answerer, self.uploads.all())
            upload = self.uploads.keep(filename, content, tick)
        except BadCorpus:
            self.log.write(Action.REFUSED_UPLOAD, client, printable(filename))
            raise
        try:
            self.log.write(Action.UPLOAD, client, upload.name, upload.sha256)
        except CannotWrite:
            self.uploads.discard(upload)
            raise
        return upload

    def discard(self, upload: Upload, client: str) -> None:
        """Delete a pending file."""
        self.log.write(Action.DISCARD, client, upload.name, upload.sha256)
        self.uploads.discard(upload)

    def add(
        self, upload: Upload, known: Mapping[str, str], client: str, replaces: str = ""
    ) -> None:
        """Begin to index the folder with a file that was uploaded, given what is known of it.

        It may be in the place of a document, given its id. What is given is kept with the file.

        Raises:
            BadFacts: what is said to be known of it is wrong.
            BadCorpus: the file was deleted, there is no document in whose place it could be, or
                the documents came with the wheel.
            CannotWrite: what is given cannot be kept.
            IndexBusy: another change is worked on or ready for a decision.
        """
        folder = Listing.of(self._settings.own_corpus())
        file = self.uploads.file(upload)
        upload = self.uploads.meant(upload, replaces, known)
        entry = entry_of(file, known)
        if replaces:
            title = title_of(folder, self._live.answerer, folder.folder / folder.name_of(replaces))
            job = Job(f"Replacing ‘{title}’", upload.name, upload)
            action, change = Action.REPLACE, partial(Corpus.with_replaced, doc_id=replaces)
        else:
            blocks = self.uploads.reading(upload).blocks
            headings = (block.text for block in blocks if block.kind is BlockKind.HEADING)
            title = entry.title or next(headings, upload.name)
            job = Job(f"Adding ‘{title}’", upload.name, upload)
            action, change = Action.ADD, partial(Corpus.with_added)
        self._begin(action, client, job, partial(change, file=file, entry=entry))

    def remove(self, doc_id: str, client: str) -> None:
        """Begin to index the folder without one of its documents.

        Raises:
            BadCorpus: there is no such document, or it came with the wheel.
            IndexBusy: see ``add``.
        """
        folder = Listing.of(self._settings.own_corpus())
        name = folder.name_of(doc_id)
        title = title_of(folder, self._live.answerer, folder.folder / name)
        job = Job(f"Removing ‘{title}’", name)
        self._begin(Action.REMOVE, client, job, lambda corpus: corpus.without(doc_id))

    def index(self, client: str) -> None:
        """Begin to index the folder as it is.

        Raises:
            IndexBusy: see ``add``.
        """
        self._begin(Action.INDEX, client, Job("Indexing the folder"), lambda corpus: corpus)

    def restore(self, build: str, client: str) -> None:
        """Put a kept build into service again; the folder stays as it is.

        Raises:
            FootprintsError: see ``_begin`` and ``bring_back``.
        """
        way = "back" if build < self._live.answerer.index_build else "forward"
        name = f"Going {way} to the index of {name_of(build)}"
        job = Job(name, restores=build, stage=Stage.ACCEPTED)
        with self._lock:
            self._check_free()
            self._note(Action.RESTORE, client, job)
            try:
                with ours():
                    bring_back(self._settings, self._encoder, build)
            except FootprintsError as error:
                self._note_failure(client, job, error)
                raise
            self.job = job

    def stop(self, client: str) -> None:
        """Stop what is worked on at its next step; to ask twice does no harm.

        Raises:
            IndexBusy: nothing is worked on.
        """
        with self._lock:
            if self.job is None or self.job.stage is not Stage.WORKING:
                raise IndexBusy("Nothing is being indexed now; go back to the documents.")
            self._note(Action.STOP, client, self.job)
            self.job.stopping = True

    def accept(self, client: str, right: Mapping[str, bool] = MappingProxyType({})) -> None:
        """Make the folder what it would be, and put the build into service.

        What is said to be ``right`` or not, by the id of its case, is kept after that; what was
        said of text that is gone is dropped.

        Raises:
            IndexBusy, CannotRead, CannotWrite: none is ready; or it cannot be done just now, and
                can be asked for again.
            FootprintsError: it was not put into service; the job has failed.
        """
        self._decide(
            Action.ACCEPT,
            Stage.ACCEPTED,
            client,
            lambda job, staged: accept(self._settings, staged, job.corpus),
            right,
        )

    def drop(self, client: str) -> None:
        """Drop the build; the folder stays as it is.

        Raises:
            FootprintsError: see ``accept``.
        """
        self._decide(
            Action.DROP, Stage.DROPPED, client, lambda _, staged: drop(self._settings, staged)
        )

    async def aclose(self) -> None:
        """Give up what is read and what is built at its next step."""
        self.uploads.close()
        self._closing.set()
        await asyncio.to_thread(self._thread.shutdown)

    def _begin(self, action: Action, client: str, job: Job, change: Change) -> None:
        with self._lock:
            self._check_free()
            took = self.log.preparation()
            if took is not None:
                job.before = minutes(took.total_seconds()) or "under a minute"
            self._note(action, client, job)
            self._thread.submit(self._work, job, change, client)
            self.job = job

    def _check_free(self) -> None:
        if self.job and self.job.is_open:
            raise IndexBusy(
                "Only one change can be made at a time; "
                f"stop or decide on this one first: {self.job.name}."
            )

    def _work(self, job: Job, change: Change, client: str) -> None:
        """Do a job to the point where somebody has to decide, or to its end."""
        end = self._staged(job, change)
        with self._lock:  # from here on it is too late to stop it
            if job.stopping and end is not Stage.FAILED:
                end = Stage.STOPPED
            job.stage = self._ended(job, end, client)

    def _staged(self, job: Job, change: Change) -> Stage:
        """Stage a build and have it judged."""
        show = partial(self._show, job)
        try:
            with ours():
                show("Reading", 0, 0)
                job.corpus = change(Corpus.of(self._settings.corpus_dir))
                job.report = stage(self._settings, self._encoder, show, corpus=job.corpus)
                if not job.report.built:
                    return Stage.NOTHING
                if job.upload and (reason := job.report.refused.get(job.upload.name)):
                    raise BadCorpus(reason)
                served = self._live.answerer.index.documents
                job.rewordings = rewordings(self._settings, job.report, served)
                job.gate = self._judge(job.report, show)
                job.asked = asked_of_new(self._settings, job.report, self._encoder())
                return Stage.READY
        except FootprintsError as error:
            if isinstance(error, Stopped) and job.stopping:
                return Stage.STOPPED
            job.error = str(error)
            return Stage.FAILED

    def _ended(self, job: Job, end: Stage, client: str) -> Stage:
        """Log how a job has ended and clear up behind it; return how it has when that is done."""
        for how in (end, Stage.FAILED):
            try:
                with ours():
                    self._note(_ENDS.get(how, Action.STAGED), client, job)
                    self._clear_up(job, how)
                return how
            except FootprintsError as error:
                job.error = job.error or str(error)
        return Stage.FAILED

    def _clear_up(self, job: Job, end: Stage) -> None:
        """Drop what was staged, unless it is ready for a decision.

        Where the index is of what the folder would be already, there is nothing to decide.
        """
        if end is Stage.NOTHING and job.corpus:
            apply(job.corpus)
            self._settle(job)
        elif end is not Stage.READY and job.report and job.report.built:
            with suppress(IndexBusy):  # whoever builds now has removed it
                drop(self._settings, job.report)

    def _decide(
        self,
        action: Action,
        end: Stage,
        client: str,
        act: Callable[[Job, BuildReport], None],
        right: Mapping[str, bool] = MappingProxyType({}),
    ) -> None:
        """Do what was decided; if that fails, the log says so if it can be written."""
        with self._lock:
            job = self.job
            if job is None or job.stage is not Stage.READY or job.report is None:
                raise IndexBusy("No build is ready for a decision; go back to the documents.")
            self._note(action, client, job)
            try:
                with ours():
                    act(job, job.report)
            except FootprintsError as error:
                if not self._serves(job.report):
                    self._note_failure(client, job, error)
                    raise
                _log.error("in service all the same: %s", error)
            job.stage = end
            if end is Stage.ACCEPTED:
                self._settle(job)
                self._keep_judged(client, job, right)

    def _keep_judged(self, client: str, job: Job, right: Mapping[str, bool]) -> None:
        """Keep what was said of new answers, not of what is gone, or say on the page why not."""
        if not (job.gate and (right or job.gate.lapsed)):
            return
        try:
            with ours():
                if right:
                    self._note(Action.JUDGE, client, job)
                self._judging.keep(job.gate, right)
            asked = (one.case_id for one in job.gate.newly_answered)
            job.judged = tuple(right[case_id] for case_id in asked if case_id in right)
        except FootprintsError as error:
            job.error = f"What was said of answers was not brought up to date: {error}"

    def _note_failure(self, client: str, job: Job, error: FootprintsError) -> None:
        with suppress(CannotWrite):
            self._note(Action.FAILED, client, job)
        if not isinstance(error, _PASSING):
            job.stage, job.error = Stage.FAILED, str(error)

    def _note(self, action: Action, client: str, job: Job) -> None:
        self.log.write(action, client, job.file, job.sha256, job.build, job.name)

    def _settle(self, job: Job) -> None:
        """Delete the upload that is in the folder now."""
        if job.upload:
            self.uploads.discard(job.upload)

    def _serves(self, report: BuildReport) -> bool:
        try:
            return current_folder(self._settings.index_dir).name == report.manifest.build
        except FootprintsError:
            return False

    def _encoder(self) -> Encoder:
        return self._live.answerer.encoder

    def _judge(self, staged: BuildReport, progress: Steps) -> GateReport:
        return self._judging.judged(staged, self._encoder(), progress)

    def _show(self, job: Job, step: str, done: int, total: int) -> None:
        """Take note of how far a job has come, unless it is to end."""
        if self._closing.is_set():
            raise Stopped("The server was stopped; start this change again.")
        if job.stopping:
            raise Stopped("The build was stopped; start this change again.")
        job.show(step, done, total)
