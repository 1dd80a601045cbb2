"""Follow-ups: decide whether a question stands alone, and carry over what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from footprints.answer.defines import asked_term
from footprints.index.lexical import terms

_OPENER = re.compile(
    r"^(and|but|so|or|then|also|what about|how about|why|just|only|anything|who else)\b", re.I
)
_POINTER = re.compile(
    r"\b(it|its|they|them|their|theirs|he|she|him|his|her|hers|that|those|these|this|then|"
    r"one|ones|former|latter|same|first|second|other|others|else|too|instead)\b"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b(?! (?:is|are|was|were)\b)",
    re.I,
)
_THEIRS = re.compile(r"their|its|his|her", re.I)
"""What may be whose the question itself says: “Do practices keep their own contract?”."""

_PERSON = re.compile(r"\b(?:he|him|his|she|hers?)\b", re.IGNORECASE)
"""What stands for a person who was named."""

_NAME = re.compile(
    r"\b(?!(?:What|Who|When|Where|Which|Why|How|Is|Are|Was|Were|Do|Does|Did|Has|Have|"
    r"Can|Could|And|But|So|The|In|For|Tell)\b)"
    r"[A-Z]\w*[a-z][\w'’&-]*(?:(?:,? (?:and|of|the) |,? )[A-Z]\w*[a-z][\w'’&-]*)*"
)
"""A run of capitalised words, also over commas and “and”, that is not how a question opens.

Abbreviations in capitals are not names: they say what the question is about.
"""

_ONLY_A_NAME = re.compile(
    rf"(?i:(?:and|but|or|so|what about|how about|in|for|at|of|the)\b,? )+{_NAME.pattern}\W*"
)
"""A follow-up that puts a name in the place of another: “And in Devon?”."""

_ABBREVIATION = re.compile(r"\b[A-Z]{2,}s?\b")

_DEFINES = re.compile(
    r"(?:(?i:what(?:['’]s| is)|define|explain) (?:(?i:an?) |(?=[A-Z‘'“\"]))|(?i:what (?:do|does) ))"
)
"""How a question begins that names what it wants defined: “What is a …”, not “What is the …”."""

_WHO_IS = re.compile(
    r"(?i:who (?:is|was|are|were)) (?:(?:Dr|Mr|Mrs|Ms|Sir|Dame|Professor) )?"
    r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*\W*"
)
"""A question that asks who somebody is, by name."""

_ABOUT = re.compile(r"(?:please )?(?:tell me about|summari[sz]e|describe|outline) \w", re.I)
"""How a question begins that names what it wants told."""

_ASKS = re.compile(r"(?:who|what|which|when|where|how|is|are|does|do|did|has|have)\b", re.I)
"""How a question begins that may be whole: “Who leads Dorset?”, not “In Dorset?”."""

_MORE = re.compile(
    r"(?:please )?"
    r"(?:(?:say|tell me|show me|give me) (?:some )?more|more|go on|continue|elaborate|expand"
    r"|what else|anything else)"
    r"(?: (?:about|on) (?:it|that|this|them|those)| detail(?:s)?| please)*\W*",
    re.I,
)

_WHO_SAYS = re.compile(
    r"(?:and |but |so )?(?:(?:who|which (?:document|page|publisher|organisation))"
    r" (?:says|said|claims)(?: (?:so|that|this|it))?|says who|who (?:wrote|published) (?:that|this)"
    r"|according to whom?|(?:what|who|which)(?:['’]s| is) (?:the|your) source"
    r"(?: (?:of|for) (?:that|this|it))?|where (?:does|did) (?:that|this|it) come from"
    r"|where (?:is|was) (?:that|this|it) from"
    r"|(?:when|in which year) was (?:that|this) (?:written|published|said))\W*",
    re.IGNORECASE,
)

_FEW_TERMS = 2


def stands_alone(question: str) -> bool:
    """Tell whether a question says all it asks: it points at nothing and leaves nothing out."""
    if leans(question):
        return False
    defines = _DEFINES.match(question) and asked_term(question)
    is_whole = defines or _ABOUT.match(question) or _WHO_IS.fullmatch(question)
    few = len(terms(question)) - _FEW_TERMS
    says = few == 0 and _ASKS.match(question) and _ABBREVIATION.search(question)
    return bool(is_whole or says) or few > 0


def leans(question: str) -> bool:
    """Tell whether a question goes on from, or points at, what was said before."""
    return bool(_OPENER.search(question) or _POINTER.search(question))


def points(question: str) -> bool:
    """Tell whether a question points at what was said before, or asks for more of it.

    “Their” is whose the question itself says, if more than one telling word stands before it.
    """
    pointers = _POINTER.finditer(question)
    return not all(map(_points_within, pointers)) or asks_for_more(question)


def _points_within(pointer: re.Match[str]) -> bool:
    """Tell whether a pointer is likely to point at what stands before it in its own question."""
    before = terms(pointer.string[: pointer.start()])
    return _THEIRS.fullmatch(pointer[0]) is not None and len(before) >= _FEW_TERMS


def only_names(question: str) -> bool:
    """Tell whether a question only puts a name in the place of another."""
    return _ONLY_A_NAME.fullmatch(question) is not None


def asks_for_more(question: str) -> bool:
    """Tell whether a question asks for nothing but more of what was shown."""
    return _MORE.fullmatch(question) is not None


def asks_who_says(question: str) -> bool:
    """Tell whether a question asks whose or how old the words are that were shown."""
    return _WHO_SAYS.fullmatch(question) is not None


def resolve_followup(question: str, history: Sequence[str]) -> tuple[str, ...]:
    """Return the readings of a question after earlier ones (oldest first), plainest first.

    A question that stands alone has one reading, itself. One that leans on the earlier questions
    is read behind them, and, where it brings a name of its own, behind them without theirs; where
    it brings nothing else, only so: “How did X engage the public?” “And in Y?” reads “How did
    engage the public? And in Y?”. It is read by itself too if it has more than two telling words,
    or two and is whole, or asks what a term means, unless it says “he” or “she” of nobody it names.
    """
    if not history or stands_alone(question):
        return (question,)
    context = " ".join(_with_the_last_names(read_behind(history)))
    few = len(terms(question)) - _FEW_TERMS
    whole = few == 0 and _ASKS.match(question) and not leans(question)
    named = _NAME.search(question)
    by_itself = named or not _PERSON.search(question)
    readings = [question] if by_itself and (few > 0 or asked_term(question) or whole) else []
    nameless = " ".join(_NAME.sub(" ", context).split())
    if not (terms(nameless) and only_names(question)):
        readings.append(f"{context} {question}")
    if named:
        readings.append(f"{nameless} {question}")
    return tuple(dict.fromkeys(readings))


def _with_the_last_names(turns: Sequence[str]) -> list[str]:
    """Return questions without the names that a later one sets others against."""
    last = max((at for at, turn in enumerate(turns) if _NAME.search(turn)), default=0)
    before = (" ".join(_NAME.sub(" ", turn).split()) for turn in turns[:last])
    return [*filter(terms, before), *turns[last:]]


def led_up(history: Sequence[str]) -> Sequence[str]:
    """Return the last question that stands alone, and those behind it; all if none does."""
    first = len(history) - 1
    while first > 0 and not stands_alone(history[first]):
        first -= 1
    return history[max(0, first) :]


def read_behind(history: Sequence[str]) -> tuple[str, ...]:
    """Return the last question that stands alone, the last of all, and those between with names."""
    *before, _ = led_up(history)
    stands, *between = before or [history[-1]]
    return tuple(dict.fromkeys([stands, *filter(_NAME.search, between), history[-1]]))
