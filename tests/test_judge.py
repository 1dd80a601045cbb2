"""Judging: when a question is answered, when possibly, and when not at all."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprints.answer.confidence import Confidence, Model, Term, Thresholds
from footprints.answer.judge import BEST_FIRST, Judged, judge
from footprints.types import (
    AnswerStatus,
    Candidate,
    Expected,
    Passage,
    Scored,
    Sentence,
    Signals,
    Understood,
)

QUESTION = Understood("Who leads the Devon STP?")


def confident(answered: float, possible: float) -> Confidence:
    """Make a confidence with two thresholds, sure of what is near."""
    between = Thresholds(answered=answered, possible=possible)
    return Confidence(
        model=Model(
            features={"nearest": Term(mean=0.0, scale=1.0, weight=5.0)},
            intercept=-2.0,
            thresholds={"cautious": between, "balanced": between, "eager": between},
            off_topic=0.3,
            fitted_on="nothing",
        )
    )


CONFIDENCE = confident(0.7, 0.3)


def alone(score: float = 0.9, nearest: float = 0.5) -> Scored[Candidate]:
    """Make a ranked sentence whose passage has a given cosine with the question."""
    sentence = Sentence(0, 9)
    candidate = Candidate(Passage("page", (), 0, 9, (sentence,)), sentence, 0)
    shares = dict.fromkeys(("subject", "maxsim", "named", "least", "unmatched", "expected"), 0.5)
    return Scored(candidate, score, Signals(passage=nearest, states=1.0, **shares))


@pytest.mark.parametrize(
    ("score", "nearest", "status"),
    [
        (0.29, 0.29, AnswerStatus.ABSTAINED_OFF_TOPIC),
        (0.29, 1.0, AnswerStatus.ANSWERED),
        (0.3, 0.0, AnswerStatus.ABSTAINED_NOT_IN_CORPUS),
        (0.3, 0.4, AnswerStatus.POSSIBLE),
    ],
)
def test_status(score: float, nearest: float, status: AnswerStatus) -> None:
    """Off topic is low in score and nearness; all else is a matter of probability."""
    ranking = [alone(score, nearest)]
    judged = judge(QUESTION, ranking, CONFIDENCE)
    assert (judged.status, judged.probability) == (
        status,
        CONFIDENCE.probability(QUESTION, ranking),
    )


def test_the_thresholds_themselves_are_enough() -> None:
    """A probability is enough if it is not below a threshold."""
    ranking = [alone()]
    probability = CONFIDENCE.probability(QUESTION, ranking)
    for answered, possible, status in [
        (probability, 0.0, AnswerStatus.ANSWERED),
        (probability + 1e-9, probability, AnswerStatus.POSSIBLE),
        (1.0, probability + 1e-9, AnswerStatus.ABSTAINED_NOT_IN_CORPUS),
    ]:
        assert judge(QUESTION, ranking, confident(answered, possible)).status is status


@pytest.mark.parametrize(
    ("yes_or_no", "unmatched", "status"),
    [
        (True, 0.61, AnswerStatus.POSSIBLE),
        (True, 0.6, AnswerStatus.ANSWERED),
        (False, 0.81, AnswerStatus.POSSIBLE),
        (False, 0.8, AnswerStatus.ANSWERED),
    ],
)
def test_a_question_needs_its_words(
    yes_or_no: bool, unmatched: float, status: AnswerStatus
) -> None:
    """It is surely answered only by what has a fifth of its words; of one for yes or no, more."""
    best = alone(nearest=1.0)
    ranking = [replace(best, signals=replace(best.signals, unmatched=unmatched))]
    question = Understood("Does it lead?", yes_or_no=yes_or_no)
    assert judge(question, ranking, CONFIDENCE).status is status


def test_a_stranger_is_never_surely_answered() -> None:
    """What names something that no document has is possible at best, and may still be refused."""
    question = Understood("Who leads Zanzibar?", unmentioned=("Zanzibar",))
    assert judge(question, [alone(nearest=1.0)], CONFIDENCE).status is AnswerStatus.POSSIBLE
    assert judge(question, [alone(nearest=0.0)], CONFIDENCE).status is (
        AnswerStatus.ABSTAINED_NOT_IN_CORPUS
    )


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("What about Zanzibar?", AnswerStatus.ABSTAINED_NOT_IN_CORPUS),
        ("Who leads Devon? And Zanzibar?", AnswerStatus.ABSTAINED_NOT_IN_CORPUS),
        ("Who leads Zanzibar?", AnswerStatus.POSSIBLE),
    ],
)
def test_a_stranger_alone_is_refused(text: str, status: AnswerStatus) -> None:
    """What asks about nothing but a name that no document has is not answered, however near."""
    carried = text.rfind("And") if "And" in text else 0
    question = Understood(text, unmentioned=("Zanzibar",), carried=carried)
    assert judge(question, [alone(nearest=1.0)], CONFIDENCE).status is status


def test_what_points_at_nothing_is_never_surely_answered() -> None:
    """What “they” are is not known where a follow-up is read without the question before it."""
    question = replace(QUESTION, unbound=True)
    judged = judge(question, [alone(nearest=1.0)], CONFIDENCE)
    assert (judged.status, judged.likely) == (AnswerStatus.POSSIBLE, False)


@pytest.mark.parametrize(("least", "answered"), [(0.31, False), (0.33, True)])
def test_another_name_needs_what_was_asked(least: float, answered: bool) -> None:
    """“And Essex?” is not answered by a sentence on Essex that lacks what was asked of others."""
    best = alone(nearest=1.0)
    best = replace(best, signals=replace(best.signals, least=least))
    judged = judge(replace(QUESTION, renamed=True), [best], CONFIDENCE)
    assert (judged.status is AnswerStatus.ANSWERED) is answered
    assert judged.likely is False
    assert judge(QUESTION, [best], CONFIDENCE).status is AnswerStatus.ANSWERED


def test_a_value_is_asked_of_a_name() -> None:
    """Who leads one place is not answered by who leads others."""
    best = alone(nearest=1.0)
    nameless = replace(best, signals=replace(best.signals, named=0.0))
    question = Understood("Who leads Kent?", names=(("Kent",),), expects=Expected.PERSON)
    assert judge(question, [best], CONFIDENCE).status is AnswerStatus.ANSWERED
    judged = judge(question, [nameless], CONFIDENCE)
    assert (judged.status, judged.likely) == (AnswerStatus.POSSIBLE, False)


def test_what_a_publisher_says_is_not_said_by_others() -> None:
    """What the RCN supports is surely answered by its own words alone."""
    question, best = replace(QUESTION, publishers=frozenset({"RCN"})), alone(nearest=1.0)
    own = replace(best, signals=replace(best.signals, publisher=1.0))
    assert judge(question, [own], CONFIDENCE).status is AnswerStatus.ANSWERED
    assert judge(question, [best], CONFIDENCE).status is AnswerStatus.POSSIBLE


def test_a_place_that_only_the_asker_knows() -> None:
    """Whether “my hospital” closes, or when, is possible at most; what it does may be answered."""
    question, best = replace(QUESTION, unplaced=True), alone(nearest=1.0)
    assert judge(question, [best], CONFIDENCE).status is AnswerStatus.ANSWERED
    for asked in ({"yes_or_no": True}, {"expects": Expected.DATE}):
        judged = judge(replace(question, **asked), [best], CONFIDENCE)
        assert (judged.status, judged.likely) == (AnswerStatus.POSSIBLE, False)


@pytest.mark.parametrize(("nearest", "likely"), [(0.3, False), (0.35, True), (0.5, True)])
def test_what_is_possible_may_be_likely(nearest: float, likely: bool) -> None:
    """From 0.4 on what is possible is likely, unless its sentence has none of the names asked."""
    confidence, best = confident(0.9, 0.1), alone(nearest=nearest)
    nameless = replace(best, signals=replace(best.signals, named=0.0))
    named = replace(QUESTION, names=(("Devon",),))
    assert judge(named, [best], confidence).likely is likely
    assert judge(QUESTION, [nameless], confidence).likely is likely
    assert not judge(named, [nameless], confidence).likely
    assert not judge(replace(named, unmentioned=("Zanzibar",)), [best], confidence).likely
    assert not judge(replace(named, unknown=("zanzibar",)), [best], confidence).likely
    for signals in ({"unmatched": 0.95}, {"middling": 1.0}):
        doubted = replace(best, signals=replace(best.signals, **signals))
        assert not judge(QUESTION, [doubted], confidence).likely


def test_what_was_shown_before_gives_no_reason() -> None:
    """What repeats the quote before is no sure reason, and no value that it does not have."""
    best = alone(nearest=1.0)
    again = replace(best, signals=replace(best.signals, repeats=1.0, expected=1.0))
    without = replace(again, signals=replace(again.signals, expected=0.0))
    for expects, ranking, answered in (
        (Expected.PERSON, again, True),
        (Expected.REASON, best, True),
        (Expected.REASON, again, False),
        (Expected.PERSON, without, False),
    ):
        judged = judge(replace(QUESTION, expects=expects), [ranking], CONFIDENCE)
        assert (judged.status is AnswerStatus.ANSWERED) is answered


def test_what_nobody_knows_and_what_is_said_in_another_mode() -> None:
    """Nothing is surely answered that has an unknown word, nor by what is said in another mode."""
    best = alone(nearest=1.0)
    amiss = replace(best, signals=replace(best.signals, amiss=1.0))
    assert judge(QUESTION, [best, amiss], CONFIDENCE).status is AnswerStatus.ANSWERED
    for judged in (
        judge(replace(QUESTION, unknown=("medway",)), [best], CONFIDENCE),
        judge(QUESTION, [amiss, best], CONFIDENCE),
    ):
        assert judged.status is AnswerStatus.POSSIBLE
        assert not judged.likely


@pytest.mark.parametrize("said", [True, False])
def test_the_most_needs_a_superlative(said: bool) -> None:
    """What asks for the most is surely answered only by such, and only likely where one is near."""
    middling = alone(nearest=1.0)
    middling = replace(middling, signals=replace(middling.signals, middling=1.0))
    deepest, asked = alone(nearest=1.0), Understood("Which is deepest?")
    assert judge(asked, [deepest, middling], CONFIDENCE).status is AnswerStatus.ANSWERED
    judged = judge(asked, [middling, middling, deepest if said else middling], CONFIDENCE)
    assert (judged.status, judged.likely) == (AnswerStatus.POSSIBLE, said)


def test_what_asks_is_no_sure_answer() -> None:
    """Where the best sentence itself asks, nothing is surely answered."""
    best = alone(nearest=1.0)
    asking = replace(best, signals=replace(best.signals, states=0.0))
    assert judge(QUESTION, [best, asking], CONFIDENCE).status is AnswerStatus.ANSWERED
    assert judge(QUESTION, [asking, best], CONFIDENCE).status is AnswerStatus.POSSIBLE


def test_what_is_said_of_another_is_no_sure_answer() -> None:
    """Where the best sentence is about another subject, nothing is surely answered."""
    best = alone(nearest=1.0)
    of_another = replace(best, signals=replace(best.signals, elsewhere=1.0))
    assert judge(QUESTION, [of_another, best], CONFIDENCE).status is AnswerStatus.POSSIBLE


@pytest.mark.parametrize("question", ["Why?", "What is it?", "?"])
def test_a_question_without_terms_needs_rephrasing(question: str) -> None:
    """A question of stop words only needs rephrasing, however near something seems."""
    judged = judge(Understood(question), [alone(nearest=0.9)], CONFIDENCE)
    assert judged == Judged(AnswerStatus.ABSTAINED_NEEDS_REPHRASING, 0.0)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=9))
def test_nearer_never_ends_worse(cosines: list[float]) -> None:
    """The more probable an answer is, the better it ends: no threshold turns that round."""
    order = {status: -place for place, status in enumerate(BEST_FIRST)}
    ends = [
        order[judge(QUESTION, [alone(0.9, nearest)], CONFIDENCE).status]
        for nearest in sorted(cosines)
    ]
    assert all(before <= after for before, after in pairwise(ends))


def test_every_end_of_one_question_has_its_place() -> None:
    """Questions of several parts end as the best part: each end that a part can have is ranked."""
    whole = {AnswerStatus.OVERVIEW, AnswerStatus.GUIDANCE}
    assert set(BEST_FIRST) == set(AnswerStatus) - whole
    assert len(BEST_FIRST) == len(set(BEST_FIRST))
