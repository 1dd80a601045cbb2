"""Where the documents are looked after: what may be done to them, one after the other, and logged.

Whatever is done is in the log before it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from pydantic import SecretStr

from footprints.corpus.edit import entry_of
from footprints.corpus.snapshot import Listing
from footprints.errors import BadCorpus, CannotWrite, IndexBusy
from footprints.index.build import BuildReport
from footprints.progress import Steps, Tick, idle
from footprints.settings import Settings
from footprints.web.audit import Action, AuditLog
from footprints.web.jobs import Job, Jobs, Prepare, Stage
from footprints.web.live import Live
from footprints.web.private import make_private
from footprints.web.sessions import Sessions
from footprints.web.undecided import Undecided
from footprints.web.uploads import Upload, Uploads

if TYPE_CHECKING:
    from footprints.evals.gate import GateReport


_ENDS = {Stage.FAILED: Action.FAILED, Stage.STOPPED: Action.STOPPED}
"""How the log calls what became of a job that was not staged."""


class Desk:
    """What looking after the documents takes; one for each application."""

    def __init__(self, settings: Settings, token: SecretStr, live: Live) -> None:
        folder, log = settings.data_dir / "documents", settings.data_dir / "documents.log"
        self.sessions = Sessions(token)
        self.uploads = Uploads(folder / "uploads")
        self.undecided = Undecided(folder / "undecided", settings.corpus_dir)
        self.jobs = Jobs(settings, lambda: live.answerer.encoder, self._judge)
        self.log = AuditLog(log)
        self._settings = settings
        self._live = live
        self.uploads.sweep()
        make_private(settings.data_dir, log, folder, *folder.rglob("*"))

    def sign_in(self, token: str, client: str) -> str | None:
        """Begin a session and return its id, or None if the token is wrong."""
        session = self.sessions.sign_in(token)
        try:
            self.log.write(Action.SIGN_IN if session else Action.FAILED_SIGN_IN, client)
        except CannotWrite:
            self.sessions.sign_out(session or "")
            raise
        return session

    def sign_out(self, session: str, client: str) -> None:
        """End a session."""
        self.sessions.sign_out(session)
        self.log.write(Action.SIGN_OUT, client)

    def upload(self, filename: str, content: BinaryIO, client: str, tick: Tick = idle) -> Upload:
        """Keep a file that could become a document; what ``tick`` raises ends it.

        Raises:
            BadCorpus, CannotWrite, IndexBusy, Stopped: see ``Uploads.keep``.
        """
        self._settings.own_corpus()
        try:
            upload = self.uploads.keep(filename, content, tick)
        except BadCorpus:
            self.log.write(Action.REFUSED_UPLOAD, client, _printable(filename))
            raise
        try:
            self.log.write(Action.UPLOAD, client, upload.name, upload.sha256)
        except CannotWrite:
            self.uploads.discard(upload)
            raise
        return upload

    def discard(self, upload: Upload, client: str) -> None:
        """Delete a file that was uploaded and not indexed."""
        self.log.write(Action.DISCARD, client, upload.name, upload.sha256)
        self.uploads.discard(upload)

    def add(self, upload: Upload, known: Mapping[str, str], client: str) -> None:
        """Begin to index a file that was uploaded, with what is known of it.

        Raises:
            BadCorpus: a value is wrong, or the file was discarded.
            IndexBusy: see ``Jobs.begin``; or another change is not decided on.
        """
        self._settings.own_corpus()
        file = self.uploads.file(upload)
        entry = entry_of(file, known)
        add = partial(self.undecided.add, file, entry, upload.upload_id)
        self._begin(Action.ADD, upload.name, upload.sha256, add, client)

    def remove(self, doc_id: str, client: str) -> None:
        """Begin to index the folder without one of its documents.

        Raises:
            BadCorpus: there is no such document, or it came with the wheel.
            IndexBusy: see ``add``.
        """
        name = Listing.of(self._settings.own_corpus()).name_of(doc_id)
        self._begin(Action.REMOVE, name, None, lambda tick: self.undecided.remove(doc_id), client)

    def index(self, client: str) -> None:
        """Begin to index the folder as it is.

        Raises:
            IndexBusy: see ``Jobs.begin``.
        """
        change = self.undecided.change
        name = _in_words(change.kind, change.name) if change else "the folder"
        self.jobs.check_free()
        self.log.write(Action.INDEX, client, *self._what_changed())
        self.jobs.begin(name, lambda tick: None, partial(self._ended, client))

    def accept(self, client: str) -> None:
        """Put the build that waits into service.

        Raises:
            FootprintsError: see ``Jobs.accept``.
        """
        build = self.jobs.waiting().manifest.build
        self._do(Action.ACCEPT, client, self.jobs.accept, build)
        self._settle()

    def drop(self, client: str) -> None:
        """Drop the build that waits, and make the folder what it was.

        Raises:
            FootprintsError: see ``Jobs.drop``.
            BadCorpus, CannotWrite: see ``Undecided.undo``.
        """
        build = self.jobs.waiting().manifest.build

        def drop() -> None:
            self.jobs.drop()
            self.undecided.undo()

        self._do(Action.DROP, client, drop, build)

    def stop(self, client: str) -> None:
        """Stop what is worked on at its next step, and make the folder what it was.

        Raises:
            IndexBusy: see ``Jobs.stop``.
        """
        self.jobs.working()
        self._do(Action.STOP, client, self.jobs.stop)

    def undo(self, client: str) -> None:
        """Undo a change that no build waits for: it failed, or the server ended in the middle.

        Raises:
            IndexBusy: a build is under way or waits for a decision.
            BadCorpus, CannotWrite: see ``Undecided.undo``.
        """
        self.jobs.check_free()
        self._do(Action.UNDO, client, self.undecided.undo)
        self.jobs.forget()

    def _do(
        self, action: Action, client: str, act: Callable[[], None], build: str | None = None
    ) -> None:
        """Log what is done and do it; that it failed is logged too, if the log can be written."""
        what = (client, *self._what_changed(), build)
        self.log.write(action, *what)
        try:
            act()
        except BaseException:
            with suppress(CannotWrite):
                self.log.write(Action.FAILED, *what)
            raise

    async def aclose(self) -> None:
        """Give up what is read and what is built at its next step."""
        self.uploads.close()
        await self.jobs.aclose()

    def _begin(
        self, action: Action, name: str, digest: str | None, prepare: Prepare, client: str
    ) -> None:
        self.jobs.check_free()
        if change := self.undecided.change:
            raise IndexBusy(f"{change.name} is not decided on; decide on it first.")
        self.log.write(action, client, name, digest)
        kind = "removed" if action is Action.REMOVE else "added"
        self.jobs.begin(_in_words(kind, name), prepare, partial(self._ended, client))

    def _ended(self, client: str, job: Job, stage: Stage) -> None:
        """Log what came of a job; what nobody has to decide on is settled or undone."""
        build = job.report.manifest.build if job.report else None
        self.log.write(_ENDS.get(stage, Action.STAGED), client, *self._what_changed(), build)
        if stage is Stage.NOTHING:
            self._settle()
        elif stage is Stage.STOPPED:
            self.undecided.undo()

    def _judge(self, staged: BuildReport, progress: Steps) -> GateReport:
        """Ask the cases of the evaluation, where there are any."""
        from footprints.evals.cases import cases_of
        from footprints.evals.gate import Remembering, judge

        encoder = Remembering(self._live.answerer.encoder)
        return judge(self._settings, staged, encoder, cases_of(self._settings), progress)

    def _settle(self) -> None:
        """Let what was changed stand; what was uploaded for it is in the corpus."""
        change = self.undecided.change
        self.undecided.settle()
        if change and change.upload_id and (upload := self.uploads.get(change.upload_id)):
            self.uploads.discard(upload)

    def _what_changed(self) -> tuple[str | None, str | None]:
        change = self.undecided.change
        return (change.name, change.sha256) if change else (None, None)


def _in_words(kind: str, name: str) -> str:
    """Say what is indexed when a file was added or removed."""
    return name if kind == "added" else f"the folder without {name}"


def _printable(filename: str) -> str:
    """Return the beginning of a name that may be anything, as text that can be written."""
    return filename.encode("utf-8", "backslashreplace").decode()[:200]
