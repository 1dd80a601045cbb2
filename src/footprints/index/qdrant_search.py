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
    Points,
    one_of,
    those,
    within,
)
from footprints.types import Found, Only, Vectors

_TIES = 16
"""How many more are asked for, so that of equal ones the first are taken whichever are sent."""

_DIGITS = 6
"""Beyond these, scores differ from machine to machine though the passages are the same."""


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
        scores = dict(
            zip(by, self.engine.search(self.collection, by, k + _TIES, asked), strict=True)
        )
        points = {id_: kept for one in scores.values() for id_, kept in _best(one, k)}
        if vector is not None and points:
            by[HEADING], chosen = by[PASSAGE], [those([*points])]
            alike = self.engine.search(self.collection, by, len(points), chosen, exact=True)
            scores = dict(zip(by, alike, strict=True))
        return [
            Found(
                kept["segment"],
                kept["row"],
                *(_score(scores.get(name, {}), id_) for name in (PASSAGE, WORDS, HEADING)),
            )
            for id_, kept in sorted(points.items(), key=lambda one: _place(one[1]))
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


def _place(kept: Mapping[str, Any]) -> tuple[str, int]:
    """Return what puts passages in the order of their documents."""
    return kept["origin"], kept["row"]


def _score(found: Points, id_: str) -> float:
    """Return the score of a point, 0 where it was not found."""
    return round(found[id_][0], _DIGITS) if id_ in found else 0.0


def _best(found: Points, k: int) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the ``k`` best points, and of equal ones the first."""
    ranked = sorted(found.items(), key=lambda one: (-round(one[1][0], _DIGITS), *_place(one[1][1])))
    return [(id_, kept) for id_, (_, kept) in ranked[:k]]
