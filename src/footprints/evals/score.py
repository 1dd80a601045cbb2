"""Score a run: metrics for every case, and figures with their intervals over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median
from typing import Any, TypeVar

import ir_measures
import numpy as np
from pydantic import BaseModel, ConfigDict

from footprints.answer.cite import same_words
from footprints.corpus.clean import words_of
from footprints.evals import measures
from footprints.evals.cases import Case
from footprints.evals.differences import Pair, is_true
from footprints.evals.run import ASKED, FULL, BadRun, Meta, Row, Run, ShownQuote
from footprints.types import AnswerStatus, Document, Place

RESAMPLES = 1000
CONFIDENCE = 0.95
SEED = 0

_RETRIEVAL = {
    "recall@1": ir_measures.Success @ 1,
    "recall@5": ir_measures.Success @ 5,
    "recall@20": ir_measures.Success @ 20,
    "ndcg@10": ir_measures.nDCG @ 10,
    "rr": ir_measures.RR,
}


STATUS_OF = {"guidance": AnswerStatus.GUIDANCE, "overview": AnswerStatus.OVERVIEW}
"""How a case of these kinds must end."""

UNANSWERABLE = ("absent", "nearmiss", "offtopic")
"""The kinds that the documents do not answer."""

_SHORT = 12
"""A quote of fewer words needs what stands above it to be understood."""


@dataclass(frozen=True)
class Scored:
    """A case, what was answered, and its metrics by measure; None where one does not apply."""

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


class Figure(BaseModel):
    """What a measure comes to over ``n`` cases, with a 95 % bootstrap interval."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    low: float | None
    high: float | None
    n: int


class Results(BaseModel):
    """All that is known of a scored run, with stable keys."""

    model_config = ConfigDict(frozen=True)

    meta: Meta
    figures: dict[str, Figure]
    by_kind: dict[str, dict[str, Figure]]
    cases: dict[str, dict[str, float | str | None]]


Statistic = Callable[[Sequence[Scored]], float]
_T = TypeVar("_T")


def score(run: Run) -> list[Scored]:
    """Return the metrics of every case of a run, in the order of the cases.

    Raises:
        BadRun: it was cut short.
    """
    documents = {document.doc_id: document for document in run.documents}
    rows: dict[str, dict[str, Row]] = {}
    for row in run.rows:
        rows.setdefault(row.case_id, {})[row.variant] = row
    cut_short = [case.case_id for case in run.cases if ASKED not in rows.get(case.case_id, {})]
    if cut_short:
        raise BadRun(f"The run {run.meta.name} has no answer to {cut_short[0]}; run it again.")
    retrieval = _retrieval_metrics(run)
    return [
        Scored(
            case,
            rows[case.case_id][ASKED],
            _metrics(case, rows[case.case_id], documents, run.pairs)
            | retrieval.get(case.case_id, {}),
        )
        for case in run.cases
    ]


def summarise(meta: Meta, scored: Sequence[Scored], pairs: Sequence[Pair] = ()) -> Results:
    """Return every figure over all cases and pairs, the main ones by kind, and every metric."""
    kinds = dict.fromkeys(one.case.kind for one in scored)
    return Results(
        meta=meta,
        figures={name: figure(scored, *what) for name, what in FIGURES.items()}
        | {name: figure(pairs, *what) for name, what in PAIR_FIGURES.items()},
        by_kind={
            kind: {
                name: figure([one for one in scored if one.case.kind == kind], *FIGURES[name])
                for name in BY_KIND
            }
            for kind in kinds
        },
        cases={
            one.case.case_id: {
                "kind": one.case.kind,
                "split": one.case.split,
                "status": one.row.status or "error",
                **one.metrics,
            }
            for one in scored
        },
    )


def figure(
    scored: Sequence[_T],
    applies: Callable[[_T], bool],
    statistic: Callable[[Sequence[_T]], float],
) -> Figure:
    """Return a statistic over what it applies to, with a percentile bootstrap interval.

    Cases or pairs are drawn with replacement (Efron, 1979), 1,000 times from one seed.
    """
    chosen = [one for one in scored if applies(one)]
    if not chosen:
        return Figure(value=None, low=None, high=None, n=0)
    value = statistic(chosen)
    if len(chosen) == 1 or np.isnan(value):
        return Figure(value=_number(value), low=None, high=None, n=len(chosen))
    draws = np.random.default_rng(SEED).integers(len(chosen), size=(RESAMPLES, len(chosen)))
    drawn = [statistic([chosen[at] for at in draw]) for draw in draws]
    # A draw may lack what the statistic needs, such as a single unanswerable case.
    low, high = np.nanpercentile(drawn, [50 - 50 * CONFIDENCE, 50 + 50 * CONFIDENCE])
    return Figure(value=_number(value), low=_number(low), high=_number(high), n=len(chosen))


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
    if FULL in rows and case.answerable and rows[FULL].error is None:
        in_full = [quote.places for quote in rows[FULL].quotes]
        metrics["success@1_in_full"] = measures.success_at_1(case, in_full)
    return metrics


def _of_answerable(
    case: Case, row: Row, documents: Mapping[str, Document]
) -> dict[str, float | None]:
    """Return what only a case with an answer has."""
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
    """Return the share of short quotes that nothing of what stands above them is shown with."""
    short = [quote for quote in row.quotes if len(words_of(quote.text)) < _SHORT]
    return mean(float(not quote.in_context) for quote in short) if short else None


def _out_of_order(row: Row) -> float | None:
    """Return how many quotes stand before one that a reader meets first; None without quotes.

    Those of one place are met one after the other, from its beginning to its end.
    """
    places = [quote.in_view[0] for quote in row.quotes]
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


def _retrieval_metrics(run: Run) -> dict[str, dict[str, float | None]]:
    """Score the retrieved passages, each needed part being a query of its own, averaged by case.

    A passage is relevant to a part when it overlaps one of its places. Recall at ``k`` is then
    the share of parts with a relevant passage among the first ``k``. Computed by ir_measures.
    """
    qrels, ranked, queries = [], [], {}
    asked = {row.case_id: row for row in run.rows if row.variant == ASKED}
    for case in run.cases:
        passages = asked[case.case_id].passages
        for number, part in enumerate(case.parts):
            query = f"{case.case_id}#{number}"
            queries[query] = case.case_id
            relevant = {name for place in part for name in _passages_of(place, passages)}
            qrels += [ir_measures.Qrel(query, name, 1) for name in relevant]
            for rank, passage in enumerate(passages):
                ranked.append(ir_measures.ScoredDoc(query, _name(passage), -float(rank)))
    sums: dict[str, dict[str, list[float]]] = {}
    names = {measure: name for name, measure in _RETRIEVAL.items()}
    for metric in ir_measures.iter_calc(list(names), qrels, ranked):
        by_name = sums.setdefault(queries[metric.query_id], {})
        by_name.setdefault(names[metric.measure], []).append(metric.value)
    return {
        case_id: {name: mean(values) for name, values in by_name.items()}
        for case_id, by_name in sums.items()
    }


def _passages_of(place: Place, passages: Sequence[Place]) -> list[str]:
    """Return the retrieved passages that overlap a place; its own name if none was retrieved."""
    overlapping = [
        _name(passage)
        for passage in passages
        if passage.doc_id == place.doc_id
        and passage.start < place.end
        and place.start < passage.end
    ]
    return overlapping or [_name(place)]


def _name(place: Place) -> str:
    return f"{place.doc_id}:{place.start}-{place.end}"


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _everything(one: Scored) -> bool:
    return True


def _judged(one: Scored) -> bool:
    """Tell whether a case is of those whose probability is reckoned."""
    return one.case.kind not in STATUS_OF


def _answerable(one: Scored) -> bool:
    return one.case.answerable


def _has(measure: str) -> Callable[[Scored], bool]:
    return lambda one: one.metrics.get(measure) is not None


def _values(measure: str, scored: Sequence[Scored]) -> list[float]:
    return [value for one in scored if (value := one.metrics[measure]) is not None]


def _mean(measure: str) -> tuple[Callable[[Scored], bool], Statistic]:
    return _has(measure), lambda scored: mean(_values(measure, scored))


def _mean_of(measure: str, *kinds: str) -> tuple[Callable[[Scored], bool], Statistic]:
    """A mean over the cases of some kinds alone."""
    has, statistic = _mean(measure)
    return lambda one: one.case.kind in kinds and has(one), statistic


def _auroc(*kinds: str) -> tuple[Callable[[Scored], bool], Statistic]:
    """AUROC of the probability: answerable cases against those of some kinds."""
    return (
        lambda one: one.case.kind in kinds or (one.case.answerable and one.case.kind != "overview"),
        lambda scored: measures.auroc(
            [
                one.probability if one.row.error is None else float(not one.case.answerable)
                for one in scored
            ],
            [one.case.answerable for one in scored],
        ),
    )


def _probability_against_right(
    measure: Callable[[Sequence[float], Sequence[bool]], float],
) -> tuple[Callable[[Scored], bool], Statistic]:
    return _judged, lambda scored: measure(
        [one.probability for one in scored], [one.right for one in scored]
    )


def _followup_ratio(scored: Sequence[Scored]) -> float:
    in_full = mean(_values("success@1_in_full", scored))
    return mean(_values("success@1", scored)) / in_full if in_full else float("nan")


def _percentile(percent: float) -> tuple[Callable[[Scored], bool], Statistic]:
    return _has("milliseconds"), lambda scored: float(
        np.percentile(_values("milliseconds", scored), percent)
    )


FIGURES: Mapping[str, tuple[Callable[[Scored], bool], Statistic]] = {
    "success@1": _mean("success@1"),
    "evidence@1": _mean("evidence@1"),
    "evidence@3": _mean("evidence@3"),
    "evidence@5": _mean("evidence@5"),
    "in_view@1": _mean("in_view@1"),
    "in_view": _mean("in_view"),
    "evidence_shown": _mean("evidence_shown"),
    "denied": _mean("denied"),
    "refused": _mean("refused"),
    "asserted": _mean("asserted"),
    "asserted_nearmiss": _mean_of("asserted", "nearmiss"),
    "asserted_absent": _mean_of("asserted", "absent"),
    "asserted_offtopic": _mean_of("asserted", "offtopic"),
    "words_to_evidence": (
        _answerable,
        lambda scored: float(median(_values("words_to_evidence", scored))),
    ),
    "quote_precision": _mean("quote_precision"),
    "subject_missing": _mean("subject_missing"),
    "out_of_order": (_has("out_of_order"), lambda scored: sum(_values("out_of_order", scored))),
    "verbatim": _mean("verbatim"),
    "decision": _mean("decision"),
    "guidance_right": _mean_of("status_right", "guidance"),
    "overview_right": _mean_of("status_right", "overview"),
    "auroc": _auroc(*UNANSWERABLE),
    "auroc_nearmiss": _auroc("nearmiss"),
    "auroc_absent": _auroc("absent"),
    "auroc_offtopic": _auroc("offtopic"),
    "aurc": _probability_against_right(measures.area_under_risk),
    "brier": _probability_against_right(measures.brier),
    "recall@1": _mean("recall@1"),
    "recall@5": _mean("recall@5"),
    "recall@20": _mean("recall@20"),
    "ndcg@10": _mean("ndcg@10"),
    "rr": _mean("rr"),
    "followup_ratio": (_has("success@1_in_full"), _followup_ratio),
    "agreement": _mean("agreement"),
    "milliseconds_p50": _percentile(50),
    "milliseconds_p95": _percentile(95),
    "differences_right": _mean("differences_right"),
    "errors": (_everything, lambda scored: sum(_values("errors", scored))),
}
"""Every figure over cases: which it is taken over, and how."""


def _rule_is_right(pairs: Sequence[Pair]) -> float:
    return mean(float(pair.about in pair.said) for pair in pairs)


PAIR_FIGURES: Mapping[str, tuple[Callable[[Pair], bool], Callable[[Sequence[Pair]], float]]] = {
    "differences_precision": (lambda pair: bool(pair.said), _rule_is_right),
    "differences_recall": (lambda pair: bool(pair.about), _rule_is_right),
}
"""Every figure over pairs of places."""

BY_KIND = (
    "success@1",
    "in_view@1",
    "in_view",
    "evidence_shown",
    "refused",
    "asserted",
    "words_to_evidence",
    "quote_precision",
    "decision",
    "agreement",
)
"""The figures that are also given for each kind."""


def as_json(results: Results) -> dict[str, Any]:
    """Return results as JSON values."""
    return results.model_dump(mode="json")
