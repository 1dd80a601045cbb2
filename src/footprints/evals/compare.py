"""Compare two scored runs, case by case, without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import ValidationError
from scipy.stats import permutation_test

from footprints.evals.figures import Results
from footprints.evals.run import BadRun

QUALITY = {
    "success@1": 1,
    "in_view@1": 1,
    "in_view": 1,
    "evidence_shown": 1,
    "denied": -1,
    "asserted": -1,
    "words_to_evidence": -1,
    "quote_precision": 1,
    "subject_missing": -1,
    "out_of_order": -1,
    "decision": 1,
    "agreement": 1,
}
"""The measures that decide whether answers have become worse; -1 where lower is better."""

MetricsByCase = Mapping[str, Mapping[str, float | str | None]]
"""The metrics of each case by measure; words are not compared."""

ALPHA = 0.05
_RESAMPLES = 9999
_SEED = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure in two runs, over the cases with a value in both.

    ``p_worse`` is the chance of a difference this bad or worse if the runs are alike.
    """

    measure: str
    before: float
    after: float
    n: int
    p_worse: float
    better: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def significantly_worse(self) -> bool:
        """Tell whether it is worse beyond chance, Bonferroni-corrected for the measures tested."""
        return self.p_worse < ALPHA / len(QUALITY)


def read_results(path: Path) -> Results:
    """Read the results of a run, given its folder or the file.

    Raises:
        BadRun: there are none.
    """
    file = path / "results.json" if path.is_dir() else path
    try:
        return Results.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise BadRun(f"{path} holds no results; name a run folder or a results.json.") from error


def compare(before: Results, after: Results) -> list[Comparison]:
    """Compare two runs in every quality measure over the cases they share."""
    return compare_metrics(before.cases, after.cases)


def compare_metrics(before: MetricsByCase, after: MetricsByCase) -> list[Comparison]:
    """Compare the metrics of cases in every quality measure over the cases they share."""
    shared = [case_id for case_id in before if case_id in after]
    return [_compared(measure, before, after, shared) for measure in QUALITY]


def missing(before: Results, after: Results) -> tuple[str, ...]:
    """Return the cases of the first run that the second does not have."""
    return tuple(case_id for case_id in before.cases if case_id not in after.cases)


def _compared(
    measure: str, before: MetricsByCase, after: MetricsByCase, shared: Sequence[str]
) -> Comparison:
    pairs = {}
    for case_id in shared:
        old, new = before[case_id].get(measure), after[case_id].get(measure)
        if isinstance(old, float | int) and isinstance(new, float | int):
            pairs[case_id] = (float(old), float(new))
    sign = QUALITY[measure]
    gains = {case_id: sign * (new - old) for case_id, (old, new) in pairs.items()}
    return Comparison(
        measure=measure,
        before=_mean([old for old, _ in pairs.values()]),
        after=_mean([new for _, new in pairs.values()]),
        n=len(pairs),
        p_worse=_p_worse(list(gains.values())),
        better=tuple(case_id for case_id, gain in gains.items() if gain > 0),
        worse=tuple(case_id for case_id, gain in gains.items() if gain < 0),
    )


def _p_worse(gains: Sequence[float]) -> float:
    """Return the one-sided p-value of a paired permutation test that the mean gain is below 0.

    Signs are flipped at random (Fisher, 1935; Smucker, Allan and Carterette, 2007, for retrieval).
    """
    changed = np.array([gain for gain in gains if gain])
    if len(changed) < 2:  # one flip in two is as bad as a loss, every flip as a gain
        return 0.5 if (changed < 0).any() else 1.0
    test = permutation_test(
        (changed, np.zeros_like(changed)),
        lambda one, other, axis: np.mean(one - other, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        alternative="less",
        rng=np.random.default_rng(_SEED),
    )
    return float(test.pvalue)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
