"""One build: wait for the lock, encode, ask the cases, switch, and report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, TypeVar

from footprints.cli.evaluating import difference_line
from footprints.errors import IndexBusy
from footprints.index.build import BuildReport, build_index
from footprints.index.generations import writing
from footprints.index.manifest import Manifest
from footprints.progress import Steps, show_progress
from footprints.settings import Settings

if TYPE_CHECKING:
    from footprints.evals.changes import ChangedAnswer
    from footprints.evals.gate import GateReport, Remembering

_T = TypeVar("_T")

SHOWN = 5
"""How many changed answers are shown; the file ``GATE`` has all of them."""

BUNDLED = "There is no corpus folder here; using the documents that come with Footprints."

GATE = "gate.txt"
"""In the index folder: the last report of the gate, in full."""


@dataclass(frozen=True, slots=True)
class Built:
    """The outcome of a build, and of asking the cases if they were asked."""

    report: BuildReport
    gate: GateReport | None
    gate_file: Path

    @property
    def incomplete(self) -> bool:
        """Tell whether files were refused or the build was held back."""
        return bool(self.report.refused or self.report.held_back)

    def lines(self) -> Iterator[str]:
        """Say what was built, what changed in it and in the answers, and what serves now."""
        report, manifest = self.report, self.report.manifest
        how = "Built" if report.built else "Up to date:"
        yield f"{how} {manifest.build} with {size_of(manifest)}."
        if back_to := report.rolled_back_to:
            yield f"The index had been rolled back to {back_to}; it follows the documents again."
        for name in ("added", "changed", "removed"):
            if ids := getattr(report, name):
                yield f"{name.capitalize()}: {', '.join(ids)}."
        if self.left_out:
            yield self.left_out
        if report.kept:
            yield f"Kept from an earlier build: {', '.join(report.kept)}."
        if report.built:
            yield passages_of(report)
            yield f"Encoded {report.encoded} texts, reused {report.taken_over}."
        if self.gate:
            yield from gate_lines(self.gate, SHOWN)
            if len(self.gate.changed) > SHOWN:
                yield f"All of them are in {self.gate_file}."
        if report.built and not report.held_back:
            yield f"Switched to {manifest.build}."

    @property
    def left_out(self) -> str:
        """Say in one line what else is in the folder; nothing if nothing is."""
        others = [f"{name} ({what})" for name, what in self.report.left_out.items()]
        return f"Left out: {', '.join(others)}." if others else ""

    def complaints(self) -> Iterator[str]:
        """Say what to check, which files were refused and why the build was held back."""
        for name, warnings in self.report.warnings.items():
            yield from (f"Warning: {name}: {warning}" for warning in warnings)
        for refused in self.report.refused.values():
            yield f"Refused: {refused}"
        if reason := self.report.held_back:
            yield f"Held back: {reason} {self.report.base} still serves. {self._cure()}"

    def line(self) -> str:
        """Say all of it in one line."""
        report = self.report
        if not report.built:
            return f"Up to date: {report.manifest.build}."
        parts = {"added": report.added, "changed": report.changed, "removed": report.removed}
        documents = ", ".join(f"{len(ids)} {name}" for name, ids in parts.items() if ids)
        how = "Held back" if report.held_back else "Switched to"
        asked = f" {next(gate_lines(self.gate, 0))}" if self.gate else ""
        return (
            f"{how} {report.manifest.build}: documents {documents or 'unchanged'}; "
            f"{passages_of(report).lower()}{asked}"
        )

    def _cure(self) -> str:
        if self.gate and self.gate.altered:
            return f"See {self.gate_file}; this is a bug; please report it."
        return (
            f"See {self.gate_file}; correct the documents or the cases, or switch anyway with: "
            "footprints index --force"
        )


class Builder:
    """Builds the index of a folder, any number of times, with one encoder."""

    def __init__(self, settings: Settings, cases: Path | None, strict: bool, force: bool) -> None:
        self.settings = settings
        self._cases, self._strict, self._force = cases, strict, force

    def build(self, rebuild: bool = False, first: bool = True) -> Built:
        """Build, ask the cases, and switch unless answers are significantly worse."""
        begin = f"Indexing {self.settings.corpus_dir} …" if first else None
        if first and self.settings.is_bundled:
            print(BUNDLED, file=sys.stderr)
        with show_progress(begin) as progress:
            return patiently(self.settings.build_wait, lambda: self._build(rebuild, progress))

    def _build(self, rebuild: bool, progress: Steps) -> Built:
        judged: GateReport | None = None

        def gate(staged: BuildReport) -> str | None:
            nonlocal judged
            judged = self._judge(staged, progress)
            self._write(judged)
            return judged.reason(self._force)

        report = build_index(
            self.settings, lambda: self._encoder, progress, rebuild, self._strict, gate
        )
        return Built(report, judged, self._gate_file)

    @cached_property
    def _encoder(self) -> Remembering:
        from footprints.evals.gate import Remembering
        from footprints.index.encoder import load_encoder

        return Remembering(load_encoder(self.settings.encoder))

    def _judge(self, staged: BuildReport, progress: Steps) -> GateReport:
        from footprints.evals.cases import BadCases, cases_of
        from footprints.evals.gate import GateReport, judge

        try:
            cases = self._cases or cases_of(self.settings)
            return judge(self.settings, staged, self._encoder, cases, progress)
        except BadCases as error:
            if not self._force:
                raise
            return GateReport(unchecked=f"Nothing was checked: {error}")

    def _write(self, judged: GateReport) -> None:
        """Keep all that was found of this build; what was found of an older one goes."""
        with writing(self.settings.index_dir):
            if judged.unchecked:
                self._gate_file.unlink(missing_ok=True)
            else:
                text = "".join(f"{line}\n" for line in gate_lines(judged))
                self._gate_file.write_text(text, encoding="utf-8")

    @property
    def _gate_file(self) -> Path:
        return self.settings.index_dir / GATE


def patiently(seconds: float, action: Callable[[], _T]) -> _T:
    """Do what takes the lock; if another process holds it, say so once and wait.

    Raises:
        IndexBusy: it is still held after ``seconds``.
    """
    until, told = monotonic() + seconds, False
    while True:
        try:
            return action()
        except IndexBusy as error:
            if monotonic() >= until:
                raise
            if not told:
                who = str(error).partition("; ")[0]
                print(f"{who}; waiting up to {seconds:g} s for it to finish.", file=sys.stderr)
                told = True
            sleep(0.2)


def size_of(manifest: Manifest) -> str:
    """Say how large a build is."""
    return (
        f"{manifest.documents} documents, {manifest.passages} passages, "
        f"{manifest.sentences} sentences"
    )


def passages_of(report: BuildReport) -> str:
    """Say in how many passages a build differs."""
    passages = report.passages
    return (
        f"Passages: {passages['added']} added, {passages['changed']} changed, "
        f"{passages['removed']} removed."
    )


def gate_lines(gate: GateReport, shown: int | None = None) -> Iterator[str]:
    """Say what the gate found: first in one sentence, then some or all changed answers."""
    if gate.unchecked:
        yield gate.unchecked
        return
    counts = {
        verdict: sum(one.verdict == verdict for one in gate.changed)
        for verdict in ("better", "worse")
    }
    yield (
        f"Asked {gate.asked} cases: {len(gate.changed)} answers changed, "
        f"{counts['better']} better, {counts['worse']} worse."
    )
    if gate.few:
        yield "So few cases cannot show that answers are worse; read what changed."
    # What is worse comes first, where it is seen.
    order = ("worse", "changed", "better")
    for one in sorted(gate.changed, key=lambda one: order.index(one.verdict))[:shown]:
        yield from _changed_lines(one)
    for difference in gate.differences:
        if difference.better or difference.worse:
            yield f"  {difference_line(difference)}"
    if gate.newly_answered:
        answered = [one.case_id for one in gate.newly_answered]
        yield (
            f"New or changed documents now answer {_names(answered, shown)}, which the "
            "cases call unanswerable; if that is right, add gold quotes to the case."
        )
    if gate.gone:
        gone = [one.case_id for one in gate.gone]
        yield f"Left out, as their text is no longer in the documents: {_names(gone, shown)}."
    if gate.came:
        yield f"Not compared, as their text is new: {_names(gate.came, shown)}."
    if gate.altered:
        yield f"Quotes that do not match their document: {_names(gate.altered, shown)}."


def _changed_lines(one: ChangedAnswer) -> Iterator[str]:
    how = ""
    if one.measure and one.values:
        before, after = one.values
        how = f"  {one.measure} {before:g} → {after:g}"
    yield f"  {one.verdict:<7}  {one.case_id}  {one.question}{how}"
    if one.before.text != one.after.text:
        yield f"           {_short(one.before.text)} → {_short(one.after.text)}"


def _short(text: str, length: int = 60) -> str:
    words = " ".join(text.split())
    return f"“{words if len(words) <= length else words[: length - 1] + '…'}”"


def _names(names: tuple[str, ...] | list[str], shown: int | None) -> str:
    rest = len(names[shown:]) if shown is not None else 0
    return ", ".join(names[:shown] if rest else names) + (f" and {rest} more" if rest else "")
