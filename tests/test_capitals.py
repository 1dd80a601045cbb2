"""Places and bodies in small letters are names."""

from __future__ import annotations

import pytest

from footprints.answer.answerer import Answerer
from footprints.answer.capitals import with_capitals
from footprints.types import AnswerStatus


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("and in kent?", "and in Kent?"),
        ("greater manchester or manchester", "Greater Manchester or Manchester"),
        ("who leads tyne and wear", "who leads Tyne and Wear"),
        ("who is reading in the bath?", "who is reading in the bath?"),
        ("does the kentish plan differ", "does the kentish plan differ"),
        ("Who leads KENT?", "Who leads KENT?"),
        ("what does the kings fund say", "what does the King's Fund say"),
        ("and the king’s fund or cqc?", "and the King's Fund or CQC?"),
        ("", ""),
    ],
)
def test_names_get_capitals(question: str, written: str) -> None:
    """Whole names alone get them, and no words that mean something else too."""
    assert with_capitals(question) == written


def test_another_place_takes_the_place_of_the_first(answerer: Answerer) -> None:
    """In small letters as in capitals, a new place is asked about, and missed if it is nowhere."""
    before = ["who leads the stp in kent?"]
    devon = answerer.answer("and devon?", before)
    assert devon.citations[0].quote.startswith("Devon - Angela Pedder")
    leeds = answerer.answer("and in leeds?", before)
    assert leeds.status is AnswerStatus.ABSTAINED_NOT_IN_CORPUS
    assert leeds.unmentioned == ("Leeds",)
