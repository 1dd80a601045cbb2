"""Plain questions: what is asked, without what people say around it."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprints.answer.answerer import Answerer
from footprints.answer.plain import plain

AROUND = MappingProxyType(
    {
        "Hi there, who leads Dorset?": "who leads Dorset?",
        "I read somewhere that the plan was dropped. True?": "the plan was dropped.",
        "We were told that councils lead STPs, is that right?": "councils lead STPs?",
        "Good morning all. Who leads Dorset? Many thanks": "Who leads Dorset?",
        "can you tell me please who leads Dorset": "who leads Dorset",
        "I was wondering if you could tell me who leads Dorset": "who leads Dorset",
        "sorry to bother you, but I wonder whether councils agreed": "councils agreed",
        "We'd like to know if councils agreed, please.": "councils agreed.",
        "What does it cost? In short, please": "What does it cost?",
        "any idea how many STPs there are?": "how many STPs there are?",
        "What is an ICS in plain words?": "What is an ICS?",
        "In simple terms, what does an STP do?": "what does an STP do?",
        "whats an ics": "what's an ics",
        "Hi, whos the lead?": "who's the lead?",
        "what on earth is an STP": "what is an STP",
        "Who exactly leads it, and why the hell?": "Who leads it, and why?",
        "vanguard what is it": "what is ‘vanguard’",
        "Vanguards – what are they?": "what are ‘Vanguards’?",
        "An ICS, what's that?": "what's An ICS?",
        "Could you explain to me what an ICS is?": "what is an ICS?",
    }
)


@pytest.mark.parametrize(("question", "asked"), AROUND.items())
def test_what_people_say_around_a_question_is_left_out(question: str, asked: str) -> None:
    """Greeting, request, thanks and the manner that is wished are no part of what is asked."""
    assert plain(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Who leads Dorset?",
        "Thanks to the STP, what changed?",
        "Is the plan for Devon right?",
        "Is an STP a body in its own right?",
        "Tell me about Devon",
        "tell me more",
        "What do people want to know?",
        "Do you know me?",
        "In Dorset, what is it?",
        "so what is it?",
        "yes, what is it?",
        "Which of them is it?",
        "Is the plan in plain words?",
        "Which plans are written in plain English?",
        "hello",
        "thanks",
        "",
    ],
)
def test_what_is_asked_stays(question: str) -> None:
    """A question with nothing around it, or that is nothing else, stays as it is."""
    assert plain(question) == question


@given(st.text(max_size=80))
def test_a_plain_question_is_plain(question: str) -> None:
    """What has been left out once is not there to be left out again."""
    assert plain(plain(question)) == plain(question)


@pytest.mark.parametrize(
    "around", ["Hi, {}", "Could you tell me {}", "{} Thank you!", "In plain English, {}"]
)
def test_it_is_answered_as_if_it_stood_alone(answerer: Answerer, around: str) -> None:
    """The same question with words around it has the same quotes and the same probability."""
    question = "who leads the Dorset STP?"
    alone, among = answerer.answer(question), answerer.answer(around.format(question))
    assert among.citations == alone.citations
    assert among.probability == alone.probability


def test_a_term_named_first_is_not_the_one_before(answerer: Answerer) -> None:
    """“X, what is it?” asks what X is, whatever was asked before."""
    before = ["What is a sustainability and transformation plan?"]
    answer = answerer.answer("vanguard what is it", before)
    assert answer.read_after == ()
    assert "vanguard" in answer.citations[0].quote
