"""Plain questions: what is asked, without what people say around it."""

from __future__ import annotations

import re

from footprints.answer.capitals import with_capitals
from footprints.answer.parts import ASKING
from footprints.index.lexical import terms

_GREETING = (
    r"(?:hi|hiya|hello|hey|greetings|(?:good )?(?:morning|afternoon|evening)"
    r"|dear (?:sir|madam|all)|thanks(?! to\b)|thank you|thx|cheers|ok|okay|please|excuse me"
    r"|quick question"
    r"|(?:i(?:['’]m| am) )?sorry(?: (?:to|for) \w+(?: \w+)?(?= ?[,.;:!–-]| but\b))?)"
    r"(?: (?:there|all|again|everyone|team|very much|so much|a lot|for (?:that|this)))*"
)
_YOU_CAN = r"(?:you|anyone|anybody|someone|somebody) (?:can|could) tell (?:me|us)"
_REQUEST = (
    r"(?:(?:can|could|would|will) (?:you|anyone|anybody|someone|somebody) (?:(?:please|kindly) )?"
    r"(?:tell|show|explain to|remind|help) (?:me|us)(?: (?:to )?(?:understand|find out|see))?"
    rf"|(?:tell|show|remind) (?:me|us)|(?:if )?{_YOU_CAN}|do you (?:happen to )?know|any idea"
    r"|(?:(?:i|we)(?:['’](?:m|re|d)| am| are| was| were| would)? )?(?:just |only )*"
    r"(?:wonder(?:ed|ing)?|(?:want|need|like)(?:ed)? to (?:know|understand|find out|ask))"
    r"|(?:i|we) (?:do not|don['’]?t) (?:know|understand|see))(?: please)?"
    rf"\W+(?:(?:if|whether) (?!{_YOU_CAN})|(?=(?:if {_YOU_CAN}|{ASKING})\b))"
)
_HEARSAY = (
    r"(?:(?:i|we)(?:['’]ve| have)? (?:just |once )?(?:read|heard|saw|seen|hear|keep hearing"
    r"|(?:was|were|been) told)(?: (?:somewhere|once|recently))?|(?:people|they) say) that "
)
_MANNER = (
    r"(?:(?:in|using) (?:(?:very )?(?:plain|simple|everyday|ordinary|lay|layman['’]?s)"
    r" (?:words|terms|language|english)|a (?:few words|sentence|nutshell)|one sentence"
    r"|short|brief)"
    r"|as simply as (?:possible|you can)|for (?:a )?(?:lay ?(?:man|person|people)|beginners?))"
)
_BEFORE = re.compile(
    rf"^(?:{_GREETING}(?:\W+(?:and|but)\b)?\W+|{_MANNER}\W+|{_HEARSAY}|{_REQUEST})", re.IGNORECASE
)
_THANKS = (
    r"(?:(?:many )?thanks|thank you|thx|cheers|please|pls|if you (?:can|could))"
    r"(?: in advance| very much)?"
)
# “Are the plans in plain English?” asks for it; what something is may be asked for in it.
_BEHIND = tuple(
    re.compile(rf"{pattern}(?P<end>\W*)$", re.IGNORECASE)
    for pattern in (
        rf"(?P<kept>)(?P<mark>[.?!]*)[\s,;:–-]+{_THANKS}",
        r"(?P<kept>)(?:(?P<mark>[.?!]+)| ?[,;:–-])\s*"
        r"(?:is (?:it|that|this) )?(?:true|right|correct)",
        r"^(?P<kept>(?:what(?:['’]s| is| are| does| do)|explain|define) .+?|.+?(?=[.?!,;:–-]))"
        rf"(?P<mark>[.?!]*)[\s,;:–-]+{_MANNER}",
    )
)
_THING_FIRST = re.compile(
    rf"^(?P<thing>(?!(?:in|on|at|for|from|by|since|until|after|before|with|about|yes|no|{ASKING})\b)"
    r"[^\s,;:?]+(?: [^\s,;:?]+){,5}?)(?:[,;:]| [–-])? (?P<asks>what(?:['’]s| is| are| was| were))"
    r" (?:it|they|that|those)(?P<end>\W*)$",
    re.IGNORECASE,
)
_NO_APOSTROPHE = re.compile(r"^(what|who|where|when|how|why)s\b", re.IGNORECASE)
"""How “what’s” is often typed."""

_OATH = re.compile(
    rf"(?P<asks>\b(?:{ASKING})) (?:(?:on earth|in the world|the (?:heck|hell))\b|exactly\b)",
    re.IGNORECASE,
)
"""What only stresses a question: “What on earth is …”."""

_TURNED = re.compile(
    r"^what (?P<thing>(?:an?|the) \S+(?: \S+){,5}?) (?P<verb>is|are|was|were)(?P<end>\W*)$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:an?|the) ", re.IGNORECASE)


def plain(question: str) -> str:
    """Return a question without greeting, request, hearsay, thanks and the manner it wants.

    “Hi, can you tell me who leads Dorset, please?” is “who leads Dorset?”, and “Vanguard, what is
    it?” is “what is ‘Vanguard’?”, and “what an ICS is” is “what is an ICS”. What would leave no
    telling word is left as it is. Places are written as names: “and in kent?”.
    """
    asked = question
    while (left := _uncovered(asked)) != asked and terms(left):
        asked = left
    asked = with_capitals(asked)
    asked = _NO_APOSTROPHE.sub(r"\1's", asked)
    asked = _OATH.sub(r"\g<asks>", asked)
    asked = _TURNED.sub(r"what \g<verb> \g<thing>\g<end>", asked)
    first = _THING_FIRST.match(asked)
    if first is None or not terms(first["thing"]):
        return asked
    thing = first["thing"] if _ARTICLE.match(first["thing"]) else f"‘{first['thing']}’"
    return f"{first['asks']} {thing}{first['end']}"


def _uncovered(question: str) -> str:
    """Return a question without what stands directly before and behind it."""
    question = _BEFORE.sub("", question)
    for pattern in _BEHIND:
        question = pattern.sub(_kept, question)
    return question


def _kept(found: re.Match[str]) -> str:
    return found["kept"] + (found["mark"] or found["end"])
