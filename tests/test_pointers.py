"""Pointers: sentences that only say where to find something else."""

from __future__ import annotations

import pytest

from footprints.answer.answerer import Answerer
from footprints.answer.pointers import points_elsewhere
from footprints.types import Sentence, Span


def points(text: str, whole: Span | None = None) -> bool:
    """Tell whether a sentence of its own only points elsewhere."""
    return points_elsewhere(Sentence(0, len(text), whole=whole), text)


@pytest.mark.parametrize(
    "text",
    [
        "Click here to read about vanguards.",
        "Find out more",
        "Read the full report on the RCN website.",
        "Please visit the NHS website for details.",
        "The plan is available to download from the website.",
        "You can find the list here.",
        "More information is available here",
        "Updated 3 May 2016",
        "12 May 2016",
        "Published 14 June 2019",
        "First published: 3rd May 2016",
        "Date: May 2016",
        "Print this page",
    ],
)
def test_pointers(text: str) -> None:
    """What sends the reader elsewhere or furnishes the page says nothing itself."""
    assert points(text)


@pytest.mark.parametrize(
    "text",
    [
        "Patients can find help in the community.",
        "The link between care and health is close.",
        "The STP was published on 3 May 2016.",
        "Each plan lists its priorities.",
        "Staff read and agree the plan before it is published on the site of the hospital.",
    ],
)
def test_what_says_something(text: str) -> None:
    """A sentence with such words that tells something is no pointer."""
    assert not points(text)


def test_a_long_sentence_says_something() -> None:
    """A sentence of more than forty words is quoted, wherever it sends the reader besides."""
    assert points("Click here " + "or " * 38)
    assert not points("Click here " + "or " * 39)


def test_a_lead_in_is_no_pointer() -> None:
    """What leads in a list is quoted with it."""
    assert not points("You can find the areas below:", whole=Span(0, 60))


def test_a_lead_in_without_its_list_is_a_pointer() -> None:
    """What leads in nothing that can be quoted with it says nothing."""
    assert points("Further bids have been submitted from:")


@pytest.mark.parametrize(
    "question",
    ["What is a vanguard?", "Where can I read about vanguards?", "Which vanguards are there?"],
)
def test_no_pointer_is_quoted(answerer: Answerer, question: str) -> None:
    """On the pages, no quote is one that only points elsewhere."""
    quotes = [one.quote for one in answerer.answer(question).citations]
    assert quotes
    assert not any(points(quote) for quote in quotes)
