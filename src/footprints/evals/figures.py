"""Figures over the cases of a run: what each measure comes to, with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import mean, median
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from footprints.evals import measures, retrieval
from footprints.evals.differences import Pair
from footprints.evals.run import Meta
from footprints.evals.score import STATUS_OF, UNANSWERABLE, CaseScore

RESAMPLES = 1000
CONFIDENCE = 0.95
SEED = 0


class Figure(BaseModel):
    """The value of a measure over ``n`` cases, with a 95 % bootstrap interval."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    low: float | None
    high: float | None
    n: int


class Results(BaseModel):
    """Everything about a scored run, with stable keys."""

    model_config = ConfigDict(frozen=True)

    meta: Meta
    figures: dict[str, Figure]
    by_kind: dict[str, dict[str, Figure]]
    cases: dict[str, dict[str, float | str | None]]


Statistic = Callable[[Sequence[CaseScore]], float]
_T = TypeVar("_T")


def summarise(meta: Meta, scored: Sequence[CaseScore], pairs: Sequence[Pair] = ()) -> Results:
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


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _everything(one: CaseScore) -> bool:
    return True


def _judged(one: CaseScore) -> bool:
    """Tell whether a case counts for the probability."""
    return one.case.kind not in STATUS_OF


def _answerable(one: CaseScore) -> bool:
    return one.case.answerable


def _has(measure: str) -> Callable[[CaseScore], bool]:
    return lambda one: one.metrics.get(measure) is not None


def _values(measure: str, scored: Sequence[CaseScore]) -> list[float]:
    return [value for one in scored if (value := one.metrics[measure]) is not None]


def _mean(measure: str) -> tuple[Callable[[CaseScore], bool], Statistic]:
    return _has(measure), lambda scored: mean(_values(measure, scored))


def _mean_of(measure: str, *kinds: str) -> tuple[Callable[[CaseScore], bool], Statistic]:
    """A mean over the cases of some kinds alone."""
    has, statistic = _mean(measure)
    return lambda one: one.case.kind in kinds and has(one), statistic


def _auroc(*kinds: str) -> tuple[Callable[[CaseScore], bool], Statistic]:
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
) -> tuple[Callable[[CaseScore], bool], Statistic]:
    return _judged, lambda scored: measure(
        [one.probability for one in scored], [one.right for one in scored]
    )


def _followup_ratio(scored: Sequence[CaseScore]) -> float:
    in_full = mean(_values("success@1_in_full", scored))
    return mean(_values("success@1", scored)) / in_full if in_full else float("nan")


def _percentile(percent: float) -> tuple[Callable[[CaseScore], bool], Statistic]:
    return _has("milliseconds"), lambda scored: float(
        np.percentile(_values("milliseconds", scored), percent)
    )


FIGURES: Mapping[str, tuple[Callable[[CaseScore], bool], Statistic]] = {
    "success@1": _mean("success@1"),
    "evidence@1": _mean("evidence@1"),
    "evidence@3": _mean("evidence@3"),
    "evidence@5": _mean("evidence@5"),
    "in_view@1": _mean("in_view@1"),
    "in_view": _mean("in_view"),
    "in_view_sure": _mean("in_view_sure"),
    "in_view_likely": _mean("in_view_likely"),
    "in_view_unclear": _mean("in_view_unclear"),
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
    **{name: _mean(name) for name in retrieval.MEASURES},
    "followup_ratio": (_has("success@1_in_full"), _followup_ratio),
    "agreement": _mean("agreement"),
    "milliseconds_p50": _percentile(50),
    "milliseconds_p95": _percentile(95),
    "differences_right": _mean("differences_right"),
    "errors": (_everything, lambda scored: sum(_values("errors", scored))),
}
"""Every figure over cases: which cases it covers, and how it is computed."""


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
