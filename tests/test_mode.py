"""Modes: what came of something, what is thought of it, duties and offices are told apart."""

from __future__ import annotations

import pytest

from footprints.answer.mode import modes_of

MEANT = "The plan aims to save money."
CAME = "Costs fell by a tenth."
PRAISED = "Councils welcomed the plan."
DUTY = "Each plan must go to the board."
PLAIN = "The board meets the councils."
HOLDER = "The board is led by Dr Ann Lee."


@pytest.mark.parametrize(
    ("question", "says_it"),
    [
        ("Does integrated care save money?", {CAME, PRAISED, PLAIN}),
        ("And have waiting times improved?", {CAME, PRAISED, DUTY, PLAIN}),
        ("Did it work?", {CAME, PRAISED, PLAIN}),
        ("What do councils think of the plan?", {PRAISED}),
        ("How do people feel about it?", {PRAISED}),
        ("what are the views of councils", {PRAISED}),
        ("Does the board have to see the plan?", {DUTY}),
        ("Are councils required to meet?", {DUTY}),
        ("Who is the chair of the board?", {HOLDER}),
        ("and who's our clinical lead", {HOLDER}),
    ],
)
def test_what_is_asked_for_is_said(question: str, says_it: set[str]) -> None:
    """An aim is no result, a description no opinion, and what is done no duty."""
    (mode,) = modes_of(question)
    said = {text for text in (MEANT, CAME, PRAISED, DUTY, PLAIN, HOLDER) if mode.match(text)}
    assert said & {MEANT, *says_it} == says_it
    assert HOLDER not in says_it or said == {HOLDER}


def test_the_voluntary_sector_is_not_what_is_voluntary() -> None:
    """Who is to join, and what is expected of them, is no duty and no choice."""
    (mode,) = modes_of("Do councils have to join?")
    assert mode.match("Joining is voluntary.")
    assert not mode.match("Councils and the voluntary sector are expected to wish to join.")


@pytest.mark.parametrize(
    "question",
    [
        "Will it save money?",
        "Is it meant to save money?",
        "Do the boards work with councils?",
        "Is health included in the deal?",
        "How does it save money?",
        "What does the plan say on housing?",
        "How long do I have to wait?",
        "Who is the plan for?",
        "Who are the leaders?",
    ],
)
def test_other_questions_have_no_mode(question: str) -> None:
    """Whatever else is asked may be answered by any sentence."""
    assert modes_of(question) == ()
