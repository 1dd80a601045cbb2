"""Score a run: metrics for every case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

from footprints.answer.cite import same_words
from footprints.corpus.clean import words_of
from footprints.evals import measures
from footprints.evals.cases import Case
from footprints.evals.differences import Pair, is_true
from footprints.evals.retrieval import retrieval_metrics
from footprints.evals.run import ASKED, FULL, BadRun, Row, Run, ShownQuote
from footprints.types import AnswerStatus, Document, Place

STATUS_OF = {"guidance": AnswerStatus.GUIDANCE, "overview": AnswerStatus.OVERVIEW}
"""The outcome that a case of each kind must have."""

UNANSWERABLE = ("absent", "nearmiss", "offtopic")
"""The kinds of case that the documents do not answer."""

_SHORT = 12
"""A quote with fewer words needs what is above it to be understood."""


@dataclass(frozen=True)
class CaseScore:
    """A case, its answer, and its metrics by measure; None where one does not apply."""

    case: Case
    row: Row
    metrics: Mapping[str, float | None]

    @property
    def right(self) -> bool:
        """Tell whether the first quote answers."""
        return self.metrics["success@1"] == 1

    @property
    def probability(self) -> float:
        """Return the probability that was given; a case that raised counts as surely wrong."""
        return self.row.probability if self.row.error is None else 1.0


def score(run: Run) -> list[CaseScore]:
    """Return the metrics of every case of a run, in the order of the cases.

    Raises:
        BadRun: the run was cut short.
    """
    documents = {document.doc_id: document for document in run.documents}
    rows: dict[str, dict[str, Row]] = {}
    for row in run.rows:
        rows.setdefault(row.case_id, {})[row.variant] = row
    cut_short = [case.case_id for case in run.cases if ASKED not in rows.get(case.case_id, {})]
    if cut_short:
        raise BadRun(f"The run {run.meta.name} has no answer to {cut_short[0]}; run it again.")
    retrieval = retrieval_metrics(run)
    return [
        CaseScore(
            case,
            rows[case.case_id][ASKED],
            _metrics(case, rows[case.case_id], documents, run.pairs)
            | retrieval.get(case.case_id, {}),
        )
        for case in run.cases
    ]


def _metrics(
    case: Case, rows: Mapping[str, Row], documents: Mapping[str, Document], pairs: Sequence[Pair]
) -> dict[str, float | None]:
    row = rows[ASKED]
    metrics: dict[str, float | None] = {
        "decision": float(_decided_rightly(case, row)),
        "probability": row.probability,
        "milliseconds": row.milliseconds,
        "verbatim": _verbatim(rows.values(), documents),
        "agreement": _agreement(row, rows.values()),
        "differences_right": _differences_right(row, pairs),
        "subject_missing": _subject_missing(row),
        "out_of_order": _out_of_order(row),
        "errors": float(sum(one.error is not None for one in rows.values())),
        "success@1": None,
    }
    if case.kind in STATUS_OF:
        metrics["status_right"] = float(row.status is STATUS_OF[case.kind])
    if case.answerable:
        metrics |= _of_answerable(case, row, documents)
    elif case.kind not in STATUS_OF:
        metrics["asserted"] = float(row.error is not None or row.answered)
    if case.kind not in STATUS_OF and row.shows:
        degree = "sure" if row.answered else "likely" if row.likely else "unclear"
        metrics[f"in_view_{degree}"] = metrics.get("in_view") or 0.0
    if FULL in rows and case.answerable and rows[FULL].error is None:
        in_full = [quote.places for quote in rows[FULL].quotes]
        metrics["success@1_in_full"] = measures.success_at_1(case, in_full)
    return metrics


def _of_answerable(
    case: Case, row: Row, documents: Mapping[str, Document]
) -> dict[str, float | None]:
    """Return the metrics that only a case with an answer has."""
    in_place = row.quotes if row.shows else ()
    quotes = [quote.places for quote in in_place]
    cards = [quote.in_view for quote in in_place]
    shown = [*cards, *((place,) for place in row.further)]
    new_words = _new_words(cards, documents)
    return {
        "success@1": measures.success_at_1(case, quotes),
        "evidence@1": measures.evidence_at(1, case, quotes),
        "evidence@3": measures.evidence_at(3, case, quotes),
        "evidence@5": measures.evidence_at(5, case, quotes),
        "in_view@1": measures.success_at_1(case, cards),
        "in_view": measures.evidence_at(len(cards), case, cards),
        "evidence_shown": measures.evidence_at(len(shown), case, shown),
        "denied": float(not (row.shows and measures.evidence_at(len(shown), case, shown))),
        "refused": float(not row.shows),
        "quote_precision": measures.quote_precision(case, quotes),
        "words_to_evidence": measures.words_to_evidence(case, cards, new_words),
    }


def _new_words(cards: Sequence[measures.Quote], documents: Mapping[str, Document]) -> list[int]:
    """Return how many words each quote brings into view that were not in view before it."""
    seen: set[Place] = set()
    words = []
    for card in cards:
        first = card[0]
        is_new = first not in seen and first.doc_id in documents
        words.append(len(words_of(documents[first.doc_id].at(first))) if is_new else 0)
        seen.add(first)
    return words


def _decided_rightly(case: Case, row: Row) -> bool:
    """Tell whether something was shown where there is an answer, and none asserted elsewhere."""
    if row.error is not None:
        return False
    if case.kind in STATUS_OF:
        return row.status is STATUS_OF[case.kind]
    return row.shows if case.answerable else not row.answered


def _subject_missing(row: Row) -> float | None:
    """Return the share of short quotes shown without anything from above them."""
    short = [quote for quote in row.quotes if len(words_of(quote.text)) < _SHORT]
    return mean(float(not quote.in_context) for quote in short) if short else None


def _out_of_order(row: Row) -> float | None:
    """Return how many quotes are numbered before one that is met first; None without quotes.

    Those of one place, in one part of an answer, are met one after the other, from its beginning to
    its end.
    """
    places = [(quote.part, quote.in_view[0]) for quote in row.quotes]
    met = [
        (places.index(place), quote.places[0].start)
        for place, quote in zip(places, row.quotes, strict=True)
    ]
    return float(sum(one > other for one, other in pairwise(met))) if met else None


def _differences_right(row: Row, pairs: Sequence[Pair]) -> float | None:
    """Return the share of shown differences whose two quotes hold both places of a true pair."""
    if not pairs or not row.differences:
        return None
    places = [quote.places for quote in row.quotes]
    return mean(
        float(is_true(shown.about, places[shown.first - 1], places[shown.second - 1], pairs))
        for shown in row.differences
    )


def _verbatim(rows: Iterable[Row], documents: Mapping[str, Document]) -> float | None:
    """Return the share of quotes that stand in the documents, in every place they name.

    The first place says the quote to the letter, the others in the same words but for a few.
    """
    shown = [quote for row in rows for quote in row.quotes]
    return mean(float(_stands(quote, documents)) for quote in shown) if shown else None


def _stands(quote: ShownQuote, documents: Mapping[str, Document]) -> bool:
    if any(place.doc_id not in documents for place in quote.places):
        return False
    first, *others = (documents[place.doc_id].at(place) for place in quote.places)
    words = words_of(quote.text)
    return first == quote.text and all(same_words(words, words_of(other)) for other in others)


def _agreement(row: Row, rows: Iterable[Row]) -> float | None:
    """Return the share of perturbed questions that end as the unperturbed one does.

    Neither shows anything, or the first quotes share a place.
    """
    perturbed = [other for other in rows if other.variant not in (ASKED, FULL)]
    if not perturbed:
        return None
    return mean(float(_agree(row, other)) for other in perturbed)


def _agree(one: Row, other: Row) -> bool:
    if one.error or other.error or one.shows != other.shows:
        return False
    first, second = ({p for q in row.quotes[:1] for p in q.in_view} for row in (one, other))
    return not one.shows or bool(first & second)
