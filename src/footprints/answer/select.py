"""Select the evidence: what to quote from a ranking, in the order shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from footprints.answer.defines import defines
from footprints.answer.differ import differently_defined
from footprints.answer.names import named, spoken_of
from footprints.answer.surroundings import overlap, share, surroundings
from footprints.corpus.clean import words_of
from footprints.corpus.dates import YEAR
from footprints.index.lexicon import abbreviations
from footprints.types import (
    Candidate,
    Citation,
    Document,
    HasSpan,
    Scored,
    Sentence,
    Shown,
    Understood,
)

# Every figure below was chosen on the `dev` cases.

MAX_QUOTES = 5

MARGIN = 0.05
"""A sentence is quoted if its score is at most this far below the best one's …"""

REACH = 0.2
"""… and more in other places are, as long as their scores are within this reach."""

LEAST = 3
"""The fewest places in a sure answer; in one that is not, there are five."""

_NEW_NAMES = 0.15
"""What a sentence gains if it mentions all the names that no quote before it mentions."""

_LIST_REACH = 0.12
"""A list that was asked for comes first if its score is at most this far below the best one's."""

_ITEMS = 3
"""So many items of one list that are close to the best, and it is quoted whole."""

_LONGEST = 45
"""Sentences are joined, and a paragraph is quoted whole, up to this many words."""

_POINTS_BACK = re.compile(r"(?:this|these|those|they|it|such)\b", re.IGNORECASE)
"""How a sentence begins that goes on about what was just said."""

_ASKS_FOR_LIST = re.compile(
    r"\b(list|name (all|the|every|each)|what (are|were|else)|which (are|were)|who (are|were)"
    r"|(what|which) (?!is\b|was\b|does\b|has\b|this\b)\w+s)\b",
    re.I,
)

_OVER_TIME = re.compile(
    r"\bhow (?:has|have|had|did)\b.*\b(?:changed?|evolved?|developed?|moved?|shift(?:ed)?|grown?)\b"
    r"|\b(?:timeline|history of|over (?:the )?(?:time|years)|chronolog\w+|evolution of)\b"
    r"|\b(?:first|at first|before)\b.*\b(?:then|later|now|afterwards)\b",
    re.I,
)


def select(
    question: Understood,
    ranking: Sequence[Scored[Candidate]],
    documents: Mapping[str, Document],
    least: int = LEAST,
) -> tuple[Scored[Candidate], ...]:
    """Return what a careful person would copy out, in the order shown.

    That is: the sentences close to the best one, or that speak of a name no other quote does, and
    enough more to reach the ``least`` number of places. What only points elsewhere, or itself asks,
    is left out; so is, unless the question is for change over time, what others say where the
    publisher that is asked says the best, and what defines nothing where the best defines what was
    asked. A lead-in comes with its list, and so does an item when the question asks for a list,
    which then comes first; a paragraph under the heading of a name that was asked for comes whole;
    neighbours in one paragraph are joined. Change over time is told in order of date.
    """
    telling = [one for one in ranking if one.signals.states and not one.signals.points] or ranking
    for signal in ("publisher", "defines"):
        if getattr(telling[0].signals, signal) and not over_time(question.text):
            telling = [one for one in telling if getattr(one.signals, signal)]
    accepted: list[Scored[Candidate]] = []
    close = _close_to_best(question, telling, documents)
    with_items = asks_for_list(question.text) or _is_one_list(close, question.after)
    for number, scored in enumerate([*close, *telling]):
        if number >= len(close) and (
            len(accepted) >= least or scored.score < telling[0].score - REACH
        ):
            break
        document = documents[scored.item.passage.doc_id]
        quote = replace(scored, item=_quotable(scored.item, question, document, with_items))
        if any(share(quote.item, other.item) for other in accepted):
            continue
        if number >= len(close) and _in_view(quote, accepted, document):
            continue
        _add(quote, accepted, document)
    if against := _set_against(accepted, telling, documents):
        accepted.insert(MAX_QUOTES - 1, against)
    accepted = accepted[:MAX_QUOTES]
    if with_items:
        best = accepted[0].score
        accepted.sort(key=lambda one: not (_is_list(one) and one.score >= best - _LIST_REACH))
    if over_time(question.text):
        accepted.sort(key=lambda one: age(documents[one.item.passage.doc_id]))
    return tuple(accepted)


def over_time(question: str) -> bool:
    """Tell whether a question asks how something changed."""
    return bool(_OVER_TIME.search(question))


def age(dated: Document | Citation) -> str:
    """Return when a document was published, else the first year it describes, else the last."""
    return dated.published or next(iter(YEAR.findall(dated.describes or "")), "9999")


def _is_list(quote: Scored[Candidate]) -> bool:
    """Tell whether a quote is a list as a whole."""
    sentence = quote.item.sentence
    return sentence.whole is not None and sentence.end == sentence.whole.end


def _is_one_list(close: Sequence[Scored[Candidate]], after: Shown | None) -> bool:
    """Tell whether items of the best one’s list are close to it, and none was just shown."""
    lists = [(one.item.passage.doc_id, one.item.sentence.whole) for one in close]
    doc_id, whole = lists[0]
    if whole is None or lists.count(lists[0]) < _ITEMS:
        return False
    shown = after.quotes if after else ()
    return not any(one.doc_id == doc_id and overlap(one, whole) for one in shown)


def _in_view(
    quote: Scored[Candidate], accepted: Sequence[Scored[Candidate]], document: Document
) -> bool:
    """Tell whether a quote stands in the surroundings of one that is accepted."""
    return any(
        other.item.passage == quote.item.passage
        and overlap(quote.item.sentence, surroundings(other.item, document))
        for other in accepted
    )


def asks_for_list(question: str) -> bool:
    """Tell whether a question asks for several things: “list …”, “what are …”, “which plans …”."""
    return bool(_ASKS_FOR_LIST.search(question))


def _close_to_best(
    question: Understood, ranking: Sequence[Scored[Candidate]], documents: Mapping[str, Document]
) -> list[Scored[Candidate]]:
    """Take sentences one by one, the best next one first, as long as it is close to the best.

    Next best is the score + 0.15 × the share of the question's names that are new with it.
    """
    within_reach = [s for s in ranking if s.score >= ranking[0].score - MARGIN - _NEW_NAMES]
    names = {
        scored.item.key: spoken_of(
            question.names, scored.item, documents[scored.item.passage.doc_id]
        )
        for scored in within_reach
    }
    taken, left = within_reach[:1], within_reach[1:]
    quoted = names[taken[0].item.key]

    def worth(scored: Scored[Candidate]) -> float:
        new = len(names[scored.item.key] - quoted)
        return scored.score + _NEW_NAMES * new / max(1, len(question.names))

    while left:
        following = max(left, key=worth)
        if worth(following) < ranking[0].score - MARGIN:
            break
        left.remove(following)
        taken.append(following)
        quoted |= names[following.item.key]
    return taken


def _set_against(
    accepted: Sequence[Scored[Candidate]],
    ranking: Sequence[Scored[Candidate]],
    documents: Mapping[str, Document],
) -> Scored[Candidate] | None:
    """Return another document's best sentence that defines a quote's term differently, if any.

    One with a different figure or date says the rest in the same words, and is close to the best.
    """
    quotes = [(quote.item.passage.doc_id, quote.item.sentence) for quote in accepted]
    said = [(doc_id, documents[doc_id].at(sentence)) for doc_id, sentence in quotes]
    defining = [(doc_id, text) for doc_id, text in said if any(abbreviations(text))]
    for scored in ranking if defining else ():
        own = scored.item.passage.doc_id
        text = documents[own].at(scored.item.sentence)
        if any(doc_id != own and differently_defined(quote, text) for doc_id, quote in defining):
            return None if any(share(scored.item, one.item) for one in accepted) else scored
    return None


def _quotable(
    candidate: Candidate, question: Understood, document: Document, with_items: bool
) -> Candidate:
    """Widen a sentence to what it should be quoted with."""
    sentence, headings = candidate.sentence, candidate.passage.headings
    if sentence.whole and (with_items or not sentence.lead):
        return _widened(candidate, sentence.whole.start, sentence.whole.end)
    if completed := _completed(candidate, question, document):
        return completed
    if sentence.lead is None and any(named(headings[-1], f) for f in question.names if headings):
        paragraph = _paragraph(candidate, document)
        start, end = paragraph[0].start, paragraph[-1].end
        if len(words_of(document.text[start:end])) <= _LONGEST:
            return _widened(candidate, start, end)
    return candidate


def _completed(candidate: Candidate, question: Understood, document: Document) -> Candidate | None:
    """Return a definition that was asked for with what completes it: “These are areas …”."""
    if not defines(question.defined, document.at(candidate.sentence)):
        return None
    for following in candidate.passage.sentences:
        is_next = _adjacent(candidate.sentence, following, document)
        if is_next and _POINTS_BACK.match(document.at(following)):
            return _widened(candidate, candidate.sentence.start, following.end)
    return None


def _paragraph(candidate: Candidate, document: Document) -> Sequence[Sentence]:
    """Return the sentences that stand in one paragraph with a sentence, it among them."""
    paragraph: list[Sentence] = []
    for sentence in candidate.passage.sentences:
        if paragraph and not _adjacent(paragraph[-1], sentence, document):
            if paragraph[-1].start >= candidate.sentence.start:
                break
            paragraph = []
        paragraph.append(sentence)
    return paragraph


def _add(quote: Scored[Candidate], accepted: list[Scored[Candidate]], document: Document) -> None:
    """Add a quote to those before it, joined with its neighbours in the place of the best."""
    place = len(accepted)
    for other in tuple(accepted):
        if joined := _joined(other.item, quote.item, document):
            place = min(place, accepted.index(other))
            accepted.remove(other)
            quote = replace(max(other, quote, key=lambda one: one.score), item=joined)
    accepted.insert(place, quote)


def _joined(one: Candidate, other: Candidate, document: Document) -> Candidate | None:
    """Join two neighbours in one paragraph, unless the result is too long to read."""
    if one.passage != other.passage:
        return None
    first, second = sorted((one.sentence, other.sentence), key=lambda sentence: sentence.start)
    if not _adjacent(first, second, document):
        return None
    if len(words_of(document.text[first.start : second.end])) > _LONGEST:
        return None
    return _widened(one, first.start, second.end)


def _adjacent(first: HasSpan, second: HasSpan, document: Document) -> bool:
    between = document.text[first.end : second.start]
    return first.end <= second.start and not between.strip(" ")


def _widened(candidate: Candidate, start: int, end: int) -> Candidate:
    return replace(candidate, sentence=replace(candidate.sentence, start=start, end=end))
