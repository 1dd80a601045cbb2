"""Confidence: the probability against its formula, its features and its thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import exp
from typing import get_args

import pytest
from fakes import FakeEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tiny import answerer_of, document

from footprints.answer.confidence import (
    Caution,
    Confidence,
    Model,
    Term,
    Thresholds,
    features,
    load_model,
)
from footprints.settings import Settings, load_settings
from footprints.types import Candidate, Expected, Passage, Scored, Sentence, Signals, Understood

SIGNALS = Signals(subject=0.3, passage=0.5, maxsim=0.6, named=0.5, least=0.4, unmatched=0.2)
MODEL = Model(
    features={
        "nearest": Term(mean=0.4, scale=0.2, weight=2.0),
        "lead": Term(mean=0.1, scale=0.1, weight=-0.5),
    },
    intercept=-0.25,
    thresholds={
        "cautious": Thresholds(answered=0.75, possible=0.4),
        "balanced": Thresholds(answered=0.5, possible=0.2),
        "eager": Thresholds(answered=0.25, possible=0.0),
    },
    off_topic=0.3,
    fitted_on="nothing",
)


def scored(score: float = 0.9, expected: float = 1.0, **signals: float) -> Scored[Candidate]:
    """Make a ranked sentence with some signals."""
    sentence = Sentence(0, 9)
    candidate = Candidate(Passage("page", (), 0, 9, (sentence,)), sentence, 0)
    return Scored(candidate, score, replace(SIGNALS, expected=expected, **signals))


def seen(question: Understood, *ranking: Scored[Candidate]) -> Mapping[str, float]:
    """Return the features of a ranking of one sentence or more."""
    return features(question, ranking or [scored()])


DEVON_LEADS = Understood("Who leads Devon?")


def test_probability() -> None:
    """The probability is 1 / (1 + exp(−(intercept + Σ weight × (value − mean) / scale)))."""
    ranking = [scored(0.9, passage=0.5), scored(0.6, passage=0.8)]
    # nearest = 0.8 counts 2 × (0.8 − 0.4) / 0.2 = 4; lead = 0.3 counts −0.5 × 0.2 / 0.1 = −1.
    confidence = Confidence(model=MODEL)
    expected = 1 / (1 + exp(-(-0.25 + 4 - 1)))
    assert confidence.probability(DEVON_LEADS, ranking) == pytest.approx(expected)
    assert expected == pytest.approx(0.9399, abs=5e-5)


def test_parts_add_up() -> None:
    """The parts are the features of the model, in its order, with what each of them counts."""
    ranking = [scored(0.9, passage=0.5), scored(0.6, passage=0.8)]
    parts = list(Confidence(model=MODEL).parts(DEVON_LEADS, ranking))
    assert [name for name, _, _ in parts] == ["nearest", "lead"]
    assert [value for _, value, _ in parts] == pytest.approx([0.8, 0.3])
    assert [counts for _, _, counts in parts] == pytest.approx([4, -1])


def test_signals_of_the_best_sentence() -> None:
    """Its signals count as they are, those of the next sentences do not."""
    best = scored(subject=0)
    found = seen(DEVON_LEADS, best, scored(0.8, maxsim=1, named=1, least=1, unmatched=1))
    assert (found["maxsim_apart"], found["named"]) == (0.6, 0.5)
    assert (found["least"], found["unmatched"], found["unmatched_apart"]) == (0.4, 0.2, 0.2)


@pytest.mark.parametrize(
    ("subject", "apart"), [(-0.1, 1), (0, 1), (0.05, 0.75), (0.2, 0), (0.9, 0)]
)
def test_apart_from_the_subject(subject: float, apart: float) -> None:
    """Words that are found again count only as far as the documents are on other subjects."""
    found = seen(Understood("How many?", expects=Expected.COUNT), scored(0.9, 0, subject=subject))
    expected = {"apart": 1, "maxsim_apart": 0.6, "lacks_apart": 1, "particular_apart": 1}
    assert {name: found[name] for name in expected} == pytest.approx(
        {name: apart * value for name, value in expected.items()}
    )


def test_nearest_is_over_the_whole_ranking() -> None:
    """The nearest passage counts even if its sentences are not ranked first."""
    assert seen(DEVON_LEADS, scored(passage=0.2), scored(0.1, passage=0.5))["nearest"] == 0.5


def test_support_is_the_mean_of_the_best_five() -> None:
    """How well the first five sentences fit together counts, however many follow."""
    found = seen(DEVON_LEADS, *(scored(score) for score in (0.9, 0.8, 0.7, 0.6, 0.5, 0.1)))
    assert found["support"] == pytest.approx(0.7)
    assert seen(DEVON_LEADS, scored(0.9))["support"] == 0.9


def test_names_and_their_lack() -> None:
    """It is told apart whether a question names nothing, or something that no document has."""
    named = Understood("Who leads Devon?", names=(("Devon",),))
    stranger = Understood("Who leads Ys?", names=(("Ys",),), unmentioned=("Ys",))
    assert [
        (found["nameless"], found["unmentioned"])
        for found in map(seen, (DEVON_LEADS, named, stranger))
    ] == [(1, 0), (0, 0), (0, 1)]


def test_lead() -> None:
    """The lead is how far the best is above the second; a single sentence has none."""
    assert seen(DEVON_LEADS, scored(0.9), scored(0.7), scored(0.1))["lead"] == pytest.approx(0.2)
    assert seen(DEVON_LEADS, scored(0.9))["lead"] == 0


@pytest.mark.parametrize(
    ("expects", "holds", "particular", "lacks"),
    [(None, 1.0, 0, 0), (Expected.COUNT, 1.0, 1, 0), (Expected.COUNT, 0.0, 1, 1)],
)
def test_kind_of_value(
    expects: Expected | None, holds: float, particular: float, lacks: float
) -> None:
    """It is told apart whether a kind of value is expected and whether it is lacking."""
    found = seen(Understood("How many?", expects=expects), scored(expected=holds))
    assert (found["particular"], found["lacks"]) == (particular, lacks)


@settings(max_examples=50)
@given(
    st.lists(
        st.sampled_from(["Who", "leads", "Devon", "zebra", "how many", "?", "Kent"]), min_size=1
    )
)
def test_features_keep_their_ranges(words: list[str]) -> None:
    """Cosines are between −1 and 1, the lead is not negative and shares are between 0 and 1."""
    reading = ANSWERER.search(" ".join(["Of", *words]))
    found = features(reading.question, reading.ranking)
    for name in ("nearest", "maxsim_apart"):
        assert -1.001 <= found[name] <= 1.001
    shares = ("named", "lacks", "particular", "nameless", "unmentioned", "apart", "unmatched")
    for name in (*shares, "lacks_apart", "particular_apart", "nameless_apart", "unmatched_apart"):
        assert -1e-6 <= found[name] <= 1 + 1e-6
    assert found["lead"] >= 0
    assert 0 <= ANSWERER.confidence.probability(reading.question, reading.ranking) <= 1


ANSWERER = answerer_of(
    FakeEncoder(), document("# One\n\nAngela leads Devon. Tim leads Dorset.\n\nThere are two.")
)


@pytest.mark.parametrize(
    ("caution", "answered", "possible"),
    [("cautious", 0.75, 0.4), ("balanced", 0.5, 0.2), ("eager", 0.25, 0.0)],
)
def test_thresholds(caution: Caution, answered: float, possible: float) -> None:
    """Each degree of caution has its own thresholds for a sure answer and a possible one."""
    expected = Thresholds(answered=answered, possible=possible)
    assert Confidence(caution, MODEL).thresholds == expected


def test_balanced_is_the_default() -> None:
    """Where nothing is said of caution, it is balanced, for the settings as for the library."""
    assert Confidence(model=MODEL).thresholds == MODEL.thresholds["balanced"]
    assert load_settings().caution == "balanced"


def test_the_cautions_of_the_settings() -> None:
    """The settings and the model name the same degrees of caution."""
    field = Settings.model_fields["caution"]
    assert set(get_args(field.annotation)) == set(get_args(Caution)) == set(MODEL.thresholds)


def test_the_model_that_comes_with_the_package() -> None:
    """It loads, knows features there are, has every threshold, and caution only abstains more."""
    model = load_model()
    assert model.features
    assert model.features.keys() <= seen(DEVON_LEADS).keys()
    assert model.thresholds.keys() == set(get_args(Caution))
    eager, balanced, cautious = (model.thresholds[one] for one in ("eager", "balanced", "cautious"))
    assert 0 <= eager.answered <= balanced.answered <= cautious.answered <= 1
    assert 0 <= eager.possible <= balanced.possible <= cautious.possible <= 1
    assert all(one.possible <= one.answered for one in (eager, balanced, cautious))
    assert all(term.scale > 0 for term in model.features.values())
    assert model.fitted_on


@pytest.mark.parametrize(
    "change",
    [
        {"colour": 1},
        {"thresholds": {"brave": {"answered": 0.1, "possible": 0.1}}},
        {"thresholds": {"eager": 0.1}},
        {"intercept": "much"},
        {"features": {"a": 1}},
    ],
)
def test_a_model_that_is_none(change: dict[str, object]) -> None:
    """A model with an unknown key, caution or kind of value is refused."""
    with pytest.raises(ValidationError):
        Model.model_validate({**MODEL.model_dump(), **change})


def test_a_model_is_read_as_it_was_written() -> None:
    """What a fit writes is what is read."""
    assert Model.model_validate_json(MODEL.model_dump_json(indent=2)) == MODEL
