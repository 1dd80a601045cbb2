"""Everyday words, and what health and care policy says for them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


def in_terms_of_policy(question: str) -> str:
    """Return a question with the words of policy in the place of everyday ones.

    “Will the A&E close?” asks for the closure or downgrade of urgent and emergency care.
    """
    pattern, terms = _terms()
    # A dotless ı matches an i, and is none.
    return pattern.sub(lambda found: terms.get(found[0].casefold(), found[0]), question)


@cache
def _terms() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds everyday words, the longest first, and the term for each."""
    table = tomllib.loads((files(__package__) / "everyday.toml").read_text(encoding="utf-8"))
    terms = {word: term for term, everyday in table.items() for word in everyday}
    longest_first = sorted(terms, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE), terms
