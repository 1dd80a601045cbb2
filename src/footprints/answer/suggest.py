"""Questions to ask: examples from the documents, and what to ask next.

They come from the structure of the documents, and each has been asked before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

from footprints.answer.defines import asked_term
from footprints.answer.expects import expected_of, holds, names_somebody
from footprints.answer.followup import stands_alone
from footprints.answer.names import named, pattern
from footprints.index.lexical import terms
from footprints.types import (
    Answer,
    AnswerStatus,
    Block,
    BlockKind,
    Citation,
    Document,
    Expected,
)

if TYPE_CHECKING:
    from footprints.answer.answerer import Answerer

EXAMPLES, NEXT = 4, 3
"""How many questions are shown at most, on the first page and under an answer."""

_TRIES = 24
"""How many questions are asked at most to find the examples; …"""

_NEXT_TRIES = 6
"""… and to find what to ask next."""

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

_LABEL = re.compile(r"\s+[-–—]\s+|:\s|\t")
"""What stands between an item's label and what is said of it, in a list or a table."""


def examples_of(answerer: Answerer) -> tuple[str, ...]:
    """Return questions that the documents answer, of as many documents as can be.

    They are headings that are questions, then lead-ins of lists, then headings.
    """
    documents = islice(answerer.index.documents.values(), _TRIES)
    in_turn = chain.from_iterable(zip_longest(*map(_own_questions, documents)))
    found: list[str] = []
    for question in _different(in_turn)[:_TRIES]:
        if len(found) == EXAMPLES:
            break
        if answerer.answer(question).status in _ANSWERED:
            found.append(question)
    return tuple(found)


def next_questions(
    answerer: Answerer, answer: Answer, history: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return what to ask after an answer, each of which is answered when it is asked next.

    That is: the same of the siblings of what was asked about, what the term means to another
    publisher, and what stands under the neighbouring headings. ``history`` is what was asked
    before the answer, oldest first.
    """
    return [(), *finding_next(answerer, answer, history)][-1]


def finding_next(
    answerer: Answerer, answer: Answer, history: Sequence[str] = ()
) -> Iterator[tuple[str, ...]]:
    """Find ``next_questions``; yield what is found so far whenever one question was tried."""
    if answer.status not in _GROUNDS or not answer.citations:
        return
    limited, earlier = answerer.unread.of(answer.only), [*history, answer.question]
    found: tuple[str, ...] = ()
    shown = {answer.citations[0].quote}
    for question in _different(_after(answerer, answer, history))[:_NEXT_TRIES]:
        if len(found) == NEXT:
            break
        given = limited.answer(question, earlier)
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


def _different(questions: Iterable[str | None]) -> list[str]:
    """Return the questions that differ in more than their form, the first of each kind."""
    kinds: dict[frozenset[str], str] = {}
    for one in filter(None, questions):
        kinds.setdefault(frozenset(term.rstrip("s") for term in terms(one)), one)
    return [*kinds.values()]


def _own_questions(document: Document) -> Iterator[str]:
    """Yield what a document answers by its own account."""
    headings = [document.at(one) for one in document.blocks if one.kind is BlockKind.HEADING]
    yield from (heading for heading in headings if heading.endswith("?"))
    blocks = [document.at(one) for one in document.blocks if one.kind is BlockKind.PARAGRAPH]
    yield from filter(None, map(_asked_by, blocks))
    yield from map(_about, filter(_tells, headings[1:]))


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
    alike = _of_siblings(question, document, best) if asked_alone else iter(())
    meant = _to_others(question, answer.citations) if asked_alone else iter(())
    beside = (
        heading if heading.endswith("?") else _about(heading)
        for heading in _neighbours(document, best)
        if heading.endswith("?") or _tells(heading)
    )
    yield from chain.from_iterable(zip_longest(alike, meant, beside))


def _of_siblings(question: str, document: Document, best: Citation) -> Iterator[str]:
    """Yield the question with what it asks about replaced by what stands beside that."""
    for blocks in _families(document, best):
        labels = [*dict.fromkeys(_label(document, one) for one in blocks)]
        asked = next((label for label in labels if label and named(question, (label,))), None)
        if asked is None:
            continue
        at = labels.index(asked)
        for label in filter(None, [*labels[at + 1 : at + _SIBLINGS], *labels[:at][-1:]]):
            if not named(question, (label,)):
                yield _in_place(question, asked, label)
        return


def _in_place(question: str, asked: str, label: str) -> str:
    """Return a question with one label in the place of another, small where that was."""
    place = pattern(asked).search(question)
    if place is None:
        return question
    first = label[0].lower() if place[0][0].islower() else label[0]
    put = f"{question[: place.start()]}{first}{label[1:]}{question[place.end() :]}"
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


def _neighbours(document: Document, best: Citation) -> list[str]:
    """Return the headings after the innermost one of a quote, then those before it."""
    above = document.above(best)
    if not above:
        return []
    beside = _beside(document, above[-1])
    at = beside.index(above[-1])
    return [document.at(one) for one in [*beside[at + 1 :], *reversed(beside[:at])]]


def _tells(heading: str) -> bool:
    """Tell whether a heading says enough for a question about it."""
    return len(terms(heading)) > 1 and len(heading.split()) <= _LONGEST


def _about(heading: str) -> str:
    return f"What do the documents say about ‘{heading}’?"
