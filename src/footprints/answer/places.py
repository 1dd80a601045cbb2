"""Places of England, whose names people type in small letters."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


def with_capitals(question: str) -> str:
    """Return a question with well-known places of England in capitals: “and in kent?”.

    Names that are common words as well (Bath, Reading) are left as they are.
    """
    pattern, names = _places()
    return pattern.sub(lambda found: names[found[0]], question)


@cache
def _places() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds a place in small letters, the longest first, and how each is written."""
    lines = (files(__package__) / "places.txt").read_text(encoding="utf-8").splitlines()
    names = {name.lower(): name for name in lines}
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), names
