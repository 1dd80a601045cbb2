"""The passages of builds in Qdrant, a point each, side by side in a collection.

A build is a number there, and a point says from which build on it stands and from which on no
longer. What changes between two builds is all that is written. A build that starts from nothing,
such as the first or one with another encoder, has a collection of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain, islice, pairwise, starmap
from pathlib import Path
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid4, uuid5

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError
from qdrant_client import models

from footprints.errors import (
    CannotRead,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    StoreUnavailable,
)
from footprints.index import disk, generations
from footprints.index.facts import BuildFacts
from footprints.index.gather import Numbers
from footprints.index.lexical import norms, saturated
from footprints.index.listing import Listing
from footprints.index.manifest import EncoderUsed, Manifest, read_manifest
from footprints.index.passages import QDRANT
from footprints.index.qdrant_engine import (
    HEADING,
    PASSAGE,
    WORDS,
    Engine,
    one_of,
    within,
)
from footprints.index.qdrant_lease import Lease
from footprints.index.qdrant_search import QdrantSearch, of_build
from footprints.index.segment import PATH, Segment
from footprints.index.years import years

T = TypeVar("T")

FORMAT = 1
"""Raised whenever the points of a collection change their meaning."""

FOREVER = 2**31 - 1
"""The number of the build from which on a point no longer stands that stands in the newest."""

_ABOUT = str(uuid5(NAMESPACE_URL, "footprints:about"))
"""The point that says what a collection is."""

_ID = "qdrant.id"
"""In the index folder: what the names of its collections have in common."""

_POINTS, _SEGMENTS = 128, 512
"""How many points are sent at a time, and of how many segments they are marked as gone."""


class Placed(BaseModel):
    """Where a build is: its number in a collection, and the mean length its weights are for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    collection: str
    number: int
    mean_length: float


@dataclass(frozen=True)
class QdrantStore:
    """Keeps the passages of the builds of an index folder."""

    index_dir: Path
    engine: Engine

    def writing(self) -> AbstractContextManager[None]:
        """Hold the lease of this index."""
        return self._lease.held()

    def check_held(self) -> None:
        """Check that the lease has not run out."""
        self._lease.check()

    def begin(self, encoder: EncoderUsed, anew: bool) -> Staging:
        """Begin a build, which differs from the newest one kept unless it starts from nothing."""
        self._tidy()
        base = None if anew else self._newest(encoder)
        return base or Staging(self, encoder)

    def tidy(self) -> None:
        """Remove what no build names; what cannot be removed now is left to the next build."""
        with suppress(StoreUnavailable, IndexBusy):
            self.check_held()
            self._tidy()

    def open(self, folder: Path, facts: BuildFacts) -> QdrantSearch:
        """Open a build.

        Raises:
            IndexDamaged, IndexMismatch: the server does not have it, or in another format.
            StoreUnavailable: the server does not answer.
        """
        placed = _placed(folder)
        self._check(placed)
        return QdrantSearch(self.engine, placed.collection, placed.number, facts)

    def damage(self, folder: Path, manifest: Manifest) -> Iterator[str]:
        """Say in a sentence what the server lacks of a build."""
        if QDRANT not in manifest.files:
            yield f"Build {manifest.build} is kept in another store."
            return
        try:
            placed = _placed(folder)
            self._check(placed)
            found = self.engine.count(placed.collection, of_build(placed.number))
        except (IndexDamaged, IndexMismatch) as error:
            yield f"{str(error).partition('; ')[0]}."
            return
        if found != manifest.passages:
            yield (
                f"Qdrant at {self.engine.where} has {found} of the {manifest.passages} passages "
                f"of build {manifest.build}."
            )

    @cached_property
    def _lease(self) -> Lease:
        return Lease(self.engine, str(uuid5(NAMESPACE_URL, f"footprints:{self._id}")))

    @cached_property
    def _id(self) -> str:
        path = self.index_dir / _ID
        with generations.writing(self.index_dir):
            if not path.exists() or not path.stat().st_size:
                path.write_text(uuid4().hex)
            return path.read_text().strip()

    @property
    def prefix(self) -> str:
        """Return how the names of its collections begin."""
        return f"footprints-{self._id}-"

    def new_collection(self, dimension: int) -> str:
        """Make a collection, and return its name."""
        name = f"{self.prefix}{uuid4().hex[:8]}"
        self.engine.create(name, dimension)
        about = models.PointStruct(id=_ABOUT, vector={}, payload={"format": FORMAT})
        self.engine.put(name, [about])
        return name

    def _check(self, placed: Placed) -> None:
        """Check that a collection is there, and is one of ours.

        Raises:
            IndexDamaged, IndexMismatch: it is not.
        """
        there = self.engine.has(placed.collection)
        about = self.engine.kept(placed.collection, _ABOUT) if there else None
        named = f"the collection {placed.collection} at {self.engine.where}"
        if about is None:
            raise IndexDamaged(
                f"Qdrant has lost {named}, or it is not what the build wrote; run: footprints index"
            )
        if about.get("format") != FORMAT:
            raise IndexMismatch(
                f"T{named[1:]} has a format that this version does not read; run: footprints index"
            )

    def _newest(self, encoder: EncoderUsed) -> Staging | None:
        """Begin with the newest build kept, None where it is of no use."""
        kept = [one for one in generations.build_folders(self.index_dir) if (one / QDRANT).exists()]
        try:
            last = _placed(kept[-1]).collection if kept else ""
            if not last.startswith(self.prefix):  # it is another folder's, of which this is a copy
                return None
            placed = {one: _placed(one) for one in kept}
            folder = max(
                (one for one in kept if placed[one].collection == last),
                key=lambda one: placed[one].number,
                default=None,
            )
            if folder is None:
                return None
            manifest = read_manifest(folder)
            generations.check_files(folder, manifest)
        except (IndexMismatch, IndexDamaged):
            return None
        if manifest.encoder != encoder or next(self.damage(folder, manifest), None):
            return None
        numbers = BuildFacts.open(folder).numbers()
        segments = frozenset(Listing(folder).segments().values())
        return Staging(self, encoder, numbers, placed[folder], segments)

    def _tidy(self) -> None:
        """Remove what no build names.

        If it cannot be told for now what builds name, nothing is removed.
        """
        try:
            folders = generations.all_folders(self.index_dir)
            named = [_placed(one) for one in folders if (one / QDRANT).exists()]
        except (IndexDamaged, CannotRead):
            return
        for collection in self.engine.collections(self.prefix):
            numbers = sorted(one.number for one in named if one.collection == collection)
            if numbers:
                self._keep(collection, numbers)
            else:
                self.engine.remove(collection)

    def _keep(self, collection: str, numbers: Sequence[int]) -> None:
        """Keep the points that stand in one of some builds, and forget all later ones."""
        for before, number in zip([0, *numbers], numbers, strict=False):
            self.engine.delete(collection, [within("born", gt=before), within("gone", lte=number)])
        last = numbers[-1]
        self.engine.delete(collection, [within("born", gt=last)])
        still = [within("gone", gt=last, lt=FOREVER)]
        self.engine.change(collection, {"gone": FOREVER}, still)


@dataclass(frozen=True, slots=True)
class Staging:
    """A build to be written: it has some segments and numbers of terms already, or nothing."""

    store: QdrantStore
    encoder: EncoderUsed
    numbers: Mapping[str, int] = field(default_factory=dict)
    base: Placed | None = None
    known: frozenset[str] = frozenset()

    def write(
        self, folder: Path, segments: Sequence[Segment], facts: BuildFacts, numbers: Numbers
    ) -> None:
        """Add the points of new segments, mark those of the others, and say where the build is."""
        engine = self.store.engine
        if self.base is None:
            name = self.store.new_collection(self.encoder.dimension)
            placed = Placed(collection=name, number=1, mean_length=facts.passage_length)
        else:
            placed = self.base.model_copy(update={"number": self.base.number + 1})
        pairs = zip(segments, numbers.of_segments, strict=True)
        new = ((one, own) for one, own in pairs if one.digest not in self.known)
        for some in _batches(chain.from_iterable(starmap(partial(_points, placed), new)), _POINTS):
            self.store.check_held()
            engine.put(placed.collection, some)
        gone = self.known.difference(one.digest for one in segments)
        for digests in _batches(sorted(gone), _SEGMENTS):
            self.store.check_held()
            there = [one_of("segment", digests), within("gone", gte=FOREVER)]
            engine.change(placed.collection, {"gone": placed.number}, there)
        written = engine.count(placed.collection, of_build(placed.number))
        if written != facts.passages:
            raise StoreUnavailable(
                f"Qdrant at {engine.where} has {written} of the {facts.passages} passages that "
                "were written; see its log, then run: footprints index --rebuild"
            )
        (folder / QDRANT).write_text(placed.model_dump_json(), encoding="utf-8")


def _points(
    placed: Placed, segment: Segment, own: NDArray[np.int32]
) -> Iterator[models.PointStruct]:
    """Yield the points of a segment, whose terms have these numbers."""
    document, under = segment.document, segment.places[:, PATH]
    passages, headings = segment.array("vectors"), segment.array("heading_vectors")
    counted = segment.passage_terms
    by_row = np.repeat(norms(counted.lengths, placed.mean_length), counted.sizes)
    weights = saturated(counted.counts.astype(np.float32), by_row)
    about = {
        "segment": segment.digest,
        "origin": document.origin,
        "publisher": document.publisher,
        **dict(zip(("first_year", "last_year"), years(document) or (), strict=False)),
        "born": placed.number,
        "gone": FOREVER,
    }
    for row, (start, end) in enumerate(pairwise(counted.firsts.tolist())):
        terms = models.SparseVector(
            indices=own[counted.terms[start:end]].tolist(), values=weights[start:end].tolist()
        )
        yield models.PointStruct(
            id=str(uuid5(NAMESPACE_URL, f"{segment.digest}:{row}:{placed.number}")),
            vector={
                PASSAGE: passages[row].tolist(),
                HEADING: headings[under[row]].tolist(),
                **({WORDS: terms} if end > start else {}),
            },
            payload={**about, "row": row},
        )


def _placed(folder: Path) -> Placed:
    """Read where a build is.

    Raises:
        IndexDamaged, CannotRead: it cannot be told.
    """
    path = folder / QDRANT
    with disk.reading(path):
        content = path.read_bytes()
    try:
        return Placed.model_validate_json(content)
    except ValidationError as error:
        raise IndexDamaged(f"{path} is damaged; run: footprints index --rebuild") from error


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield items in lists of at most so many."""
    left = iter(items)
    while some := [*islice(left, size)]:
        yield some
