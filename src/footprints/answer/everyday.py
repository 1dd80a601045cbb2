"""Everyday words, and what health and care policy says for them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from footprints.answer.phrases import replacing


def in_terms_of_policy(question: str) -> str:
    """Return a question with the words of policy in the place of everyday ones.

    “Will the A&E close?” asks for the closure or downgrade of urgent and emergency care.
    """
    return _terms()(question)


@cache
def _terms() -> Callable[[str], str]:
    table = tomllib.loads((files(__package__) / "everyday.toml").read_text(encoding="utf-8"))
    terms = {word: term for term, everyday in table.items() for word in everyday}
    return replacing(terms, re.IGNORECASE)
