"""Exact things: codes and numbers in a question, and whether a text has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprints.answer.exact import Exact, exact_things, share_of, spellings


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("What does crane model 77 cost?", (("model", "77"),)),
        ("Is E-4417 serious?", (("e4417",),)),
        ("e4417", (("e4417",),)),
        ("What is in HR/12.3(b)?", (("hr123b",),)),
        ("Who leads the 44 STPs?", (("44",),)),
        ("E-4417 and e4417", (("e4417",),)),
        ("Who led in 2016?", ()),
        ("What is planned for 2016/17?", ()),
        ("Does A&E close?", ()),
    ],
)
def test_exact_things(question: str, things: tuple[Exact, ...]) -> None:
    """Codes count however they are written, numbers with the word they number; years do not."""
    assert exact_things(question) == things


@pytest.mark.parametrize(
    ("thing", "text", "share"),
    [
        (("e4417",), "E-4417 means that the door is open.", 1),
        (("e4417",), "E-4471 means that the belt slipped.", 0),
        (("e4417",), "44 and 17 are numbers.", 0),
        (("model", "77"), "Model 77 costs £9.", 1),
        (("model", "77"), "Of 77 one is a model.", 0.5),
        (("model", "77"), "Model 72 costs £9.", 0),
        (("44",), "There are 44 STPs.", 1),
        (("44",), "There are six STPs.", 0.5),
    ],
)
def test_share_of(thing: Exact, text: str, share: float) -> None:
    """A text has a code whole or not; a number apart from its word, or a bare one, counts half."""
    assert share_of([thing], text) == share


def test_the_share_is_over_all_things() -> None:
    """Of two codes that are asked for one is half of them; of none all are there."""
    assert share_of([("e4417",), ("e4471",)], "E-4417 is open.") == 0.5
    assert share_of([], "Anything.") == 1


def test_spellings_find_a_code_in_its_pieces() -> None:
    """A code is looked for as one word and as the words that a text may break it into."""
    assert spellings([("e4417",), ("model", "77")]) == ["e4417", "e", "4417", "77", "77"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_laws(question: str, text: str) -> None:
    """A share is between 0 and 1, and a text that is the question has all of its things."""
    things = exact_things(question)
    assert 0 <= share_of(things, text) <= 1
    assert all(thing[-1] for thing in things)
