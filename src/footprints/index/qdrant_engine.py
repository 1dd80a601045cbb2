"""Qdrant as builds use it: collections of points with two vectors and the weights of their terms.

The only module that asks a server, and so the one that says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import (
    ApiException,
    ResponseHandlingException,
    UnexpectedResponse,
)

from footprints.errors import IndexDamaged, StoreUnavailable, first_line

P = ParamSpec("P")
R = TypeVar("R")
Ids = Sequence[str]
Points = Mapping[str, tuple[float, Mapping[str, Any]]]
"""The score of each point that was found and what is kept of it, by its id."""

PASSAGE, HEADING, WORDS = "passage", "heading", "words"
"""What a point is found by: the vectors of a passage and of its innermost heading, its terms."""

_LOOKED_AT = 512
"""How many vectors of the graph are looked at for the nearest; made ones, which have no neighbours
to speak of, lose seven in a hundred of the ten nearest with it and twenty without."""

_PATIENCE = 60
"""How many seconds a build waits for what it asks."""

_OF_PASSAGES = {
    "segment": models.PayloadSchemaType.KEYWORD,
    "publisher": models.PayloadSchemaType.KEYWORD,
    "born": models.PayloadSchemaType.INTEGER,
    "gone": models.PayloadSchemaType.INTEGER,
    "first_year": models.PayloadSchemaType.INTEGER,
    "last_year": models.PayloadSchemaType.INTEGER,
}
_OF_LEASES = {
    "holder": models.PayloadSchemaType.KEYWORD,
    "until": models.PayloadSchemaType.FLOAT,
}
"""What points are chosen by: a strict server chooses by nothing else."""


def within(name: str, **bounds: int | float) -> models.FieldCondition:
    """Return the condition that a number lies within bounds: ``gt``, ``gte``, ``lt``, ``lte``."""
    return models.FieldCondition(key=name, range=models.Range(**bounds))


def one_of(name: str, values: Sequence[str]) -> models.FieldCondition:
    """Return the condition that a text is one of some."""
    return models.FieldCondition(key=name, match=models.MatchAny(any=[*values]))


def those(ids: Ids) -> models.HasIdCondition:
    """Return the condition to be one of some points."""
    return models.HasIdCondition(has_id=[*ids])


@dataclass(frozen=True, slots=True)
class Engine:
    """The server that answers at ``where``, soon or ``patient`` in what builds ask of it.

    Several threads may ask at once.
    """

    client: QdrantClient
    patient: QdrantClient
    where: str

    @classmethod
    @lru_cache
    def at(cls, url: str, key: str, seconds: int) -> Engine:
        """Return the server at an address, that answers in so many seconds; nothing is sent yet."""
        soon, patient = (
            QdrantClient(
                url=url, port=None, api_key=key or None, timeout=most, check_compatibility=False
            )
            for most in (seconds, max(seconds, _PATIENCE))
        )
        return cls(soon, patient, url)

    def _ask(self, method: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Ask, and say in one sentence what went wrong.

        Raises:
            StoreUnavailable: there is no answer, or it is a refusal.
            IndexDamaged: what is asked for is not there.
        """
        try:
            return method(*args, **kwargs)
        except UnexpectedResponse as error:
            raise self._refused(error) from error
        except (ApiException, QdrantException) as error:
            source = error.source if isinstance(error, ResponseHandlingException) else error
            raise StoreUnavailable(
                f"Qdrant at {self.where} does not answer ({first_line(source)}); start it or "
                "correct qdrant_url, then try again."
            ) from error

    def _refused(self, error: UnexpectedResponse) -> StoreUnavailable | IndexDamaged:
        if error.status_code == 404:
            return IndexDamaged(
                f"Qdrant at {self.where} does not have what the index was built with; "
                "run: footprints index"
            )
        if error.status_code in {401, 403}:
            return StoreUnavailable(
                f"Qdrant at {self.where} refuses the key; correct FOOTPRINTS_QDRANT_API_KEY."
            )
        why = f"{error.status_code} {error.reason_phrase}".strip()
        return StoreUnavailable(
            f"Qdrant at {self.where} refuses what it is asked ({why}); see its log, then try again."
        )

    @property
    def version(self) -> tuple[int, ...]:
        """Return the first two numbers of its version."""
        version = self._ask(self.client.info).version
        return tuple(map(int, version.split(".")[:2]))

    def collections(self, prefix: str) -> list[str]:
        """Return the names of the collections that begin so."""
        found = self._ask(self.client.get_collections).collections
        return sorted(one.name for one in found if one.name.startswith(prefix))

    def has(self, collection: str) -> bool:
        """Tell whether there is a collection."""
        return self._ask(self.client.collection_exists, collection)

    def create(self, collection: str, dimension: int) -> None:
        """Make a collection of passages whose vectors have so many numbers."""
        dot, unsearched = models.Distance.DOT, models.HnswConfigDiff(m=0)
        self._ask(
            self.patient.create_collection,
            collection,
            vectors_config={
                PASSAGE: models.VectorParams(size=dimension, distance=dot),
                HEADING: models.VectorParams(
                    size=dimension, distance=dot, on_disk=True, hnsw_config=unsearched
                ),
            },
            sparse_vectors_config={WORDS: models.SparseVectorParams()},
        )
        self._index(collection, _OF_PASSAGES)

    def create_leases(self, collection: str) -> None:
        """Make a collection of points that have nothing to be found by."""
        self._ask(
            self.patient.create_collection,
            collection,
            vectors_config={},
            sparse_vectors_config={WORDS: models.SparseVectorParams()},
        )
        self._index(collection, _OF_LEASES)

    def _index(self, collection: str, fields: Mapping[str, models.PayloadSchemaType]) -> None:
        for name, kind in fields.items():
            self._ask(self.patient.create_payload_index, collection, name, kind, wait=True)

    def remove(self, collection: str) -> None:
        """Remove a collection with all its points."""
        self._ask(self.patient.delete_collection, collection)

    def put(
        self,
        collection: str,
        points: Sequence[models.PointStruct],
        where: Sequence[models.Condition] = (),
    ) -> None:
        """Add points; those that are there are replaced if they meet all conditions."""
        self._ask(
            self.patient.upsert,
            collection,
            [*points],
            wait=True,
            update_filter=models.Filter(must=[*where]) if where else None,
        )

    def change(
        self, collection: str, values: Mapping[str, Any], where: Sequence[models.Condition]
    ) -> None:
        """Change what is kept of the points that meet all conditions."""
        chosen = models.Filter(must=[*where])
        self._ask(self.patient.set_payload, collection, dict(values), chosen, wait=True)

    def delete(self, collection: str, where: Sequence[models.Condition]) -> None:
        """Remove the points that meet all conditions."""
        chosen = models.FilterSelector(filter=models.Filter(must=[*where]))
        self._ask(self.patient.delete, collection, chosen, wait=True)

    def count(self, collection: str, where: Sequence[models.Condition]) -> int:
        """Count the points that meet all conditions."""
        chosen = models.Filter(must=[*where])
        return self._ask(self.patient.count, collection, chosen, exact=True).count

    def kept(self, collection: str, point: str) -> Mapping[str, Any] | None:
        """Return what is kept of a point; None if there is no such one."""
        found = self._ask(self.client.retrieve, collection, [point], with_payload=True)
        return found[0].payload or {} if found else None

    def search(
        self,
        collection: str,
        by: Mapping[str, Sequence[float] | models.SparseVector],
        k: int,
        where: Sequence[models.Condition],
        exact: bool = False,
    ) -> list[Points]:
        """Return the ``k`` best points by each vector, of those that meet all conditions.

        ``exact`` scores are not those of vectors that the server may keep at fewer bits.
        """
        as_kept = models.QuantizationSearchParams(ignore=exact)
        requests = [
            models.QueryRequest(
                query=models.NearestQuery(
                    nearest=vector if isinstance(vector, models.SparseVector) else [*vector]
                ),
                using=name,
                limit=k,
                filter=models.Filter(must=[*where]),
                params=models.SearchParams(hnsw_ef=_LOOKED_AT, quantization=as_kept),
                with_payload=["segment", "row", "origin"],
            )
            for name, vector in by.items()
        ]
        answers = self._ask(self.client.query_batch_points, collection, requests)
        return [
            {str(one.id): (one.score, one.payload or {}) for one in answer.points}
            for answer in answers
        ]
