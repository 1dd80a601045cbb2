"""A date as people and programs write it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from footprints.types import PartialDate

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
"""A year in a text."""

_FORMS = {
    "%d %B %Y": 10,
    "%d %b %Y": 10,
    "%B %d, %Y": 10,
    "%Y-%m": 7,
    "%B %Y": 7,
    "%b %Y": 7,
    "%Y": 4,
}
"""How a date is written, and how much of it is known then: so many characters of ISO 8601."""

_FURTHEST_EAST = timedelta(hours=14)


def date_of(words: str) -> PartialDate | None:
    """Read ``2022-07-01``, also as the beginning of a time, ``1 July 2022`` or ``July 1, 2022``.

    A month, ``July 2022`` or ``2022-07``, and a year, ``2022``, are dates as far as they go.
    """
    words = " ".join(words.split())
    with suppress(ValueError):
        return PartialDate(date.fromisoformat(words[:10]).isoformat())
    for form, known in _FORMS.items():
        with suppress(ValueError):
            return PartialDate(datetime.strptime(words, form).date().isoformat()[:known])
    return None


def is_future(known: PartialDate) -> bool:
    """Tell whether a day, a month or a year has begun nowhere on Earth."""
    today = (datetime.now(UTC) + _FURTHEST_EAST).date().isoformat()
    return known > today[: len(known)]
