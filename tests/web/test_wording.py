"""Wording: what several doors say in the same words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kept import answer, citation

from footprints.types import UNKNOWN, AnswerPart, AnswerStatus, PartialDate
from footprints.wording import extent, how_far

MAYBE = "This may be an answer: check that it says what you asked."
UNCLEAR = "We found no clear answer. These passages may help."
POSSIBLE = replace(answer("Why?", citation("So.")), status=AnswerStatus.POSSIBLE)


@pytest.mark.parametrize(("likely", "said"), [(False, UNCLEAR), (True, MAYBE)])
def test_what_is_possible_is_said_in_degrees(likely: bool, said: str) -> None:
    """What is more likely than not to answer is told from what only may help, in a part too."""
    assert how_far(replace(POSSIBLE, likely=likely)) == said
    assert how_far(AnswerPart("Why?", AnswerStatus.POSSIBLE, 0.5, (1,), likely)) == said


@pytest.mark.parametrize("status", [one for one in AnswerStatus if one != "possible"])
def test_what_is_not_possible_has_one_degree(status: AnswerStatus) -> None:
    """However likely it is, an answer is told as one, and a no as no."""
    told = {how_far(replace(POSSIBLE, status=status, probability=p)) for p in (0.1, 0.5, 0.9)}
    assert len(told) == 1
    assert told.isdisjoint({MAYBE, UNCLEAR})


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ([], "0 documents"),
        ([(None, None)], "one document"),
        ([("2016-05", None)], "one document of 2016"),
        (
            [("2016-05", None), (None, "2017 to 2021"), (None, None)],
            "3 documents of 2016 to 2021",
        ),
    ],
)
def test_extent(dates: list[tuple[PartialDate | None, str | None]], said: str) -> None:
    """How many documents there are is said with the years that they are about, if any is known."""
    facts = [replace(UNKNOWN, published=published, describes=about) for published, about in dates]
    assert extent(facts) == said
