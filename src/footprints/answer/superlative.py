"""Superlatives: whether a text says which of several is the most, or asks for it."""

from __future__ import annotations

import re
from functools import lru_cache

from footprints.answer.names import KNOWN
from footprints.english import english

_WORD = re.compile(
    r"(?<!\bat )\b(?:most(?! recent)|least|best|worst|first(?! (?:of all|place))|[a-z]{2,}est)\b",
    re.IGNORECASE,
)
"""The most, and what may end like it."""

_IRREGULAR = frozenset({"most", "least", "best", "worst", "first"})
_NONE = frozenset({"earnest", "honest", "latest"})
"""What has the form of a superlative and says nothing of others."""


@lru_cache(maxsize=KNOWN)
def superlative(text: str) -> bool:
    """Tell whether a text has a superlative: “most”, “best”, or a word beside its “-er” form."""
    return any(_is_one(word[0].lower()) for word in _WORD.finditer(text))


def _is_one(word: str) -> bool:
    # The longest words that end so and are none, such as “interest”, have no form in “-er”.
    regular = len(word) > 4 and f"{word[:-2]}r" in english()
    return word not in _NONE and (word in _IRREGULAR or regular)
