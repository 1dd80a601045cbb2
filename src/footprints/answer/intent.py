"""Intents: whether a text says what is meant to come, where a question asks what came of it."""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"(?:and |so |but )?(?:is|are|was|were|do|does|did|has|have|had)\b.*"
    r"\b(?:(?:achiev|benefi|cut|deliver|effective|help|improv|increas|lower|reduc|sav|succe)\w*"
    r"|better|worse|faster|cheaper|work(?:s|ed|ing)?(?=\W*$))",
    re.IGNORECASE,
)
"""How a question for yes or no asks what comes of something."""

_MEANT = re.compile(
    r"\b(?:aim(?:s|ed|ing)?|ambitions?|expect(?:s|ed|ation|ations)?|goals?|hop(?:es?|ed|ing)"
    r"|intend(?:s|ed|ing)?|intentions?|meant to|need(?:s|ed)? to|objectives?|plan(?:s|ned)? to"
    r"|propos(?:e|es|ed|als?)|seek(?:s|ing)?|shall|should|supposed to|visions?|will|would)\b"
    r"|^to \w+",
    re.IGNORECASE,
)
"""How something is said that may come."""


def asks_what_came(question: str) -> bool:
    """Tell whether a question asks if something has an effect, not if it is meant to have it."""
    return bool(_ASKS.match(question)) and not _MEANT.search(question)


def says_what_is_meant(text: str) -> bool:
    """Tell whether a text says what somebody wants, plans or expects."""
    return bool(_MEANT.search(text))
