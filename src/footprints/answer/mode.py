"""Modes: outcomes, opinions, duties, a say, a power, an address or an office is asked for.

A sentence on the same subject that says none of this does not answer it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from footprints.answer.expects import SOMEBODY, YES_OR_NO

_IS = r"(?:and |so |but )?(?:is|are|was|were|do|does|did|has|have|had)\b"
"""How a question for yes or no begins that asks what is or was so."""

_MEANT = (
    r"\b(?:aim(?:s|ed|ing)?|ambitions?|(?:new )?approach(?:es)? to|designed to"
    r"|expect(?:s|ed|ation|ations)?|focus(?:es|ed)? on|goals?|hop(?:es?|ed|ing)"
    r"|intend(?:s|ed|ing)?|intentions?|meant to|need(?:s|ed)? to|objectives?|plan(?:s|ned)? to"
    r"|propos(?:e|es|ed|als?)|requires?|seek(?:s|ing)?|shall|should|supposed to|visions?|ways? to"
    r"|will|would)\b"
    r"|^to \w+"
)
"""How something is said that may come."""

_DOCUMENT = (
    r"(?:(?:the|these|this|your) )?(?:\w+ )?"
    r"(?:documents?|guidance|pages?|papers?|plans?|re(?:port|view)s?)\b"
)
"""What says something without thinking it."""

_MODES: Sequence[tuple[re.Pattern[str], re.Pattern[str]]] = [
    (re.compile(asked, re.IGNORECASE), re.compile(said, re.IGNORECASE))
    for asked, said in (
        # What came of it, not what is meant to come.
        (
            r"(?:and |so |but )?since when\b"
            rf"|{_IS} there (?:[\w-]+ ){{,2}}?(?:evidence|proof|signs?)\b"
            rf"|(?!.*(?:{_MEANT})){_IS}.*"
            r"\b(?:(?:achiev|benefi|cut|deliver|effective|help|improv|increas|lower|reduc|sav|succe)"
            r"\w*|better|worse|faster|cheaper|work(?:s|ed|ing)?(?=\W*$))",
            rf"^(?!.*(?:{_MEANT}))",
        ),
        # What somebody thinks of it.
        (
            rf".*\b(?:what|how) (?:do|does|did|have|has) (?!{_DOCUMENT}).+ "
            r"(?:think|thought|feel|felt|believed?|say|said) (?:of|about)\b"
            r"|.*\b(?:opinions?|views?) (?:of|on|about)\b"
            rf"|{_IS}.*\b(?:against|angry|cross|fed up|(?:un)?happy|in favour|keen|pleased"
            r"|(?:dis)?satisfied|worried)\b",
            r".*\b(?:argu\w+|believ\w+|call(?:s|ed)?|concern\w*|consider\w*|critici\w+|disappoint\w*"
            r"|fear\w*|feel\w*|felt|opinions?|oppos\w+|prais\w+|regard\w*|said|says?|seen?|shortcoming"
            r"|support\w*|surve\w+|think\w*|thought|views?|viewed|want\w*|warn\w*|welcom\w+|worr\w+)\b",
        ),
        # What somebody must do.
        (
            rf"{_IS}.*\b(?:ha(?:ve|s|d) to|must|obliged|required|compulsory|mandatory)\b",
            r".*\b(?:compulsory|dut(?:y|ies)|ha(?:ve|s|d) to|legal\w*|mandat\w+|must|no|not"
            r"|need(?:s|ed)? to|oblig\w+|requir\w+|shall|should|statutory|voluntarily"
            r"|voluntary(?! (?:and|or|sector|groups?|organisations?)))\b",
        ),
        # Whether people had a say.
        (
            rf"{_IS}.*\b(?:ask(?:ed)?|consult(?:ed|ation)?|involve(?:d|ment)?|heard"
            r"|listen(?:ed)? to|(?:had|got|get|given|have) (?:a|any|much of a|their|no|some) say"
            r"|(?:in|into|kept in) the dark|left out|ignored|excluded|shut out|sidelined)\b",
            r".*\b(?:ask\w*|campaign\w*|consult\w*|conversations?|discuss\w*|engag\w+|feedback"
            r"|govern(?:ed|ance|ors?)|heard|includ\w+|input|involv\w+|listen\w*|members?"
            r"|participat\w+|partners?|represent\w*|say|seats?|stakeholders?"
            r"|views?)\b",
        ),
        # Whether something is taken away.
        (
            rf"{YES_OR_NO}.*\b(?:clos(?:e[ds]?|ing|ures?)|cut(?:s|ting|backs?)?|downgrad\w+"
            r"|los(?:e|es|ing)|scrap(?:ped)?|shut(?:s|ting)?)\b(?! (?:to|work\w*|collab\w+))",
            r".*\b(?:clos(?:e[ds]?|ing|ures?)|consolidat\w+|cut\w*|downgrad\w+|fewer|los\w+"
            r"|no changes|rationalis\w+|reconfigur\w+|reduc\w+|remov\w+|sav(?:e|es|ings?)"
            r"|shut\w*)\b",
        ),
        # Whether somebody has the power to stop it.
        (
            r"(?:and |so |but )?(?:can|could|may|might)\b.*\b(?:block|forbid|object|opt out"
            r"|overrule|overturn|prevent|refuse|reject|say no|stop|veto)\b",
            r".*\b(?:appeal\w*|approv\w+|block\w*|cannot|consent\w*|dut(?:y|ies)|endors\w+"
            r"|forbid\w*|must|no|not|object(?:s|ed|ion\w*)?|opt\w*|overrul\w+|powers?|refer\w*"
            r"|refus\w+|reject\w*|rights?|statutory|stop\w*|veto\w*|without)\b",
        ),
        # Where somebody is reached.
        (
            r".*\b(?:(?:tele)?phone number|e-?mail address|postal address|post ?code)\b",
            r".*(?:\d[\d ]{6,}\d|\w@\w|\b[a-z]{1,2}\d[\da-z]? \d[a-z]{2}\b)",
        ),
        # Who holds an office.
        (
            r"(?:and |so |but )?who(?:['’]s| is| was) (?:the|our|my|your|their|its)"
            r" (?:[\w-]+ ){,3}?(?:boss|chair\w*|chief|director|head|lead(?:er)?|manager|mayor"
            r"|minister|officer|president|secretary)\b",
            rf".*{SOMEBODY}",
        ),
    )
]
"""How each mode is asked for, and how a sentence begins that has it."""


def modes_of(question: str) -> tuple[re.Pattern[str], ...]:
    """Return what a sentence must match from its beginning to say what a question asks for."""
    return tuple(said for asked, said in _MODES if asked.match(question))
