"""Whole phrases of a question, each replaced by another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping


def replacing(others: Mapping[str, str], flags: re.RegexFlag = re.NOFLAG) -> Callable[[str], str]:
    """Return what replaces the phrases in a text, given in small letters, the longest first."""
    longest_first = sorted(others, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", flags)

    def replaced(text: str) -> str:
        # A dotless ı matches an i, and is none.
        return pattern.sub(lambda found: others.get(found[0].casefold(), found[0]), text)

    return replaced
