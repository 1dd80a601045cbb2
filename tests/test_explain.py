"""Explaining an answer."""

from __future__ import annotations

import pytest
from fakes import FakeEncoder
from tiny import answerer_of, document

from footprints.answer.answerer import Answerer
from footprints.explain import explain

PAGE = document(
    "# Leaders\n\n## Devon\n\nAngela leads the plan of Devon.\n\n"
    "## Dorset\n\nTim leads the plan of Dorset. He began in May."
)


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """Answer from one small page."""
    return answerer_of(FakeEncoder(), PAGE)


def test_every_quote_and_every_fate_is_said(answerer: Answerer) -> None:
    """An explanation holds each quote of the answer, and why every other sentence was left."""
    answer = answerer.answer("Angela leads the plan of Devon.")
    lines = list(explain(answerer, "Angela leads the plan of Devon."))
    assert answer.citations
    for citation in answer.citations:
        place = f"{citation.number}. {citation.doc_id}:{citation.start}-{citation.end}"
        assert any(place in line for line in lines)
    fates = [line for line in lines if line.startswith("   → ")]
    sentences = answerer.search("Angela leads the plan of Devon.").ranking
    assert len(fates) == len(sentences)
    assert all("accepted: in quote" in fate or "rejected: " in fate for fate in fates)


def test_what_was_understood_comes_first(answerer: Answerer) -> None:
    """It begins with the question as it was read: names, publishers, the value expected."""
    first = list(explain(answerer, "Who leads the plan of Devon?"))[:4]
    assert first == [
        "Read as: Who leads the plan of Devon?",
        "Names: Devon",
        "Publishers: none",
        "Expects: person",
    ]


def test_the_parts_of_the_probability_add_up(answerer: Answerer) -> None:
    """What the features are said to count adds up to the log odds of the probability."""
    reading = answerer.search("Who leads the plan of Devon?")
    parts = answerer.confidence.parts(reading.question, reading.ranking)
    named = {name: value for name, value, _ in parts}
    assert named["particular"] == 1
    lines = list(explain(answerer, "Who leads the plan of Devon?"))
    assert all(any(line.startswith(f"  {name}") for line in lines) for name in named)


def test_a_no_rejects_everything(answerer: Answerer) -> None:
    """Where the answer abstains, every sentence is said to be rejected for that."""
    lines = list(explain(answerer, "Why is the sky blue at noon over France?"))
    fates = [line for line in lines if line.startswith("   → ")]
    assert fates
    assert set(fates) == {"   → rejected: the answer abstains"}
