"""What time the quoted documents describe, and whether it is long past."""

from __future__ import annotations

from datetime import date

import pytest
from kept import answer, citation

from footprints.answer.period import asks_for_now, long_past
from footprints.types import PartialDate
from footprints.wording import age_of, closing, remarks, when

TODAY = date(2026, 3, 1)
DAY = PartialDate("2021-05-01")
Known = tuple[str | None, PartialDate | None]


@pytest.mark.parametrize(
    ("known", "years"),
    [
        ([("2016", None), ("between January 2019 and April 2021", None)], (2016, 2021)),
        ([("the plan of 2016/17", DAY)], (2016, 2021)),
        ([(None, DAY)], (2021, 2021)),
        ([("2016", None), ("2023", None)], None),
        ([("2016", None), (None, None)], None),
        ([], None),
    ],
    ids=["two", "period and date", "date", "one is recent", "one is unknown", "no quotes"],
)
def test_what_is_long_past(known: list[Known], years: tuple[int, int] | None) -> None:
    """Documents are long past if each one's time is known and all of it over three years ago."""
    quotes = [
        citation("Words.", n, doc_id=f"{n}", describes=describes, published=published)
        for n, (describes, published) in enumerate(known, 1)
    ]
    assert long_past(answer("Who?", *quotes), TODAY) == years


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who leads Devon now?", True),
        ("Who currently leads it?", True),
        ("What is its current plan?", True),
        ("Is that so today?", True),
        ("Now, what is its plan?", False),
        ("now who leads it", False),
        ("What is known of it?", False),
        ("Who knows what was nowhere?", False),
    ],
)
def test_what_asks_for_now(question: str, expected: bool) -> None:
    """A question asks for now if it says so in words of their own."""
    assert asks_for_now(question) is expected


def test_how_old_it_is_in_words() -> None:
    """The years are said in one line, of one document or several, of one year or more."""
    one, same, other = (
        citation("Words.", n, doc_id=doc_id, describes=describes)
        for n, (doc_id, describes) in enumerate((("a", "2016"), ("b", "2016"), ("c", "2021")), 1)
    )
    assert age_of(answer("Who?", one), TODAY) == "This document describes 2016."
    assert age_of(answer("Who?", one, same), TODAY) == "These documents describe 2016."
    assert age_of(answer("Who?", one, other), TODAY) == "These documents describe 2016 to 2021."
    assert age_of(answer("Who?"), TODAY) == ""


def test_now_brings_it_to_the_top() -> None:
    """It stands behind the quotes, or before all else if the question is about now."""
    one, line = citation("Words.", describes="2016"), "This document describes 2016."
    assert (remarks(answer("Who?", one)), closing(answer("Who?", one))) == ([], [line])
    assert (remarks(answer("Who now?", one)), closing(answer("Who now?", one))) == ([line], [])


@pytest.mark.parametrize(
    ("describes", "said"),
    [
        ("between October 2016 and April 2017", "; about October 2016 to April 2017"),
        ("2016", "; about 2016"),
        (None, ""),
    ],
)
def test_a_page_without_a_date(describes: str | None, said: str) -> None:
    """A page without a date says so, and about when it is if that is known."""
    assert when(None, describes) == f"no date on the page{said}"
