"""Questions to ask: examples from the documents, and what to ask next.

They come from the structure of the documents, and each has been asked before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice, pairwise, zip_longest
from typing import TYPE_CHECKING

from footprints.answer.defines import asked_term
from footprints.answer.expects import expected_of, holds, names_somebody
from footprints.answer.followup import leans, points, stands_alone
from footprints.answer.names import named, pattern
from footprints.answer.parts import ASKING
from footprints.answer.question import MAX_CHARACTERS
from footprints.index.lexical import terms
from footprints.types import (
    Answer,
    AnswerStatus,
    Block,
    BlockKind,
    Citation,
    Document,
    Expected,
    Span,
)

if TYPE_CHECKING:
    from footprints.answer.answerer import Answerer

EXAMPLES, NEXT = 4, 3
"""How many questions are shown at most, on the first page and under an answer."""

_TRIES = 24
"""How many questions are asked at most to find the examples; …"""

_NEXT_TRIES = 6
"""… and to find what to ask next."""

_EARLIER = 5
"""What was offered under so many answers before is offered last."""

_SIBLINGS = 3
"""The most that a question is asked of siblings: of the next two, and of the one before."""

_ANSWERED = frozenset({AnswerStatus.ANSWERED, AnswerStatus.OVERVIEW})
_GROUNDS = _ANSWERED | {AnswerStatus.POSSIBLE}

_LONGEST = 14
"""The most words of a lead-in, or of a heading, that a question is made of."""

_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)"
_LEAD_INS = (
    (re.compile(r"The (.+?) (?:are|were|include|included)(?: as follows)?:"), "What are the {}?"),
    (re.compile(r"The (.+?) (must|should|will|can|may) (.+?):"), "What {1} the {0} {2}?"),
    (re.compile(rf"The ({_NUMBER} .+?):"), "What are the {}?"),
)
"""How a lead-in of a list is turned into the question that the list answers."""

_BEGINS_A_QUESTION = re.compile(rf"{ASKING}\b", re.IGNORECASE)
_THE = re.compile(r"\bthe\b", re.IGNORECASE)

_LABEL = re.compile(r"\s+[-–—]\s+|:\s|\t")
"""What stands between an item's label and what is said of it, in a list or a table."""


def examples_of(answerer: Answerer) -> tuple[str, ...]:
    """Return questions that the documents answer, of as many documents as can be.

    They are headings that are questions, then lead-ins of lists, then headings.
    """
    index, found = answerer.index, list[str]()
    for question in questions_of(index.documents.values(), index.facts.lexicon.names):
        if len(found) == EXAMPLES:
            break
        if answerer.answer(question).status in _ANSWERED:
            found.append(question)
    return tuple(found)


def questions_of(documents: Iterable[Document], names: Collection[str]) -> list[str]:
    """Return questions that documents answer by their own account, the first of each, then more.

    ``names`` are the terms that the documents write as names.
    """
    own = (_own_questions(document, names) for document in islice(documents, _TRIES))
    whole = (one for one in chain.from_iterable(zip_longest(*own)) if one and _whole(one, names))
    return _different(whole)[:_TRIES]


def next_questions(
    answerer: Answerer,
    answer: Answer,
    history: Sequence[str] = (),
    earlier: Sequence[Answer] = (),
) -> tuple[str, ...]:
    """Return what to ask after an answer, each of which is answered when it is asked next.

    That is: the same of the siblings of what was asked about, what the term means to another
    publisher, and what stands under the neighbouring headings. ``history`` is what it is read with,
    oldest first. ``earlier`` are the answers before it: what was asked for them is not offered, and
    what was offered with them comes last.
    """
    return [(), *finding_next(answerer, answer, history, earlier)][-1]


def finding_next(
    answerer: Answerer,
    answer: Answer,
    history: Sequence[str] = (),
    earlier: Sequence[Answer] = (),
) -> Iterator[tuple[str, ...]]:
    """Find ``next_questions``; yield what is found so far whenever one question was tried."""
    if answer.status not in _GROUNDS or not answer.citations:
        return
    limited, asked = answerer.unread.of(answer.only), [*history, answer.question]
    found: tuple[str, ...] = ()
    shown = {answer.citations[0].quote}
    for question in _new_first(answerer, answer, history, earlier)[:_NEXT_TRIES]:
        if len(found) == NEXT:
            break
        given = limited.answer(question, asked)
        quote = given.citations[0].quote if given.status in _ANSWERED else ""
        if quote and quote not in shown and _gives(question, quote):
            shown.add(quote)
            found += (question,)
        yield found


def _gives(question: str, quote: str) -> bool:
    """Tell whether a quote has the kind of value that a question expects; who, somebody's name."""
    expected = expected_of(question)
    if expected is Expected.PERSON:
        return names_somebody(quote, question)
    return expected is None or holds(expected, quote, question)


def _new_first(
    answerer: Answerer, answer: Answer, history: Sequence[str], earlier: Sequence[Answer]
) -> list[str]:
    """Return what may be asked next, without what was asked; what may have been offered is last."""
    asked = {_kind(one.question) for one in [*earlier, answer]}
    offered = {
        _kind(question)
        for before, one in list(pairwise([None, *earlier]))[-_EARLIER:]
        if one and one.citations
        for question in _different(_after(answerer, one, [before.question] if before else []))[
            :_NEXT_TRIES
        ]
    }
    left = _different(_after(answerer, answer, history))
    return sorted(
        (one for one in left if _kind(one) not in asked), key=lambda one: _kind(one) in offered
    )


def _different(questions: Iterable[str | None]) -> list[str]:
    """Return the questions that differ in more than their form, the first of each kind.

    What is too long to be asked is none.
    """
    kinds: dict[frozenset[str], str] = {}
    for one in filter(None, questions):
        if len(one) <= MAX_CHARACTERS:
            kinds.setdefault(_kind(one), one)
    return [*kinds.values()]


def _kind(question: str) -> frozenset[str]:
    return frozenset(term.rstrip("s") for term in terms(question))


def _own_questions(document: Document, names: Collection[str]) -> Iterator[str]:
    """Yield what a document answers by its own account."""
    headings = [one for one in document.blocks if one.kind is BlockKind.HEADING]
    yield from filter(_asks, map(document.at, headings))
    blocks = [document.at(one) for one in document.blocks if one.kind is BlockKind.PARAGRAPH]
    yield from filter(None, map(_asked_by, blocks))
    told = (one for one in headings[1:] if _tells(document, one, names))
    yield from map(_about, map(document.at, told))


def _whole(question: str, names: Collection[str]) -> bool:
    """Tell whether a question says what it is about to somebody who has seen no document."""
    if leans(question):
        return False
    term = asked_term(question) if not _THE.search(question) else None
    return stands_alone(question) or bool(term) or _has_name(question, names)


def _has_name(text: str, names: Collection[str]) -> bool:
    """Tell whether a text has a word that the documents write as a name."""
    return any(term in names for term in terms(text))


def _asked_by(lead_in: str) -> str:
    """Return the question that the list after a lead-in answers; nothing if it is not clear."""
    for form, question in _LEAD_INS:
        found = form.fullmatch(lead_in)
        if found and len(lead_in.split()) <= _LONGEST:
            return question.format(*found.groups())
    return ""


def _after(answerer: Answerer, answer: Answer, history: Sequence[str]) -> Iterator[str]:
    question, best = answer.searched_for or answer.question, answer.citations[0]
    document = answerer.index.documents.get(best.doc_id)
    if document is None:
        return
    asked_alone = not answer.parts and (not history or stands_alone(question))
    names = answerer.index.facts.lexicon.names
    alike = _of_siblings(question, document, best, names) if asked_alone else iter(())
    meant = _to_others(question, answer.citations) if asked_alone else iter(())
    beside = (
        heading if _asks(heading) else _about(heading)
        for block in _neighbours(document, best)
        if _asks(heading := document.at(block)) or _tells(document, block, names)
    )
    yield from chain.from_iterable(zip_longest(alike, meant, beside))


def _of_siblings(
    question: str, document: Document, best: Citation, names: Collection[str]
) -> Iterator[str]:
    """Yield the question with what it asks about replaced by what stands beside that."""
    for blocks in _families(document, best):
        labelled = {_label(document, one): one for one in reversed(blocks)}
        labels = [*labelled][::-1]
        asked = next((label for label in labels if label and named(question, (label,))), None)
        if asked is None:
            continue
        at, says = labels.index(asked), _says(document, labelled[asked], names)
        for label in filter(None, [*labels[at + 1 : at + _SIBLINGS], *labels[:at][-1:]]):
            alike = _says(document, labelled[label], names) or not says
            if alike and not named(question, (label,)):
                yield _in_place(question, asked, label)
        return


def _in_place(question: str, asked: str, label: str) -> str:
    """Return a question with one label in the place of another, small where that was."""
    place = pattern(asked).search(question)
    if place is None:
        return question
    first = label[0].lower() if place[0][0].islower() else label[0]
    rest = question[place.start() + len(asked) :]
    put = f"{question[: place.start()]}{first}{label[1:]}{rest}"
    return put[0].upper() + put[1:]


def _families(document: Document, best: Citation) -> Iterator[Sequence[Block]]:
    """Yield the items around a quote, and the headings beside each that it stands under."""
    blocks = document.blocks
    at = max((row for row, one in enumerate(blocks) if one.start <= best.start), default=0)
    within = {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}
    if any(one.kind in within for one in blocks[at : at + 2]):
        first = last = at + (blocks[at].kind not in within)
        while first > 0 and blocks[first - 1].kind is blocks[last].kind:
            first -= 1
        while last + 1 < len(blocks) and blocks[last + 1].kind is blocks[first].kind:
            last += 1
        yield blocks[first : last + 1]
    for heading in reversed(document.above(best)):
        yield _beside(document, heading)


def _beside(document: Document, heading: Block) -> list[Block]:
    """Return the headings of one level under one parent, of which this is one."""
    parent = document.above(heading)[:-1][-1:]
    return [
        one
        for one in document.blocks
        if one.kind is BlockKind.HEADING
        and one.level == heading.level
        and document.above(one)[:-1][-1:] == parent
    ]


def _label(document: Document, block: Block) -> str:
    """Return what a heading, an item or a row is about; of column heads, nothing."""
    if block.kind is BlockKind.TABLE_ROW and block.level:
        return ""
    text = document.at(block)
    if block.kind is not BlockKind.HEADING:
        text = _LABEL.split(text, maxsplit=1)[0]
    return text.strip() if len(text.split()) <= _LONGEST // 2 else ""


def _to_others(question: str, citations: Iterable[Citation]) -> Iterator[str]:
    """Yield what a term means to other publishers, if its meaning is asked for."""
    if asked_term(question):
        publishers = dict.fromkeys(one.publisher for one in citations)
        yield from (f"{question} ({name})" for name in [*publishers][1:] if name)


def _neighbours(document: Document, best: Citation) -> list[Block]:
    """Return the headings after the innermost one of a quote, then those before it."""
    above = document.above(best)
    if not above:
        return []
    beside = _beside(document, above[-1])
    at = beside.index(above[-1])
    return [*beside[at + 1 :], *reversed(beside[:at])]


def _asks(heading: str) -> bool:
    return heading.endswith("?")


def _tells(document: Document, heading: Block, names: Collection[str]) -> bool:
    """Tell whether a heading says enough for a question about it."""
    text = document.at(heading)
    short = len(terms(text)) > 1 and len(text.split()) <= _LONGEST
    return short and not _asks(text) and _says(document, heading, names)


def _says(document: Document, label: Block, names: Collection[str]) -> bool:
    """Tell whether a heading says by itself what stands under it; what is no heading does.

    It has a name, or the text under it has most of its words: that of an introduction or of an
    overview seldom speaks of introductions and overviews.
    """
    text = document.at(label)
    if label.kind is not BlockKind.HEADING:
        return True
    if points(text):
        return False
    under = {*terms(document.at(_section(document, label)))}
    share = [term in under for term in terms(text)]
    return _has_name(text, names) or 2 * sum(share) > len(share)


def _section(document: Document, heading: Block) -> Span:
    """Return what stands under a heading."""
    following = (
        one.start
        for one in document.blocks
        if one.kind is BlockKind.HEADING
        and one.start > heading.start
        and one.level <= heading.level
    )
    return Span(heading.end, next(following, len(document.text)))


def _about(heading: str) -> str:
    """Return the question that a heading without a question mark answers."""
    if _BEGINS_A_QUESTION.match(heading):
        return f"{heading}?"
    return f"What do the documents say about ‘{heading}’?"
