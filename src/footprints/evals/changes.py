"""Which answers differ between two builds, and whether they became better or worse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from footprints.evals.cases import Case, GoldQuote, gold_of
from footprints.evals.compare import QUALITY
from footprints.evals.measures import Part, Quote, holds
from footprints.evals.run import Row
from footprints.types import Document, Place
from footprints.wording import EXPLANATIONS

CaseMetrics = Mapping[str, float | None]
Direction = Literal["better", "worse", "changed"]

_OF_THE_FIRST = ("success@1", "in_view@1")
"""The measures of the first quote, which then is what a change is shown by."""

_IN_VIEW, _ANYWHERE = "in_view", "evidence_shown"
"""The measures of the quotes, and of all that is shown, which may stand below them."""

_MARGIN = 0.2
"""What share more or fewer words to read make a difference."""

_READING = ("words_to_evidence", "quote_precision", "subject_missing", "out_of_order")
"""These measure how what is found reads, which makes no single answer better or worse."""

_MEASURES = (*(measure for measure in QUALITY if measure not in _READING), *_READING)


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown of an answer: words, in which quote they stand, from 1, and of which document.

    Words that no quote has stand below the quotes, or say why there is none.
    """

    text: str
    number: int | None = None
    doc_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A case whose answer changed.

    It is better or worse by the first quality measure in which the two answers differ, given as
    ``measure`` with its two values. It is only ``changed`` where they find the same, or where a
    question that nothing answered is now answered from a document that is new or changed: whether
    rightly, a person must say.
    """

    case_id: str
    question: str
    """As asked, behind those before it."""
    verdict: Direction
    measure: str | None
    values: tuple[float, float] | None
    before: Told
    after: Told
    """What is right and the other answer lacks, or else a quote that it lacks, or the first."""
    found: GoldQuote | None = None
    """What a new or changed document says to a question that nothing answered, as gold."""
    newcomer: str | None = None
    """The new or changed document that is quoted first now, where it was not before."""


@dataclass(frozen=True, slots=True)
class BuildAnswers:
    """The answers of one build and their metrics, by case, and its documents, by id."""

    rows: Mapping[str, Row]
    metrics: Mapping[str, CaseMetrics]
    documents: Mapping[str, Document]


def changed_answers(
    cases: Iterable[tuple[Case, Case]],
    before: BuildAnswers,
    after: BuildAnswers,
    fresh: Mapping[str, Document],
) -> Iterator[ChangedAnswer]:
    """Compare answer by answer; ``fresh`` are the documents that are new or changed, by id.

    Each case comes as located in the documents before and after.
    """
    for case, now in cases:
        id_ = case.case_id
        old, new = before.rows[id_], after.rows[id_]
        if _shown(old) == _shown(new):
            continue
        measure, values = _first_difference(before.metrics[id_], after.metrics[id_])
        verdict = _verdict(case, new, measure, values, fresh)
        newcomer = _newcomer(old, new, fresh)
        first = bool(newcomer) or measure in _OF_THE_FIRST
        was, is_ = (_parts_shown(row, one.parts, measure) for row, one in ((old, case), (new, now)))
        yield ChangedAnswer(
            case_id=id_,
            question=" ".join([*case.history, case.question]),
            verdict=verdict,
            measure=measure,
            values=values,
            before=_only_here(was, is_, before.documents) or _said(old, new, first),
            after=_only_here(is_, was, after.documents) or _said(new, old, first),
            found=_found(new, fresh) if (verdict, measure) == ("changed", "asserted") else None,
            newcomer=newcomer,
        )


def _shown(row: Row) -> object:
    """Return what an asker sees, whatever its place in the document."""
    quotes = [(quote.text, {place.doc_id for place in quote.places}) for quote in row.quotes]
    return row.status, quotes, row.error


def _parts_shown(
    row: Row, parts: Sequence[Part], measure: str | None
) -> list[tuple[Place, int | None] | None]:
    """Return of each part where it is shown, and in which quote, where that is what is measured."""
    if measure not in (_IN_VIEW, _ANYWHERE):
        return []
    shown: list[tuple[Quote, int | None]] = [
        (quote.in_view, number) for number, quote in enumerate(row.quotes, 1)
    ]
    if measure == _ANYWHERE:
        shown += [((place,), None) for place in row.further]
    return [
        next(
            ((gold, at) for quote, at in shown for gold in part if holds(quote, (gold,))),
            None,
        )
        for part in parts
    ]


def _only_here(
    here: Sequence[tuple[Place, int | None] | None],
    there: Sequence[tuple[Place, int | None] | None],
    documents: Mapping[str, Document],
) -> Told | None:
    """Return the first part that one answer shows and the other does not, as its document says."""
    for found, other in zip(here, there, strict=True):
        if found and not other:
            place, number = found
            return Told(documents[place.doc_id].at(place), number, place.doc_id)
    return None


def _said(row: Row, other: Row, first_of_all: bool) -> Told:
    """Return the first quote, of all or that the other answer lacks, or why there is no quote."""
    if not row.quotes:
        return Told(str(row.error) if row.status is None else EXPLANATIONS[row.status])
    known = set() if first_of_all else {quote.text for quote in other.quotes}
    new = (at for at, quote in enumerate(row.quotes) if quote.text not in known)
    at = next(new, 0)
    return Told(row.quotes[at].text, at + 1, row.quotes[at].places[0].doc_id)


def _first_difference(
    before: CaseMetrics, after: CaseMetrics
) -> tuple[str | None, tuple[float, float] | None]:
    """Return the first quality measure in which two answers differ, with both values."""
    for measure in _MEASURES:
        old, new = before.get(measure), after.get(measure)
        if old is not None and new is not None and _differ(measure, old, new):
            return measure, (old, new)
    return None, None


def _differ(measure: str, old: float, new: float) -> bool:
    """Tell whether an asker would notice; a few words more or less to read are not noticed."""
    margin = _MARGIN * max(old, new) if measure == "words_to_evidence" else 0
    return abs(new - old) > margin


def _verdict(
    case: Case,
    row: Row,
    measure: str | None,
    values: tuple[float, float] | None,
    fresh: Mapping[str, Document],
) -> Direction:
    if measure is None or values is None or measure in _READING:
        return "changed"
    if QUALITY[measure] * (values[1] - values[0]) > 0:
        return "better"
    return "changed" if not case.answerable and _documents(row) & fresh.keys() else "worse"


def _found(row: Row, fresh: Mapping[str, Document]) -> GoldQuote | None:
    """Return the first quote of a document that is new or changed, as gold."""
    return next(
        (
            gold_of(quote.text, place, fresh[place.doc_id])
            for quote in row.quotes
            for place in quote.places
            if place.doc_id in fresh
        ),
        None,
    )


def _newcomer(before: Row, after: Row, fresh: Mapping[str, Document]) -> str | None:
    """Return the new or changed document that is quoted first, if it was not before."""
    known = {place.doc_id for quote in before.quotes[:1] for place in quote.places}
    first = (place.doc_id for quote in after.quotes[:1] for place in quote.places[:1])
    return next((doc_id for doc_id in first if doc_id in fresh and doc_id not in known), None)


def _documents(row: Row) -> set[str]:
    """Return the documents that an answer quotes."""
    return {place.doc_id for quote in row.quotes for place in quote.places}
