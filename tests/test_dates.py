"""Dates as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from footprints.corpus.dates import date_of, is_future
from footprints.types import PartialDate


@pytest.mark.parametrize(
    "words", ["2022-07-01", "1 July 2022", " 01  jul 2022", "July 1, 2022", "2022-07-01T23:00:00Z"]
)
def test_a_date(words: str) -> None:
    """A day is a day in whichever of these forms."""
    assert date_of(words) == "2022-07-01"


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("July 2022", "2022-07"),
        (" jul  2022", "2022-07"),
        ("2022-07", "2022-07"),
        ("2022", "2022"),
        ("0800", "0800"),
    ],
)
def test_a_date_that_is_known_in_part(words: str, known: str) -> None:
    """A month is a month and a year a year; no day is invented."""
    assert date_of(words) == known


@pytest.mark.parametrize(
    "words", ["", "July", "31 June 2022", "01/07/2022", "2022/23", "spring 2022", "22", "today"]
)
def test_what_is_no_date(words: str) -> None:
    """What leaves the year open, or which number is the month, is no date."""
    assert date_of(words) is None


@pytest.mark.parametrize("known", ["%Y-%m-%d", "%Y-%m", "%Y"])
def test_the_future(known: str) -> None:
    """A day, month or year that has begun somewhere is past; one that has begun nowhere is not."""
    now = datetime.now(UTC)
    assert not is_future(PartialDate(f"{now:{known}}"))
    assert is_future(PartialDate(f"{now + timedelta(days=400):{known}}"))
