"""Guidance: what people say to the chat itself, and what they ask of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from footprints.index.lexical import terms
from footprints.types import Topic

_THING = (
    r"(?:this|these|that|the|your|its|all this|all of this) (?:\w+ )?"
    r"(?:site|website|page|pages|tool|service|chat|chatbot|bot|app|assistant|system|documents?"
    r"|sources?|files|papers|reports|information|info|data|content|material|answers?|quotes?"
    r"|facts|stuff|text|words)"
)
_SOURCES = r"(?:documents?|docs|sources?|pages|files|papers|reports|publications|material)"
_BE = r"(?:is|are|was|were|['’]s|['’]re|s)"
_HOLA = (
    r"(?:hi|hiya|hello|hey|heya|yo|howdy|greetings|good (?:morning|afternoon|evening|day)|morning"
    r"|afternoon|evening)"
)
_THANKS = (
    r"(?:thanks?(?: ?you)?|thank u|thx|ta|cheers|much appreciated|bye|bye bye|goodbye|good night"
    r"|see (?:you|ya)(?: later| soon)?)"
)
_SMALL = (
    r"(?: (?:very much|so much|a lot|a million|again|there|all|everyone|everybody|team|mate|for (?:"
    r"that|this|now|all that|your help|the help|helping|everything|the answers?)|and|very helpful"
    r"|(?:that|it|this)(?:['’]s| is| was| has been) (?:all|it|great|helpful|very helpful|perfect"
    r"|enough|useful|really useful|really helpful|fine|lovely|brilliant)(?: for (?:now|today))?"
    r"|how are (?:you|things)(?: (?:doing|today))*|how(?:['’]s| is) it going|nice to meet you"
    r"|are you there|(?:is )?any(?:one|body)(?: (?:there|around|home|in|at .*))+|footprints"
    r"|that will do|i(?:['’]ll| will) be back|just what i (?:needed|wanted)))*"
)


def _patterns(it: str) -> Mapping[Topic, re.Pattern[str]]:
    """Return what people say of each topic, where ``it`` is how they call the chat."""
    return {topic: re.compile(pattern.replace("IT", it)) for topic, pattern in _SAID.items()}


_SAID: Mapping[Topic, str] = {
    Topic.THANKS: (
        r"(?:(?:ok|okay|great|perfect|brilliant|lovely|super|right|ah|oh|no|well|many|got it)"
        r"[ ,]*)*"
        r"(?:i(?:['’]m| am) (?:off|done|finished)[ ,]*)?"
        rf"{_THANKS}(?: {_THANKS})*{_SMALL}(?: {_THANKS})*"
        r"|(?:ok|okay|great|perfect|brilliant|lovely|super)?[ ,]*"
        r"(?:that|it|this)(?:['’]s| is| was)"
        r" (?:all|great|helpful|very helpful|perfect|really useful|useful)(?: (?:for|thanks?).*)?"
    ),
    Topic.GREETING: rf"{_HOLA}(?: {_HOLA})*{_SMALL}|how are (?:you|things)(?: (?:doing|today))*",
    Topic.AUTHORS: (
        rf"who (?:wrote|writes|made|makes|built|created|runs|owns|maintains|publish(?:es|ed)"
        rf"|produced|provides|operates|is behind|is responsible for|are the (?:authors|publishers)"
        rf"(?: of)?) ?IT?"
        rf"|who {_BE} (?:the (?:authors?|publishers?|makers?)(?: (?:of|behind) IT)?|behind IT)"
        rf"|(?:whose|which organisation['’]?s?) (?:words|documents|pages|site|information) "
        rf"{_BE} (?:this|these|it)"
    ),
    Topic.AGE: (
        rf"how (?:old|recent|new|current|up[- ]to[- ]date|fresh|out of date|dated) {_BE} IT"
        rf"|{_BE} IT (?:still )?(?:up[- ]to[- ]date|current|recent|old|out of date|outdated|new)"
        rf"|when (?:was|were|did) IT (?:last )?"
        r"(?:written|updated?|published|made|collected|captured|from|produced)"
        rf"|(?:from )?(?:when|what (?:date|year|period)) {_BE} IT(?: from)?"
        rf"|what(?:['’]s| is) the date of IT|when (?:do|does) IT (?:date from|come from|cover)"
        rf"|how up[- ]to[- ]date {_BE} IT|what (?:years?|period|dates?) (?:do|does) IT cover"
    ),
    Topic.DOCUMENTS: (
        rf"(?:which|what|how many) {_SOURCES} (?:do|have|can|are|did|does|is|u) ?"
        r"(?:you|this|it|there|IT)?"
        r"(?: (?:have|got|use|using|know|read|search|look at|looked at|contain|hold|include"
        r"|includes?|contains?|covers?|here|available|based on|working from|drawing on|quote|in))*"
        rf"|(?:list|show me|show|name|what are) (?:all )?(?:of )?(?:the|your) {_SOURCES}"
        r"(?: (?:you (?:have|use|know|search)|here|available))?"
        rf"|where (?:do|does|did|is|are) IT (?:all )?(?:come from|from|get .*|get (?:it|this|that))"
        rf"|what {_BE} (?:your|the) sources?|what (?:is|are) IT based on"
        rf"|what (?:do you have|have you got)(?: (?:here|on file|in there))?"
    ),
    Topic.HELP: (
        r"help(?: me| please| me please)?|i need help|can you help(?: me)?(?: please)?"
        r"|what (?:can|could|do|should|may) (?:you|i|IT) "
        r"(?:do|ask|ask you|help with|help me with|know|know about|answer|tell me|search|find|say"
        r"|type|do here|do for me|ask here|talk about|ask about)"
        r"(?: (?:about|here|with|you|for me))*"
        r"|how (?:do|can|should|would|does|did) (?:i|you|we|one|IT) "
        r"(?:use|work|ask|start|begin|search|find|get|know|do|operate|decide|come up with)"
        r"(?: (?:a question|questions|started|IT|things out|answers?|this out))*"
        r"|(?:who|what) (?:are|r|is|['’]s) (?:you|IT)(?: (?:for|about|called))?"
        r"|(?:are|r) (?:you|u) (?:an? )?(?:\w+ )?"
        r"(?:robot|bot|chatbot|human|human being|person|machine"
        r"|computer|real|ai|real person|chatgpt|language model|program|alive)(?: or (?:an? )?.*)?"
        r"|am i (?:talking|speaking|chatting|writing) (?:to|with) (?:an? )?.*"
        r"|(?:can|should|may|do|could) i (?:really )?"
        r"(?:trust|believe|rely on|cite|quote|use|check) "
        r"(?:IT|what you (?:say|tell me))(?: (?:for|in|to|with) .*)?"
        r"|(?:are|is) (?:IT) (?:right|reliable|accurate|true|trustworthy|correct|official)"
        r"|(?:do|does|can|will) (?:you|IT) (?:ever )?(?:make (?:things|stuff|it|answers) up|lie"
        r"|invent .*|use (?:ai|chatgpt|a language model)|make mistakes|understand me|speak english"
        r"|remember .*|keep .*|store .*|hallucinate)"
        r"|(?:what|which) (?:topics|subjects|questions|areas|things|sort of .*|kinds? of .*) "
        r"(?:can|do|does|could|should|are) .*(?:you|i|it|this)(?: .*)?"
        r"|give me (?:some )?examples?(?: questions?)?(?: of .*)?"
        r"|instructions|menu|start|get started"
        r"|what now|i(?:['’]m| am) (?:new here|lost|stuck)(?: .*)?"
    ),
}
_FIRST, _LATER = _patterns(f"(?:{_THING}|you|this|these)"), _patterns(f"(?:{_THING}|you)")
"""In a conversation “this” may be what was spoken of last."""

_OPENING = re.compile(
    rf"^(?:(?:{_HOLA}|please|so|ok|okay|um|er|well|sorry|excuse me|and|but|just wondering|quick one"
    r"|can you tell me|could you tell me|tell me|may i ask|i wonder|actually)[ ,:]+)+",
)
_CLOSING = re.compile(r"[ ,]+(?:please|then|exactly|anyway|by the way|btw|actually|again|thanks)$")


_ABOUT_IT: Mapping[Topic, frozenset[str]] = {
    topic: frozenset(terms(words))
    for topic, words in {
        Topic.THANKS: "thanks thank thx cheers bye goodbye ta appreciated farewell",
        Topic.AUTHORS: (
            "wrote written writes write author authors publish publisher publishers published made "
            "makes built builds created creates behind runs owns maintains responsible charge"
        ),
        Topic.AGE: (
            "old date dates dated recent recently current currently fresh stale updated update "
            "updates latest newest year years age outdated date-stamped"
        ),
        Topic.DOCUMENTS: (
            "document documents source sources page pages paper papers file files report reports "
            "publication publications library material materials reading based drawn drawing"
        ),
        Topic.HELP: (
            "help use using used work works working ask asking question questions answer "
            "answers know knows able capable trust reliable rely accurate accuracy true right "
            "correct robot bot chatbot human person machine computer ai real program software "
            "instructions start started topics topic subjects subject example examples sort "
            "kind search searching find chat talk talking speak speaking type typing quote "
            "quotes quoting cite made-up invent inventing lying lie mistakes wrong check "
            "checked private privacy stored store kept keep remember save saved"
        ),
        Topic.GREETING: "hello hi hiya hey morning afternoon evening greetings howdy day",
    }.items()
}
_SMALL_TALK = frozenset(
    terms(
        "great lovely perfect brilliant super good nice helpful useful need needed needs look "
        "looking thing things stuff site website service tool app information info data "
        "content please sorry tell show give lot bit today tonight anyone anybody somebody "
        "someone time everything anything something put come came get got went go here say "
        "says said see let like want wanted actually really just quick quickly new first whole "
        "all many much cover covers covered contain contains on moment again later"
    )
)
"""Words that say nothing of what the documents are about."""

_TO_IT = re.compile(
    r"\b(?:you|your|yours|u|ur|hello|hi|hiya|hey|thanks?|thank|thx|cheers|bye|goodbye|help"
    r"|(?:this|the|these) (?:\w+ )?(?:site|website|service|tool|app|chat|chatbot|bot|thing|stuff"
    r"|information|info|data|content|answers?|documents?|sources?|pages?|material|quotes?))\b",
    re.IGNORECASE,
)
"""How one speaks to the chat or of what it has."""


def topic_of(question: str, follows: bool = False) -> Topic | None:
    """Return what of the chat itself a question is about, None if it is about the documents.

    ``follows`` says that others were asked before. What is said in no form that is known counts as
    well if it speaks to the chat and has no word but such as are said of one.
    """
    said = re.sub(r"[^\w'’ -]+", " ", question.casefold())
    said = " ".join(said.split()).strip(" -")
    bare = _CLOSING.sub("", _OPENING.sub("", said))
    for topic, pattern in (_LATER if follows else _FIRST).items():
        if pattern.fullmatch(said) or pattern.fullmatch(bare):
            return topic
    return _by_words(said)


def _by_words(said: str) -> Topic | None:
    """Return the topic of the words of a question, if all of them are said of a chat."""
    own = set(terms(said)) - _SMALL_TALK
    if not _TO_IT.search(said) or not own <= frozenset().union(*_ABOUT_IT.values()):
        return None
    return next((topic for topic, words in _ABOUT_IT.items() if own & words), None)
