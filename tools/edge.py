"""Qdrant's core in this process, asked like its client: for tests and benchmarks, not for use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import qdrant_edge as edge
from qdrant_client import models

_KINDS = {
    models.PayloadSchemaType.KEYWORD: edge.PayloadSchemaType.Keyword,
    models.PayloadSchemaType.INTEGER: edge.PayloadSchemaType.Integer,
    models.PayloadSchemaType.FLOAT: edge.PayloadSchemaType.Float,
}


class EdgeClient:
    """What ``Engine`` asks of a client, each collection a shard in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shards: dict[str, edge.EdgeShard] = {}

    def info(self) -> models.VersionInfo:
        """Return a version that is new enough."""
        return models.VersionInfo(title="Qdrant Edge", version="1.17.0")

    def get_collections(self) -> models.CollectionsResponse:
        """List the collections."""
        return models.CollectionsResponse(
            collections=[models.CollectionDescription(name=name) for name in self._shards]
        )

    def collection_exists(self, name: str) -> bool:
        """Tell whether there is a collection."""
        return name in self._shards

    def create_collection(
        self,
        name: str,
        vectors_config: Mapping[str, models.VectorParams],
        sparse_vectors_config: Mapping[str, models.SparseVectorParams],
    ) -> None:
        """Make a collection of unit vectors and sparse ones."""
        vectors = {
            one: edge.EdgeVectorParams(size=params.size, distance=edge.Distance.Dot)
            for one, params in vectors_config.items()
        }
        sparse = {one: edge.EdgeSparseVectorParams() for one in sparse_vectors_config}
        config = edge.EdgeConfig(vectors=vectors or None, sparse_vectors=sparse)
        folder = self._folder / name
        folder.mkdir(parents=True)
        self._shards[name] = edge.EdgeShard.create(str(folder), config)

    def create_payload_index(
        self, name: str, field: str, kind: models.PayloadSchemaType, wait: bool
    ) -> None:
        """Index a field."""
        self._shards[name].update(edge.UpdateOperation.create_field_index(field, _KINDS[kind]))

    def optimize(self) -> None:
        """Make the graphs by which vectors are found, as a server does in its own time."""
        for shard in self._shards.values():
            shard.optimize()

    def delete_collection(self, name: str) -> None:
        """Forget a collection."""
        self._shards.pop(name).close()

    def upsert(
        self,
        name: str,
        points: Sequence[models.PointStruct],
        wait: bool,
        update_filter: models.Filter | None,
    ) -> None:
        """Add points, or replace those that meet a condition."""
        condition = _filter(update_filter) if update_filter else None
        made = [edge.Point(one.id, _vectors(one.vector), one.payload) for one in points]
        self._shards[name].update(edge.UpdateOperation.upsert_points(made, condition))

    def set_payload(
        self, name: str, values: Mapping[str, Any], chosen: models.Filter, wait: bool
    ) -> None:
        """Change what is kept of points."""
        change = edge.UpdateOperation.set_payload_by_filter(_filter(chosen), dict(values))
        self._shards[name].update(change)

    def delete(self, name: str, chosen: models.FilterSelector, wait: bool) -> None:
        """Remove points."""
        gone = edge.UpdateOperation.delete_points_by_filter(_filter(chosen.filter))
        self._shards[name].update(gone)

    def count(self, name: str, chosen: models.Filter, exact: bool) -> models.CountResult:
        """Count points."""
        request = edge.CountRequest(exact=exact, filter=_filter(chosen))
        return models.CountResult(count=self._shards[name].count(request))

    def retrieve(self, name: str, ids: Sequence[str], with_payload: bool) -> list[Any]:
        """Return points."""
        return self._shards[name].retrieve([*ids], with_payload, False)

    def query_batch_points(
        self, name: str, requests: Sequence[models.QueryRequest]
    ) -> list[SimpleNamespace]:
        """Search as each request says."""
        asked = edge.QueryBatchRequest([_query(one) for one in requests])
        return [SimpleNamespace(points=one) for one in self._shards[name].query_batch(asked)]


def _vectors(vectors: Any) -> dict[str, Any]:
    return {name: _vector(one) for name, one in vectors.items()}


def _vector(vector: Any) -> Any:
    if isinstance(vector, models.SparseVector):
        return edge.SparseVector(vector.indices, vector.values)
    return vector


def _query(request: Any) -> edge.QueryRequest:
    return edge.QueryRequest(
        limit=request.limit,
        query=edge.Query.Nearest(_vector(request.query.nearest), request.using),
        filter=_filter(request.filter),
        params=edge.SearchParams(hnsw_ef=request.params.hnsw_ef),
        with_payload=request.with_payload,
    )


def _filter(chosen: Any) -> edge.Filter:
    return edge.Filter(must=[_condition(one) for one in chosen.must])


def _condition(one: Any) -> Any:
    if isinstance(one, models.HasIdCondition):
        return edge.HasIdCondition({*one.has_id})
    if isinstance(one.match, models.MatchAny):
        return edge.FieldCondition(one.key, match=edge.MatchAny(one.match.any))
    bounds = one.range.model_dump(exclude_none=True)
    return edge.FieldCondition(one.key, range=edge.RangeFloat(**bounds))
