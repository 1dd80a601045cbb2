"""Definitions: the term whose meaning a question asks, and whether a sentence gives it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_ARTICLE = r"(?:(?:an?|the)\s+)?"
_LONGEST_TERM = 6
"""Anything with more words is a description, not a term."""

_ASKED = (
    re.compile(
        rf"(?:^|[,.;:] )(?:and |so |but )?(?:what(?:['’]s| is| are| was| were| does| do)"
        rf"|define|explain(?: what)?)\s+(?:meant by\s+)?{_ARTICLE}['‘“\"]?(?P<term>[^?,;:]+?)"
        r"['’”\"]?(?:\s+(?:mean|stand for|is|are))?(?:\s+\([^)]*\))?\W*$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^what\s+{_ARTICLE}(?P<term>[^?,;:]+?)\s+(?:is|are|was|were|means?|stands?\s+for)\W*$",
        re.IGNORECASE,
    ),
    re.compile(r"^(?P<term>[^?,;:]+?)\s+(?:meaning|definition)\b", re.IGNORECASE),
)


def asked_term(question: str) -> str | None:
    """Return the term that a question asks to define, as in “What is an ICS?”, or None."""
    for pattern in _ASKED:
        found = pattern.search(question)
        if found and 0 < len(found["term"].split()) <= _LONGEST_TERM:
            return found["term"].strip()
    return None


def defines(forms: Sequence[str], text: str) -> bool:
    """Tell whether a sentence has the form of a definition of a term, in one of its forms.

    It begins “An X is …” or “X stands for …”, or says “… is called X”.
    """
    return any(_definition(form).search(text) for form in forms)


def how_well(forms: Sequence[str], text: str) -> float:
    """Return how well a sentence fits as a definition of a term: 1, ½, or 0 if it is none.

    “Xs are …” says something of all of them rather than what one is: ½ if the term is asked for in
    the singular.
    """
    if not defines(forms, text):
        return 0.0
    says_of_all = any(_of_all(form).search(text) for form in forms)
    return 0.5 if says_of_all and not forms[0].endswith("s") else 1.0


@lru_cache(maxsize=1024)
def _of_all(form: str) -> re.Pattern[str]:
    """Return what finds a sentence that begins with a term in the plural."""
    return re.compile(rf"^\W*{_singular(form)}e?s(?:\s*\([^)]*\))?\s+(?:are|were)\b", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _definition(form: str) -> re.Pattern[str]:
    """Return what finds a definition of a term."""
    written = rf"{_ARTICLE}['‘“\"]?{_singular(form)}(?:e?s)?['’”\"]?"
    return re.compile(
        rf"^\W*{written}(?:\s*\([^)]*\))?\s+(?:is|are|means?|stands?\s+for|refers?\s+to)\b"
        # What “the X was” tells happened to one of them.
        rf"|^\W*(?!the\b){written}(?:\s*\([^)]*\))?\s+(?:was|were)\b"
        rf"|\b(?:called|known\s+as|termed)\s+{written}(?!\w)",
        re.IGNORECASE,
    )


def _singular(form: str) -> str:
    """Return what finds the words of a term in a row, without the s of the plural."""
    return r"\W+".join(map(re.escape, (form.removesuffix("s") or form).split()))
