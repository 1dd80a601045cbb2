"""The build in use, and the documents that a new one reads or takes from it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from footprints.corpus.snapshot import Corpus, Readable
from footprints.errors import BadCorpus, IndexDamaged
from footprints.index import generations
from footprints.index.listing import ListedDocument, Listing
from footprints.index.manifest import Manifest
from footprints.index.objects import Objects
from footprints.index.segment import Segment
from footprints.progress import ProgressCallback
from footprints.types import Document


@dataclass(frozen=True)
class Before:
    """The build in use; nothing before the first.

    Only a segment whose content is used is checked against its digest: ``footprints check`` reads
    them all.
    """

    objects: Objects
    manifest: Manifest | None

    @property
    def folder(self) -> Path | None:
        """Return the folder of the build."""
        return self.objects.index_dir / self.manifest.build if self.manifest else None

    @cached_property
    def listed(self) -> Mapping[str, ListedDocument]:
        """Return its documents, by id."""
        return Listing(self.folder).whole() if self.folder else {}

    @cached_property
    def segments(self) -> Mapping[str, Segment]:
        """Return the segments whose files are as long as they should be.

        Raises:
            CannotRead: a segment cannot be read for now.
        """
        segments = {}
        for doc_id, one in self.listed.items():
            with suppress(IndexDamaged):
                path = generations.segment_path(self.objects.index_dir, one.segment)
                segments[doc_id] = Segment.open(doc_id, self.objects.fetched(path))
        return segments

    @property
    def sources(self) -> frozenset[str]:
        """Return the digests of the files that need not be read again."""
        return frozenset(self.listed[doc_id].source for doc_id in self.segments)

    def kept(self, readable: Sequence[Readable], refused: Mapping[str, str]) -> list[Readable]:
        """Return the documents of refused files as they were read before.

        A half-copied or damaged file is a mishap: what it said yesterday stays quotable, and the
        report says so. To take it out, remove the file.
        """
        known = self.sound(without={source.doc_id for source in readable}) if refused else {}
        return [
            Readable(segment.document.origin, doc_id, self.listed[doc_id].source, None)
            for doc_id, segment in known.items()
            if segment.document.origin in refused
        ]

    def sound(self, without: Container[str]) -> dict[str, Segment]:
        """Return the other segments, except damaged ones."""
        sound = {}
        for doc_id in self.segments:
            if doc_id not in without:
                with suppress(IndexDamaged):
                    sound[doc_id] = self._checked(doc_id)
        return sound

    def relisted(self, source: Readable, segment: Segment, now: datetime) -> ListedDocument:
        """List a document in the next build: what did not change was indexed when it was."""
        known = self.listed.get(source.doc_id)
        indexed = known.indexed if known and known.source == source.digest else now
        return ListedDocument(source.doc_id, source.digest, segment.digest, indexed)

    def document(self, source: Readable) -> Document:
        """Return the document of a source, read now or before.

        Raises:
            IndexDamaged: it was read before and can no longer be read.
        """
        return source.document or self._checked(source.doc_id).document

    def _checked(self, doc_id: str) -> Segment:
        """Return a segment, checked against its digest.

        Raises:
            IndexDamaged: it is not what was written.
        """
        return generations.open_segment(self.objects, doc_id, self.segments[doc_id].digest)


def read(
    corpus: Corpus, before: Before, progress: ProgressCallback, rebuild: bool, strict: bool
) -> tuple[list[Readable], dict[str, str]]:
    """Read what changed; of files that are refused, with why, keep what was read before.

    Raises:
        BadCorpus: nothing can be read, or not all of it where that is asked for.
    """
    readable, unreadable = corpus.read(frozenset() if rebuild else before.sources, progress)
    refused = {_printable(name): reason for name, reason in unreadable.items()}
    if refused and (strict or not readable):
        raise BadCorpus(_first_of(refused))
    sources = [*readable, *before.kept(readable, refused)]
    return sorted(sources, key=lambda source: source.origin), refused


def _printable(name: str) -> str:
    """Return the name of a file as text; the manifest cannot hold one that is not Unicode."""
    return name.encode("utf-8", "backslashreplace").decode()


def _first_of(refused: Mapping[str, str]) -> str:
    first = next(iter(refused.values()))
    return (
        first if len(refused) == 1 else f"{len(refused)} files cannot be read, the first: {first}"
    )
