"""Pointers: sentences that only say where to find something else."""

from __future__ import annotations

import re
from functools import lru_cache

from footprints.answer.names import KNOWN
from footprints.answer.values import MONTHS
from footprints.types import Sentence

_LONGEST = 40
"""A longer sentence says something itself."""

_SENDS = re.compile(
    r"\b(?:click|press|tap) (?:here|on|the|this)\b"
    r"|\b(?:via|at|from|following|follow|using|use) (?:this|these|the|our) "
    r"(?:\w+ )?(?:links?|web ?pages?|web ?sites?|downloads?)\b"
    r"|\blinks? (?:below|above|opposite)\b"
    r"|\bplease (?:visit|see|go to|refer to)\b"
    r"|\bvisit (?:our|the|their)\b.*\b(?:page|(?:web)?site)\b"
    r"|\b(?:can|may) (?:also )?be (?:viewed|found|read|seen|downloaded|accessed) (?:here|at|via)\b"
    r"|\bis available (?:here|to download|(?:via|from|at) (?:this|the|our))\b"
    r"|^(?:find out|read|learn|see) (?:more|also)\b"
    r"|^(?:you (?:can|may|will) )?(?:also )?(?:find|read|view|see|download|browse|watch)\b"
    r".*\b(?:here|links?|pages?|below|library|website|site|online|briefing|report|list)\b"
    r"|^(?:for )?(?:more|further) (?:information|details)\b"
    r".*\b(?:here|link|page|(?:web)?site|contact)\b",
    re.IGNORECASE,
)
"""How a reader is sent elsewhere."""

_FURNITURE = re.compile(
    r"^\W*(?:back to|share|print|skip to|(?:last )?(?:updated|reviewed)|published on)\b.{,40}$"
    r"|^\W*(?:(?:first |last )?(?:published|posted|issued|dated?)\b\W*)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{'|'.join(MONTHS)})\b[\w ,]{{,24}}\W*$",
    re.IGNORECASE,
)
"""What merely furnishes a page, such as a line with only a date."""


def points_elsewhere(sentence: Sentence, text: str) -> bool:
    """Tell whether a sentence only sends the reader elsewhere; what leads in a list does not.

    A lead-in whose list stands elsewhere, or nowhere, does.
    """
    return not sentence.whole and _sends(text)


@lru_cache(maxsize=KNOWN)
def _sends(text: str) -> bool:
    if len(text.split()) > _LONGEST:
        return False
    return text.endswith(":") or bool(_SENDS.search(text) or _FURNITURE.search(text))
