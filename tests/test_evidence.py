"""Evidence: what of a ranking is quoted, and when a question is not answered."""

from __future__ import annotations

import pytest

from footprints.answer.evidence import (
    ABSTAIN_BELOW,
    MARGIN,
    OFF_TOPIC_NEAREST,
    OFF_TOPIC_SCORE,
    asks_for_list,
    judge,
    select_evidence,
)
from footprints.types import AnswerStatus, Candidate, Passage, Scored, Sentence, Span

QUESTION = "Who leads the Devon STP?"


def scored(
    sentence: Sentence, score: float = 0.9, nearest: float = 0.5, doc_id: str = "page"
) -> Scored[Candidate]:
    """Make a ranked sentence whose passage has a given cosine with the question."""
    passage = Passage(doc_id, ("Heading",), sentence.start, sentence.end, (sentence,))
    return Scored(Candidate(passage, sentence, 0), score, {"passage": nearest})


def places(chosen: tuple[Scored[Candidate], ...]) -> list[tuple[int, int]]:
    """Return where the sentences of some evidence stand."""
    return [(one.item.sentence.start, one.item.sentence.end) for one in chosen]


@pytest.mark.parametrize(("nearest", "probability"), [(0.0, 0.1885), (0.5, 0.7712), (1.0, 0.9800)])
def test_probability(nearest: float, probability: float) -> None:
    """The probability is 1 / (1 + exp(1.46 − 5.35 · nearest)), worked out by hand."""
    assert judge(QUESTION, [scored(Sentence(0, 9), nearest=nearest)])[1] == pytest.approx(
        probability, abs=5e-5
    )


def test_nearest_is_over_the_whole_ranking() -> None:
    """The nearest passage counts even if its sentences are not ranked first."""
    ranking = [scored(Sentence(0, 9), 0.9, 0.2), scored(Sentence(9, 20), 0.1, 0.5)]
    assert judge(QUESTION, ranking)[1] == pytest.approx(0.7712, abs=5e-5)


LOW_SCORE, HIGH_SCORE = OFF_TOPIC_SCORE - 0.01, OFF_TOPIC_SCORE + 0.01


@pytest.mark.parametrize(
    ("score", "nearest", "status"),
    [
        (LOW_SCORE, OFF_TOPIC_NEAREST - 0.01, AnswerStatus.ABSTAINED_OFF_TOPIC),
        (LOW_SCORE, 0.0, AnswerStatus.ABSTAINED_OFF_TOPIC),
        (LOW_SCORE, 1.0, AnswerStatus.ANSWERED),
        (HIGH_SCORE, 0.0, AnswerStatus.ABSTAINED_NOT_IN_CORPUS),
        (HIGH_SCORE, 1.0, AnswerStatus.ANSWERED),
    ],
)
def test_status(score: float, nearest: float, status: AnswerStatus) -> None:
    """Off topic is low in score and nearness; not in the corpus is only improbable."""
    judged, probability = judge(QUESTION, [scored(Sentence(0, 9), score, nearest)])
    assert judged is status
    assert (probability >= ABSTAIN_BELOW) >= (judged is AnswerStatus.ANSWERED)


@pytest.mark.parametrize("question", ["Why?", "What is it?", "?"])
def test_a_question_without_terms_needs_rephrasing(question: str) -> None:
    """A question of stop words only needs rephrasing, however near something seems."""
    judged = judge(question, [scored(Sentence(0, 9), 0.9, 0.9)])
    assert judged == (AnswerStatus.ABSTAINED_NEEDS_REPHRASING, 0.0)


def test_an_abstention_accepts_nothing() -> None:
    """All sentences of a question that is not answered are rejected, in their order."""
    ranking = [scored(Sentence(0, 9), 0.2, 0.1), scored(Sentence(9, 20), 0.1, 0.1)]
    evidence = select_evidence(QUESTION, ranking)
    assert (evidence.accepted, evidence.rejected) == ((), tuple(ranking))


def test_margin() -> None:
    """A sentence is accepted at most the margin below the best one, and rejected beyond."""
    scores = (0.9, 0.9 - MARGIN + 0.001, 0.9 - MARGIN - 0.001, 0.2)
    ranking = [scored(Sentence(10 * i, 10 * i + 9), score) for i, score in enumerate(scores)]
    evidence = select_evidence(QUESTION, ranking)
    assert evidence.accepted == tuple(ranking[:2])
    assert evidence.rejected == tuple(ranking[2:])


def test_a_lead_in_brings_its_list() -> None:
    """A lead-in is quoted with all of its items, which are then not quoted again."""
    whole = Span(0, 50)
    lead, item = Sentence(0, 10, whole=whole), Sentence(12, 20, lead=Span(0, 10), whole=whole)
    evidence = select_evidence(QUESTION, [scored(lead, 0.9), scored(item, 0.89)])
    assert places(evidence.accepted) == [(0, 50)]
    assert places(evidence.rejected) == [(12, 20)]


@pytest.mark.parametrize(
    ("question", "place"),
    [("Who leads the Devon STP?", (12, 20)), ("What are the leads of the STPs?", (0, 50))],
)
def test_an_item_brings_its_list_if_asked(question: str, place: tuple[int, int]) -> None:
    """An item is quoted alone, or as its whole list where the question asks for a list."""
    item = Sentence(12, 20, lead=Span(0, 10), whole=Span(0, 50))
    assert places(select_evidence(question, [scored(item)]).accepted) == [place]


def test_a_list_too_long_for_a_passage_stays_items() -> None:
    """An item whose list is too long to be quoted whole is quoted alone."""
    item = Sentence(12, 20, lead=Span(0, 10))
    assert places(select_evidence("List the leads of the STPs", [scored(item)]).accepted) == [
        (12, 20)
    ]


def test_the_same_place_in_two_documents_is_quoted_twice() -> None:
    """Offsets overlap only within one document."""
    ranking = [scored(Sentence(0, 9), doc_id="one"), scored(Sentence(0, 9), doc_id="two")]
    assert len(select_evidence(QUESTION, ranking).accepted) == 2


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("List the must dos", True),
        ("Name all STPs in the South West", True),
        ("What are the nine must dos?", True),
        ("which systems make up the east of England?", True),
        ("Who are the STP leads?", True),
        ("Who leads the Devon STP?", False),
        ("What is an STP?", False),
        ("What does the plan say?", False),
        ("Why was the listed building sold?", False),
        ("Which area takes in Luton?", False),
    ],
)
def test_asks_for_list(question: str, expected: bool) -> None:
    """A question asks for a list if it names one or asks for several things."""
    assert asks_for_list(question) is expected
