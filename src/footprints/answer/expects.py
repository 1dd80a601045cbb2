"""What a question expects: the kind of value that a direct answer must have."""

from __future__ import annotations

import re
from collections.abc import Mapping

from footprints.index.lexicon import WORD
from footprints.types import Expected

_NUMBER = (
    r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million|billion|dozen|half|thirds?|quarters?|"
    r"both|none|no|single)"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december|spring|summer|autumn|winter)"
)
_YEAR = r"\b(?:(?:1[5-9]|20)\d\d(?:[/–-]\d\d(?:\d\d)?)?|\d\d/\d\d)\b"
_NO_COUNT = r"\b(?:no )?one (?:of|another)\b|\bno one\b"
_OFFICE = (
    r"(?!(?:Act|Acute|Authority|Board|Care|Chief|City|Clinical|Commission|Committee|Consultant"
    r"|Council|County|Director|East|England|Executive|Five|Forward|Foundation|Framework|General"
    r"|Group|Guidance|Health|Hospitals?|Leadership|Local|Long|Mental|National|North|Officer"
    r"|Partnership|Plans?|Primary|Programme|Region|Royal|Services?|Social|South|System|Team|Term"
    r"|Trust|University|View|West|Year)\b)"
)
"""What is capitalised beside other words, and is nobody's name."""

SOMEBODY = (
    r"\b(?-i:(?:Dr|Mr|Mrs|Ms|Sir|Dame|Professor) [A-Z]"
    rf"|{_OFFICE}[A-Z][a-z]+ (?:[A-Z]\. ?)?{_OFFICE}[A-Z][a-z]+\b)"
)
_NO_PERSON = re.compile(r"\b(?:[Aa]n?|[Tt]h(?:e|is|ese|ose)) (?:[A-Z][\w’'-]* ?)+")
"""What a deal, a plan or a body is called: “the Cornwall Devolution Deal”."""

_LED_BY = re.compile(r"\b(?:led|headed|chaired|run|overseen|managed) by\b", re.IGNORECASE)
_WHO_LEADS = re.compile(
    r"\bwho(?:['’]s|se)?\b[^?.]*\b(?:leads?|leading|led|runs?|running|heads?|headed|heading|chairs?"
    r"|chaired|chairing|oversees?|overseen|overseeing|manages?|charge|boss(?:es)?|responsible)\b",
    re.IGNORECASE,
)
_LEADERS = (
    r"chief|chair\w*|leaders?|leads?|directors?|officers?|executives?|president|ministers?"
    r"|secretary|managers?|councillors?|members?|mayors?|boards?|committees?|groups?|teams?"
)
_LEADER = re.compile(
    rf"{_LED_BY.pattern}|\b(?:{_LEADERS}|leadership|oversight|responsib\w+)\b|{SOMEBODY}",
    re.IGNORECASE,
)
_WHOLE = re.compile(rf"\d+(?:[.,]\d+)+|{WORD.pattern}", WORD.flags)
_UNIT = r"(?:second|minute|hour|day|week|month|year|decade)"
AUXILIARY = (
    r"is|are|was|were|do|does|did|will|would|can|could|shall|should|may|might|must|has|have|had"
)
YES_OR_NO = rf"(?:and |so |but )?(?:{AUXILIARY})\b"
"""How a question for yes or no begins."""


_ASKED: Mapping[Expected, str] = {
    Expected.SHARE: r"\b(percentage|per ?cent|proportion|what share|what fraction)\b",
    Expected.MONEY: (
        r"\bhow much (?:(?:\w+ ){0,2}(?:money|funding|cash|investment)|did|does|do|will|would|has"
        r"|have|is|was|are|were|of the £)|\bhow expensive\b"
        r"|\bwhat (?:is|was|'s|are|were|sum|amount|does|did)\b.*\b(?:cost|price|budget|paid|earn)\b"
        r"|\bwhat\b.*\b(?:salar(?:y|ies)|wages?)\b"
    ),
    Expected.FREQUENCY: r"\bhow (often|frequently|regularly)\b",
    Expected.DURATION: r"\bhow long\b",
    Expected.COUNT: r"\bhow many\b|\bwhat (?:is|was) the number\b",
    Expected.DATE: (
        r"^(?:and |so |but )?(?:by |in |on |since |from |until )?"
        rf"(?:when(?: (?:{AUXILIARY})\b|\W*$)|(?:what|which) (?:date|year|month|day)\b)"
        r"|\bwhat (?:is|was) the date\b"
    ),
    # Behind another question word it is “people who …”, unless something new begins with it.
    Expected.PERSON: (
        r"^(?:(?!\b(?:what|how|where|when|why|which)\b).)*\bwho(?:['’]s|s|se|m)?\b"
        r"|(?:[,;?.] |\band )who(?:['’]s|se|m)?\b"
    ),
    Expected.REASON: r"^(?:and |but |so )?(?:why|how come|for what reason)\b",
    Expected.NAME: r"\b(?:names? of|called|named)\b|\bwhich (?:hospital|trust|site)s?\b",
}
"""How each kind is asked for; the first match counts."""

_FOUND: Mapping[Expected, re.Pattern[str]] = {
    kind: re.compile(pattern, 0 if kind is Expected.NAME else re.IGNORECASE)
    for kind, pattern in {
        Expected.MONEY: (
            r"[£$€]\s?\d|\b\d[\d,.]*\s?(?:million|billion|bn|m|k|pence|pounds|dollars)\b"
        ),
        Expected.SHARE: (
            r"%|per ?cent|\b(?:half|thirds?|quarters?|fifths?|tenths?|majority|most|all)\b"
        ),
        Expected.FREQUENCY: (
            r"\b(?:daily|weekly|monthly|annual\w*|quarterly|yearly|every|regular\w*|twice|once"
            rf"|standing item|times|(?:a|each|per) {_UNIT})\b"
        ),
        Expected.DURATION: rf"\b{_NUMBER}[- ]{_UNIT}s?\b|\b{_UNIT}s\b",
        Expected.COUNT: rf"\b{_NUMBER}\b",
        Expected.DATE: rf"\b{_MONTH}\b|{_YEAR}",
        Expected.PERSON: (
            rf"\b(?:{_LEADERS}|councils?|authorit\w+|government|providers?|trusts?|staff"
            r"|partners?|organisations?|department|people|clinicians?|doctors?|gps?|nurses?"
            rf"|dr|mr|mrs|ms|sir|dame|professor|king|queen|nhs)\b|{SOMEBODY}"
        ),
        Expected.REASON: (
            r"\b(?:because|since|so that|in order to|due to|owing to|therefore|reasons?"
            r"|(?:as a|the) (?:result|response)|needs?|needed|caused?|leads? to|means? that)\b"
        ),
        Expected.NAME: r"(?<=\w )[‘'“\"]?[A-Z][\w’'-]+",
    }.items()
}
"""How a value of each kind looks."""


def expected_of(question: str) -> Expected | None:
    """Return the kind of value that a question asks for; None if any words may answer.

    What a yes-or-no question mentions, “Is there a limit on how long …”, is not asked for.
    """
    if asks_yes_or_no(question):
        return None
    for kind, pattern in _ASKED.items():
        if re.search(pattern, question, re.IGNORECASE):
            return kind
    return None


def asks_yes_or_no(question: str) -> bool:
    """Tell whether a question is for yes or no."""
    return re.match(YES_OR_NO, question, re.IGNORECASE) is not None


def holds(expected: Expected, text: str, question: str = "") -> bool:
    """Tell whether a text has a value of a kind that the question does not give itself.

    A year is no count, nor is “one of …”.
    """
    if expected is Expected.COUNT:
        text = re.sub(rf"{_YEAR}|{_NO_COUNT}", " ", text, flags=re.IGNORECASE)
    of_leaders = expected is Expected.PERSON and _WHO_LEADS.search(question)
    pattern = _LEADER if of_leaders else _FOUND[expected]
    return bool(pattern.search(_without(question, text)))


def names_somebody(text: str, question: str) -> bool:
    """Tell whether a text has a person's name that the question does not give, or “led by …”."""
    people = _NO_PERSON.sub(" ", _without(question, text))
    return bool(_LED_BY.search(text) or re.search(SOMEBODY, people))


def _without(question: str, text: str) -> str:
    """Return a text without the words of a question; the 1 of 1,237 is none of them."""
    given = {word[0].casefold() for word in _WHOLE.finditer(question)}
    return _WHOLE.sub(lambda word: "" if word[0].casefold() in given else word[0], text)
