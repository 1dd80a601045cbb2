"""Overviews: what is asked for as a whole, and what is shown of it."""

from __future__ import annotations

import pytest
from fakes import FakeEncoder
from tiny import document, index_of

from footprints.answer.answerer import Answerer
from footprints.answer.overview import MOST
from footprints.answer.understand import Understanding
from footprints.types import AnswerStatus


@pytest.mark.parametrize(
    "question",
    [
        "Give me an overview of the LGA review",
        "summarise the LGA review",
        "What does the LGA review say?",
        "the LGA review: main points please",
        "LGA review",
        "The LGA review?",
        "the review",
        "Can I have a summary of the LGA review?",
        "I have a meeting at two. Can you summarise the LGA review?",
        "Outline of the LGA review, please - I have five minutes.",
    ],
)
def test_an_overview_of_a_document(answerer: Answerer, question: str) -> None:
    """A document that is asked for as a whole is shown by how its sections open, in order."""
    answer = answerer.answer(question)
    assert answer.status is AnswerStatus.OVERVIEW
    assert {one.doc_id for one in answer.citations} == {"lga-stp-review"}
    assert 5 <= len(answer.citations) <= MOST
    starts = [one.start for one in answer.citations]
    assert starts == sorted(starts)
    headings = [one.headings[-1] for one in answer.citations]
    assert len(set(headings)) == len(headings)
    assert {"What are STPs?", "Leadership and governance"} <= set(headings)


@pytest.mark.parametrize("question", ["tell me about Devon", "What do you know about Devon?"])
def test_an_overview_of_a_place(answerer: Answerer, question: str) -> None:
    """All that names a place is shown: sentences that have it, and what stands in their lists."""
    answer = answerer.answer(question)
    assert answer.status is AnswerStatus.OVERVIEW
    assert all("Devon" in one.quote for one in answer.citations)
    assert len(answer.citations) == 2
    assert answer.probability == 1
    assert answer.further


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the Devon STP?",
        "summarise how STPs engage the public",
        "Tell me about the NHS",
        "Tell me about Zanzibar",
        "What does the plan of Dorset say on housing?",
        "I have just moved to Somerset. What do these papers have on the county?",
        "How much money is there? What does the NHS England page say?",
    ],
)
def test_what_is_no_overview(answerer: Answerer, question: str) -> None:
    """A question with a point of its own, of nothing, or of what all is about, is searched for."""
    assert answerer.answer(question).status is not AnswerStatus.OVERVIEW


@pytest.mark.parametrize(
    "question",
    [
        "summarise the section on public engagement",
        "What does the section on public engagement say",
    ],
)
def test_an_overview_of_a_section(answerer: Answerer, question: str) -> None:
    """A section that is asked for by what it is on is shown under its heading."""
    answer = answerer.answer(question)
    assert answer.status is AnswerStatus.OVERVIEW
    assert all("Public engagement" in one.headings for one in answer.citations)


PAGE = document(
    "# Places\n\n"
    + "\n\n".join(f"## Part {n}\n\nPart {n} opens. It goes on." for n in range(20))
    + "\n\n## Mill Lane\n\nThe mill was sold. Nobody bought it.",
    "places",
    "Places of the county",
)
UNDERSTANDING = Understanding(index_of(FakeEncoder(), PAGE))


def shown(question: str) -> list[str]:
    """Return what the overview of a question shows."""
    return [PAGE.at(one.item.sentence) for one in UNDERSTANDING.overview(question)]


def test_a_section_comes_whole() -> None:
    """What stands under a heading that is asked for is shown whole if it is short."""
    assert shown("Tell me about Mill Lane") == ["The mill was sold. Nobody bought it."]


def test_what_somebody_says_is_no_overview() -> None:
    """What “the mill” says is asked of nobody who speaks; what its section says is shown."""
    assert shown("And what did the mill say?") == []
    assert shown("What does the section on Mill Lane say?")
    assert shown("What does Mill Lane include?")


def test_at_most_twelve_places() -> None:
    """A document of very many sections shows no more than twelve places of it."""
    assert 1 <= len(shown("Summarise the places of the county")) <= MOST == 12


@pytest.mark.parametrize("question", ["What is the FAQ page about?", "Summarise the review"])
def test_a_document_is_known_by_its_kind(answerer: Answerer, question: str) -> None:
    """Where one document alone is of a kind, that kind names it; further passages stand below."""
    answer = answerer.answer(question)
    assert answer.status is AnswerStatus.OVERVIEW
    assert len({one.doc_id for one in answer.citations}) == 1
    assert answer.further
