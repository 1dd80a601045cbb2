"""The gate: before the switch, the cases are asked on the build that serves and on the new one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from footprints.answer.answerer import Answerer
from footprints.errors import IndexDamaged, IndexMismatch, NotStaged
from footprints.evals.cases import Case, CaseLine, GoldQuote, places_of, read_cases
from footprints.evals.compare import ALPHA, QUALITY, Difference, compare_metrics
from footprints.evals.run import Row, Run, describe, run_cases
from footprints.evals.score import score
from footprints.index.build import BuildReport, staged_folder
from footprints.index.generations import current_folder
from footprints.index.manifest import read_manifest
from footprints.index.opening import open_build
from footprints.progress import Steps, silent
from footprints.settings import Settings
from footprints.types import Answer, Document, Encoder, Encoding, Passage, Place
from footprints.wording import EXPLANATIONS

Metrics = Mapping[str, float | None]

_SLAB = 64
"""So many questions are encoded at a time."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that is answered otherwise than before.

    It is better or worse by the first quality measure in which the two answers differ, given as
    ``measure`` with its two values. It is only ``changed`` where they do not differ in any, or
    where a question that nothing answered is now answered from a document that is new or changed:
    whether rightly, a person must say.
    """

    case_id: str
    question: str
    verdict: Literal["better", "worse", "changed"]
    measure: str | None
    values: tuple[float, float] | None
    before: str
    after: str
    """What was shown first: a quote, or why there was none."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A case whose gold stood in the documents and does not any more."""

    case_id: str
    question: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateReport:
    """What asking the cases on both builds came to. ``unchecked`` says why none were asked.

    ``asked`` cases were compared; too ``few`` can show no fall. Those in ``failed`` raise an error
    that they did not raise before. Those in ``gone`` are not among them, nor are those in ``came``,
    whose gold stands only in the new documents. The answers to the cases in ``altered`` quote what
    their documents do not say.
    """

    asked: int = 0
    unchecked: str | None = None
    changed: tuple[Changed, ...] = ()
    differences: tuple[Difference, ...] = ()
    gone: tuple[Gone, ...] = ()
    came: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def few(self) -> bool:
        """Tell whether even if every answer were worse, that would not be beyond chance."""
        return 0.5**self.asked >= ALPHA / len(QUALITY)

    @property
    def newly_answered(self) -> tuple[str, ...]:
        """Return the cases that nothing answered and a new or changed document answers now."""
        return tuple(
            one.case_id
            for one in self.changed
            if (one.verdict, one.measure) == ("changed", "asserted")
        )

    def reason(self, force: bool = False) -> str | None:
        """Say why the build must not serve, or None.

        ``force`` lets quality fall; an altered quote is held back all the same.
        """
        if self.altered:
            return f"Answers quote what their documents do not say ({_first_few(self.altered)})."
        fell = [one for one in self.differences if one.significantly_worse]
        if force or not (fell or self.failed):
            return None
        if self.failed:
            return f"{len(self.failed)} questions now fail ({_first_few(self.failed)})."
        measures = ", ".join(f"{d.measure} {d.before:.3f} → {d.after:.3f}" for d in fell)
        return f"Answers are significantly worse: {measures}."


def judge(
    settings: Settings,
    staged: BuildReport,
    encoder: Remembering,
    cases_folder: Path,
    progress: Steps = silent,
) -> GateReport:
    """Ask every case that both builds can be held to, and compare the answers.

    Raises:
        BadCases: a case cannot be read.
        NotStaged: the build was dropped, or another has come to serve.
        IndexDamaged: a segment that the new build took over from the old one is damaged.
    """
    if staged.base is None:
        return GateReport(unchecked="Nothing was checked: there was no index to compare with.")
    served, folder = current_folder(settings.index_dir), staged_folder(settings, staged)
    if served.name != staged.base or not folder.is_dir():
        raise NotStaged(
            f"The build {staged.manifest.build} was dropped, or another has come to serve since it "
            "was made; index the documents again."
        )
    # Opened first, whatever there is to ask: a damaged segment that was taken over shows here.
    new = _open(settings, folder, encoder)
    if not any(cases_folder.glob("*.jsonl")):
        return GateReport(unchecked=f"Nothing was checked: there are no cases in {cases_folder}.")
    lines = read_cases(cases_folder)
    try:
        old = _open(settings, served, encoder)
    except (IndexMismatch, IndexDamaged) as error:
        reason = str(error).partition("; run: ")[0]
        return GateReport(unchecked=f"Nothing was checked: {reason}.")
    held_to = _held_to(lines, old.index.documents, new.index.documents)
    if not held_to.of_these_documents:
        return GateReport(
            unchecked=f"Nothing was checked: no case in {cases_folder} is about these documents."
        )
    questions = [case.question for case in held_to.before]
    for first in range(0, len(questions), _SLAB):
        encoder.encode_questions(questions[first : first + _SLAB])
        progress("Encoding questions", min(first + _SLAB, len(questions)), len(questions))
    before = _asked(settings, old, held_to.before, partial(progress, "Asking the old index"))
    after = _asked(settings, new, held_to.after, partial(progress, "Asking the new index"))
    return GateReport(
        asked=len(held_to.before),
        changed=tuple(_changed(held_to.before, before, after, {*staged.added, *staged.changed})),
        differences=tuple(compare_metrics(before.metrics, after.metrics)),
        gone=held_to.gone,
        came=held_to.came,
        altered=tuple(case_id for case_id, metrics in after.metrics.items() if _altered(metrics)),
        failed=tuple(
            case_id
            for case_id, row in after.rows.items()
            if row.error and not before.rows[case_id].error
        ),
    )


# Which cases


@dataclass(frozen=True, slots=True)
class _HeldTo:
    """The cases that both builds can be held to, as they stand in each, and those of only one."""

    before: Sequence[Case]
    after: Sequence[Case]
    gone: tuple[Gone, ...]
    came: tuple[str, ...]

    @property
    def of_these_documents(self) -> bool:
        """Tell whether any case is about what stands, or stood, in the documents."""
        return bool(self.gone) or any(case.answerable for case in self.before)


def _held_to(
    lines: Sequence[CaseLine], old: Mapping[str, Document], new: Mapping[str, Document]
) -> _HeldTo:
    """Find the cases in both; what stands in neither is about other documents."""
    before, after, gone, came = [], [], [], []
    for line in lines:
        was, is_ = _located(line, old, new), _located(line, new, old)
        if was and is_:
            before.append(was)
            after.append(is_)
        elif was:
            stood = dict.fromkeys(place.doc_id for part in was.parts for place in part)
            gone.append(Gone(line.id, line.question, tuple(stood)))
        elif is_:
            came.append(line.id)
    return _HeldTo(before, after, tuple(gone), tuple(came))


def _located(
    line: CaseLine, documents: Mapping[str, Document], others: Collection[str]
) -> Case | None:
    """Return a case with all its gold that stands in the documents; None where a part has none."""
    parts = tuple(
        tuple(place for gold in part for place in _places(gold, documents, others))
        for part in line.gold
    )
    if not all(parts):
        return None
    return Case(line.id, line.kind, line.question, line.history, line.answerable, parts)


def _places(
    gold: GoldQuote, documents: Mapping[str, Document], others: Collection[str]
) -> list[Place]:
    """Return where gold stands: in its document, or in one that came or went under another name."""
    if gold.doc_id in documents:
        return places_of(gold, documents[gold.doc_id])
    renamed = (documents[doc_id] for doc_id in documents if doc_id not in others)
    return [place for document in renamed for place in places_of(gold, document)]


# Asking them


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one build answered, and what that is worth, by case."""

    rows: Mapping[str, Row]
    metrics: Mapping[str, Metrics]


def _open(settings: Settings, folder: Path, encoder: Encoder) -> Answerer:
    """Open a build as it was split, which the settings may do otherwise now."""
    split = read_manifest(folder).splitting
    as_split = settings.model_copy(update={"passage_pieces": split.passage_pieces})
    index, manifest = open_build(as_split, folder, encoder)
    return Answerer(index, encoder, manifest.build, caution=settings.caution)


def _asked(
    settings: Settings,
    answerer: Answerer,
    cases: Sequence[Case],
    progress: Callable[[int, int], None],
) -> _Asked:
    """Ask and score one build."""
    with threadpool_limits(limits=1, user_api="blas"):
        rows = tuple(run_cases(_AnswersOnly(answerer), cases, None, progress))
    documents = tuple(answerer.index.documents.values())
    meta = describe(answerer.index_build, "", settings.model_dump(mode="json"), 0)
    scored = score(Run(meta=meta, cases=tuple(cases), documents=documents, rows=rows))
    return _Asked(
        {row.case_id: row for row in rows}, {one.case.case_id: one.metrics for one in scored}
    )


@dataclass(frozen=True, slots=True)
class _Nothing:
    """What is found where nobody looks."""

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
    """An encoder that encodes no question twice, for asking the same ones of several builds.

    It encodes questions as passages are encoded: many at a time, and with the same bits for both
    builds, so that only what is in them can make a difference.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Encoding] = {}
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
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known |= zip(new, self._encoder.encode(new), strict=True)
        return [self._known[text] for text in texts]


def _altered(metrics: Metrics) -> bool:
    share = metrics["verbatim"]
    return share is not None and share < 1


# Which answers changed


def _changed(
    cases: Sequence[Case], before: _Asked, after: _Asked, fresh: Collection[str]
) -> Iterator[Changed]:
    """Compare answer by answer; ``fresh`` are the documents that are new or changed."""
    for case in cases:
        id_ = case.case_id
        old, new = before.rows[id_], after.rows[id_]
        if _shown(old) == _shown(new):
            continue
        measure, values = _first_difference(before.metrics[id_], after.metrics[id_])
        yield Changed(
            case_id=id_,
            question=case.question,
            verdict=_verdict(case, new, measure, values, fresh),
            measure=measure,
            values=values,
            before=_said(old),
            after=_said(new),
        )


def _shown(row: Row) -> object:
    """Return what an asker sees; where it stands on the page may have moved."""
    quotes = [(quote.text, {place.doc_id for place in quote.places}) for quote in row.quotes]
    return row.status, quotes, row.error


def _said(row: Row) -> str:
    if row.quotes or row.status is None:
        return row.quotes[0].text if row.quotes else str(row.error)
    return EXPLANATIONS[row.status]


def _first_difference(
    before: Metrics, after: Metrics
) -> tuple[str | None, tuple[float, float] | None]:
    """Return the first quality measure in which two answers differ, with both values."""
    for measure in QUALITY:
        old, new = before.get(measure), after.get(measure)
        if old is not None and new is not None and old != new:
            return measure, (old, new)
    return None, None


def _verdict(
    case: Case,
    row: Row,
    measure: str | None,
    values: tuple[float, float] | None,
    fresh: Collection[str],
) -> Literal["better", "worse", "changed"]:
    if measure is None or values is None:
        return "changed"
    if not case.answerable and _documents(row) & set(fresh):
        return "changed"
    return "better" if QUALITY[measure] * (values[1] - values[0]) > 0 else "worse"


def _documents(row: Row) -> set[str]:
    """Return the documents that an answer quotes."""
    return {place.doc_id for quote in row.quotes for place in quote.places}


def _first_few(names: Sequence[str], count: int = 5) -> str:
    more = f" and {len(names) - count} more" if len(names) > count else ""
    return ", ".join(names[:count]) + more
