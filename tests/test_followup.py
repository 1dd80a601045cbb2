"""Follow-ups: which questions stand alone, and how the others are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprints.answer.followup import (
    asks_who_says,
    points,
    read_behind,
    resolve_followup,
    stands_alone,
)

ENGAGE = "How did Leicester, Leicestershire and Rutland engage the public?"


@pytest.mark.parametrize(
    "question",
    [
        "Tell me about Dorset",
        "Who leads the Devon STP?",
        ENGAGE,
        "How many vanguard sites are there in the South East?",
        "There are how many vanguard sites in Kent?",
        "Which PCNs were praised most?",
        "who is Mary?",
        "Who was Dr Jane Smith",
    ],
)
def test_stands_alone(question: str) -> None:
    """A question that says all it asks stands alone."""
    assert stands_alone(question)


@pytest.mark.parametrize(
    "question",
    [
        "And in Lincolnshire?",
        "What about the South West vanguard sites?",
        "Why?",
        "Who chairs it?",
        "How many responses did they get from the public campaign?",
        "What will happen there when patients are in crisis?",
        "What does the former group plan for patients?",
        "Dorset?",
        "who is in Dorset",
    ],
)
def test_leans(question: str) -> None:
    """A question that opens like a reply, points at something or has few words leans."""
    assert not stands_alone(question)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("who says so?", True),
        ("Which page said that", True),
        ("but according to whom?", True),
        ("What's the source for this?", True),
        ("Where does that come from?", True),
        ("when was that published?", True),
        ("Who says that Devon has a plan?", False),
        ("When was it published?", False),
        ("Where does the money come from?", False),
    ],
)
def test_asking_who_says_it(question: str, asks: bool) -> None:
    """Whose words they are is asked of what was shown, not of what it speaks of."""
    assert asks_who_says(question) is asks


def test_without_history_there_is_one_reading() -> None:
    """With nothing to lean on, a follow-up is read as it stands."""
    assert resolve_followup("And in Dorset?", []) == ("And in Dorset?",)


def test_standing_alone_forgets_history() -> None:
    """A question that stands alone has itself as its only reading, whatever came before."""
    assert resolve_followup("Who leads the Devon STP?", [ENGAGE]) == ("Who leads the Devon STP?",)


def test_a_new_name_takes_the_place_of_the_old() -> None:
    """A follow-up with a name is also, one that is no more only, read behind nameless questions."""
    assert resolve_followup("And the staff in Lincolnshire?", [ENGAGE])[-2:] == (
        f"{ENGAGE} And the staff in Lincolnshire?",
        "How did engage the public? And the staff in Lincolnshire?",
    )
    for question in ("And in Lincolnshire?", "what about Lincolnshire?"):
        assert resolve_followup(question, [ENGAGE]) == (f"How did engage the public? {question}",)


def test_the_last_name_takes_the_place_of_those_before() -> None:
    """A question without a name is read behind the name that was written last."""
    assert resolve_followup("Who leads it?", ["Who leads Devon?", "And Dorset?"]) == (
        "Who leads ? And Dorset? Who leads it?",
    )
    assert resolve_followup("And it?", ["Devon?", "And Dorset?"]) == ("And Dorset? And it?",)


def test_without_a_name_the_old_one_stays() -> None:
    """A follow-up without a name is read behind the earlier question as that stands."""
    assert resolve_followup("Who chairs it?", ["Is there a board in Cornwall and Devon?"]) == (
        "Is there a board in Cornwall and Devon? Who chairs it?",
    )


def test_equal_readings_are_one() -> None:
    """An earlier question without names gives no second reading behind it."""
    assert resolve_followup("And in Dorset?", ["how do plans engage the public?"]) == (
        "how do plans engage the public? And in Dorset?",
    )


def test_context_reaches_back_to_what_stands_alone() -> None:
    """The context is the last earlier question that stands alone, and the last of all."""
    history = ["Who leads the Devon STP?", "What powers does Cornwall gain?", "Are they new?"]
    assert resolve_followup("Who signed it?", history)[0] == (
        "What powers does Cornwall gain? Are they new? Who signed it?"
    )


def test_only_names_between_stay() -> None:
    """Of what was asked between these two, what brings no name is passed over."""
    history = ["What is an STP?", "Who decided that?", "And in Kent?", "And why?"]
    assert read_behind(history) == ("What is an STP?", "And in Kent?", "And why?")
    assert read_behind(history[:1]) == ("What is an STP?",)


def test_context_is_everything_if_nothing_stands_alone() -> None:
    """Where every earlier question leans, all of them are the context."""
    assert resolve_followup("And then?", ["Why?", "And that?"])[0] == "Why? And that? And then?"


def test_a_telling_followup_is_read_by_itself_too() -> None:
    """A follow-up of three telling words or more may say all it asks, and is read so as well."""
    asked = "How many responses did they get from the public campaign?"
    assert resolve_followup(asked, [ENGAGE]) == (asked, f"{ENGAGE} {asked}")
    assert resolve_followup("Who chairs it?", [ENGAGE]) == (f"{ENGAGE} Who chairs it?",)


@pytest.mark.parametrize("asked", ["what is his job?", "What else does she do each working day?"])
def test_he_and_she_are_somebody_before(asked: str) -> None:
    """Whoever is not named is looked for in what was asked before."""
    assert resolve_followup(asked, [ENGAGE]) == (f"{ENGAGE} {asked}",)
    named = "What is Angela Pedder's job, and what does she do?"
    assert named in resolve_followup(named, [ENGAGE])


@given(st.text(), st.lists(st.text(), max_size=5))
def test_readings_keep_the_question(question: str, history: list[str]) -> None:
    """Every reading ends with the question and no two are equal; a plain one comes first."""
    readings = resolve_followup(question, history)
    if question in readings:
        assert readings[0] == question
    assert len(readings) >= 1
    assert all(reading.endswith(question) for reading in readings)
    assert len(set(readings)) == len(readings) <= 3


@pytest.mark.parametrize("question", ["what about the south east?", "How about care homes?"])
def test_what_about_is_never_the_whole_question(question: str) -> None:
    """It begins like a question, but what is asked of the two words stands before it."""
    earlier = "are staff sides involved in the south west?"
    assert question not in resolve_followup(question, [earlier])


@pytest.mark.parametrize(
    ("question", "at_before"),
    [
        ("do gp practices keep their own contract?", False),
        ("who signed their plan?", True),
        ("Did they keep people out of hospital?", True),
        ("do gp practices keep it?", True),
    ],
)
def test_pointing_at_what_was_said_before(question: str, at_before: bool) -> None:
    """“Their” may be whose the question itself says."""
    assert points(question) is at_before
