"""Where an answer's quotes are now: the documents may be newer than the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footprints.corpus.clean import words_of
from footprints.types import Answer, Citation, Document, HasSpan, Place, Span
from footprints.web.assets import link_to

Documents = Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Stop:
    """A quote of an answer at one of its present places."""

    number: int
    document: Document
    place: Span

    @property
    def text(self) -> str:
        """Return the words that stand there."""
        return self.document.at(self.place)

    def is_at(self, document: Document, mark: HasSpan | None) -> bool:
        """Tell whether this is the marked place of a document."""
        return (
            mark is not None
            and self.document.doc_id == document.doc_id
            and (self.place.start, self.place.end) == (mark.start, mark.end)
        )


@dataclass(frozen=True, slots=True)
class Walk:
    """An answer's quotes in the order it shows them, seen from one document.

    ``here`` is where in ``stops`` the marked place is, or None if none of them is marked.
    """

    stops: tuple[Stop, ...] = ()
    here: int | None = None

    @property
    def previous(self) -> Stop | None:
        """Return the quote before the marked one."""
        return self.stops[self.here - 1] if self.here else None

    @property
    def next(self) -> Stop | None:
        """Return the quote after the marked one."""
        after = self.stops[self.here + 1 :] if self.here is not None else ()
        return after[0] if after else None


def walk_through(
    answer: Answer, documents: Documents, document: Document, mark: HasSpan | None
) -> Walk:
    """Return the quotes of an answer that are still in some document, each once."""
    stops = tuple(
        _nearest(places, document, mark)
        for citation in answer.citations or answer.further
        if (places := _stops(citation, documents))
    )
    here = (at for at, stop in enumerate(stops) if stop.is_at(document, mark))
    return Walk(stops, next(here, None))


def _nearest(stops: Sequence[Stop], document: Document, mark: HasSpan | None) -> Stop:
    """Choose where to see a quote of several places: the mark, else this document, else any."""
    here = [stop for stop in stops if stop.document.doc_id == document.doc_id]
    marked = [stop for stop in here if stop.is_at(document, mark)]
    return (marked or here or stops)[0]


def _stops(citation: Citation, documents: Documents) -> list[Stop]:
    """Return the present places of a quote, the one it was quoted from first."""
    return [
        Stop(citation.number, document, now)
        for place in _places(citation)
        if (document := documents.get(place.doc_id))
        and (now := stands_now(document, place, citation.quote))
    ]


def _places(citation: Citation) -> tuple[Place, ...]:
    """Return where a quote stood when it was quoted, the place it is quoted from first."""
    return (Place(citation.doc_id, citation.start, citation.end), *citation.also)


def quoted_from(answer: Answer, place: Place) -> str | None:
    """Return what an answer quotes from a place, if it quotes anything from there."""
    quotes = (*answer.citations, *answer.further)
    return next((one.quote for one in quotes if place in _places(one)), None)


def link_now(
    documents: Documents, turn_id: str | None, place: Citation | Place, quote: str
) -> str | None:
    """Return the address of a quote in its present place; the answer may not be kept.

    None if its document is gone; the document without a mark if the quote is.
    """
    document = documents.get(place.doc_id)
    if document is None:
        return None
    now = stands_now(document, place, quote)
    if now is None:
        return link_to(place.doc_id, answer=turn_id)
    return link_to(document.doc_id, now.start, now.end, turn_id)


def has_changed(answer: Answer, documents: Documents) -> bool:
    """Tell whether a quote of an answer stands no longer in its document."""
    return any(
        (document := documents.get(one.doc_id)) is None
        or stands_now(document, one, one.quote) is None
        for one in answer.citations
    )


def stands_now(document: Document, place: HasSpan, quote: str) -> Span | None:
    """Return where a quote stands: where it stood, else where its words are found, else None."""
    if words_of(document.at(place)) == words_of(quote):
        return Span(place.start, place.end)
    start = document.text.find(quote)
    return Span(start, start + len(quote)) if start >= 0 else None
