"""The passages of one build, searched in Qdrant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qdrant_client import models

from footprints.index.facts import BuildFacts
from footprints.index.qdrant_engine import (
    HEADING,
    PASSAGE,
    WORDS,
    Engine,
    one_of,
    those,
    within,
)
from footprints.types import Found, Only, Vectors


def of_build(number: int) -> list[models.Condition]:
    """Return the conditions to be in a build: added by then, and not yet gone."""
    return [within("born", lte=number), within("gone", gt=number)]


@dataclass(frozen=True, slots=True)
class QdrantSearch:
    """The points of a build, by its number in a collection.

    Two searches find the passages, by vectors and by keywords; then each of them is compared by
    all three. What that gives is what ``EmbeddedSearch`` gives, but for the mean length of a
    passage, which is that of the collection's first build.
    """

    engine: Engine
    collection: str
    number: int
    facts: BuildFacts

    def search(
        self, vector: Vectors | None, weights: Mapping[str, float], k: int, only: Only
    ) -> Sequence[Found]:
        """Search as ``PassageSearch`` says."""
        by: dict[str, Any] = {} if vector is None else {PASSAGE: vector.tolist()}
        if words := self._words(weights):
            by[WORDS] = words
        if not by:
            return []
        asked = [*of_build(self.number), *_among(only)]
        found = self.engine.search(self.collection, by, k, asked)
        scores = dict(zip(by, found, strict=True))
        points = {id_: kept for one in found for id_, (_, kept) in one.items()}
        if vector is not None and points:
            by[HEADING] = by[PASSAGE]
            alike = self.engine.search(
                self.collection, by, len(points), [those([*points])], exact=True
            )
            scores = dict(zip(by, alike, strict=True))
        ordered = sorted(points.items(), key=lambda one: (one[1]["origin"], one[1]["row"]))
        return [
            Found(
                kept["segment"],
                kept["row"],
                *(scores.get(name, {}).get(id_, (0.0,))[0] for name in (PASSAGE, WORDS, HEADING)),
            )
            for id_, kept in ordered
        ]

    def _words(self, weights: Mapping[str, float]) -> models.SparseVector | None:
        """Return the weights of the terms that the build has, None if it has none of them."""
        numbers = {self.facts.number(term): weight for term, weight in weights.items()}
        known = {number: weight for number, weight in numbers.items() if number is not None}
        return models.SparseVector(indices=[*known], values=[*known.values()]) if known else None


def _among(only: Only) -> list[models.Condition]:
    """Return the conditions to be of a document that is asked, as ``years.fits`` has them."""
    conditions: list[models.Condition] = []
    if only.publishers:
        conditions.append(one_of("publisher", only.publishers))
    if only.since is not None:
        conditions.append(within("last_year", gte=only.since))
    if only.until is not None:
        conditions.append(within("first_year", lte=only.until))
    return conditions
