"""What stands in view around a quote."""

from __future__ import annotations

from collections.abc import Sequence

from footprints.types import Candidate, Document, HasSpan, Span

WORDS = 80
"""How many words are in view with a quote, counting its own, unless it alone has more."""


def surroundings(
    candidate: Candidate,
    document: Document,
    taken: Sequence[HasSpan] = (),
    quotes: Sequence[HasSpan] = (),
) -> HasSpan:
    """Return what stands in view with a quote: sentences of its passage, up to 80 words in all.

    They are added one after the other, behind it and before it. What is ``taken`` already is not
    shown again, and none of the other ``quotes`` is shown in part.
    """
    for other in taken:
        if within(candidate.sentence, other):
            return other
    start, end = candidate.sentence.start, candidate.sentence.end
    sentences = candidate.passage.sentences
    ways = [
        [one for one in sentences if one.start >= end],
        [one for one in reversed(sentences) if one.end <= start],
    ]
    while any(ways):
        for way in filter(None, ways):
            one = way.pop(0)
            wider = _not_in_part(Span(min(start, one.start), max(end, one.end)), quotes)
            is_free = not any(overlap(wider, other) for other in taken)
            if is_free and len(document.at(wider).split()) <= WORDS:
                start, end = wider.start, wider.end
            else:
                way.clear()
    return Span(start, end)


def _not_in_part(place: Span, quotes: Sequence[HasSpan]) -> Span:
    """Widen a place until each quote that it shares anything with is in it."""
    for quote in quotes:
        if overlap(place, quote) and not within(quote, place):
            wider = Span(min(place.start, quote.start), max(place.end, quote.end))
            return _not_in_part(wider, quotes)
    return place


def overlap(one: HasSpan, other: HasSpan) -> bool:
    """Tell whether two places of one document share anything."""
    return one.start < other.end and other.start < one.end


def share(one: Candidate, other: Candidate) -> bool:
    """Tell whether two sentences share anything, of whichever documents they are."""
    same = one.passage.doc_id == other.passage.doc_id
    return same and overlap(one.sentence, other.sentence)


def within(place: HasSpan, other: HasSpan) -> bool:
    """Tell whether a place stands wholly in another of the same document."""
    return other.start <= place.start and place.end <= other.end
