"""Compose an answer from evidence: numbered citations, each with all the places that say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from footprints.answer.evidence import MAX_QUOTES
from footprints.corpus.clean import words_of
from footprints.types import (
    Candidate,
    Citation,
    Document,
    HasSpan,
    Passage,
    Place,
    Scored,
)

RELATED = 3
"""So many of the closest passages are shown when there is no answer."""


def cite(
    accepted: Sequence[Scored[Candidate]], documents: Mapping[str, Document], probability: float
) -> tuple[Citation, ...]:
    """Number the accepted sentences, at most five; the same words twice are one citation."""
    said: dict[tuple[str, ...], list[Candidate]] = {}
    for scored in accepted:
        text = documents[scored.item.passage.doc_id].at(scored.item.sentence)
        said.setdefault(words_of(text), []).append(scored.item)
    return tuple(
        _citation(
            number,
            documents[first.passage.doc_id],
            first.passage,
            first.sentence,
            probability,
            also=tuple(
                Place(other.passage.doc_id, other.sentence.start, other.sentence.end)
                for other in others
            ),
        )
        for number, (first, *others) in enumerate(list(said.values())[:MAX_QUOTES], start=1)
    )


def closest(
    rejected: Sequence[Scored[Candidate]], documents: Mapping[str, Document], probability: float
) -> tuple[Citation, ...]:
    """Return the passages of the best rejected sentences, whole, as what came closest."""
    passages = list(dict.fromkeys(scored.item.passage for scored in rejected))[:RELATED]
    return tuple(
        _citation(number, documents[passage.doc_id], passage, passage, probability)
        for number, passage in enumerate(passages, start=1)
    )


def _citation(
    number: int,
    document: Document,
    passage: Passage,
    place: HasSpan,
    probability: float,
    also: tuple[Place, ...] = (),
) -> Citation:
    return Citation(
        number=number,
        doc_id=document.doc_id,
        title=document.title,
        publisher=document.publisher,
        published=document.published,
        describes=document.describes,
        headings=passage.headings,
        quote=document.at(place),
        start=place.start,
        end=place.end,
        also=also,
        probability=round(probability, 4),
        locator=document.locator(place),
    )
