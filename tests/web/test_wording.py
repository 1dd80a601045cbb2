"""Wording: what several doors say in the same words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kept import answer, citation

from footprints.types import AnswerPart, AnswerStatus
from footprints.wording import how_far

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
