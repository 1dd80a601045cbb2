"""A date as people and programs write it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

_FORMS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y")


def date_of(words: str) -> date | None:
    """Read ``2022-07-01``, also as the beginning of a time, ``1 July 2022`` or ``July 1, 2022``."""
    words = " ".join(words.split())
    with suppress(ValueError):
        return date.fromisoformat(words[:10])
    for form in _FORMS:
        with suppress(ValueError):
            return datetime.strptime(words, form).date()
    return None
