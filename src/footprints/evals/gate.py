"""The gate: before the switch, ask the cases of the build in use and of the new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from footprints.answer.answerer import Answerer
from footprints.answer.encoded import Encoded
from footprints.errors import BadSettings, IndexDamaged, IndexMismatch, NotStaged, StoreUnavailable
from footprints.evals.cases import Case, read_cases
from footprints.evals.changes import BuildAnswers, CaseMetrics, ChangedAnswer, changed_answers
from footprints.evals.compare import ALPHA, QUALITY, Comparison, compare_metrics
from footprints.evals.judged import lapsed
from footprints.evals.run import Row, Run, describe, run_cases
from footprints.evals.score import score
from footprints.evals.shared import Gone, Shared, shared_cases
from footprints.index import generations
from footprints.index.build import BuildReport, staged_folder
from footprints.index.manifest import read_manifest
from footprints.index.objects import objects_of
from footprints.index.opening import open_build
from footprints.progress import ProgressCallback, Steps, silent
from footprints.settings import Settings
from footprints.types import Answer, Document, Encoder, Encoding, Passage

_SLAB = 64
"""How many questions are encoded at a time."""

Answered = dict[tuple[str, Case], tuple[Row, ...]]
"""What was answered, by the content of a build and by case: nothing is asked of the same twice."""


@dataclass(frozen=True, slots=True)
class GateReport:
    """The outcome of asking both builds the cases. ``unchecked`` says why none were asked.

    ``asked`` cases were compared; too ``few`` can show no fall. Those in ``failed`` raise an error
    that they did not raise before. Those in ``gone`` are not among them, nor are those in ``came``,
    whose gold stands only in the new documents. What people judged in ``lapsed`` is about text that
    the new documents do not have. The answers to the cases in ``altered`` quote what their
    documents do not say.
    """

    asked: int = 0
    unchecked: str | None = None
    changed: tuple[ChangedAnswer, ...] = ()
    differences: tuple[Comparison, ...] = ()
    gone: tuple[Gone, ...] = ()
    came: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def few(self) -> bool:
        """Tell whether there are too few cases for even the worst fall to be beyond chance."""
        return 0.5**self.asked >= ALPHA / len(QUALITY)

    @property
    def newly_answered(self) -> tuple[ChangedAnswer, ...]:
        """Return the cases that nothing answered and a new or changed document answers now."""
        return tuple(
            one for one in self.changed if (one.verdict, one.measure) == ("changed", "asserted")
        )

    @property
    def fell(self) -> tuple[Comparison, ...]:
        """Return the measures in which answers are significantly worse."""
        return tuple(one for one in self.differences if one.significantly_worse)

    def reason(self, force: bool = False) -> str | None:
        """Say why the build must not be put into use, or None.

        ``force`` lets quality fall; an altered quote is held back even so.
        """
        if self.altered:
            return f"Some quotes do not match their documents ({_first_few(self.altered)})."
        if force or not (self.fell or self.failed):
            return None
        if self.failed:
            return f"{len(self.failed)} questions now fail ({_first_few(self.failed)})."
        measures = ", ".join(f"{d.measure} {d.before:.3f} → {d.after:.3f}" for d in self.fell)
        return f"Answers are significantly worse: {measures}."


def judge(
    settings: Settings,
    staged: BuildReport,
    encoder: Remembering,
    cases_folder: Path,
    progress: Steps = silent,
    answered: Answered | None = None,
) -> GateReport:
    """Ask every case that is fair to both builds, and compare the answers.

    What is ``answered`` is not asked again; what these two builds answer is kept there, all else
    goes. It holds for the same settings.

    Raises:
        BadCases: a case cannot be read.
        NotStaged: the build was dropped, or another has been put into use.
        IndexDamaged: a segment that the new build took over from the old one is damaged.
    """
    if staged.base is None:
        return GateReport(unchecked="Nothing was checked: there was no index to compare with.")
    served, folder = generations.current_folder(settings.index_dir), staged_folder(settings, staged)
    if served.name != staged.base or not folder.is_dir():
        raise NotStaged(
            f"The build {staged.manifest.build} was discarded, or another has been put into "
            "use since; index the documents again."
        )
    # Opened first, whatever there is to ask: a damaged segment that was taken over shows here.
    new = _open(settings, folder, encoder)
    if not any(cases_folder.glob("*.jsonl")):
        return GateReport(unchecked=f"Nothing was checked: there are no cases in {cases_folder}.")
    lines = read_cases(cases_folder)
    old = _open_old(settings, served, encoder)
    if isinstance(old, str):
        return GateReport(unchecked=f"Nothing was checked: {old}.")
    cases = shared_cases(lines, old.index.documents, new.index.documents)
    if not cases.of_these_documents:
        return GateReport(
            unchecked=f"Nothing was checked: no case in {cases_folder} is about these documents."
        )
    known = {} if answered is None else answered
    was, will_be = read_manifest(served).content, staged.manifest.content
    for other in [key for key in known if key[0] not in (was, will_be)]:
        del known[other]
    unasked = [*_unasked(was, cases.before, known), *_unasked(will_be, cases.after, known)]
    _encode(encoder, [*dict.fromkeys(case.question for case in unasked)], progress)
    asking_old = partial(progress, "Asking the old index")
    asking_new = partial(progress, "Asking the new index")
    before = _asked(settings, old, was, cases.before, asking_old, known)
    after = _asked(settings, new, will_be, cases.after, asking_new, known)
    documents, ids = new.index.documents, (*staged.added, *staged.changed)
    fresh = {one: documents[one] for one in ids if one in documents}
    return _report(cases, before, after, fresh, lapsed(cases_folder, documents))


def _open_old(settings: Settings, folder: Path, encoder: Encoder) -> Answerer | str:
    """Open the build in use, or say why it cannot be asked."""
    # Whoever leaves a store may do so because it is gone.
    left = () if settings.store == "qdrant" else (StoreUnavailable, BadSettings)
    try:
        return _open(settings, folder, encoder)
    except (IndexMismatch, IndexDamaged, *left) as error:
        return str(error).partition("; run: ")[0]


def _open(settings: Settings, folder: Path, encoder: Encoder) -> Answerer:
    """Open a build and check all of it, with its own splitting, which may have changed since."""
    split = read_manifest(folder).splitting
    generations.open_segments(objects_of(settings), folder)
    as_split = settings.model_copy(update={"passage_pieces": split.passage_pieces})
    index, manifest = open_build(as_split, folder, encoder)
    return Answerer(index, encoder, manifest.build, caution=settings.caution)


def _encode(encoder: Remembering, questions: Sequence[str], progress: Steps) -> None:
    """Encode the questions, a slab at a time, before anything is asked."""
    for first in range(0, len(questions), _SLAB):
        encoder.encode_questions(questions[first : first + _SLAB])
        progress("Encoding questions", min(first + _SLAB, len(questions)), len(questions))


def _unasked(content: str, cases: Sequence[Case], answered: Answered) -> list[Case]:
    return [case for case in cases if (content, case) not in answered]


def _asked(
    settings: Settings,
    answerer: Answerer,
    content: str,
    cases: Sequence[Case],
    progress: ProgressCallback,
    answered: Answered,
) -> BuildAnswers:
    """Ask one build of some content what that has not answered yet, and score it."""
    unasked = _unasked(content, cases, answered)
    # Out of order, as long ones stand together: so it can be told how much longer it takes.
    Random(0).shuffle(unasked)  # noqa: S311
    given = defaultdict(list)
    for row in run_cases(_AnswersOnly(answerer), unasked, None, progress):
        given[row.case_id].append(row)
    new = {(content, case): tuple(given[case.case_id]) for case in unasked}
    both = answered | new
    rows = tuple(row for case in cases for row in both[content, case])
    # What went wrong may go well the next time.
    answered |= {key: its for key, its in new.items() if not any(row.error for row in its)}
    named = {place.doc_id for row in rows for quote in row.quotes for place in quote.places}
    known = answerer.index.documents
    documents = tuple(known[doc_id] for doc_id in sorted(named) if doc_id in known)
    meta = describe(answerer.index_build, "", settings, 0)
    scores = score(Run(meta=meta, cases=tuple(cases), documents=documents, rows=rows))
    return BuildAnswers(
        {row.case_id: row for row in rows},
        {one.case.case_id: one.metrics for one in scores},
        known,
    )


def _report(
    cases: Shared,
    before: BuildAnswers,
    after: BuildAnswers,
    fresh: Mapping[str, Document],
    lapsed: tuple[str, ...],
) -> GateReport:
    """Compare what was answered; ``fresh`` are the documents that are new or changed."""
    return GateReport(
        asked=len(cases.before),
        changed=tuple(
            changed_answers(zip(cases.before, cases.after, strict=True), before, after, fresh)
        ),
        differences=tuple(compare_metrics(before.metrics, after.metrics)),
        gone=cases.gone,
        came=cases.came,
        lapsed=lapsed,
        altered=tuple(case_id for case_id, metrics in after.metrics.items() if _altered(metrics)),
        failed=tuple(
            case_id
            for case_id, row in after.rows.items()
            if row.error and not before.rows[case_id].error
        ),
    )


@dataclass(frozen=True, slots=True)
class _Nothing:
    """An empty search result."""

    passages: Sequence[Passage] = ()


@dataclass(frozen=True, slots=True)
class _AnswersOnly:
    """An answerer without the ranking behind its answers: what the gate measures needs none."""

    answerer: Answerer

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        return self.answerer.answer(question, history)

    def search(self, question: str, history: Sequence[str] = ()) -> _Nothing:
        return _Nothing()


class Remembering:
    """An encoder that encodes no question twice, for asking several builds the same ones.

    Both get the same bits, so that only what is in them can make a difference.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._encoded = Encoded(encoder.encode_questions)
        self.name, self.digest = encoder.name, encoder.digest
        self.dimension, self.max_pieces = encoder.dimension, encoder.max_pieces

    def pieces(self, text: str) -> NDArray[np.int32]:
        """Ask the encoder."""
        return self._encoder.pieces(text)

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Ask the encoder."""
        return self._encoder.encode(texts)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode the questions that were never asked before."""
        return self._encoded.of(texts)


def _altered(metrics: CaseMetrics) -> bool:
    share = metrics["verbatim"]
    return share is not None and share < 1


def _first_few(names: Sequence[str], count: int = 5) -> str:
    more = f" and {len(names) - count} more" if len(names) > count else ""
    return ", ".join(names[:count]) + more
