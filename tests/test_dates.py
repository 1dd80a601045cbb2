"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from footprints.corpus.dates import date_of


@pytest.mark.parametrize(
    "words", ["2022-07-01", "1 July 2022", " 01  jul 2022", "July 1, 2022", "2022-07-01T23:00:00Z"]
)
def test_a_date(words: str) -> None:
    """A day is a day in whichever of these forms."""
    assert date_of(words) == date(2022, 7, 1)


@pytest.mark.parametrize("words", ["", "July 2022", "2022", "31 June 2022", "01/07/2022", "today"])
def test_what_is_no_date(words: str) -> None:
    """What leaves the day open, or which number is the month, is no date."""
    assert date_of(words) is None
