"""What time an answer's documents describe, and whether that is long past."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from footprints.index.years import years
from footprints.types import Answer

LONG_PAST = 3
"""After this many years, what a document describes may no longer be so."""

_NOW = re.compile(
    r"(?!^now,? wh|^now,? how)\b(?:now|nowadays|current(?:ly)?|today|at (?:present|the moment))\b",
    re.I,
)


def asks_for_now(question: str) -> bool:
    """Tell whether a question asks how things are now."""
    return bool(_NOW.search(question))


def long_past(answer: Answer, today: date | None = None) -> tuple[int, int] | None:
    """Return the first and last year that the quoted documents describe, if all are long past.

    None if there are no quotes, or if nobody knows what time one of the documents describes.
    """
    found = [years(citation) for citation in answer.citations]
    known = [one for one in found if one]
    if not known or len(known) < len(found):
        return None
    first, last = min(first for first, _ in known), max(last for _, last in known)
    this_year = (today or datetime.now(UTC).date()).year
    return (first, last) if last < this_year - LONG_PAST else None
