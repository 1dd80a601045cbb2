"""Modes: what came of something, what is thought of it, duties and offices are told apart."""

from __future__ import annotations

import pytest

from footprints.answer.mode import modes_of

MEANT = "The plan aims to save money."
CAME = "Costs fell by a tenth."
PRAISED = "Councils welcomed the plan."
DUTY = "Each plan must go to the board."
PLAIN = "The board meets the councils."
REACHED = "Write to board@example.org or SW1A 2AA, or ring 020 7946 0018."
HOLDER = "The board is led by Dr Ann Lee."


@pytest.mark.parametrize(
    ("question", "says_it"),
    [
        ("Does integrated care save money?", {CAME, PRAISED, PLAIN}),
        ("And have waiting times improved?", {CAME, PRAISED, DUTY, PLAIN}),
        ("Is there any good evidence for it?", {CAME, PRAISED, DUTY, PLAIN}),
        ("Did it work?", {CAME, PRAISED, PLAIN}),
        ("What do councils think of the plan?", {PRAISED}),
        ("How do people feel about it?", {PRAISED}),
        ("what are the views of councils", {PRAISED}),
        ("are councils happy with it", {PRAISED}),
        ("Were nurses against the plan?", {PRAISED}),
        ("Does the board have to see the plan?", {DUTY}),
        ("Are councils required to meet?", {DUTY}),
        ("Can the board stop the plan?", {DUTY}),
        ("could a council veto it", {DUTY}),
        ("What is the phone number of the board?", {REACHED}),
        ("what's its email address", {REACHED}),
        ("since when have we had it", {CAME, PRAISED, DUTY, PLAIN}),
        ("Who is the chair of the board?", {HOLDER}),
        ("and who's our clinical lead", {HOLDER}),
    ],
)
def test_what_is_asked_for_is_said(question: str, says_it: set[str]) -> None:
    """An aim is no result, a description no opinion, and what is done no duty."""
    (mode,) = modes_of(question)
    said = {
        text for text in (MEANT, CAME, PRAISED, DUTY, PLAIN, HOLDER, REACHED) if mode.match(text)
    }
    assert said & {MEANT, *says_it} == says_it
    assert HOLDER not in says_it or said == {HOLDER}


@pytest.mark.parametrize(
    "aim",
    [
        "New approaches to reduce pressure on wards",
        "It renewed its focus on ways to keep people well.",
        "Teams are designed to prevent falls.",
    ],
)
def test_an_aim_is_no_result(aim: str) -> None:
    """What something is for is not what came of it."""
    (mode,) = modes_of("Did it reduce admissions?")
    assert not mode.match(aim)


def test_the_voluntary_sector_is_not_what_is_voluntary() -> None:
    """Who is to join, and what is expected of them, is no duty and no choice."""
    (mode,) = modes_of("Do councils have to join?")
    assert mode.match("Joining is voluntary.")
    assert not mode.match("Councils and the voluntary sector are expected to wish to join.")


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("were patients asked", "Residents were consulted in May.", "Patients see joined-up care."),
        ("Have unions had a say?", "Unions sit as members of the board.", "Unions are strong."),
        ("do councils feel left out", "The plan engages councils.", "Two councils keep a board."),
        ("did they listen to us", "Their views shaped the plan.", "People tell their story once."),
        (
            "Will beds be cut?",
            "A third of wards will go, and bed numbers be reduced.",
            "Beds cost.",
        ),
        ("could they shut my clinic", "No changes are made yet.", "Clinics stand in each town."),
        ("So are A&Es closing?", "Most plans downgrade acute care.", "A&Es see many people."),
    ],
)
def test_a_say_and_a_loss(question: str, said: str, unsaid: str) -> None:
    """Whether people had a say, or lose something, is told by what speaks of that alone."""
    (mode,) = modes_of(question)
    assert mode.match(said)
    assert not mode.match(unsaid)


@pytest.mark.parametrize(
    "question",
    [
        "Do councils work closely with hospitals?",
        "Are they close to each other?",
        "Who was asked?",
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
