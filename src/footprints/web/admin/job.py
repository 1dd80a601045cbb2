"""One change on its way: what is built for it, how far that is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING

from footprints.corpus.snapshot import Corpus
from footprints.index.build import BuildReport
from footprints.web.admin.rewording import Rewording
from footprints.web.admin.trying import Asked
from footprints.web.admin.uploads import Upload

if TYPE_CHECKING:
    from footprints.evals.gate import GateReport


class Stage(StrEnum):
    """How far a job has come."""

    WORKING = "working"
    READY = "ready"
    NOTHING = "nothing"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DROPPED = "dropped"
    STOPPED = "stopped"


STEPS = {
    "Reading": "Reading the documents",
    "Encoding": "Preparing what is searched",
    "Encoding questions": "Preparing the evaluation questions",
    "Asking the old index": "Asking them of the documents in service",
    "Asking the new index": "Asking them of the documents as they would be",
}
"""What managers call the steps of a change, in order."""


def minutes(seconds: float) -> str | None:
    """Say about how many minutes it is; None if under one."""
    count = round(seconds / 60)
    if count < 1:
        return None
    if count < 60:
        return f"about {count} minutes" if count > 1 else "about a minute"
    return "more than an hour"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step has come: so many of so many, in so many seconds."""

    step: str = "Reading"
    done: int = 0
    total: int = 0
    seconds: float = 0.0

    @property
    def left(self) -> str | None:
        """Say how long the step will take; None while that is not known, and at its end."""
        if not 0 < self.done < self.total:
            return None
        time = minutes((self.total - self.done) * self.seconds / self.done) or "less than a minute"
        return f"{time[0].upper()}{time[1:]} left of this step."

    @property
    def name(self) -> str:
        """Say which step of how many it is, as managers call it."""
        return f"Step {[*STEPS].index(self.step) + 1} of {len(STEPS)}: {STEPS[self.step]}"


@dataclass(slots=True)
class Job:
    """A change, and the build that is made for it."""

    name: str
    """What is done, in words."""
    file: str | None = None
    """The name of the file that is added or removed, if it is about one."""
    upload: Upload | None = None
    corpus: Corpus | None = None
    """What the folder would be."""
    stage: Stage = Stage.WORKING
    progress: Progress = Progress()
    before: str | None = None
    """How long it took to prepare the change before, if that is known."""
    report: BuildReport | None = None
    rewordings: tuple[Rewording, ...] = ()
    """How the text of served documents would change."""
    asked: tuple[Asked, ...] = ()
    """What people could ask of the new and changed documents."""
    gate: GateReport | None = None
    restores: str | None = None
    """The kept build that is put into service again, if that is what is done."""
    judged: tuple[bool, ...] = ()
    """Of each answer that somebody judged, and that is kept as a case, whether it is right."""
    error: str | None = None
    stopping: bool = False
    """Whether it is to stop at its next step."""
    seen: bool = False
    """Whether a page has shown what came of it."""
    _began: float = 0.0

    @property
    def sha256(self) -> str | None:
        """Return the SHA-256 of its file, as soon as that is known."""
        if self.upload:
            return self.upload.sha256
        base = self.corpus and self.corpus.base
        return base.files.get(base.folder / self.file) if base and self.file else None

    @property
    def build(self) -> str | None:
        """Return the name of its build, as soon as there is one."""
        return self.report.manifest.build if self.report else self.restores

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
        """Tell whether it is worked on, or ready for a decision."""
        return self.stage in {Stage.WORKING, Stage.READY}

    def show(self, step: str, done: int, total: int) -> None:
        """Take note of how far a step has come."""
        if step != self.progress.step or not done:
            self._began = monotonic()
        self.progress = Progress(step, done, total, monotonic() - self._began)
