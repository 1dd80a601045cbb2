"""Everyday words are also asked for in terms of policy."""

from __future__ import annotations

import pytest
from fakes import FakeEncoder
from tiny import answerer_of, document

from footprints.answer.answerer import Answerer
from footprints.answer.everyday import in_terms_of_policy


@pytest.mark.parametrize(
    ("question", "reworded"),
    [
        (
            "Will the A&E close?",
            "Will the urgent and emergency care closure or downgrade of?",
        ),
        ("are they SHUTTING DOWN wards", "are they closure or downgrade of wards"),
        ("old people and pensioners", "older people and older people"),
        ("Who shut out the councillors?", "Who involved the elected members?"),
        ("What do plans enclose?", "What do plans enclose?"),
        ("Are they \u0131ll?", "Are they \u0131ll?"),
        ("", ""),
    ],
)
def test_terms_of_policy(question: str, reworded: str) -> None:
    """Whole words are replaced, the longest that fit, whatever their case."""
    assert in_terms_of_policy(question) == reworded


def test_what_only_policy_says_is_found() -> None:
    """A sentence without the asker's words is found by the words of policy for them."""
    text = (
        "# Plans\n\nOlder people live in Kent.\n\nThe board meets in Hull.\n\nTrains run to Dover."
    )
    answer = answerer_of(FakeEncoder(), document(text)).answer("Where do pensioners live?")
    assert answer.citations[0].quote == "Older people live in Kent."


def test_why_they_were_set_up(answerer: Answerer) -> None:
    """Asked behind what a term means, “they” are what it means, not what its sentence names."""
    answer = answerer.answer("why were they set up?", ["what is an stp?"])
    assert answer.citations[0].quote.startswith("STPs were created to bring")
    assert answer.read_after == ("what is an stp?",)


def test_the_whole_comes_before_its_parts(answerer: Answerer) -> None:
    """A count that is asked for without a place is that of all places."""
    for history in ([], ["what is an stp"]):
        answer = answerer.answer("how many STPs are there?", history)
        assert "44" in answer.citations[0].quote


def test_the_name_in_a_follow_up_alone_is_new(answerer: Answerer) -> None:
    """“And …?” asks what was asked before, in whose words it was asked already."""
    before = ["How does North Central London involve councillors?"]
    answer = answerer.answer("And North East London?", before)
    assert "NEL formed a community council" in answer.citations[0].quote
