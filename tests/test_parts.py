"""Several questions in one: where one ends and the next begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprints.answer.parts import compares, of_both, of_one, pair_of, parts_of, points_at_both

KENT, DEVON = ("Kent",), ("Devon",)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who leads Somerset and who leads Dorset?",
            ("Who leads Somerset?", "who leads Dorset?"),
        ),
        (
            "How many STPs are there? Who leads them in Devon?",
            ("How many STPs are there?", "Who leads them in Devon?"),
        ),
        (
            "now what is a vanguard, and who leads Dorset?",
            ("now what is a vanguard?", "who leads Dorset?"),
        ),
        (
            "Are they statutory bodies or do they have legal standing?",
            ("Are they statutory bodies?", "do they have legal standing?"),
        ),
    ],
)
def test_two_questions(question: str, parts: tuple[str, ...]) -> None:
    """What asks two things is two questions, in their own words."""
    assert parts_of(question, [KENT, DEVON]) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who leads Devon?",
        "What are STPs and ICSs?",
        "What do they do and how?",
        "Who leads Devon and what they plan?",
        "When, where and why did it meet?",
        "What is an STP and what do they do?",
        "Money. Who has it and who spends it on what?",
        "Who is it here? What is it there? Why is it now? Where was it then?",
    ],
)
def test_one_question(question: str) -> None:
    """What asks one thing, or in too few words or too often for two, is left as it is."""
    assert parts_of(question, []) == (question,)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Compare vanguards in Kent and Devon", ("vanguards in Kent", "vanguards in Devon")),
        ("How does Kent differ from Devon?", ("Kent", "Devon")),
        ("Vanguards: Devon versus Kent", ("Vanguards: Devon", "Vanguards: Kent")),
        ("How do the plans of Kent and Devon differ?", ("the plans of Kent", "the plans of Devon")),
        ("What is the difference between a Kent and a Devon?", ("Kent", "Devon")),
        ("Compare Kent and Devon Health on care", ("Kent on care", "Devon Health on care")),
        ("Compare how Kent and Devon are run", ("Kent is run", "Devon is run")),
        ("Compare Kent's plan with Devon's", ("Kent's plan", "Devon's plan")),
        ("How does Kent's plan compare with Devon's?", ("Kent's plan", "Devon's plan")),
        (
            "Is care in Kent cheaper than in Devon? Compare",
            ("care cheaper: Kent", "care cheaper: Devon"),
        ),
        (
            "Are beds in Kent cut compared to those in Devon?",
            ("Are beds in Kent cut", "Are beds in Devon cut"),
        ),
        ("How do Kents and Devons differ?", ("Kents", "Devons")),
        (
            "How many live in Kent compared with Devon?",
            ("How many live in Kent", "How many live in Devon"),
        ),
        ("what's the difference between a Kent and Devon", ("Kent", "Devon")),
    ],
)
def test_comparisons(question: str, sides: tuple[str, str]) -> None:
    """A comparison of two names asks the same of each, in words that can be read."""
    assert parts_of(question, [KENT, DEVON]) == sides


def test_the_verb_of_each_side() -> None:
    """One side of a comparison has the verb of one thing, unless it names several."""
    names = (("STPs",), ("Kent",))
    assert parts_of("Compare how STPs and Kent are run", names) == ("STPs are run", "Kent is run")


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("What is the difference between them?", "What is the difference between Kent and Devon?"),
        ("How do these two plans differ?", "How do Kent and Devon differ?"),
        ("Compare both of them", "Compare Kent and Devon"),
    ],
)
def test_two_that_are_pointed_at(question: str, whole: str) -> None:
    """A comparison of “them” is one of two names, in its own words otherwise."""
    assert compares(question)
    assert points_at_both(question)
    assert of_both(question, "Kent", "Devon") == whole


def test_one_that_is_pointed_at() -> None:
    """A comparison of “it” with another is one of two names."""
    assert of_one("How is it different from Kent?", "Devon") == "How is Devon different from Kent?"
    assert of_one("How does Kent differ?", "Devon") == "How does Kent differ?"


@pytest.mark.parametrize(
    ("question", "pair"),
    [
        ("What is the difference between an ICS and a vanguard?", ("ICS", "vanguard")),
        ("compare vanguard sites with pioneers", ("vanguard sites", "pioneers")),
        ("Contrast the plans to the old ones.", ("plans", "old ones")),
        ("What is the difference?", ()),
        ("How do vanguards differ from the plans that came before them?", ()),
    ],
)
def test_two_things_that_are_compared_by_form(question: str, pair: tuple[str, ...]) -> None:
    """What is compared needs no name where the form of the question says what the two are."""
    assert pair_of(question) == pair


def test_two_forms_of_one_name_are_not_compared() -> None:
    """A name that is found in two of its forms at one place is one side."""
    assert parts_of("What is the difference in ICSs?", [("ICSs", "ICS")]) == (
        "What is the difference in ICSs?",
    )


@pytest.mark.parametrize(
    "question",
    [
        "Compare vanguards in Kent",
        "What changed between 2016 and 2017?",
        "How does the first plan compare with Kent's in Devon?",
    ],
)
def test_what_compares_fewer_than_two_names(question: str) -> None:
    """One name, or years alone, are not two sides."""
    assert parts_of(question, [KENT, ("2016",), ("2017",)]) == (question,)


@given(st.text(st.sampled_from("and or who leads Kent Devon? versus ."), max_size=80))
def test_laws(question: str) -> None:
    """There are one to three parts, and none is empty unless the question is."""
    parts = parts_of(question, [KENT, DEVON])
    assert 1 <= len(parts) <= 3
    assert all(part.strip() for part in parts) or parts == (question,)
