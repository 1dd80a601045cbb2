"""Open a kept build, to answer from it."""

from __future__ import annotations

from pathlib import Path

from footprints.errors import IndexDamaged, IndexMismatch, NoIndex
from footprints.index import disk, generations
from footprints.index.facts import BuildFacts
from footprints.index.listing import Listing
from footprints.index.manifest import MANIFEST, EncoderUsed, Manifest, Splitting, read_manifest
from footprints.index.objects import objects_of
from footprints.index.passages import store_of
from footprints.index.split import VERSION
from footprints.index.store import Index, Segments
from footprints.lock import Use
from footprints.settings import Settings
from footprints.types import Document, Encoder


def open_index(settings: Settings, encoder: Encoder) -> tuple[Index, Manifest]:
    """Open the current index.

    Raises:
        NoIndex: there is none.
        IndexMismatch: another encoder, format or splitting built it.
        IndexDamaged: one of its files is not what the build wrote.
    """
    return open_build(settings, generations.current_folder(settings.index_dir), encoder)


def open_build(settings: Settings, folder: Path, encoder: Encoder) -> tuple[Index, Manifest]:
    """Open any build.

    Raises:
        IndexMismatch, IndexDamaged: see ``open_index``.
    """
    with disk.reading(folder / MANIFEST):
        use = Use(folder / MANIFEST)
    manifest = read_manifest(folder)
    found = {"encoder": manifest.encoder, "splitting": manifest.splitting}
    wanted = {"encoder": EncoderUsed.of(encoder), "splitting": splitting(settings)}
    for part, want in wanted.items():
        if found[part] != want:
            raise IndexMismatch(
                f"The index {folder} was built with the {part} ({found[part]}), not with the one "
                f"in the settings ({want}); run: footprints index --rebuild"
            )
    generations.check_files(folder, manifest)
    facts = BuildFacts.open(folder)
    listing, objects = Listing(folder), objects_of(settings)
    segments = Segments(
        lambda name: generations.open_segment(objects, listing.owner(name), name), use
    )
    return Index(facts, store_of(settings, manifest).open(folder, facts), segments), manifest


def open_documents(settings: Settings) -> tuple[Document, ...]:
    """Return the documents of the current index, without an encoder.

    Raises:
        NoIndex, IndexMismatch, IndexDamaged: see ``open_index``.
    """
    folder = generations.current_folder(settings.index_dir)
    read_manifest(folder)
    segments = generations.open_segments(objects_of(settings), folder)
    return tuple(segment.document for segment in segments)


def served_manifest(settings: Settings) -> Manifest | None:
    """Return the manifest of the build in use, unless there is none or it is broken.

    Raises:
        CannotRead: it cannot be read for now, which is no reason to give up what it keeps.
    """
    try:
        return read_manifest(generations.current_folder(settings.index_dir))
    except (NoIndex, IndexMismatch, IndexDamaged):
        return None


def splitting(settings: Settings) -> Splitting:
    """Return how these settings split documents."""
    return Splitting(version=VERSION, passage_pieces=settings.passage_pieces)
