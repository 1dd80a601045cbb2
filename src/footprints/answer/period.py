"""What time an answer's documents describe, and whether that is long past."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from footprints.types import Answer, Citation

LONG_PAST = 3
"""After this many years, what a document describes may no longer be so."""

_NOW = re.compile(r"\b(?:now|nowadays|current(?:ly)?|today|at (?:present|the moment))\b", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def asks_for_now(question: str) -> bool:
    """Tell whether a question asks how things are now."""
    return bool(_NOW.search(question))


def long_past(answer: Answer, today: date | None = None) -> tuple[int, int] | None:
    """Return the first and last year that the quoted documents describe, if all are long past.

    None if there are no quotes, or if nobody knows what time one of the documents describes.
    """
    years = [_years(citation) for citation in answer.citations]
    if not years or not all(years):
        return None
    first, last = min(map(min, years)), max(map(max, years))
    this_year = (today or datetime.now(UTC).date()).year
    return (first, last) if last < this_year - LONG_PAST else None


def _years(citation: Citation) -> list[int]:
    """Return the years that a document describes, else the one of its date."""
    described = [int(year) for year in _YEAR.findall(citation.describes or "")]
    return described + ([citation.published.year] if citation.published else [])
