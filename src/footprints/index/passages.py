"""Where the passages of builds are kept and searched, and which of these places is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from footprints.errors import BadSettings
from footprints.index import generations
from footprints.index.facts import BuildFacts
from footprints.index.gather import Numbers
from footprints.index.manifest import EncoderUsed, Manifest
from footprints.index.search import EmbeddedStore
from footprints.index.segment import Segment
from footprints.settings import Settings
from footprints.types import PassageSearch

QDRANT = "qdrant.json"
"""The file that says where a build is that Qdrant keeps."""


class Staging(Protocol):
    """A build that is about to be written; ``numbers`` are those its terms have already."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """Return the numbers of terms that the build must keep."""
        ...

    def write(
        self, folder: Path, segments: Sequence[Segment], facts: BuildFacts, numbers: Numbers
    ) -> None:
        """Write what the passages of segments are searched with, and into the folder where it is.

        Nothing sees it before it is opened from there.

        Raises:
            IndexBusy: another writer has taken over meanwhile.
            OSError, StoreUnavailable: it cannot be written; ``tidy`` removes what was.
        """
        ...


class PassageStore(Protocol):
    """Keeps the passages of several builds side by side, each known by its folder."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the right to write, as one process at a time may.

        Raises:
            IndexBusy: another process holds it, and is named.
        """
        ...

    def begin(self, encoder: EncoderUsed, anew: bool) -> Staging:
        """Begin a build, ``anew`` if it may use nothing of those before."""
        ...

    def check_held(self) -> None:
        """Check that the right to write is still held.

        Raises:
            IndexBusy: another process has taken it, as this one did not stir for long.
        """
        ...

    def tidy(self) -> None:
        """Remove what no build in the index folder names, kept or staged, as far as it can."""
        ...

    def open(self, folder: Path, facts: BuildFacts) -> PassageSearch:
        """Open a build to search it.

        Raises:
            IndexDamaged: it is not there.
        """
        ...

    def damage(self, folder: Path, manifest: Manifest) -> Iterator[str]:
        """Say in sentences what is wrong with a build, the files of its folder apart."""
        ...


def store_of(settings: Settings, manifest: Manifest | None = None) -> PassageStore:
    """Return the store that the settings name, or that a build is kept in.

    Raises:
        BadSettings: it needs an address or a library that is not there.
    """
    kept = settings.store if manifest is None else "qdrant" if QDRANT in manifest.files else ""
    if kept != "qdrant":
        return EmbeddedStore()
    if not settings.qdrant_url:
        raise BadSettings("The store qdrant needs the address of its server: set qdrant_url.")
    if find_spec("qdrant_client") is None:
        raise BadSettings("The store qdrant needs a client: pip install 'footprints[qdrant]'.")
    from footprints.index.qdrant import QdrantStore
    from footprints.index.qdrant_engine import Engine

    key = settings.qdrant_api_key.get_secret_value() if settings.qdrant_api_key else ""
    engine = Engine.at(settings.qdrant_url, key, settings.qdrant_seconds)
    return QdrantStore(settings.index_dir, engine)


@contextmanager
def writing(settings: Settings) -> Iterator[PassageStore]:
    """Hold the right to change the index, in its folder and in the store that is provided.

    Raises:
        IndexBusy: another process holds it, and is named if it can be.
        CannotWrite: the folder cannot be made or written to.
    """
    store = store_of(settings)
    with generations.build_lock(settings.index_dir), store.writing():
        yield store
