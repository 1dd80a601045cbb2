"""Explaining an answer."""

from __future__ import annotations

import pytest
from fakes import FakeEncoder
from tiny import answerer_of, document

from footprints.answer.answerer import Answerer
from footprints.explain import explain
from footprints.index.encoder import BundledEncoder
from footprints.settings import Settings

PAGE = document(
    "# Leaders\n\n## Devon\n\nAngela leads the plan of Devon.\n\n"
    "## Dorset\n\nTim leads the plan of Dorset. He began in May."
)


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """Answer from one small page."""
    return answerer_of(FakeEncoder(), PAGE)


@pytest.fixture(name="real_answerer", scope="module")
def answerer_of_the_pages(built: Settings, real_encoder: BundledEncoder) -> Answerer:
    """Answer from the five pages."""
    return Answerer.open(built, lambda _: real_encoder)


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
    fitting = ("in quote ", "in view around quote ", "not quoted: ")
    assert all(fate.removeprefix("   → ").startswith(fitting) for fate in fates)


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


def test_a_no_quotes_nothing(answerer: Answerer) -> None:
    """Where the answer abstains, every sentence is said not to be quoted for that."""
    lines = list(explain(answerer, "Why is the sky blue at noon over France?"))
    fates = [line for line in lines if line.startswith("   → ")]
    assert fates
    assert set(fates) == {"   → not quoted: the answer abstains"}


def test_the_thresholds_are_said(answerer: Answerer) -> None:
    """It says from which probability on it answers, and from which on it shows what it found."""
    (line,) = [one for one in explain(answerer, "Who leads Devon?") if "possible from" in one]
    thresholds = answerer.confidence.thresholds
    assert line == (
        f"  answered from {thresholds.answered:.2f}, possible from {thresholds.possible:.2f}"
    )


def test_a_name_in_no_document_is_said(answerer: Answerer) -> None:
    """A name that no document has stands in how the question was understood."""
    assert "In no document: Zanzibar" in [*explain(answerer, "Who leads the plan of Zanzibar?")]


def test_each_part_is_explained(answerer: Answerer) -> None:
    """Of a question that asks two things each part has its own way, in order."""
    lines = [*explain(answerer, "Who leads the plan of Devon and who leads the plan of Dorset?")]
    assert [line for line in lines if line.startswith("\nPart: ")] == [
        "\nPart: Who leads the plan of Devon?",
        "\nPart: who leads the plan of Dorset?",
    ]
    assert len([line for line in lines if line.startswith("Read as: ")]) == 2


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("hello", "About this service, in our own words."),
        ("Tell me about Devon", "An overview in the documents’ own words."),
    ],
)
def test_what_is_not_searched_for_has_no_way(answerer: Answerer, question: str, first: str) -> None:
    """Guidance and overviews are said to be such, with what they quote and nothing else."""
    said, *quotes = explain(answerer, question)
    citations = answerer.answer(question).citations
    assert said == first
    assert len(quotes) == len(citations)
    for line, quote in zip(quotes, citations, strict=True):
        assert line.startswith(f"  {quote.number}. {quote.doc_id}:{quote.start}-{quote.end}  ")


@pytest.mark.parametrize(
    "question",
    [
        "how do i complain about my hospital",
        "Are STPs statutory bodies or do they have any legal standing?",
        "Who leads the STP in Devon and who leads it in Dorset?",
    ],
)
def test_the_quotes_are_those_of_the_answer(real_answerer: Answerer, question: str) -> None:
    """Possible answers and parts are explained with the quotes that they have, as numbered."""
    answer = real_answerer.answer(question)
    found = [line for line in explain(real_answerer, question) if line.startswith("  ")]
    assert len(answer.citations) > 2
    for quote in answer.citations:
        place = f"  {quote.number}. {quote.doc_id}:{quote.start}-{quote.end}  "
        assert any(line.startswith(place) for line in found), place


def test_a_part_is_read_behind_those_before_it(real_answerer: Answerer) -> None:
    """The second question of two leans on the first, in the explanation as in the answer."""
    question = "Are STPs statutory bodies or do they have any legal standing?"
    _, second = [line for line in explain(real_answerer, question) if line.startswith("Read as: ")]
    history = ["Are STPs statutory bodies?"]
    read = real_answerer.search("do they have any legal standing?", history).question.text
    assert second == f"Read as: {read}"
    assert read != "do they have any legal standing?"
