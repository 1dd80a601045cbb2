"""Cite evidence: numbered quotes in their surroundings, each with every place that says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import chain, count

from footprints.answer.surroundings import share, surroundings, within
from footprints.corpus.clean import words_of
from footprints.types import (
    Candidate,
    Citation,
    Document,
    Excerpt,
    Facts,
    HasSpan,
    Passage,
    Place,
    Scored,
    Span,
)

FURTHER = 8
"""How many of the next best passages are given below an answer."""

_MORE_WORDS = 5
"""A quote that says all that another says, and up to this many words more, says the same …"""
_TELLING = re.compile(r".*\d|(?:no|not|never|nor|none|without|un(?:less|til)|only|except)$")
"""… unless one of those is such a word."""

_ENOUGH = 8
"""A sentence of so many words says the same wherever it stands."""

Likely = Callable[[Scored[Candidate]], float]
"""How likely a sentence answers, 0 to 1."""


def _certain(scored: Scored[Candidate]) -> float:
    return 1.0


def cite(
    accepted: Sequence[Scored[Candidate]],
    documents: Mapping[str, Document],
    likely: Likely = _certain,
    after: Sequence[Citation] = (),
    among: Sequence[Scored[Candidate]] = (),
    ranking: Sequence[Scored[Candidate]] = (),
) -> tuple[Citation, ...]:
    """Number the accepted sentences in order; those that say the same are one citation.

    So are those of a ``ranking`` that say the same as one accepted.

    Where the surroundings of two would overlap, the second stands in those of the first if it is in
    them, else its own begin where those end. Quotes in ``after`` come before them and are not cited
    again. The surroundings show what is quoted ``among`` the same answer whole or not at all.

    Numbers go up as a reader meets them: what stands in view before a better quote of its place is
    no quote of its own.
    """
    cited: list[Citation] = []
    number = len(after)
    for first, *others in _alike(accepted, ranking, documents):
        document = documents[first.item.passage.doc_id]
        if again := _cited_already(first.item, after):
            cited.append(again)
            continue
        around = _around(first.item, document, (*after, *cited), (*accepted, *among))
        if any(_comes_after(one, first.item, around) for one in cited):
            continue
        number += 1
        cited.append(
            _citation(
                number,
                document,
                first.item.passage,
                first.item.sentence,
                likely(first),
                surroundings=around,
                context=_context(first.item, document),
                also=tuple(
                    Place(other.passage.doc_id, other.sentence.start, other.sentence.end)
                    for other in (scored.item for scored in others)
                ),
            )
        )
    return _as_displayed(cited, len(after))


def _around(
    candidate: Candidate,
    document: Document,
    cited: Sequence[Citation],
    quoted: Sequence[Scored[Candidate]],
) -> HasSpan:
    """Return the surroundings of a quote beside those of the document that are taken already."""
    taken = [one.surroundings for one in cited if one.doc_id == document.doc_id]
    quotes = [one.item for one in quoted if one.item.passage.doc_id == document.doc_id]
    return surroundings(candidate, document, taken, [one.sentence for one in quotes])


def _as_displayed(cited: Sequence[Citation], before: int) -> tuple[Citation, ...]:
    """Number quotes on place by place, as displayed; those cited ``before`` keep their numbers."""
    places: dict[tuple[str, int, int, bool], list[Citation]] = {}
    for one in cited:
        around, is_new = one.surroundings, one.number > before
        places.setdefault((one.doc_id, around.start, around.end, is_new), []).append(one)
    numbers = count(before + 1)
    return tuple(
        replace(one, number=next(numbers)) if one.number > before else one
        for one in chain.from_iterable(places.values())
    )


def further(
    ranking: Iterable[Scored[Candidate]],
    shown: Sequence[Citation],
    documents: Mapping[str, Document],
    likely: Likely,
) -> tuple[Citation, ...]:
    """Return the whole passages of the next best sentences that are not in view yet.

    A passage that says the same as one before it is another place of that.
    """
    seen, best = _in_view(shown), dict[str, Scored[Candidate]]()
    for scored in ranking:
        passage, sentence = scored.item.passage, scored.item.sentence
        if not any(one.doc_id == passage.doc_id and within(sentence, one) for one in seen):
            best.setdefault(passage.passage_id, scored)
    found: dict[tuple[str, ...], list[Scored[Candidate]]] = {}
    for scored in best.values():
        words = words_of(documents[scored.item.passage.doc_id].at(scored.item.passage))
        same = next((first for first in found if same_words(first, words)), words)
        if same in found or len(found) < FURTHER:
            found.setdefault(same, []).append(scored)
    return tuple(
        _citation(
            number,
            documents[first.item.passage.doc_id],
            first.item.passage,
            first.item.passage,
            likely(first),
            surroundings=Span(first.item.passage.start, first.item.passage.end),
            also=tuple(
                Place(one.item.passage.doc_id, one.item.passage.start, one.item.passage.end)
                for one in others
            ),
        )
        for number, (first, *others) in enumerate(found.values(), start=len(shown) + 1)
    )


def _comes_after(cited: Citation, candidate: Candidate, around: HasSpan) -> bool:
    """Tell whether a quote comes after another in the same place."""
    place = (cited.doc_id, cited.surroundings.start, cited.surroundings.end)
    same = place == (candidate.passage.doc_id, around.start, around.end)
    return same and cited.start > candidate.sentence.start


def _cited_already(candidate: Candidate, before: Sequence[Citation]) -> Citation | None:
    """Return the citation that holds a quote already, if there is one."""
    holding = (
        one
        for one in before
        if one.doc_id == candidate.passage.doc_id and within(candidate.sentence, one)
    )
    return next(holding, None)


def _context(candidate: Candidate, document: Document) -> tuple[Excerpt, ...]:
    """Return the innermost heading of a quote, and what leads it in."""
    sentence = candidate.sentence
    lead = sentence.lead if sentence.lead and sentence.lead.end <= sentence.start else None
    above: list[HasSpan] = [*document.above(sentence)[-1:], *([lead] if lead else ())]
    return tuple(_excerpt(document, place) for place in above)


def _alike(
    quotes: Sequence[Scored[Candidate]],
    ranking: Sequence[Scored[Candidate]],
    documents: Mapping[str, Document],
) -> list[list[Scored[Candidate]]]:
    """Group quotes with what says the same, ordered by the first of each group.

    What is not quoted joins a group unless it is of few words, which mean another thing elsewhere.
    """
    groups: list[tuple[tuple[str, ...], list[Scored[Candidate]]]] = []
    for number, scored in enumerate((*quotes, *ranking)):
        words = words_of(documents[scored.item.passage.doc_id].at(scored.item.sentence))
        group = next((group for first, group in groups if same_words(first, words)), None)
        if number < len(quotes):
            if group is None:
                groups.append((words, group := []))
            group.append(scored)
        elif group and len(words) >= _ENOUGH and not any(share(scored.item, o.item) for o in group):
            group.append(scored)
    return [group for _, group in groups]


def same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two quotes have the same words in order, but for five that one has more.

    A number or a denial more says something else.
    """
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > min(_MORE_WORDS, len(short) // 2):
        return False
    rest = iter(long)
    if not all(word in rest for word in short):
        return False
    return not any(map(_TELLING.match, Counter(long) - Counter(short)))


def _in_view(shown: Sequence[Citation]) -> list[Place]:
    """Return the places that are shown already, or elsewhere in the same words."""
    around = (Place(one.doc_id, one.surroundings.start, one.surroundings.end) for one in shown)
    return [*around, *chain.from_iterable(one.also for one in shown)]


def _citation(
    number: int,
    document: Document,
    passage: Passage,
    place: HasSpan,
    probability: float,
    surroundings: HasSpan,
    context: tuple[Excerpt, ...] = (),
    also: tuple[Place, ...] = (),
) -> Citation:
    return Citation(
        number=number,
        doc_id=document.doc_id,
        **asdict(Facts.of(document)),
        headings=passage.headings,
        quote=document.at(place),
        start=place.start,
        end=place.end,
        also=also,
        probability=round(probability, 4),
        surroundings=_excerpt(document, surroundings),
        context=context,
        locator=document.locator(place),
    )


def _excerpt(document: Document, place: HasSpan) -> Excerpt:
    return Excerpt(place.start, place.end, document.at(place))
