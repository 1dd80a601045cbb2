"""What a question asks the meaning of, and whether a sentence gives it."""

from __future__ import annotations

import pytest

from footprints.answer.defines import asked_term, defines, how_well


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What is an ICS?", "ICS"),
        ("what's a vanguard", "vanguard"),
        ("In 2016, what was an STP?", "STP"),
        ("What does STP stand for?", "STP"),
        ("What is meant by ‘triple integration’?", "triple integration"),
        ("Define accountable care organisation", "accountable care organisation"),
        ("ics meaning pls", "ics"),
        ("what an ICS is", "ICS"),
        ("what STP stands for", "STP"),
    ],
)
def test_asked_term(question: str, term: str) -> None:
    """A question for a meaning is known by its form, and its term is found."""
    assert asked_term(question) == term


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the Devon STP?",
        "How many STPs are there?",
        "What do the plans of the eastern systems have to say about dentists?",
        "",
    ],
)
def test_no_term(question: str) -> None:
    """Another question, or a long description, asks for no meaning."""
    assert asked_term(question) is None


@pytest.mark.parametrize(
    "text",
    [
        "An integrated care system is an even closer collaboration.",
        "Integrated care systems are partnerships.",
        "ICS stands for integrated care system.",
        "The ICSs (there are 42) are new.",
        "ICSs were created to plan care.",
        "Such a group is often called an integrated care system.",
    ],
)
def test_defines(text: str) -> None:
    """A definition begins with its term, or says that something is called so."""
    assert defines(("ICS", "integrated care system"), text)


@pytest.mark.parametrize(
    "text",
    [
        "Much like STPs, integrated care systems will look to deliver change.",
        "Every area is covered by an integrated care system.",
        "ICS leaders are known.",
        "The ICS was presented at the council.",
        "",
    ],
)
def test_does_not_define(text: str) -> None:
    """A sentence that only speaks of a term is no definition."""
    assert not defines(("ICS", "integrated care system"), text)


@pytest.mark.parametrize(
    ("forms", "text", "expected"),
    [
        (("ICS", "integrated care system"), "An integrated care system is a partnership.", 1),
        (("ICS", "integrated care system"), "Integrated care systems are the way.", 0.5),
        (("ICSs", "ICS", "integrated care system"), "Integrated care systems are the way.", 1),
        (("ICS", "integrated care system"), "ICS leaders are known.", 0),
    ],
)
def test_one_is_not_defined_by_what_all_are(
    forms: tuple[str, ...], text: str, expected: float
) -> None:
    """What is said of all of them counts half where one is asked for."""
    assert how_well(forms, text) == expected


def test_no_forms() -> None:
    """Where no meaning is asked for, nothing is a definition."""
    assert not defines((), "An integrated care system is a partnership.")
