"""Pairs of places that differ or only seem to, and what the rule says about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from footprints.answer.differ import Words, differ
from footprints.evals.cases import BadCases, GoldQuote, place_of, read_lines
from footprints.evals.measures import Quote, holds
from footprints.types import About, Document, Place


class PairLine(BaseModel):
    """A pair as it is written: two quotes of different documents, and what they differ in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    quotes: tuple[GoldQuote, GoldQuote]
    differs: bool
    about: About | None = None


class Pair(BaseModel):
    """Two places, what they differ in (None for nothing), and what the rule says."""

    model_config = ConfigDict(frozen=True)

    pair_id: str
    places: tuple[Place, Place]
    about: About | None
    said: tuple[About, ...]


def judged_pairs(file: Path, documents: Mapping[str, Document]) -> tuple[Pair, ...]:
    """Read pairs, find them in the documents and let the rule judge them; none if no file is there.

    Raises:
        BadCases: naming the pair and what is wrong with it.
    """
    lines = read_lines(file, PairLine) if file.exists() else []
    return tuple(_judged(line, documents) for line in lines)


def is_true(about: About, one: Quote, other: Quote, pairs: Sequence[Pair]) -> bool:
    """Tell whether two quotes hold both places of a pair that differs so."""
    return any(
        pair.about == about
        and any(
            holds(one, (first,)) and holds(other, (second,))
            for first, second in (pair.places, pair.places[::-1])
        )
        for pair in pairs
    )


def _judged(line: PairLine, documents: Mapping[str, Document]) -> Pair:
    if line.differs != bool(line.about):
        raise BadCases(f"Pair {line.id}: `about` says what differs, and only that; correct it.")
    one, other = (place_of(line.id, quote, documents) for quote in line.quotes)
    if one.doc_id == other.doc_id:
        raise BadCases(f"Pair {line.id}: a document does not differ from itself; name two.")
    said = differ(_words(one, documents), _words(other, documents))
    return Pair(pair_id=line.id, places=(one, other), about=line.about, said=tuple(said))


def _words(place: Place, documents: Mapping[str, Document]) -> Words:
    document = documents[place.doc_id]
    headings = document.headings(place) or (document.title,)
    return Words(document.at(place), headings, document.text)
