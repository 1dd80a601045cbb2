"""The measures, each on an example worked by hand."""

from __future__ import annotations

import math

import pytest
from handmade import case

from footprints.evals import measures
from footprints.types import Place

GOLD = Place("north", 100, 200)
LEFT = Place("north", 0, 10)
RIGHT = Place("north", 20, 30)
MIDDLE = Place("north", 40, 50)
ELSEWHERE = Place("south", 0, 10)


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        (100, 200, True),
        (90, 210, True),
        (100, 150, True),
        (120, 170, True),
        (100, 149, False),
        (90, 199, False),
        (101, 210, False),
        (0, 100, False),
    ],
    ids=[
        "the same",
        "contains",
        "inside, half",
        "inside, half, in the middle",
        "inside, less than half",
        "overlaps the beginning",
        "overlaps the end",
        "only touches",
    ],
)
def test_what_holds(start: int, end: int, held: bool) -> None:
    """A quote holds [100, 200) if it contains it, or lies inside it and has 50 characters of it."""
    assert measures.holds((Place("north", start, end),), (GOLD,)) is held


def test_any_place_of_a_quote_holds() -> None:
    """A quote that stands at two places holds what its second place holds."""
    assert measures.holds((ELSEWHERE, GOLD), (GOLD,))


def test_any_alternative_is_held() -> None:
    """A part of two alternatives is held by a quote of the second."""
    assert measures.holds((ELSEWHERE,), (GOLD, ELSEWHERE))


def test_success_at_1() -> None:
    """The first quote alone counts, and any part of the two will do."""
    two = case("c", (LEFT,), (RIGHT,))
    assert measures.success_at_1(two, [(RIGHT,), (ELSEWHERE,)]) == 1
    assert measures.success_at_1(two, [(ELSEWHERE,), (LEFT,)]) == 0
    assert measures.success_at_1(two, []) == 0


def test_evidence_at_k() -> None:
    """Of three parts the quotes hold none, the first, the first again, the second: 0, 1, 1, 2."""
    three = case("c", (LEFT,), (RIGHT,), (MIDDLE,))
    quotes = [(ELSEWHERE,), (LEFT,), (LEFT,), (RIGHT,)]
    expected = {1: 0, 2: 1 / 3, 3: 1 / 3, 4: 2 / 3, 5: 2 / 3}
    assert {k: measures.evidence_at(k, three, quotes) for k in expected} == expected
    assert measures.evidence_at(5, three, []) == 0


def test_one_quote_may_hold_two_parts() -> None:
    """A quote of [0, 30) contains both parts, so the first quote is all the evidence."""
    assert measures.evidence_at(1, case("c", (LEFT,), (RIGHT,)), [(Place("north", 0, 30),)]) == 1


def test_quote_precision() -> None:
    """Of four quotes, two hold some part: the same part twice counts twice."""
    quotes = [(LEFT,), (ELSEWHERE,), (LEFT,), (MIDDLE,)]
    assert measures.quote_precision(case("c", (LEFT,), (RIGHT,)), quotes) == 2 / 4


def test_quote_precision_without_quotes() -> None:
    """Where nothing is shown there is no share of it."""
    assert measures.quote_precision(case("c", (LEFT,)), []) is None


def test_words_to_evidence() -> None:
    """Parts are met by the 1st and 3rd quote: 7 + 20 + 5 words; the 4th is not read."""
    quotes = [(LEFT,), (ELSEWHERE,), (RIGHT,), (MIDDLE,)]
    two = case("c", (LEFT,), (RIGHT,))
    assert measures.words_to_evidence(two, quotes, [7, 20, 5, 50]) == 32


def test_words_to_evidence_are_capped() -> None:
    """After 399 + 2 words the reader has read 400, as one who never meets all parts."""
    two = case("c", (LEFT,), (RIGHT,))
    assert measures.words_to_evidence(two, [(LEFT,), (RIGHT,)], [399, 2]) == 400
    assert measures.words_to_evidence(two, [(LEFT,), (RIGHT,)], [398, 2]) == 400
    assert measures.words_to_evidence(two, [(LEFT,)], [7]) == 400
    assert measures.words_to_evidence(two, [], []) == 400


def test_auroc() -> None:
    """Of six pairs, 0.9 beats 0.4, 0.3 and 0.2, and 0.3 beats 0.2 and ties once: 4.5 / 6."""
    probabilities = [0.9, 0.3, 0.4, 0.3, 0.2]
    assert measures.auroc(probabilities, [True, True, False, False, False]) == 4.5 / 6


def test_auroc_of_one_probability() -> None:
    """Where all have the same probability, every pair is a tie."""
    assert measures.auroc([0.5, 0.5, 0.5], [True, False, False]) == 0.5


@pytest.mark.parametrize("positive", [[True, True], [False, False], []])
def test_auroc_of_one_class(positive: list[bool]) -> None:
    """Without both classes there is no pair."""
    assert math.isnan(measures.auroc([0.2] * len(positive), positive))


def test_brier() -> None:
    """(0.9 − 1)² + (0.6 − 0)² + (0.2 − 0)² = 0.01 + 0.36 + 0.04, over 3."""
    assert measures.brier([0.9, 0.6, 0.2], [True, False, False]) == pytest.approx(0.41 / 3)


@pytest.mark.parametrize(("right", "value"), [(True, 0.49), (False, 0.09)])
def test_brier_of_one_outcome(right: bool, value: float) -> None:
    """It is defined where all are right or all wrong: (0.3 − 1)² or 0.3²."""
    assert measures.brier([0.3, 0.3], [right, right]) == pytest.approx(value)


def test_brier_of_nothing() -> None:
    """Of no outcome there is no mean."""
    assert math.isnan(measures.brier([], []))


def test_risk_and_coverage() -> None:
    """By probability the outcomes are right, wrong, right, wrong: risks 0, 1/2, 1/3, 2/4."""
    coverage, risk = measures.risk_coverage([0.2, 0.9, 0.4, 0.7], [False, True, True, False])
    assert coverage == pytest.approx([0.25, 0.5, 0.75, 1])
    assert risk == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4])


def test_risk_breaks_ties_by_order() -> None:
    """Of equally probable ones, the earlier is answered first."""
    assert list(measures.risk_coverage([0.5, 0.5], [False, True])[1]) == [1, 0.5]


def test_area_under_risk() -> None:
    """The mean of 0, 1/2, 1/3 and 2/4 is 1/3."""
    area = measures.area_under_risk([0.2, 0.9, 0.4, 0.7], [False, True, True, False])
    assert area == pytest.approx(1 / 3)


def test_area_under_risk_of_nothing() -> None:
    """Of no outcome there is no area."""
    assert math.isnan(measures.area_under_risk([], []))
