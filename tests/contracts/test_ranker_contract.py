"""What every ``Ranker`` keeps, the real one and a trivial one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from fakes import FakeEncoder
from tiny import document, index_of

from footprints.answer.answerer import Answerer
from footprints.answer.confidence import features
from footprints.answer.rank import SignalRanker
from footprints.answer.retrieve import retrieve
from footprints.index.lexical import terms
from footprints.index.store import Index
from footprints.types import AnswerStatus, Candidate, Encoding, Found, Ranker, Scored, Understood

ENCODER = FakeEncoder()
QUESTION = Understood("Who leads Devon?")


class InOrder:
    """A ranker that keeps sentences in the order of their passages, and is sure of each."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def rank(
        self, question: Understood, encoding: Encoding, passages: Sequence[Scored[Found]]
    ) -> list[Scored[Candidate]]:
        """Rank by position."""
        candidates = [(found, c) for found in passages for c in self._index.candidates(found.item)]
        sure = dict.fromkeys(("maxsim", "least", "named", "expected"), 1.0)
        return [
            Scored(candidate, 1 / place, replace(found.signals, **sure))
            for place, (found, candidate) in enumerate(candidates, start=1)
        ]


@pytest.fixture(scope="module")
def index() -> Index:
    """Index two pages."""
    first = document(
        "# One\n\nAngela leads Devon. Tim leads Dorset.\n\n# Two\n\nLeads:\n\n- A\n- B"
    )
    return index_of(ENCODER, first, document("# Three\n\nNobody else.", "other"))


@pytest.fixture(params=[SignalRanker, InOrder])
def ranker(request: pytest.FixtureRequest, index: Index) -> Ranker:
    """Give each ranker in turn."""
    make: Callable[[Index], Ranker] = request.param
    return make(index)


@pytest.fixture
def passages(index: Index) -> list[Scored[Found]]:
    """Retrieve all passages for the question."""
    return retrieve(index, terms(QUESTION.text), ENCODER.encode([QUESTION.text])[0])


def rank(ranker: Ranker, passages: Sequence[Scored[Found]]) -> list[Scored[Candidate]]:
    """Rank the sentences of passages for the question."""
    return ranker.rank(QUESTION, ENCODER.encode([QUESTION.text])[0], passages)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_sentence_of_the_passages_once(
    ranker: Ranker, index: Index, passages: list[Scored[Found]], count: int
) -> None:
    """A ranking holds every sentence of the given passages once, and no other."""
    ranked = [one.item for one in rank(ranker, passages[:count])]
    asked = [candidate for one in passages[:count] for candidate in index.candidates(one.item)]
    assert sorted(ranked, key=lambda one: one.key) == sorted(asked, key=lambda one: one.key)


def test_best_first(ranker: Ranker, passages: list[Scored[Found]]) -> None:
    """Scores never rise along a ranking."""
    scores = [one.score for one in rank(ranker, passages)]
    assert scores == sorted(scores, reverse=True)


def test_same_question_same_ranking(ranker: Ranker, passages: list[Scored[Found]]) -> None:
    """A ranker keeps nothing from one question to the next."""
    assert rank(ranker, passages) == rank(ranker, passages)


def test_confidence_can_be_felt_in_it(ranker: Ranker, passages: list[Scored[Found]]) -> None:
    """The signals of a ranking hold all that the features of the confidence are made of."""
    ranking = rank(ranker, passages)
    assert features(QUESTION, ranking)
    for one in ranking:
        assert one.signals.passage in {found.signals.passage for found in passages}


def test_evidence_can_be_selected_from_it(ranker: Ranker, index: Index) -> None:
    """An answerer with this ranker answers a question in the words of a page."""
    answer = Answerer(index, ENCODER, "tiny", ranker).answer("Angela leads Devon.")
    assert answer.status in (AnswerStatus.ANSWERED, AnswerStatus.POSSIBLE)
    assert "Angela leads Devon." in [citation.quote for citation in answer.citations]
