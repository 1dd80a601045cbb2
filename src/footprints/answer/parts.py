"""Several questions in one: each is answered separately, under its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from footprints.answer.names import pattern
from footprints.index.lexical import terms
from footprints.types import Span

_MOST = 3
"""The most questions that are answered separately; more are taken as one."""

_FEWEST = 3
"""A part that has fewer words, or no telling one that is new, is not a question of its own."""

_VERB = r"is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must"
ASKING = rf"(?:who|whose|whom|what|when|where|why|which|how|{_VERB})"
_BETWEEN = re.compile(
    r"(?:[?!.;]+\s+(?:and |but |also |or )?"
    r"|[,;]?\s+(?:and|but|or|also|as well as|plus)\s+(?:also\s+)?)"
    rf"(?={ASKING}\b(?!\s+(?:not|so|they|it|he|she|we|you|i|the|this|these|their|its|an?)\b))"
    rf"|[,;]?\s+(?:and|but|or)\s+(?=(?:{_VERB})\s+(?:they|it|he|she|we|you|the|this|these|its)\b)",
    re.IGNORECASE,
)
"""Where another question begins. “What they do” is none, “what do they do” is."""

_ASKS = re.compile(
    rf"\s*(?:(?:and|so|but|please|also|now|currently|ok|by|in|on|from|to|for|at|since|until),?\s+)*{ASKING}\b",
    re.IGNORECASE,
)

_COMPARES = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison)(?: of| between| with| to)?|versus|vs\.?"
    r"|differ(?:s|ent)?(?: from)?|(?:the )?differences?(?: (?:between|of|in)|(?=\W*$))"
    r"|contrast(?: between| with)?|the same(?: thing)? as)\b",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:both(?: of (?:them|these|those))?|(?:the|these|those) two(?: \w+s)?"
    r"|they|them|these|those)\b",
    re.IGNORECASE,
)
"""How a question points at two things."""

_ONE = re.compile(r"\b(?:it|that|this)\b", re.IGNORECASE)
"""How a question points at one."""

_PAIR = re.compile(
    r"\b(?:between|compare|contrast)\s+(?:(?:an?|the)\s+)?(?P<one>[\w’'-]+(?: [\w’'-]+){,3}?)"
    r"\s+(?:and|with|to|from)\s+(?:(?:an?|the)\s+)?(?P<other>[\w’'-]+(?: [\w’'-]+){,3})\W*$",
    re.IGNORECASE,
)
"""A comparison of two things that need no names: “between an ICS and a vanguard”."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_JOINS = re.compile(r"\W*(?:(?:and|or|with|from|to|the|an?)\b\W*)*", re.IGNORECASE)
"""What stands between two names of which the same is asked."""
_JOINER = r"\b(?:and|or|with|from|to|as|than|like)\b"
_JOINED = re.compile(rf",|{_JOINER}", re.IGNORECASE)
"""What stands between two sides; “NHS England’s later FAQ” is one."""

_THEN = re.compile(
    rf"(?P<asked>(?:(?!{_JOINER}).)*?)(?!\w)"
    rf"{_JOINS.pattern}(?:(?:that|those|ones?) (?:in|of|for|at) (?:the )?)?",
    re.IGNORECASE,
)
"""What stands behind a first side that has all that is asked: “Kent’s plan with Devon’s”."""

_BEHIND = re.compile(r"compared|versus|vs", re.IGNORECASE)
"""What stands behind a whole question, and does not ask it."""

_END = re.compile(r"(?:['’]s?)?\W*", re.IGNORECASE)
"""What stands behind the second then."""

_EMPTY = (
    r"how(?! (?:far|long|many|much|often)\b)|what(?:['’]?s)?|which|do|does|did|is|are|was|were|on"
    r"|in|between|with|from|that|those|and|or|to|of|for|please|can|could|you|me"
)
_OPENING = re.compile(rf"^(?:(?:{_EMPTY}|the(?= (?:an?|the|in)\b))\b\W*)+", re.IGNORECASE)
_CLOSING = re.compile(
    r"\W*(?:(?:and|or|but)\b\W*)?(?:(?:what(?:['’]?s| is| are)?|how)\b)?\W*$", re.IGNORECASE
)
"""What is left of “or what’s the difference?” without the word that compares."""

_VERBS_OF_ONE = {"are": "is", "were": "was", "have": "has"}
_VERB_OF_TWO = re.compile(rf"(?<=^ )(?:{'|'.join(_VERBS_OF_ONE)})\b")
_PLURAL = re.compile(r"[A-Z]s$|^[a-z].*s$")
"""How a name of several ends: “STPs”, “vanguards”; “Wales” is one."""

_WORD = re.compile(rf"\b(?!(?:{_EMPTY}|the|an?|s|as|than)\b)\w[\w’'&/-]*", re.IGNORECASE)


def parts_of(question: str, names: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the questions in a question, one at least; ``names`` are those it has, in all forms.

    “Who leads Somerset and who leads Dorset?” has two. A comparison has one for each name that it
    compares: “Compare vanguards in Kent and Devon” has “vanguards in Kent” and “… Devon”.
    """
    parts = _compared(question, names) or _asked(question)
    return parts if 1 < len(parts) <= _MOST else (question,)


def asks(question: str) -> bool:
    """Tell whether something begins as a question does."""
    return _ASKS.match(question) is not None


def compares(question: str) -> bool:
    """Tell whether a question sets things against each other."""
    return bool(_COMPARES.search(question))


def points_at_both(question: str) -> bool:
    """Tell whether a question has a word for two things that were named before."""
    return bool(_BOTH.search(question))


def pair_of(question: str) -> tuple[str, ...]:
    """Return the two things that the form of a question sets against each other; nothing if none.

    They are without their articles.
    """
    found = _PAIR.search(question)
    return (found["one"], found["other"]) if found else ()


def of_both(question: str, first: str, second: str) -> str:
    """Return a question with the names of two things for what points at both."""
    return _BOTH.sub(lambda _: f"{first} and {second}", question, count=1)


def of_one(question: str, name: str) -> str:
    """Return a question with the name of a thing for the word that points at it, if it has one."""
    return _ONE.sub(lambda _: name, question, count=1)


def _asked(question: str) -> tuple[str, ...]:
    found = [part.strip() for part in _BETWEEN.split(question)]
    if not asks(found[0]):
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
        {place for forms in names for place in _places(question, forms)},
        key=lambda one: (one.start, -one.end),
    )
    places = [one for at, one in enumerate(places) if not at or one.start >= places[at - 1].end]
    if cue is None or len(places) < 2:
        return ()
    before = [place for place in places if place.end <= cue.start()]
    behind = [place for place in places if place.start >= cue.end()]
    sides = [before, behind] if before and behind else [[place] for place in places]
    if len(sides) > 2:
        return ()
    first, second = (Span(side[0].start, _end_of_word(question, side[-1])) for side in sides)
    if not ((before and behind) or _JOINED.search(question, first.end, second.start)):
        return ()
    rest = _COMPARES.sub(lambda found: " " * len(found[0]), question)
    left, right = rest[: first.start], rest[second.end :]
    named = [question[one.start : one.end] for one in (first, second)]
    if _JOINS.fullmatch(rest[first.end : second.start]):
        left = re.sub(r"\ban? $", "", left)  # “An ICS and a vanguard” has one for each.
        return tuple(_tidied(f"{left}{name}{_of_one(name, right)}") for name in named)
    then = _THEN.fullmatch(rest, first.end, second.start)
    if then and _END.fullmatch(right) and not first.end < cue.start() < then.end("asked"):
        tidied = _plain if _BEHIND.match(cue[0]) else _tidied
        return tuple(tidied(f"{left}{name}{then['asked']}") for name in named)
    topic = dict.fromkeys(_WORD.findall(f"{left} {rest[first.end : second.start]} {right}"))
    return tuple(f"{' '.join(topic)}: {name}" if topic else name for name in named)


def _of_one(name: str, behind: str) -> str:
    """Return what stands behind two names as it is said of one: “Devon” and “ is run”."""
    if _PLURAL.search(name):
        return behind
    return _VERB_OF_TWO.sub(lambda found: _VERBS_OF_ONE[found[0]], behind)


def _tidied(asked: str) -> str:
    """Return what is asked of one side, without the words that a comparison begins with."""
    one_side = re.sub(r"\bbetween\b", "in", _plain(asked))
    return _CLOSING.sub("", _OPENING.sub("", one_side))


def _plain(asked: str) -> str:
    """Return what is asked of one side as it stands, with single spaces."""
    return " ".join(asked.split()).rstrip(",;:")


def _end_of_word(question: str, place: Span) -> int:
    found = re.compile(r"\w*(?: [A-Z][a-z]\w*)*").match(question, place.end)
    return found.end() if found else place.end


def _places(question: str, forms: Sequence[str]) -> list[Span]:
    """Return where a question writes a name that is no year, without its ending."""
    return [
        Span(found.start(), found.start() + len(form))
        for form in forms
        for found in pattern(form).finditer(question)
        if not _YEAR.fullmatch(form)
    ]
