"""Overviews: the outline of a document or a section, or all that names a place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, islice

from footprints.answer.names import named, pattern
from footprints.answer.pointers import points_elsewhere
from footprints.index.facts import IndexedDocument
from footprints.index.lexical import terms
from footprints.index.store import Index
from footprints.types import ALL_DOCUMENTS, Block, BlockKind, Candidate, Document, Scored, Sentence

ALL = 0.999
"""The share that counts as the whole question; sums of floats are not exact."""

MOST = 12
"""The most places that an overview shows."""

_PLEASE = (
    r"(?:(?:please|can you|could you|would you|(?:can|could|may) i (?:have|get|see)"
    r"|i(?:['’]d| would) like(?: you)?(?: to have)?|i want"
    r"|i need|just|hi|hello|so|ok|and)[ ,]+)*(?:to )?"
)
_KINDS = (
    r"(?:(?:brief|short|quick|general|high[- ]level|basic|one[- ]page)\s+)*"
    r"(?:summar(?:y|ies)|overview|outline|gist|rundown|run[- ]down|digest|introduction|intro"
    r"|main points|key points|highlights|key messages|basics)"
)
_SURELY = r"(?:actually |basically |really )?"
_IN_SHORT = r"(?: overall| in general| generally| in (?:short|brief|a nutshell|summary))?"
_ASKED = tuple(
    re.compile(rf"^{_PLEASE}{pattern}\W*$", re.IGNORECASE)
    for pattern in (
        r"(?:summari[sz]e|sum up|outline|describe)\s+(?:for me\s+)?(?P<about>.+?)",
        rf"(?:(?:give|write|get|show|provide|send)(?: me| us)?\s+|what(?:['’]s| is| are)\s+)?"
        rf"(?:the |an? |some )?{_KINDS}\s+(?:of|on|about|from|in|for|to)\s+(?P<about>.+?)",
        r"(?:tell|teach|show|inform) (?:me|us)\s+"
        r"(?:all |more |everything |something |a (?:bit|little) "
        r"(?:more )?)*(?:(?:that )?you (?:know|have|can)\s+)?(?:about|on)\s+(?P<about>.+?)",
        r"(?:what|everything|anything|all|whatever)(?: is it)?(?: that)? (?:do |does |did )?"
        r"(?:you|we|they) (?:know|have|got|say|hold|find)(?: out)? (?:about|on)\s+(?P<about>.+?)",
        r"(?:everything|anything|all|information|info|background|what is there|what['’]s there)"
        r"(?: there is)? (?:about|on)\s+(?P<about>.+?)",
        rf"what (?:does|do|did) (?P<about>.+?) {_SURELY}(?:cover|contain|include){_IN_SHORT}",
        rf"what (?:does|do|did) (?P<speaker>.+?) {_SURELY}(?:say|argue|tell us|find|talk about"
        rf"|deal with){_IN_SHORT}",
        r"what(?:['’]s| is| was) (?:actually |said |covered )?(?:in|on) (?P<about>.+?)",
        r"what(?:['’]s| is| are) (?P<about>.+?) (?:all )?about",
        r"what (?:can|could|do) (?:you|we) (?:tell (?:me|us) |say )?(?:about|on|know about) "
        r"(?P<about>.+?)",
        r"what (?:do|does) (?:these|the|your|this) "
        r"(?:papers?|documents?|pages?|sources?|files|reports?) "
        r"(?:have|say|hold|tell us|contain) (?:about|on) (?P<about>.+?)",
        rf"(?P<about>.+?)[ ,:–-]+(?:{_KINDS}"
        r"|what (?:do|does) (?:we|you|they|it) (?:know|have|say))",
    )
)
_CLOSING = re.compile(
    r"[ ,;–-]+(?:please|thanks|thank you|in (?:general|short|brief|a nutshell|outline)|overall"
    r"|roughly|briefly|for (?:me|us|our .*|my .*|a .*)|then|exactly|all of it|as a whole)\W*$",
    re.IGNORECASE,
)

_SECTION = r"(?:section|chapter|part|paragraph)s?\s+(?:on|about|called|headed)\s+(?:the\s+)?"
_OF_WHAT = re.compile(rf"^(?:the|an?|this|that|these|those)\s+(?:{_SECTION})?", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=\S)|\s+[–-]\s+(?=(?:i|we|my|our)\b)", re.IGNORECASE)
"""What stands between a request and what the asker tells beside it."""

_CLAUSE = re.compile(r"(?:how|what|why|when|where|who|which|whether|if)\b", re.IGNORECASE)

_OFTEN = 24
"""What is named in more sentences is what the documents are about; its headings alone are shown."""

_MANY = 1000
"""So many passages that have a word of a name are looked through for it."""

_SHORT = 80
"""A passage of at most this many words is shown whole."""

_KIND_OF_DOCUMENT = frozenset(
    terms(
        "page pages document documents review report faq faqs website site paper guidance article "
        "publication text piece question questions frequently asked whole entire full region area"
    )
)


def overview_of(
    question: str,
    index: Index,
    forms: Mapping[str, Sequence[str]],
    is_name: Callable[[str], bool],
    asked: Callable[[IndexedDocument], bool] = lambda document: True,
) -> tuple[Scored[Candidate], ...]:
    """Return what the overview that is asked for shows, in order; nothing if none is.

    ``forms`` are the publishers, each in all the ways to write it. What is asked for is a document,
    by its title or its publisher; or whatever stands in headings or is named in sentences. A name
    alone, by ``is_name``, asks for its overview too, and so does “the LGA review”. Only documents
    that are ``asked`` are shown.
    """
    question = question.strip()
    bare, request = question.strip(" ?!."), _request(question)
    about, speaks = _about(request)
    if not about and (is_name(bare) or _is_document(bare, forms)):
        about = bare
    wanted = set(terms(about))
    if not wanted or _CLAUSE.match(about):
        return ()
    documents = filter(asked, _documents(about, wanted, index, forms))
    places = [place for document in documents for place in _outline(document, index)]
    section = re.search(_SECTION, request, re.IGNORECASE) is not None
    alone = request in ("", question) and (section or not speaks)
    if not places and (alone or is_name(about)):
        among = {document.doc_id for document in index.facts.documents if asked(document)}
        places = [one for one in _mentions(about, index, section) if one.passage.doc_id in among]
    return tuple(Scored(place, 1.0) for place in places[:MOST])


def _about(question: str) -> tuple[str, bool]:
    """Return the subject of the overview that is asked for, and whether it is one that speaks.

    What “patients” say stands in no outline; what “the LGA” or a section says does.
    """
    asked = _CLOSING.sub("", question)
    for way in _ASKED:
        if found := way.match(asked):
            return _OF_WHAT.sub("", found[1]), found.lastgroup == "speaker"
    return "", False


def _request(question: str) -> str:
    """Return the sentence that asks, beside what the asker tells; nothing if none or several do."""
    sentences = _SENTENCE.split(question)
    asking = [one for one in sentences if "?" in one]
    asking = asking or [one for one in sentences if _about(one)[0]]
    return asking[0] if len(asking) == 1 else ""


def _is_document(text: str, forms: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a text is a publisher's name with a kind of document, or “the FAQ”."""
    words = set(terms(text))
    if text.lower().startswith("the ") and words <= _KIND_OF_DOCUMENT:
        return bool(words)
    published = (form for ways in forms.values() for form in ways if named(text, (form,)))
    rest = (set(terms(pattern(form).sub("", text))) for form in published)
    return any(left and left <= _KIND_OF_DOCUMENT for left in rest)


def _documents(
    about: str, wanted: set[str], index: Index, forms: Mapping[str, Sequence[str]]
) -> list[IndexedDocument]:
    """Return the documents that are named: every telling word is of their title or publisher.

    What kind of document it is tells it where no other is of that kind: “the FAQ”.
    """
    own = [
        (document, wanted & set(terms("\n".join(_called(document, forms)))))
        for document in index.facts.documents
    ]
    only = {word for word in wanted if sum(word in words for _, words in own) == 1}
    telling = wanted - (_KIND_OF_DOCUMENT - only)
    found = [document for document, words in own if telling <= words]
    if not telling:
        return []
    if telling != wanted or len(telling) > 1 or telling <= _KIND_OF_DOCUMENT:
        return found
    return [one for one in found if named(about, forms.get(one.publisher or "", ()))]


def _called(document: IndexedDocument, forms: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what a document is called, and who publishes it."""
    published = forms.get(document.publisher or "", ())
    return [document.title, document.doc_id.replace("-", " "), *published, document.first]


def _outline(listed: IndexedDocument, index: Index) -> Iterator[Candidate]:
    """Yield the opening sentence of each section of a document, of all or of the topmost levels."""
    segment = index.segments[listed.segment]
    document = segment.document
    candidates = [
        candidate
        for row in range(listed.passages)
        for candidate in segment.candidates(row)
        if not points_elsewhere(candidate.sentence, document.at(candidate.sentence))
    ]
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    levels = sorted({block.level for block in headings})
    fitting = (level for level in reversed(levels) if _count(headings, level) <= MOST)
    deepest = next(fitting, levels[0] if levels else 0)
    starts = [block.start for block in headings if block.level <= deepest]
    if len(starts) <= 1:
        starts = [candidate.passage.start for candidate in candidates]
    ends = [*starts[1:], len(document.text)]
    for start, end in dict(zip(starts, ends, strict=True)).items():
        opening = (one for one in candidates if start <= one.sentence.start < end)
        yield from islice(opening, 1)


def _count(headings: Sequence[Block], deepest: int) -> int:
    return sum(block.level <= deepest for block in headings)


def _mentions(about: str, index: Index, section: bool) -> Iterator[Candidate]:
    """Yield every passage under a heading that has all words, and every sentence that has them.

    Where a ``section`` is asked for, sentences elsewhere are left out. The document with most of
    them comes first.
    """
    wanted = terms(about)
    weights = {term: index.facts.passage_idf(term) for term in wanted}
    near = index.search.search(None, weights, _MANY, ALL_DOCUMENTS)
    candidates = [candidate for one in near for candidate in index.candidates(one)]
    coverage = index.sentences(candidates).coverage(wanted) if candidates else ()
    having = [one for one, share in zip(candidates, coverage, strict=True) if share > ALL]
    under: list[Candidate] = []
    named_in: list[Candidate] = []
    for passage, sentences in groupby(having, key=lambda one: one.passage):
        if set(wanted) <= set(terms(" ".join(passage.headings))):
            under.append(_whole(next(sentences), index.documents[passage.doc_id]))
        else:
            named_in += sentences
    found = under if section and under else [*under, *(named_in if len(named_in) <= _OFTEN else ())]
    by_document = Counter(one.passage.doc_id for one in found)
    order = [doc_id for doc_id, _ in by_document.most_common()]
    yield from sorted(found, key=lambda one: (order.index(one.passage.doc_id), one.sentence.start))


def _whole(first: Candidate, document: Document) -> Candidate:
    """Widen the first sentence of a passage to the whole, if that is short."""
    passage = first.passage
    place = passage if len(document.at(passage).split()) <= _SHORT else passage.sentences[0]
    return replace(first, sentence=Sentence(place.start, place.end))
