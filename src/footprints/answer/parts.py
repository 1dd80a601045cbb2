"""Several questions in one: each is answered by itself, under its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from footprints.answer.names import pattern
from footprints.index.lexical import terms
from footprints.types import Span

_MOST = 3
"""So many questions are answered; what asks more is taken as one."""

_FEWEST = 3
"""A part that has fewer words, or no telling one that is new, is not a question of its own."""

_VERB = r"is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must"
_ASKING = rf"(?:who|whose|whom|what|when|where|why|which|how|{_VERB})"
_BETWEEN = re.compile(
    r"(?:[?!.;]+\s+(?:and |but |also |or )?"
    r"|[,;]?\s+(?:and|but|or|also|as well as|plus)\s+(?:also\s+)?)"
    rf"(?={_ASKING}\b(?!\s+(?:not|so|they|it|he|she|we|you|i|the|this|these|their|its|an?)\b))"
    rf"|[,;]?\s+(?:and|but|or)\s+(?=(?:{_VERB})\s+(?:they|it|he|she|we|you|the|this|these|its)\b)",
    re.IGNORECASE,
)
"""Where another question begins. “What they do” is none, “what do they do” is."""

_ASKS = re.compile(
    rf"\s*(?:(?:and|so|but|please|also|by|in|on|from|to|for|at|since|until)\s+)*{_ASKING}\b",
    re.IGNORECASE,
)

_COMPARES = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison)(?: of| between| with| to)?|versus|vs\.?"
    r"|differ(?:s|ent)?(?: from)?|differences? (?:between|of|in)|contrast(?: between| with)?)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_EMPTY = re.compile(
    r"\b(?:how|what|do|does|did|is|are|was|were|the|on|in|between|with|and|or|to|of|for|please|can"
    r"|you|me|a|an)\b|\W",
    re.IGNORECASE,
)


def parts_of(question: str, names: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the questions in a question, one at least; ``names`` are those it has, in all forms.

    “Who leads Somerset and who leads Dorset?” has two. A comparison has one for each name that it
    compares: “Compare vanguards in Kent and Devon” has “vanguards in Kent” and “… Devon”.
    """
    parts = _compared(question, names) or _asked(question)
    return parts if 1 < len(parts) <= _MOST else (question,)


def _asked(question: str) -> tuple[str, ...]:
    found = [part.strip() for part in _BETWEEN.split(question)]
    if not _ASKS.match(found[0]):
        return (question,)
    seen: set[str] = set()
    for part in found:
        telling = set(terms(part))
        if len(part.split()) < _FEWEST or telling <= seen:
            return (question,)
        seen |= telling
    return tuple(part if part.endswith("?") else f"{part.rstrip(' .,;!')}?" for part in found)


def _compared(question: str, names: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return what is asked of each of two sides, given by names, that are set against each other.

    The sides are the names before and behind the word that compares, or the only two there are.
    """
    cue = _COMPARES.search(question)
    places = sorted(
        (place for forms in names for place in _places(question, forms)), key=lambda one: one.start
    )
    if cue is None or len(places) < 2:
        return ()
    before = [place for place in places if place.end <= cue.start()]
    behind = [place for place in places if place.start >= cue.end()]
    sides = [before, behind] if before and behind else [[place] for place in places]
    if len(sides) > 2:
        return ()
    spans = [Span(side[0].start, side[-1].end) for side in sides]
    rest = question
    for span in sorted([*spans, Span(*cue.span())], key=lambda one: -one.start):
        rest = f"{rest[: span.start]} {rest[span.end :]}"
    words = [
        word
        for word in re.findall(r"\w[\w’'&/-]*", rest)
        if not _EMPTY.fullmatch(word) and word != "s"
    ]
    return tuple(" ".join([*words, question[span.start : span.end]]) for span in spans)


def _places(question: str, forms: Sequence[str]) -> list[Span]:
    """Return where a question writes a name that is no year, without its ending."""
    return [
        Span(found.start(), found.start() + len(form))
        for form in forms
        for found in pattern(form).finditer(question)
        if not _YEAR.fullmatch(form)
    ]
