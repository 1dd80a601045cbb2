"""Intents: what is meant to come is told from what came."""

from __future__ import annotations

import pytest

from footprints.answer.intent import asks_what_came, says_what_is_meant


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Does integrated care save money?", True),
        ("And have waiting times improved?", True),
        ("Did it work?", True),
        ("Is it better than before?", True),
        ("Will it save money?", False),
        ("Is it meant to save money?", False),
        ("Do the boards work with councils?", False),
        ("Is health included in the deal?", False),
        ("How does it save money?", False),
    ],
)
def test_what_came_is_asked_for(question: str, asks: bool) -> None:
    """A question for yes or no asks what came of something, or what it is or is meant to be."""
    assert asks_what_came(question) is asks


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("The plan aims to save £1 million.", True),
        ("To achieve this, wards close.", True),
        ("It is a response to a need to deliver savings.", True),
        ("It will save money.", True),
        ("It saved £1 million.", False),
    ],
)
def test_what_is_meant(text: str, meant: bool) -> None:
    """An aim, a plan or an expectation says what may come; a report says what came."""
    assert says_what_is_meant(text) is meant
