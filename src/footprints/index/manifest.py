"""The manifest of a build: what it was made from, and how two builds differ."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from footprints.errors import IndexDamaged, IndexMismatch
from footprints.index import disk
from footprints.index.listing import LISTING, Listing
from footprints.types import ANY_CORPUS, Encoder, Scope

FORMAT = 6
"""Raised whenever the files of a build change their meaning."""

MANIFEST = "manifest.json"


class EncoderUsed(BaseModel):
    """Which encoder a build was made with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    digest: str
    dimension: int

    @classmethod
    def of(cls, encoder: Encoder) -> EncoderUsed:
        """Describe an encoder."""
        return cls(name=encoder.name, digest=encoder.digest, dimension=encoder.dimension)


class _Format(BaseModel):
    """The one field that every format has."""

    format: int


class Splitting(BaseModel):
    """How documents were split."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    passage_pieces: int


class Manifest(BaseModel):
    """What a build was made from; its documents stand in its listing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    build: str
    created: datetime
    encoder: EncoderUsed
    splitting: Splitting
    corpus_digest: str
    listing: str
    """The SHA-256 of the listing."""
    files: dict[str, str]
    """The SHA-256 of the build's other files, by name."""
    abbreviations: dict[str, str]
    """The abbreviations that the documents do not spell out, with their meanings."""
    scope: Scope = ANY_CORPUS
    documents: int
    passages: int
    sentences: int
    base: str | None
    """The build in use when it was made; None for the first."""
    refused: dict[str, str]
    """Why a file of the corpus could not be indexed, by its name."""
    kept: tuple[str, ...]
    """The documents kept from an earlier build, as their file is refused now."""

    @property
    def content(self) -> str:
        """Return a digest of all that is answered from: two builds of the same have the same.

        The listing, which says when each document was indexed, counts only if some are kept: their
        text is not that of the files.
        """
        apart = {"build", "created", "base"} | ({"listing"} if not self.kept else set())
        content = self.model_dump_json(exclude=apart)
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of the documents in which a build differs from another."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def changes_of(before: Path | None, after: Path) -> Changes:
    """Compare two builds, each in its folder; before the first there was nothing."""
    old = _sources(before) if before else {}
    new = _sources(after)
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(id_ for id_ in new.keys() & old.keys() if new[id_] != old[id_])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def _sources(folder: Path) -> dict[str, str]:
    return {doc_id: one.source for doc_id, one in Listing(folder).whole().items()}


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a build, and check its listing against it.

    Raises:
        IndexMismatch: another version of this program wrote it.
        IndexDamaged: it or the listing is missing or broken.
        CannotRead: it cannot be read for now.
    """
    path = folder / MANIFEST
    with disk.reading(path):
        content = path.read_bytes()
    try:
        if _Format.model_validate_json(content).format != FORMAT:
            raise IndexMismatch(
                f"The index {folder} has a format that this version does not read; "
                "run: footprints index"
            )
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        raise IndexDamaged(f"{path} is damaged; run: footprints index --rebuild") from error
    disk.check(folder / LISTING, manifest.listing)
    return manifest
