"""An evaluation in plain words: the figures of a split, what they say, and what came of cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from footprints.evals.compare import read_results
from footprints.evals.figures import Figure, Results
from footprints.evals.report import LABELS
from footprints.evals.sentences import (
    EXPLAINED,
    OUTCOMES,
    Case,
    by_outcome,
    in_ten,
    of_split,
    outcome_of,
    told,
)

BASELINE = Path(__file__).parents[2] / "evals" / "baselines" / "baseline.json"


@pytest.fixture(scope="module")
def results() -> Results:
    """Read the saved results."""
    return read_results(BASELINE)


def figure(value: float | None, n: int = 20) -> Figure:
    """Make a figure without an interval."""
    return Figure(value=value, low=None, high=None, n=n)


def test_a_split_is_summed_up_as_all_cases_are(results: Results) -> None:
    """If every case is of one split, its figures are those of the results."""
    cases = {case_id: case | {"split": "test"} for case_id, case in results.cases.items()}
    figures = of_split(results.model_copy(update={"cases": cases}), "test")
    assert len(figures) > 20
    for name, found in figures.items():
        assert found.value == pytest.approx(results.figures[name].value, abs=1e-4), name
        assert found.n == results.figures[name].n, name


def test_the_splits_share_the_cases(results: Results) -> None:
    """Every case counts in one of the two splits, and with all of them."""
    parts = [of_split(results, split)["decision"].n for split in ("test", "dev")]
    assert sum(parts) == of_split(results, "all")["decision"].n == len(results.cases)


def test_an_interval_holds_its_value(results: Results) -> None:
    """A value lies in its interval."""
    for found in of_split(results, "test").values():
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.value <= found.high


def test_what_is_said() -> None:
    """The sentences are made of the figures; what was wrongly asserted was not recognised."""
    figures = {"success@1": figure(0.71, 221), "asserted_nearmiss": figure(0.2, 61)}
    first, second = told(figures, "test")
    assert first.sentence == (
        "Of the questions it had not seen, 221 have an answer in the documents: "
        "the first quote was right for 7 in 10."
    )
    assert "61 other questions" in second.sentence
    assert "for 8 in 10, it did not claim an answer" in second.sentence
    assert (second.share, second.tenths) == ("8 in 10", 8)
    assert "it was tuned on" in told(figures, "dev")[0].sentence


def test_what_is_missing_is_not_said() -> None:
    """A figure that is not there, or has no value, is left out."""
    assert told({}, "test") == []
    assert told({"success@1": figure(None, 0)}, "all") == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "none of them"),
        (0.01, "hardly any of them"),
        (0.05, "1 in 10"),
        (0.5, "5 in 10"),
        (0.7133, "7 in 10"),
        (0.949, "9 in 10"),
        (0.95, "nearly all of them"),
        (0.9999, "nearly all of them"),
        (1, "all of them"),
    ],
)
def test_a_share_in_words(value: float, said: str) -> None:
    """A share is said as so many in ten, and neither all nor none unless it is."""
    assert in_ten(value) == said


def test_every_measure_is_explained() -> None:
    """Every measure that has a label is explained."""
    assert set(EXPLAINED) == set(LABELS)


ANSWERABLE: dict[str, float | str | None] = {
    "kind": "fact",
    "status": "answered",
    "evidence_shown": 1.0,
}


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        ({"kind": "fact", "status": "error", "evidence_shown": 1.0}, 0),
        (ANSWERABLE | {"evidence_shown": 0.0}, 1),
        ({"kind": "absent", "status": "answered", "asserted": 1.0}, 2),
        ({"kind": "guidance", "status": "answered", "status_right": 0.0}, 3),
        (ANSWERABLE | {"in_view": 0.0, "success@1": 0.0}, 4),
        (ANSWERABLE | {"in_view": 0.5, "success@1": 0.0}, 5),
        (ANSWERABLE | {"in_view": 1.0, "success@1": 1.0}, 6),
        ({"kind": "overview", "status": "overview", "status_right": 1.0}, 7),
        ({"kind": "nearmiss", "status": "possible", "asserted": 0.0}, 8),
    ],
)
def test_what_came_of_a_case(case: Case, outcome: int) -> None:
    """A case is told by the worst that can be said of it."""
    assert outcome_of(case) == OUTCOMES[outcome]


def test_cases_by_outcome(results: Results) -> None:
    """The cases of a split stand under what came of them, worst first, each once."""
    found = by_outcome(results, "test")
    ids = [case_id for own in found.values() for case_id in own]
    assert len(ids) == len(set(ids)) == of_split(results, "test")["decision"].n
    assert list(found) == sorted(found, key=OUTCOMES.index)
