"""The measures: each defined once, with its formula and source.

A *metric* is one value of a *measure* for one case; a *figure* is its value over many.
Every function takes the recorded answer, never the Answerer.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from footprints.answer.surroundings import within
from footprints.evals.cases import Case
from footprints.types import Place

WORDS_CAP = 400

Quote = tuple[Place, ...]
"""A shown quote: all the places that say it."""

Part = tuple[Place, ...]


def holds(quote: Quote, part: Part) -> bool:
    """Tell whether a quote holds a needed part.

    It does when one of its places contains one of the part's, or lies inside it and is at least
    half of it.
    """
    return any(_place_holds(shown, gold) for shown in quote for gold in part)


def _place_holds(shown: Place, gold: Place) -> bool:
    if shown.doc_id != gold.doc_id:
        return False
    return within(gold, shown) or (
        within(shown, gold) and 2 * (shown.end - shown.start) >= gold.end - gold.start
    )


def success_at_1(case: Case, quotes: Sequence[Quote]) -> float:
    """1 if the first quote holds a needed part, else 0 (Success@1)."""
    return float(bool(quotes) and any(holds(quotes[0], part) for part in case.parts))


def evidence_at(k: int, case: Case, quotes: Sequence[Quote]) -> float:
    """The share of needed parts that the first ``k`` quotes hold (recall of parts at ``k``)."""
    met = [any(holds(quote, part) for quote in quotes[:k]) for part in case.parts]
    return sum(met) / len(met)


def quote_precision(case: Case, quotes: Sequence[Quote]) -> float | None:
    """The share of shown quotes that hold some part; None where no quote is shown."""
    if not quotes:
        return None
    return sum(any(holds(quote, part) for part in case.parts) for quote in quotes) / len(quotes)


def words_to_evidence(case: Case, quotes: Sequence[Quote], lengths: Sequence[int]) -> float:
    """How many words a reader reads, quote by quote, until all parts are met; at most 400.

    The expected search length of Cooper (1968), counted in words instead of documents.
    """
    for shown in range(1, len(quotes) + 1):
        if evidence_at(shown, case, quotes) == 1:
            return float(min(sum(lengths[:shown]), WORDS_CAP))
    return float(WORDS_CAP)


def auroc(probabilities: Sequence[float], positive: Sequence[bool]) -> float:
    """The chance that a positive has a greater probability than a negative, ties counting half.

    Area under the receiver operating characteristic (Hanley and McNeil, 1982); nan without both.
    """
    if len(set(positive)) < 2:
        return nan
    those, count = np.asarray(positive), sum(positive)
    above = rankdata(probabilities)[those].sum() - count * (count + 1) / 2
    return float(above / (count * (len(those) - count)))


def brier(probabilities: Sequence[float], right: Sequence[bool]) -> float:
    """The mean squared difference of probability and outcome (Brier, 1950); lower is better."""
    differences = np.asarray(probabilities) - np.asarray(right, dtype=float)
    return float(np.square(differences).mean()) if right else nan


def risk_coverage(
    probabilities: Sequence[float], right: Sequence[bool]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coverage and risk when only the ``n`` most probable are answered, for every ``n``.

    Risk is the share of wrong first quotes among those answered (El-Yaniv and Wiener, 2010).
    Ties are broken by order.
    """
    order = np.argsort(-np.asarray(probabilities), kind="stable")
    wrong = 1.0 - np.asarray(right, dtype=np.float64)[order]
    answered = np.arange(1, len(wrong) + 1)
    return answered / len(wrong), np.cumsum(wrong) / answered


def area_under_risk(probabilities: Sequence[float], right: Sequence[bool]) -> float:
    """The mean risk over all coverages (AURC; Geifman and El-Yaniv, 2017); lower is better."""
    return float(risk_coverage(probabilities, right)[1].mean()) if right else nan
